#pragma once

#include <atomic>
#include <cstdint>

namespace qd::ring {

// Sleeps until `word` is no longer `seen`, a wake, or `timeout_ms`; may wake without cause.
void doorbell_wait(std::atomic<std::uint32_t>& word, std::uint32_t seen, int timeout_ms) noexcept;

// Wakes whoever sleeps on `word`, in any process.
void doorbell_wake(std::atomic<std::uint32_t>& word) noexcept;

}  // namespace qd::ring
