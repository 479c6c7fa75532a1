#pragma once

// Drives the engine and the model with the same commands and says where they differ; used by the
// test and the fuzz target.
#include <algorithm>
#include <cstring>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "matching-model.hpp"
#include "matching/engine.hpp"

namespace qd::test {

inline bool same(const Event& a, const Event& b) {
  return a.orderId == b.orderId && a.makerOrderId == b.makerOrderId && a.tradeId == b.tradeId &&
         a.price == b.price && a.quantity == b.quantity && a.leaves == b.leaves &&
         a.makerLeaves == b.makerLeaves && a.kind == b.kind && a.reason == b.reason &&
         a.side == b.side;
}

inline std::string text(const Event& e) {
  std::ostringstream out;
  out << "kind " << static_cast<int>(e.kind) << " reason " << static_cast<int>(e.reason) << " side "
      << static_cast<int>(e.side) << " order " << e.orderId << " maker " << e.makerOrderId
      << " trade " << e.tradeId << " price " << e.price << " quantity " << e.quantity << " leaves "
      << e.leaves << "/" << e.makerLeaves;
  return out.str();
}

class Agreement {
 public:
  explicit Agreement(const MatchingConfig& config) : engine(config), model(config) {}

  MatchingEngine engine;
  MatchingModel model;
  std::string difference;  // empty while they agree

  // After each command: the same events, and every quantity accounted for.
  bool events_agree() {
    const auto events = engine.events();
    if (events.size() != model.events.size()) {
      return differ("engine gave " + std::to_string(events.size()) + " events, model " +
                    std::to_string(model.events.size()));
    }
    for (std::size_t index = 0; index < events.size(); index += 1) {
      if (!same(events[index], model.events[index])) {
        return differ("engine: " + text(events[index]) + "\nmodel:  " + text(model.events[index]));
      }
      if (!conserves(events[index])) return differ("not conserved: " + text(events[index]));
    }
    engine.clear_events();
    model.events.clear();
    return true;
  }

  // The whole book, level by level, the changes since the last look, and the queue position of
  // `asked`.
  bool books_agree(std::uint64_t asked) {
    std::vector<LevelView> levels(4096);
    for (const Side side : {Side::Buy, Side::Sell}) {
      levels.resize(engine.top(side, 4096, levels.data()));
      const auto& book = side == Side::Buy ? model.bids : model.asks;
      if (levels.size() != book.size()) return differ("number of levels");
      auto expected =
          side == Side::Buy ? std::prev(book.end(), book.empty() ? 0 : 1) : book.begin();
      for (const LevelView& level : levels) {
        if (level.price != expected->first || level.total != model.total(side, level.price) ||
            level.orders != expected->second.size() ||
            engine.level_total(side, level.price) != level.total) {
          return differ("level " + std::to_string(level.price));
        }
        if (side == Side::Sell) ++expected;
        if (side == Side::Buy && expected != book.begin()) --expected;
      }
      levels.resize(4096);
    }
    return changes_agree() && position_agrees(asked) && live_agree();
  }

  bool position_agrees(std::uint64_t asked) {
    QueuePosition ours{};
    QueuePosition theirs{};
    const bool found = engine.queue_position(asked, ours);
    if (found != model.position(asked, theirs))
      return differ("presence of order " + std::to_string(asked));
    if (found &&
        (ours.quantityAhead != theirs.quantityAhead || ours.ordersAhead != theirs.ordersAhead)) {
      return differ("queue position of order " + std::to_string(asked));
    }
    return true;
  }

 private:
  bool differ(const std::string& what) {
    difference = what;
    return false;
  }

  bool changes_agree() {
    std::map<std::pair<Side, std::int64_t>, std::int64_t> seen;
    for (const LevelChange& change : engine.drain_level_changes()) {
      if (!seen.insert({{change.side, change.price}, change.total}).second)
        return differ("level change named twice");
      if (change.total != model.total(change.side, change.price))
        return differ("total of a level change");
    }
    for (const auto& [key, unused] : model.touched) {
      if (!seen.contains(key))
        return differ("level change missing at " + std::to_string(key.second));
    }
    if (seen.size() != model.touched.size()) return differ("level change too many");
    model.touched.clear();
    return true;
  }

  bool live_agree() {
    std::size_t count = model.stops.size();
    for (const auto* side : {&model.bids, &model.asks}) {
      for (const auto& [price, queue] : *side) count += queue.size();
    }
    return engine.live_orders() == count || differ("number of live orders");
  }

  // What an order was accepted for = what it traded + what ended otherwise + what is left.
  bool conserves(const Event& e) {
    switch (e.kind) {
      case EventKind::Accepted:
        byQuote_[e.orderId] = e.quantity == 0;
        left_[e.orderId] = e.quantity;
        return true;
      case EventKind::Traded:
        left_[e.makerOrderId] -= e.quantity;
        if (!byQuote_[e.orderId]) left_[e.orderId] -= e.quantity;
        return e.quantity > 0 && left_[e.makerOrderId] == e.makerLeaves &&
               left_[e.orderId] == e.leaves;
      case EventKind::Canceled:
      case EventKind::Expired:
      case EventKind::Amended:
        left_[e.orderId] -= e.quantity;
        return left_[e.orderId] == e.leaves;
      case EventKind::Triggered:
        return left_[e.orderId] == e.leaves;
      case EventKind::Completed:
      case EventKind::Rejected:
        return true;
    }
    return false;
  }

  std::map<std::uint64_t, std::int64_t> left_;
  std::map<std::uint64_t, bool> byQuote_;
};

}  // namespace qd::test
