#pragma once

#include <cstdint>

namespace qd {

// The calling process's pid.
std::uint32_t current_pid() noexcept;

// A number that names a running process even when its pid is used again: pid in the high half, what
// tells of its start in the low half. 0 when no such process runs.
std::uint64_t process_identity(std::uint32_t pid) noexcept;

// Whether the process that `identity` named still runs.
bool process_runs(std::uint64_t identity) noexcept;

}  // namespace qd
