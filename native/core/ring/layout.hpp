#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace qd::ring {

inline constexpr std::uint64_t MAGIC = 0x31474E4952445155ULL;
inline constexpr std::uint32_t VERSION = 1;
inline constexpr std::size_t SLOT_BYTES = 64;
inline constexpr std::size_t SLOT_WORDS = 8;
inline constexpr std::size_t MAX_READERS = 64;
inline constexpr std::uint64_t MIN_CAPACITY = 64;
inline constexpr std::uint64_t MAX_CAPACITY = 1ULL << 24;
// The epoch of a ring whose writer replaced the file: readers must open it again.
inline constexpr std::uint64_t RETIRED = ~0ULL;

// The stamp of a slot stands in the upper half of its first word.
static_assert(std::endian::native == std::endian::little);

struct alignas(64) ReaderSlot {
  std::atomic<std::uint64_t> owner;     // process identity, 0 = free
  std::atomic<std::uint32_t> doorbell;  // the word its waiting thread sleeps on
};

// Each line has one kind of user, so that nobody's polling slows another.
struct Header {
  alignas(64) std::atomic<std::uint64_t> magic;
  std::uint32_t version;
  std::uint32_t layout_hash;
  std::uint64_t capacity;
  std::uint64_t slot_bytes;
  std::atomic<std::uint32_t> writer_pid;

  // Slots of positions below `claim` may be being written: what lies below claim - capacity is
  // gone. Moves in chunks, so that a reader's check after its copy finds the line in its own cache.
  alignas(64) std::atomic<std::uint64_t> claim;
  std::atomic<std::uint64_t> epoch;
  std::atomic<std::uint64_t> epoch_start;  // the first position of this epoch

  alignas(64) std::atomic<std::uint64_t> head;      // positions below are published
  alignas(64) std::atomic<std::uint64_t> sleepers;  // a bit for each reader slot that sleeps
  std::array<ReaderSlot, MAX_READERS> readers;
};

struct alignas(64) Slot {
  std::array<std::atomic<std::uint64_t>, SLOT_WORDS> words;
};

static_assert(sizeof(ReaderSlot) == 64 && sizeof(Slot) == SLOT_BYTES);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free &&
              std::atomic<std::uint32_t>::is_always_lock_free);

inline constexpr std::size_t HEADER_BYTES = 8192;
static_assert(sizeof(Header) <= HEADER_BYTES);

inline std::size_t file_bytes(std::uint64_t capacity) noexcept {
  return HEADER_BYTES + static_cast<std::size_t>(capacity) * SLOT_BYTES;
}

// The stamp a slot bears once the record of `position` is in it; never 0, which an unwritten slot
// bears.
inline std::uint32_t stamp_of(std::uint64_t position, unsigned shift) noexcept {
  return static_cast<std::uint32_t>((position >> shift) % 0xFFFFFFFFULL) + 1;
}

// How far ahead of what it needs the writer moves `claim`.
inline std::uint64_t claim_chunk(std::uint64_t capacity) noexcept {
  return capacity / 8 < 1024 ? capacity / 8 : 1024;
}

}  // namespace qd::ring
