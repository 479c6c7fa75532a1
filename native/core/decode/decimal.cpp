#include "decode/decimal.hpp"

namespace qd {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

DecimalError parse_decimal(std::string_view text, int scale, std::int64_t& mantissa) noexcept {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  std::size_t whole = 0;
  while (whole < text.size() && is_digit(text[whole])) ++whole;
  if (whole == 0) return DecimalError::Malformed;
  std::string_view fraction;
  if (whole < text.size()) {
    if (text[whole] != '.') return DecimalError::Malformed;
    fraction = text.substr(whole + 1);
    if (fraction.empty()) return DecimalError::Malformed;
    for (const char c : fraction) {
      if (!is_digit(c)) return DecimalError::Malformed;
    }
  }
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
  for (std::size_t i = 0; i < whole; ++i) {
    if (!append(text[i] - '0')) return DecimalError::Overflow;
  }
  for (std::size_t i = 0; i < kept; ++i) {
    if (!append(i < fraction.size() ? fraction[i] - '0' : 0)) return DecimalError::Overflow;
  }
  mantissa = negative ? -value : value;
  return DecimalError::None;
}

}  // namespace qd
