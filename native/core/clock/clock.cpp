#include "clock/clock.hpp"

#include <chrono>

namespace qd {

namespace {

template <typename Clock>
std::int64_t nanos() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch())
      .count();
}

}  // namespace

std::int64_t monotonic_nanos() noexcept { return nanos<std::chrono::steady_clock>(); }

std::int64_t wall_nanos() noexcept { return nanos<std::chrono::system_clock>(); }

}  // namespace qd
