#pragma once

#include <cstddef>
#include <vector>

namespace qd::memory {

// `take` gives a block aligned to a cache line; `give` takes it back, with the size it was taken
// with. Throws std::bad_alloc. From any thread.
void* take(std::size_t bytes);
void give(void* block, std::size_t bytes) noexcept;

template <typename T>
struct TableAllocator {
  using value_type = T;

  TableAllocator() = default;
  template <typename U>
  explicit TableAllocator(const TableAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) { return static_cast<T*>(take(count * sizeof(T))); }
  void deallocate(T* block, std::size_t count) noexcept { give(block, count * sizeof(T)); }

  template <typename U>
  bool operator==(const TableAllocator<U>&) const noexcept {
    return true;
  }
};

// A table touched at random by a hot path. The tables of all books lie together in huge pages where
// the system has them: with small ones the address cache holds a part of them only.
template <typename T>
using Table = std::vector<T, TableAllocator<T>>;

}  // namespace qd::memory
