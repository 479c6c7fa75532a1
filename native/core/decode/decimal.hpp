#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "decode/text.hpp"
#include "market/record.hpp"

namespace qd {

inline constexpr int MAX_SCALE = 15;

inline constexpr auto POWERS_OF_TEN = [] {
  std::array<std::int64_t, 19> powers{};
  std::int64_t power = 1;
  for (std::size_t i = 0; i < powers.size(); ++i) {
    powers[i] = power;
    if (i + 1 < powers.size()) power *= 10;
  }
  return powers;
}();

enum class DecimalError : std::uint8_t { None, Malformed, OffScale, Overflow };

// Decimal text `-?digits[.digits]` as an exact mantissa at `scale`: zeros beyond the scale are
// fine, another digit there is OffScale, |mantissa| > 2^53 - 1 is Overflow. Any length.
DecimalError parse_decimal(std::string_view text, int scale, std::int64_t& mantissa) noexcept;

// A number with decimals of its own.
struct Measure {
  std::int64_t mantissa = 0;
  int decimals = 0;
};

// Decimal text as above with as many decimals as it has, at most `most_decimals` (0..MAX_SCALE) and
// 15 digits in all, rounded half to even; without zeros at its end. Malformed, or Overflow for more
// than 15 digits before the point.
DecimalError round_decimal(std::string_view text, int most_decimals, Measure& measure) noexcept;

// What the fast decoder needs to know of a scale.
struct ScaleShape {
  explicit constexpr ScaleShape(int scale) noexcept
      : power(static_cast<std::uint64_t>(POWERS_OF_TEN[static_cast<std::size_t>(scale)])),
        whole_limit(static_cast<std::uint64_t>(MAX_SAFE_INTEGER) / power),
        beyond(scale >= 8 ? 0 : ~std::uint64_t{0} << (8 * scale)),
        shift(scale >= 8 ? 0U : (scale == 0 ? 56U : static_cast<unsigned>(8 * (8 - scale)))),
        factor(scale > 8
                   ? static_cast<std::uint64_t>(POWERS_OF_TEN[static_cast<std::size_t>(scale - 8)])
                   : 1) {}

  std::uint64_t power;        // 10^scale
  std::uint64_t whole_limit;  // a whole part below this cannot overflow
  std::uint64_t beyond;       // bytes of an 8-digit fraction that lie beyond the scale
  unsigned shift;             // brings the first `scale` of 8 fraction digits to the end
  std::uint64_t factor;       // what the 8 digits still lack
};

// The mantissa of the decimal [start, end) whose point is at `point` (== end: none). Ors into
// `refused` when the text is anything but 1 to 8 digits, a point and 1 to 8 digits, or out of
// range: then parse_decimal must decide.
inline std::int64_t fast_decimal(const std::uint8_t* start, const std::uint8_t* point,
                                 const std::uint8_t* end, const ScaleShape& scale,
                                 std::uint64_t& refused) noexcept {
  const auto whole_digits = static_cast<std::uint64_t>(point - start);
  refused |= static_cast<std::uint64_t>(whole_digits - 1 > 7);
  const std::uint64_t whole_values = (text::load64(start) ^ text::ZEROS)
                                     << ((64 - 8 * whole_digits) & 63);
  const std::uint64_t whole = text::parse8(whole_values);
  refused |=
      text::bad_digits(whole_values) | static_cast<std::uint64_t>(whole >= scale.whole_limit);
  if (point == end) return static_cast<std::int64_t>(whole * scale.power);
  const auto fraction_digits = static_cast<std::uint64_t>(end - point - 1);
  refused |= static_cast<std::uint64_t>(fraction_digits - 1 > 7);
  const std::uint64_t fraction_values = (text::load64(point + 1) ^ text::ZEROS) &
                                        (~std::uint64_t{0} >> ((64 - 8 * fraction_digits) & 63));
  refused |= text::bad_digits(fraction_values) | (fraction_values & scale.beyond);
  const std::uint64_t fraction = text::parse8(fraction_values << scale.shift) * scale.factor;
  return static_cast<std::int64_t>(whole * scale.power + fraction);
}

}  // namespace qd
