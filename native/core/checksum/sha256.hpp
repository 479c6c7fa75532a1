#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace qd {

using Digest = std::array<std::uint8_t, 32>;

// SHA-256 (FIPS 180-4) of a stream of bytes; uses the processor's instructions where it has them.
class Sha256 {
 public:
  // `portable` leaves the processor's instructions unused, for tests.
  explicit Sha256(bool portable = false) noexcept;
  void update(const void* data, std::size_t size) noexcept;
  // The digest of all bytes so far; the stream may go on.
  Digest digest() const noexcept;

 private:
  using Compress = void (*)(std::uint32_t* state, const std::uint8_t* blocks,
                            std::size_t count) noexcept;

  Compress compress_;
  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> pending_;
  std::uint64_t bytes_ = 0;
};

}  // namespace qd
