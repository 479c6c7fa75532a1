#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "matching/book-side.hpp"
#include "matching/event-buffer.hpp"
#include "matching/id-map.hpp"
#include "matching/order-pool.hpp"
#include "matching/trigger-book.hpp"
#include "matching/types.hpp"

namespace qd {

// One instrument's order book with price-time priority. Deterministic: events are a function of the
// commands. Nothing is allocated once the book has been as large as it gets.
class MatchingEngine {
 public:
  explicit MatchingEngine(const matching::MatchingConfig& config);
  MatchingEngine(const MatchingEngine&) = delete;
  MatchingEngine& operator=(const MatchingEngine&) = delete;

  void submit(const matching::NewOrder& order);
  // `located`: what `locate` said, which may be wrong.
  void cancel(std::uint64_t orderId, std::uint32_t located = matching::kNil);
  // Lowers what is left of an order to `leaves`; it keeps its place.
  void amend(std::uint64_t orderId, std::int64_t leaves, std::uint32_t located = matching::kNil);
  // Cancel and new: the order loses its place. An unknown `orderId` rejects the new order.
  void replace(std::uint64_t orderId, const matching::NewOrder& order);
  void set_state(matching::MarketState state) noexcept { state_ = state; }

  // Events since the last clear, in order.
  std::span<const matching::Event> events() const noexcept { return events_.all(); }
  void clear_events() noexcept { events_.clear(); }

  // Levels whose total changed since the last call, each once, with the total of now.
  std::span<const matching::LevelChange> drain_level_changes();

  // Writes at most `depth` levels, best first; returns how many.
  std::size_t top(matching::Side side, std::size_t depth, matching::LevelView* out) const;
  std::int64_t level_total(matching::Side side, std::int64_t price) const;
  // What stands ahead of a resting order. The first question about an order walks back to it from
  // the end of its queue (one step for an order that just joined) and the answer is kept up to date
  // from then on: later questions take constant time.
  bool queue_position(std::uint64_t orderId, matching::QueuePosition& out);
  // What is left of a live order (resting or waiting); 0 when there is none.
  std::int64_t leaves(std::uint64_t orderId) const noexcept;
  std::uint32_t live_orders() const noexcept { return ids_.size(); }
  bool has_last_price() const noexcept { return traded_; }
  std::int64_t last_price() const noexcept { return lastPrice_; }
  // When the next commands are known, what they will touch can be on its way while earlier ones
  // run: `prefetch_id` and `prefetch_new` first, some commands later `locate` and `prefetch_queue`,
  // some later `prefetch_place` with what `locate` gave, which also spares `cancel` and `amend` the
  // search.
  void prefetch_id(std::uint64_t orderId) const noexcept { ids_.prefetch(orderId); }
  std::uint32_t locate(std::uint64_t orderId) const noexcept {
    const std::uint32_t index = ids_.guess(orderId);
    orders_.prefetch(index);
    return index;
  }
  void prefetch_place(std::uint32_t located) const noexcept {
    const matching::Order& order = orders_[located];
    orders_.prefetch(order.next);
    orders_.prefetch(order.previous);
    own(order.side).prefetch(order.key);
  }
  // Of an order about to be submitted: its own place, then the order it queues behind and the one
  // it takes from.
  void prefetch_new(matching::Side side, std::int64_t price) const noexcept {
    orders_.prefetch(orders_.next_free());
    own(side).prefetch(key_of(side, price));
  }
  void prefetch_queue(matching::Side side, std::int64_t price) const noexcept {
    orders_.prefetch(own(side).last_at(key_of(side, price)));
    orders_.prefetch(opposite(side).first_at_best());
  }

 private:
  struct Taker;

  // Sides are as good as random: they are indexed and multiplied by, not branched on.
  matching::BookSide& own(matching::Side side) noexcept {
    return sides_[static_cast<std::size_t>(side)];
  }
  matching::BookSide& opposite(matching::Side side) noexcept {
    return sides_[1 - static_cast<std::size_t>(side)];
  }
  const matching::BookSide& own(matching::Side side) const noexcept {
    return sides_[static_cast<std::size_t>(side)];
  }
  const matching::BookSide& opposite(matching::Side side) const noexcept {
    return sides_[1 - static_cast<std::size_t>(side)];
  }
  static std::int64_t sign(matching::Side side) noexcept {
    return 1 - 2 * static_cast<std::int64_t>(side);
  }
  std::int64_t price_of(matching::Side side, std::int64_t key) const noexcept {
    return key * sign(side) * tick_;
  }
  std::int64_t key_of(matching::Side side, std::int64_t price) const noexcept {
    const std::int64_t ticks = tick_ == 1 ? price : price / tick_;
    return ticks * sign(side);
  }

  std::uint32_t resolve(std::uint64_t orderId, std::uint32_t located) const noexcept {
    const matching::Order& order = orders_[located];
    return order.sequence != 0 && order.id == orderId ? located : ids_.find(orderId);
  }
  matching::Reason refusal(const matching::NewOrder& order) const noexcept;
  matching::Reason refusal_of_terms(const matching::NewOrder& order) const noexcept;
  bool would_trigger(const matching::NewOrder& order) const noexcept;
  void execute(Taker& taker);
  void match(Taker& taker);
  bool fillable(const Taker& taker);
  std::int64_t takeable(const Taker& taker, std::int64_t price, std::int64_t makerLeaves) const;
  void finish(Taker& taker);
  void rest(const Taker& taker);
  void wait_for_trigger(const matching::NewOrder& order);
  void collect_triggered(std::int64_t price);
  void run_triggered();
  void cancel_at(std::uint32_t index, matching::Reason reason);
  matching::Reason refusal_of_amend(std::uint32_t index, std::int64_t leaves) const noexcept;
  void reduce_level(matching::BookSide& side, matching::Level& level, const matching::Order& order,
                    std::int64_t quantity, bool leavesQueue);
  void remove(matching::BookSide& side, matching::Level& level, std::uint32_t index);
  void unlink(matching::BookSide& side, matching::Level& level, std::uint32_t index);
  void drop_tracking(matching::Level& level, std::uint32_t index);
  void start_tracking(matching::Level& level, std::uint32_t index, matching::Ahead ahead);
  void emit(matching::EventKind kind, matching::Reason reason, matching::Side side,
            std::uint64_t orderId, std::int64_t price, std::int64_t quantity, std::int64_t leaves);

  std::int64_t tick_;
  std::int64_t step_;
  matching::MarketState state_ = matching::MarketState::Trading;
  bool traded_ = false;
  std::int64_t lastPrice_ = 0;
  std::uint64_t nextTradeId_;
  std::uint64_t nextSequence_ = 1;
  std::array<matching::BookSide, 2> sides_;  // by side
  matching::OrderPool orders_;
  matching::IdMap ids_;
  matching::TriggerBook rising_;
  matching::TriggerBook falling_;
  std::vector<std::uint32_t> triggered_;
  matching::EventBuffer events_;
  std::vector<matching::LevelChange> changes_;
};

}  // namespace qd
