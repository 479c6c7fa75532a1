#pragma once

#include <cstddef>
#include <cstdint>

#include "file/file.hpp"

namespace qd {

// A shared, writable mapping of the start of a file; every page is touched when it is made.
// Move-only.
class Mapping {
 public:
  Mapping() = default;
  ~Mapping() { close(); }
  Mapping(Mapping&& other) noexcept : base_(other.base_), size_(other.size_) {
    other.base_ = nullptr;
  }
  Mapping& operator=(Mapping&& other) noexcept;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  // 0, or the operating system's error number. The file must already be `size` bytes long, without
  // holes: a hole on a full disk would kill the process at the first store.
  int open(const File& file, std::size_t size);
  void close() noexcept;
  std::uint8_t* base() const noexcept { return base_; }

 private:
  std::uint8_t* base_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace qd
