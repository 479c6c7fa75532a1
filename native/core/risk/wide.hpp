#pragma once

#include <compare>
#include <cstdint>
#if defined(_MSC_VER)
#include <intrin.h>
#endif

namespace qd {

// A signed 128-bit integer with what money tallies need; a struct because not every compiler has a
// type.
struct Wide {
  std::int64_t high = 0;
  std::uint64_t low = 0;

  static constexpr Wide of(std::int64_t value) noexcept {
    return {value < 0 ? -1 : 0, static_cast<std::uint64_t>(value)};
  }

  // The exact product of two unsigned numbers.
  static Wide product(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(_MSC_VER)
    std::uint64_t high = 0;
    const std::uint64_t low = _umul128(a, b, &high);
    return {static_cast<std::int64_t>(high), low};
#else
    __extension__ using Native = unsigned __int128;
    const Native result = static_cast<Native>(a) * b;
    return {static_cast<std::int64_t>(static_cast<std::uint64_t>(result >> 64)),
            static_cast<std::uint64_t>(result)};
#endif
  }

  friend constexpr Wide operator+(Wide a, Wide b) noexcept {
    const std::uint64_t low = a.low + b.low;
    const std::uint64_t carry = low < a.low ? 1 : 0;
    return {static_cast<std::int64_t>(static_cast<std::uint64_t>(a.high) +
                                      static_cast<std::uint64_t>(b.high) + carry),
            low};
  }

  friend constexpr Wide operator-(Wide a, Wide b) noexcept {
    const std::uint64_t borrow = a.low < b.low ? 1 : 0;
    return {static_cast<std::int64_t>(static_cast<std::uint64_t>(a.high) -
                                      static_cast<std::uint64_t>(b.high) - borrow),
            a.low - b.low};
  }

  friend constexpr bool operator==(Wide, Wide) noexcept = default;
  friend constexpr std::strong_ordering operator<=>(Wide, Wide) noexcept =
      default;  // high first, as declared
};

// Largest amount a single order is taken to be worth: sums of 2^30 of them stay exact.
inline constexpr Wide kWideCap{std::int64_t{1} << 32, 0};

// a x b x c for non-negative numbers, or the cap when that is larger.
inline Wide capped_product(std::int64_t a, std::int64_t b, std::int64_t c) noexcept {
  const Wide ab = Wide::product(static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b));
  const auto factor = static_cast<std::uint64_t>(c);
  if (ab >= kWideCap) return factor == 0 ? Wide{} : kWideCap;
  const Wide low = Wide::product(ab.low, factor);
  const Wide high = Wide::product(static_cast<std::uint64_t>(ab.high), factor);
  if (high.high != 0 || high.low >= static_cast<std::uint64_t>(kWideCap.high)) return kWideCap;
  const Wide sum = low + Wide{static_cast<std::int64_t>(high.low), 0};
  return sum < Wide{} || sum > kWideCap ? kWideCap : sum;
}

}  // namespace qd
