#include "ring/doorbell.hpp"

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#else
#include <chrono>
#include <thread>
#endif

namespace qd::ring {

#if defined(__linux__)

void doorbell_wait(std::atomic<std::uint32_t>& word, std::uint32_t seen, int timeout_ms) noexcept {
  const timespec limit{timeout_ms / 1000, (timeout_ms % 1000) * 1'000'000L};
  ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), FUTEX_WAIT, seen, &limit, nullptr,
            0);
}

void doorbell_wake(std::atomic<std::uint32_t>& word) noexcept {
  ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

#else

// No wait on a word shared between processes is used here: the sleeper looks again every quarter of
// a millisecond.
void doorbell_wait(std::atomic<std::uint32_t>& word, std::uint32_t seen, int timeout_ms) noexcept {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  while (word.load(std::memory_order_acquire) == seen && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::microseconds(250));
  }
}

void doorbell_wake(std::atomic<std::uint32_t>&) noexcept {}

#endif

}  // namespace qd::ring
