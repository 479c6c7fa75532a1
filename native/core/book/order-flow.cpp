#include "book/order-flow.hpp"

#include <algorithm>

#include "market/record.hpp"

namespace qd {

namespace {

std::int64_t capped(std::int64_t sum) {
  return std::clamp(sum, -MAX_SAFE_INTEGER, MAX_SAFE_INTEGER);
}

}  // namespace

void OrderFlow::on_touch(std::int64_t at_ns, Level bid, Level ask) noexcept {
  if (known_) {
    std::int64_t flow = 0;
    if (bid.price >= bid_.price) flow += bid.quantity;
    if (bid.price <= bid_.price) flow -= bid_.quantity;
    if (ask.price <= ask_.price) flow -= ask.quantity;
    if (ask.price >= ask_.price) flow += ask_.quantity;
    const std::int64_t number = at_ns / STEP_NS;
    Step& step = steps_[static_cast<std::size_t>(number % MOST_STEPS)];
    if (step.number != number) step = {number, 0};
    step.sum = capped(step.sum + flow);
  }
  bid_ = bid;
  ask_ = ask;
  known_ = true;
}

std::int64_t OrderFlow::sum(std::int64_t now_ns, std::int64_t steps) const noexcept {
  const std::int64_t newest = now_ns / STEP_NS;
  std::int64_t sum = 0;
  for (const Step& step : steps_) {
    if (step.number > newest - steps && step.number <= newest) sum = capped(sum + step.sum);
  }
  return sum;
}

}  // namespace qd
