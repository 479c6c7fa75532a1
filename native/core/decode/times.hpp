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
