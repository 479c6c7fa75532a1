// What a book is asked: queue positions, levels, changes.
#include "matching/engine.hpp"

namespace qd {

using namespace matching;

void MatchingEngine::start_tracking(Level& level, std::uint32_t index, Ahead ahead) {
  ahead.nextTracked = level.tracked;
  orders_.ahead(index) = ahead;
  orders_[index].tracked = true;
  level.tracked = index;
}

bool MatchingEngine::queue_position(std::uint64_t orderId, QueuePosition& out) {
  const std::uint32_t index = ids_.find(orderId);
  if (index == kNil || orders_[index].waiting) return false;
  if (!orders_[index].tracked) {
    Level& level = own(orders_[index].side).at(orders_[index].key);
    Ahead ahead{level.total - orders_[index].leaves, level.count - 1, kNil};
    // Walking from the end makes it constant for an order that came last.
    for (std::uint32_t behind = level.tail; behind != index; behind = orders_[behind].previous) {
      ahead.quantity -= orders_[behind].leaves;
      ahead.orders -= 1;
    }
    start_tracking(level, index, ahead);
  }
  const Ahead& ahead = orders_.ahead(index);
  out = {ahead.quantity, ahead.orders};
  return true;
}

std::int64_t MatchingEngine::leaves(std::uint64_t orderId) const noexcept {
  const std::uint32_t index = ids_.find(orderId);
  return index == kNil ? 0 : orders_[index].leaves;
}

std::span<const LevelChange> MatchingEngine::drain_level_changes() {
  changes_.clear();
  for (const Side side : {Side::Buy, Side::Sell}) {
    own(side).drain([&](std::int64_t key, std::int64_t total) {
      changes_.push_back({side, price_of(side, key), total});
    });
  }
  return changes_;
}

std::size_t MatchingEngine::top(Side side, std::size_t depth, LevelView* out) const {
  const BookSide& book = own(side);
  std::size_t count = 0;
  for (std::int64_t key = book.best_key(); key != kNoKey && count < depth;
       key = book.worse_than(key)) {
    const Level& level = *book.find(key);
    out[count] = {price_of(side, key), level.total, level.count};
    count += 1;
  }
  return count;
}

std::int64_t MatchingEngine::level_total(Side side, std::int64_t price) const {
  if (price <= 0 || price > kMaxMantissa || price % tick_ != 0) return 0;
  const Level* level = own(side).find(key_of(side, price));
  return level == nullptr ? 0 : level->total;
}

}  // namespace qd
