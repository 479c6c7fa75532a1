#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "checksum/crc32c.hpp"
#include "checksum/sha256.hpp"

// A journal is a folder of segments `journal-00000001.qdj`. A segment is a header and records;
// behind the last record it is zero. Every ~64 KiB of records are a block, closed by a chain record
// that carries SHA-256(chain before || bytes of the block); the next segment's header carries the
// same over what came before it, so that no byte of the past can change without showing.
namespace qd::journal {

inline constexpr std::uint64_t MAGIC = 0x314C4E524A445144ULL;
inline constexpr std::uint32_t VERSION = 1;
inline constexpr std::size_t BLOCK_BYTES = 64 * 1024;
inline constexpr std::uint16_t CHAIN_KIND = 0xFFFF;
inline constexpr std::uint32_t MAX_PAYLOAD = 16U << 20;
inline constexpr std::uint64_t MIN_SEGMENT_BYTES = 4096;
inline constexpr std::uint64_t MAX_SEGMENT_BYTES = 1ULL << 30;

// A segment that is allocated ahead bears a header with `first_sequence` 0; the real one takes its
// place when it is begun. Before that one is synced no record behind it is.
struct SegmentHeader {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t crc;  // of everything after it
  std::uint64_t number;
  std::uint64_t first_sequence;
  std::uint64_t segment_bytes;
  std::array<std::uint8_t, 16> session;
  Digest chain;
  // One more than what was durable when the segment was begun; 0 where it was not written down.
  std::uint64_t durable_end;
  // Written after a failed sync or write: what older segments hold from `first_sequence` on was
  // never known to be durable and stands here again.
  std::uint32_t supersedes;
  std::array<std::uint8_t, 28> reserved;
};
static_assert(sizeof(SegmentHeader) == 128);

struct RecordHeader {
  std::uint32_t length;  // of the payload; zeros fill up to a multiple of 8
  std::uint32_t crc;     // of the length, of everything after it, and of the payload
  std::uint64_t sequence;
  std::uint16_t schema;
  std::uint16_t kind;
  std::uint32_t tag;  // names session and segment: a record from elsewhere does not pass
  std::int64_t ts_init;
};
static_assert(sizeof(RecordHeader) == 32);

struct ChainPayload {
  Digest chain;
  std::uint64_t first_sequence;
  std::uint64_t bytes;
  std::uint64_t durable_end;  // as in the header, at the time of writing
};
static_assert(sizeof(ChainPayload) == 56);

inline constexpr std::size_t CHAIN_RECORD_BYTES = sizeof(RecordHeader) + sizeof(ChainPayload);

inline std::size_t record_bytes(std::uint32_t length) noexcept {
  return sizeof(RecordHeader) + ((std::size_t{length} + 7) & ~std::size_t{7});
}

inline std::uint32_t header_crc(const SegmentHeader& header) noexcept {
  return crc32c(reinterpret_cast<const std::uint8_t*>(&header) + 16, sizeof header - 16);
}

inline std::uint32_t tag_of(const std::array<std::uint8_t, 16>& session,
                            std::uint64_t number) noexcept {
  return crc32c(session.data(), session.size(), static_cast<std::uint32_t>(number));
}

// `record` points at a record header followed by its payload.
inline std::uint32_t record_crc(const std::uint8_t* record, std::uint32_t length) noexcept {
  return crc32c(record + 8, sizeof(RecordHeader) - 8 + length, crc32c(record, 4));
}

// The hash of everything up to and with the record `sequence`: the end of a block.
struct Link {
  std::uint64_t sequence = 0;
  Digest chain{};
};

// A running block: what the next link of the chain will cover.
struct Chain {
  Digest link{};
  std::uint64_t link_sequence = 0;  // of the last record that `link` covers
  Sha256 hash;
  std::uint64_t bytes = 0;
  std::uint64_t first_sequence = 0;

  void restart(const Digest& from, std::uint64_t sequence) noexcept {
    link = from;
    link_sequence = sequence;
    hash = Sha256{};
    hash.update(link.data(), link.size());
    bytes = 0;
    first_sequence = 0;
  }
  void add(const std::uint8_t* record, std::size_t size, std::uint64_t sequence) noexcept {
    if (bytes == 0) first_sequence = sequence;
    hash.update(record, size);
    bytes += size;
  }
  Digest next() const noexcept { return bytes == 0 ? link : hash.digest(); }
};

inline std::string segment_name(std::uint64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < 8) digits.insert(0, 8 - digits.size(), '0');
  return "journal-" + digits + ".qdj";
}

}  // namespace qd::journal
