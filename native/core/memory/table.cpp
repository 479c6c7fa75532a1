#include "memory/table.hpp"

#include <cstdint>
#include <mutex>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace qd::memory {

namespace {

constexpr std::size_t kLine = 64;
constexpr std::size_t kHugePage = std::size_t{2} << 20;
// A power of two: a block's chunk is found by its address.
constexpr std::size_t kChunk = 4 * kHugePage;
// What is larger has chunks of its own; what is smaller is not worth a place in one.
constexpr std::size_t kLargest = kChunk / 4;
constexpr std::size_t kSmallest = 4096;

struct Chunk {
  std::size_t used;
  std::size_t blocks;
};

std::mutex mutex;
Chunk* current = nullptr;
std::uint32_t taken = 0;

std::size_t in_lines(std::size_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

bool in_chunk(std::size_t bytes) { return bytes >= kSmallest && bytes <= kLargest; }

Chunk* open_chunk() {
  void* memory = ::operator new(kChunk, std::align_val_t{kChunk});
#if defined(__linux__)
  // Refused where the system has none: then they are small pages.
  (void)madvise(memory, kChunk, MADV_HUGEPAGE);
#endif
  return new (memory) Chunk{in_lines(sizeof(Chunk)), 0};
}

void close_chunk(Chunk* chunk) noexcept { ::operator delete(chunk, std::align_val_t{kChunk}); }

// Equal tables at equal distances would fight for the same lines of the cache.
std::size_t stagger() {
  taken += 1;
  return (taken * 0x9E3779B9U >> 24) * kLine;
}

}  // namespace

void* take(std::size_t bytes) {
  if (!in_chunk(bytes)) return ::operator new(bytes, std::align_val_t{kLine});
  const std::lock_guard lock(mutex);
  const std::size_t skipped = stagger();
  const std::size_t wanted = in_lines(bytes) + skipped;
  if (current != nullptr && current->used + wanted > kChunk) {
    if (current->blocks == 0) close_chunk(current);
    current = nullptr;
  }
  if (current == nullptr) current = open_chunk();
  std::byte* block = reinterpret_cast<std::byte*>(current) + current->used + skipped;
  current->used += wanted;
  current->blocks += 1;
  return block;
}

void give(void* block, std::size_t bytes) noexcept {
  if (!in_chunk(bytes)) {
    ::operator delete(block, std::align_val_t{kLine});
    return;
  }
  const std::lock_guard lock(mutex);
  const auto address = reinterpret_cast<std::uintptr_t>(block);
  auto* chunk = reinterpret_cast<Chunk*>(address & ~(std::uintptr_t{kChunk} - 1));
  chunk->blocks -= 1;
  if (chunk->blocks != 0) return;
  if (chunk == current) {
    chunk->used = in_lines(sizeof(Chunk));
  } else {
    close_chunk(chunk);
  }
}

}  // namespace qd::memory
