#include "checksum/crc32c.hpp"

#include <array>
#include <cstring>

#if defined(__x86_64__) || defined(_M_X64)
#define QD_CRC_X86 1
#include <nmmintrin.h>
#if defined(_MSC_VER)
#include <intrin.h>
#define QD_TARGET_SSE42
#else
#define QD_TARGET_SSE42 __attribute__((target("sse4.2")))
#endif
#endif

namespace qd {
namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1U) != 0 ? 0x82F63B78U : 0U);
    tables[0][i] = value;
  }
  for (std::uint32_t i = 0; i < 256; ++i) {
    for (std::size_t step = 1; step < 8; ++step) {
      const std::uint32_t before = tables[step - 1][i];
      tables[step][i] = (before >> 8) ^ tables[0][before & 0xFFU];
    }
  }
  return tables;
}

constexpr Tables TABLES = make_tables();

using Variant = std::uint32_t (*)(const void*, std::size_t, std::uint32_t) noexcept;

Variant choose() noexcept { return crc32c_has_hardware() ? &crc32c_hardware : &crc32c_table; }

}  // namespace

std::uint32_t crc32c_table(const void* data, std::size_t size, std::uint32_t seed) noexcept {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  std::uint32_t crc = ~seed;
  for (; size >= 8; size -= 8, bytes += 8) {
    const std::uint32_t low =
        crc ^ (bytes[0] | (std::uint32_t{bytes[1]} << 8) | (std::uint32_t{bytes[2]} << 16) |
               (std::uint32_t{bytes[3]} << 24));
    crc = TABLES[7][low & 0xFFU] ^ TABLES[6][(low >> 8) & 0xFFU] ^ TABLES[5][(low >> 16) & 0xFFU] ^
          TABLES[4][low >> 24] ^ TABLES[3][bytes[4]] ^ TABLES[2][bytes[5]] ^ TABLES[1][bytes[6]] ^
          TABLES[0][bytes[7]];
  }
  for (; size > 0; --size, ++bytes) crc = (crc >> 8) ^ TABLES[0][(crc ^ *bytes) & 0xFFU];
  return ~crc;
}

#if defined(QD_CRC_X86)

QD_TARGET_SSE42 std::uint32_t crc32c_hardware(const void* data, std::size_t size,
                                              std::uint32_t seed) noexcept {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  std::uint64_t crc = ~seed;
  for (; size >= 8; size -= 8, bytes += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes, 8);
    crc = _mm_crc32_u64(crc, word);
  }
  auto narrow = static_cast<std::uint32_t>(crc);
  for (; size > 0; --size, ++bytes) narrow = _mm_crc32_u8(narrow, *bytes);
  return ~narrow;
}

bool crc32c_has_hardware() noexcept {
#if defined(_MSC_VER)
  int info[4];
  __cpuid(info, 1);
  return (info[2] & (1 << 20)) != 0;
#else
  return __builtin_cpu_supports("sse4.2") != 0;
#endif
}

#else

std::uint32_t crc32c_hardware(const void* data, std::size_t size, std::uint32_t seed) noexcept {
  return crc32c_table(data, size, seed);
}

bool crc32c_has_hardware() noexcept { return false; }

#endif

std::uint32_t crc32c(const void* data, std::size_t size, std::uint32_t seed) noexcept {
  static const Variant variant = choose();
  return variant(data, size, seed);
}

}  // namespace qd
