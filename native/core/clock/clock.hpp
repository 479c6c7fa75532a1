#pragma once

#include <cstdint>

namespace qd {

// Nanoseconds of a clock that never goes back and stands still for nobody; its zero means nothing.
std::int64_t monotonic_nanos() noexcept;

// Nanoseconds since the Unix epoch, UTC; steps when the system's clock is set.
std::int64_t wall_nanos() noexcept;

}  // namespace qd
