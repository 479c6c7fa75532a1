#pragma once

#include <cstdint>
#include <string_view>

namespace qd {

// Venue times are whole milliseconds, or microseconds where the connection asked for them; numbers
// tell them apart: the milliseconds that fit 64-bit nanoseconds end in the year 2262, microseconds
// begin (here) in 1973.
inline constexpr std::int64_t LAST_MILLIS = 9223372036854;
inline constexpr std::int64_t FIRST_MICROS = 100000000000000;

// False when the time fits neither unit.
inline bool nanos_of(std::int64_t venue_time, std::int64_t& nanos) noexcept {
  if (venue_time <= LAST_MILLIS) {
    nanos = venue_time * 1000000;
    return true;
  }
  nanos = venue_time * 1000;
  return venue_time >= FIRST_MICROS;
}

inline bool millis_of(std::int64_t venue_time, std::int64_t& millis) noexcept {
  if (venue_time <= LAST_MILLIS) {
    millis = venue_time;
    return true;
  }
  millis = venue_time / 1000;
  return venue_time >= FIRST_MICROS;
}

// `YYYY-MM-DDThh:mm:ss[.digits]Z` (RFC 3339, UTC, 1970 to 2261, up to 9 digits) to nanoseconds;
// false for anything else.
inline bool rfc3339_nanos(std::string_view text, std::int64_t& nanos) noexcept {
  const auto number = [text](std::size_t at, std::size_t digits, std::int64_t& value) {
    value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
      if (text[i] < '0' || text[i] > '9') return false;
      value = value * 10 + (text[i] - '0');
    }
    return true;
  };
  if (text.size() < 20 || text.size() > 30 || text.back() != 'Z' || text[4] != '-' ||
      text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') {
    return false;
  }
  std::int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0;
  const bool read = number(0, 4, year) && number(5, 2, month) && number(8, 2, day) &&
                    number(11, 2, hour) && number(14, 2, minute) && number(17, 2, second);
  if (!read || year < 1970 || year > 2261 || month < 1 || month > 12 || day < 1 || day > 31 ||
      hour > 23 || minute > 59 || second > 60) {
    return false;
  }
  if (text.size() > 20) {
    const std::size_t digits = text.size() - 21;
    if (text[19] != '.' || digits == 0 || !number(20, digits, fraction)) return false;
    for (std::size_t i = digits; i < 9; ++i) fraction *= 10;
  }
  // Days from the civil date (Howard Hinnant, chrono-compatible low-level date algorithms).
  const std::int64_t shifted = year - (month <= 2 ? 1 : 0);
  const std::int64_t era = shifted / 400;
  const std::int64_t year_of_era = shifted - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  const std::int64_t days = era * 146097 + day_of_era - 719468;
  nanos = ((days * 24 + hour) * 60 + minute) * 60 + second;
  nanos = nanos * 1000000000 + fraction;
  return true;
}

// Length of a kline interval such as `1m` or `3d`; a month has the length of its own bar. 0 when it
// is no interval.
inline std::int64_t interval_millis(std::string_view name, std::int64_t open_millis,
                                    std::int64_t close_millis) noexcept {
  if (name == "1M") return close_millis - open_millis + 1;
  if (name.size() < 2 || name.size() > 3) return 0;
  std::int64_t count = 0;
  for (const char c : name.substr(0, name.size() - 1)) {
    if (c < '0' || c > '9') return 0;
    count = count * 10 + (c - '0');
  }
  switch (name.back()) {
    case 's':
      return count * 1000;
    case 'm':
      return count * 60000;
    case 'h':
      return count * 3600000;
    case 'd':
      return count * 86400000;
    case 'w':
      return count * 604800000;
    default:
      return 0;
  }
}

}  // namespace qd
