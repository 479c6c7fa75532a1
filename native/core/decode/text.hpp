#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__) || defined(_M_X64)
#define QD_TEXT_SSE2 1
#include <emmintrin.h>
#endif

// Word-at-a-time reading of ASCII. Everything here may read up to TEXT_PADDING bytes from its
// pointer.
namespace qd::text {

static_assert(std::endian::native == std::endian::little);

inline constexpr std::size_t TEXT_PADDING = 128;
inline constexpr std::uint64_t ZEROS = 0x3030303030303030ULL;

inline std::uint64_t load64(const std::uint8_t* p) noexcept {
  std::uint64_t value;
  std::memcpy(&value, p, 8);
  return value;
}

inline std::uint32_t load32(const std::uint8_t* p) noexcept {
  std::uint32_t value;
  std::memcpy(&value, p, 4);
  return value;
}

// The four characters as `load32` sees them.
constexpr std::uint32_t word(const char (&text)[5]) noexcept {
  return std::uint32_t{static_cast<std::uint8_t>(text[0])} |
         std::uint32_t{static_cast<std::uint8_t>(text[1])} << 8 |
         std::uint32_t{static_cast<std::uint8_t>(text[2])} << 16 |
         std::uint32_t{static_cast<std::uint8_t>(text[3])} << 24;
}

#if defined(QD_TEXT_SSE2)

// 32 bytes and the questions asked of them; bit i answers for byte i.
class Window {
 public:
  explicit Window(const std::uint8_t* p) noexcept
      : low_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))),
        high_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 16))) {}

  std::uint32_t equal(char c) const noexcept {
    const __m128i wanted = _mm_set1_epi8(c);
    return join(_mm_cmpeq_epi8(low_, wanted), _mm_cmpeq_epi8(high_, wanted));
  }

  // Brackets and braces that open, and that close: the two of a pair differ in one bit.
  std::uint32_t opening() const noexcept { return folded('{'); }
  std::uint32_t closing() const noexcept { return folded('}'); }

  // Bytes a JSON string may not hold as they are: below space, and the backslash.
  std::uint32_t special() const noexcept {
    const __m128i control = _mm_set1_epi8(0x1F);
    const __m128i slash = _mm_set1_epi8('\\');
    return join(_mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(low_, control), low_),
                             _mm_cmpeq_epi8(low_, slash)),
                _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(high_, control), high_),
                             _mm_cmpeq_epi8(high_, slash)));
  }

 private:
  // Bytes that are `c` once bit 5 is set.
  std::uint32_t folded(char c) const noexcept {
    const __m128i bit = _mm_set1_epi8(0x20);
    const __m128i wanted = _mm_set1_epi8(c);
    return join(_mm_cmpeq_epi8(_mm_or_si128(low_, bit), wanted),
                _mm_cmpeq_epi8(_mm_or_si128(high_, bit), wanted));
  }
  static std::uint32_t join(__m128i low, __m128i high) noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(low)) |
           static_cast<std::uint32_t>(_mm_movemask_epi8(high)) << 16;
  }
  __m128i low_;
  __m128i high_;
};

// Bit i set: byte i of the 16 is not a decimal digit.
inline std::uint32_t non_digits16(const std::uint8_t* p) noexcept {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  const __m128i values = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
  const __m128i digits = _mm_cmpeq_epi8(_mm_min_epu8(values, _mm_set1_epi8(9)), values);
  return static_cast<std::uint32_t>(_mm_movemask_epi8(digits)) ^ 0xFFFFU;
}

#else

class Window {
 public:
  explicit Window(const std::uint8_t* p) noexcept { std::memcpy(bytes_, p, sizeof bytes_); }
  std::uint32_t equal(char c) const noexcept {
    return where([c](std::uint8_t byte) { return byte == static_cast<std::uint8_t>(c); });
  }
  std::uint32_t special() const noexcept {
    return where([](std::uint8_t byte) { return byte < 0x20 || byte == '\\'; });
  }
  std::uint32_t opening() const noexcept {
    return where([](std::uint8_t byte) { return (byte | 0x20) == '{'; });
  }
  std::uint32_t closing() const noexcept {
    return where([](std::uint8_t byte) { return (byte | 0x20) == '}'; });
  }

 private:
  template <typename Test>
  std::uint32_t where(Test test) const noexcept {
    std::uint32_t mask = 0;
    for (unsigned i = 0; i < 32; ++i) mask |= static_cast<std::uint32_t>(test(bytes_[i])) << i;
    return mask;
  }
  std::uint8_t bytes_[32];
};

inline std::uint32_t non_digits16(const std::uint8_t* p) noexcept {
  std::uint32_t mask = 0;
  for (unsigned i = 0; i < 16; ++i)
    mask |= static_cast<std::uint32_t>(p[i] < '0' || p[i] > '9') << i;
  return mask;
}

#endif

// How many bits are set; std::popcount is a call where the processor's instruction is not assumed.
inline int count_bits(std::uint32_t bits) noexcept {
  bits -= (bits >> 1) & 0x55555555U;
  bits = (bits & 0x33333333U) + ((bits >> 2) & 0x33333333U);
  return static_cast<int>((((bits + (bits >> 4)) & 0x0F0F0F0FU) * 0x01010101U) >> 24);
}

// Bit i set: an odd number of the bits up to i are.
inline std::uint32_t prefix_xor(std::uint32_t bits) noexcept {
  for (unsigned step = 1; step < 32; step *= 2) bits ^= bits << step;
  return bits;
}

// The number in eight digit values (0..9 each), the first digit in the lowest byte.
inline std::uint64_t parse8(std::uint64_t digits) noexcept {
  digits = digits * 10 + (digits >> 8);
  return ((digits & 0x000000FF000000FFULL) * 0x000F424000000064ULL +
          ((digits >> 16) & 0x000000FF000000FFULL) * 0x0000271000000001ULL) >>
         32;
}

// Not 0 when a byte is not a digit value 0..9.
inline std::uint64_t bad_digits(std::uint64_t values) noexcept {
  return ((values + 0x7676767676767676ULL) | values) & 0x8080808080808080ULL;
}

}  // namespace qd::text
