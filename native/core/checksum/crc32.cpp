#include "checksum/crc32.hpp"

#include <array>

namespace qd {
namespace {

constexpr std::array<std::uint32_t, 256> TABLE = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1U) != 0 ? 0xEDB88320U : 0U);
    table[i] = value;
  }
  return table;
}();

}  // namespace

std::uint32_t crc32(const void* data, std::size_t size, std::uint32_t seed) noexcept {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  std::uint32_t value = ~seed;
  for (std::size_t i = 0; i < size; ++i) value = (value >> 8) ^ TABLE[(value ^ bytes[i]) & 0xFFU];
  return ~value;
}

}  // namespace qd
