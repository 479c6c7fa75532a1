#include "decode/decimal.hpp"

#include <algorithm>

namespace qd {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Digits {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
};

// False when `text` is no decimal.
bool split(std::string_view text, Digits& digits) noexcept {
  digits.negative = !text.empty() && text.front() == '-';
  if (digits.negative) text.remove_prefix(1);
  std::size_t whole = 0;
  while (whole < text.size() && is_digit(text[whole])) ++whole;
  if (whole == 0) return false;
  digits.whole = text.substr(0, whole);
  if (whole == text.size()) return true;
  digits.fraction = text.substr(whole + 1);
  return text[whole] == '.' && !digits.fraction.empty() &&
         std::all_of(digits.fraction.begin(), digits.fraction.end(), is_digit);
}

constexpr std::size_t MOST_DIGITS = 15;

}  // namespace

DecimalError parse_decimal(std::string_view text, int scale, std::int64_t& mantissa) noexcept {
  Digits digits;
  if (!split(text, digits)) return DecimalError::Malformed;
  const auto& [negative, whole, fraction] = digits;
  const auto kept = static_cast<std::size_t>(scale);
  for (std::size_t i = kept; i < fraction.size(); ++i) {
    if (fraction[i] != '0') return DecimalError::OffScale;
  }
  std::int64_t value = 0;
  const auto append = [&value](int digit) {
    if (value > (MAX_SAFE_INTEGER - digit) / 10) return false;
    value = value * 10 + digit;
    return true;
  };
  for (const char c : whole) {
    if (!append(c - '0')) return DecimalError::Overflow;
  }
  for (std::size_t i = 0; i < kept; ++i) {
    if (!append(i < fraction.size() ? fraction[i] - '0' : 0)) return DecimalError::Overflow;
  }
  mantissa = negative ? -value : value;
  return DecimalError::None;
}

DecimalError round_decimal(std::string_view text, int most_decimals, Measure& measure) noexcept {
  Digits digits;
  if (!split(text, digits)) return DecimalError::Malformed;
  auto& [negative, whole, fraction] = digits;
  while (whole.starts_with('0')) whole.remove_prefix(1);
  if (whole.size() > MOST_DIGITS) return DecimalError::Overflow;
  const std::size_t kept = std::min(
      {fraction.size(), static_cast<std::size_t>(most_decimals), MOST_DIGITS - whole.size()});
  std::int64_t value = 0;
  for (const char c : whole) value = value * 10 + (c - '0');
  for (const char c : fraction.substr(0, kept)) value = value * 10 + (c - '0');
  const std::string_view rest = fraction.substr(kept);
  if (!rest.empty() && rest.front() >= '5') {
    const bool above = rest.front() > '5' || rest.find_first_not_of('0', 1) != rest.npos;
    if (above || value % 2 != 0) ++value;
  }
  measure.decimals = static_cast<int>(kept);
  while (measure.decimals > 0 && value % 10 == 0) {
    value /= 10;
    --measure.decimals;
  }
  measure.mantissa = negative ? -value : value;
  return DecimalError::None;
}

}  // namespace qd
