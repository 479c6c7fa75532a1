#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "book/level.hpp"

namespace qd {

// Order flow imbalance of the best levels over the last seconds: Cont, Kukanov and Stoikov, "The
// Price Impact of Order Book Events", Journal of Financial Econometrics 12 (2014). From one best
// pair to the next
//   e = [Pb >= Pb'] qb - [Pb <= Pb'] qb' - [Pa <= Pa'] qa + [Pa >= Pa'] qa'
// where ' is the one before: what came to the bid and went from the ask less what went from the bid
// and came to the ask, in units of quantity. Kept as sums of steps of 100 ms, so that the memory
// and the work of a change are constant.
class OrderFlow {
 public:
  static constexpr std::int64_t STEP_NS = 100'000'000;
  // Longest span that can be asked for.
  static constexpr std::int64_t MOST_STEPS = 100;

  // The best pair after a message that came at `at_ns`.
  void on_touch(std::int64_t at_ns, Level bid, Level ask) noexcept;
  // The next pair is compared with nothing: the book was taken anew, or a side is empty.
  void forget() noexcept { known_ = false; }
  // The sum of the step that `now_ns` lies in and the `steps` - 1 before it, 1 <= steps <=
  // MOST_STEPS; stops at +-MAX_SAFE_INTEGER.
  std::int64_t sum(std::int64_t now_ns, std::int64_t steps) const noexcept;

 private:
  struct Step {
    std::int64_t number = -1;
    std::int64_t sum = 0;
  };

  std::array<Step, static_cast<std::size_t>(MOST_STEPS)> steps_{};
  Level bid_{};
  Level ask_{};
  bool known_ = false;
};

}  // namespace qd
