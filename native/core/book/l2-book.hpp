#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "book/level.hpp"
#include "book/order-flow.hpp"
#include "book/sorted-levels.hpp"
#include "market/record.hpp"

namespace qd {

// One side's levels. Those near the touch lie in a window with a slot a tick and a bit a slot,
// where a change costs no search and no branch; what is far away, or not on the tick, lies in a
// sorted rest. The window follows the touch.
class BookSide {
 public:
  // `sign` is 1 for bids and -1 for asks: the best key (sign * price) is the greatest. `max_levels`
  // and `tick` >= 1; a tick that is not the instrument's costs speed, not correctness.
  BookSide(int sign, std::size_t max_levels, std::int64_t tick);

  std::size_t size() const noexcept { return in_window_ + rest_.size(); }
  // Levels that were not kept because max_levels better ones were there.
  std::uint64_t dropped() const noexcept { return dropped_; }
  // Must not be empty.
  Level best() const noexcept;
  // Likewise.
  Level worst() const noexcept;

  void clear() noexcept;
  // Sets the absolute quantity of a price; 0 deletes. Beyond max_levels the worst level goes and is
  // counted.
  void set(std::int64_t price, std::int64_t quantity);
  // Drops the worst levels until `depth` are left: what a venue no longer speaks of is not counted
  // as dropped.
  void truncate(std::size_t depth);
  // 0 when there is no such level.
  std::int64_t quantity_at(std::int64_t price) const noexcept;
  // Sum of the quantities of prices in [low, high]; stops at MAX_SAFE_INTEGER.
  std::int64_t depth_between(std::int64_t low, std::int64_t high) const noexcept;
  // Writes up to `depth` best levels, best first, as two columns; returns how many.
  std::size_t top(std::size_t depth, double* prices, double* quantities) const noexcept;

 private:
  static constexpr std::size_t SLOTS = 16384;
  static constexpr std::size_t WORDS = SLOTS / 64;
  static constexpr std::size_t SUMMARIES = WORDS / 64;
  static constexpr std::size_t NONE = SLOTS;
  // Where the best level is put when the window moves, and below which it moves again.
  static constexpr std::size_t BEST_SLOT = SLOTS - SLOTS / 4;
  static constexpr std::size_t LOWEST_BEST_SLOT = SLOTS / 4;

  // The slot of a key, NONE when it is not on the tick or not in the window.
  std::size_t slot_of(std::int64_t key) const noexcept;
  std::int64_t key_of(std::size_t slot) const noexcept {
    return (first_tick_ + static_cast<std::int64_t>(slot)) * tick_;
  }
  void put(std::size_t slot, std::int64_t quantity) noexcept;
  // The greatest occupied slot below `limit`, or NONE.
  std::size_t slot_below(std::size_t limit) const noexcept;
  std::size_t lowest_slot() const noexcept;
  // Whether the worst level lies in the rest, `lowest` being the lowest slot that has one.
  bool rest_is_worse_than(std::size_t lowest) const noexcept;
  // Calls `on(key, quantity)` for the window's levels from the greatest key down; false as soon as
  // it answers false.
  template <typename OnLevel>
  bool each_in_window(OnLevel on) const;
  // The same for all levels.
  template <typename OnLevel>
  void each_from_best(OnLevel on) const;
  void move_window(std::int64_t best_key);
  void follow_best();
  void drop_worst();

  std::int64_t sign_;
  std::size_t max_levels_;
  std::int64_t tick_;
  std::int64_t first_tick_ = 0;
  std::size_t in_window_ = 0;
  std::uint64_t dropped_ = 0;
  std::vector<std::int64_t> quantities_;  // a slot each; 0 = no level
  std::uint64_t occupied_[WORDS] = {};
  std::uint64_t summary_[SUMMARIES] = {};  // a bit for each word of occupied_ that is not 0
  SortedLevels rest_;
};

// Best levels of both sides as columns.
struct TopColumns {
  double* bid_prices;
  double* bid_quantities;
  double* ask_prices;
  double* ask_quantities;
  std::size_t depth;
  std::size_t bids = 0;
  std::size_t asks = 0;
};

// A price-level book fed by decoded records. It knows nothing of sequence numbers: joining is the
// feed's work.
class L2Book {
 public:
  // `max_levels` bounds each side; `tick` is the instrument's price tick as a mantissa.
  explicit L2Book(std::size_t max_levels, std::int64_t tick = 1)
      : bids_(1, max_levels, tick), asks_(-1, max_levels, tick) {}

  // Applies level records in order; a snapshot header clears first; other kinds are passed over.
  // After the last level of a header that names a depth, each side keeps as many best levels: not
  // before, for what a better level pushes out comes back when that one is deleted in the same
  // message. A message may come in several calls. Returns the number of level records.
  std::size_t apply(std::span<const MarketRecord> records);
  void clear() noexcept;
  // Whether the flow at the touch is counted from now on; it begins with nothing.
  void watch_flow(bool on);
  // The flow that is counted, nullptr while it is not.
  const OrderFlow* flow() const noexcept { return flow_ ? &*flow_ : nullptr; }

  const BookSide& bids() const noexcept { return bids_; }
  const BookSide& asks() const noexcept { return asks_; }
  // Both sides have levels and the best bid is at or above the best ask.
  bool crossed() const noexcept;
  void top(TopColumns& out) const noexcept;
  // Update id of the last header applied; 0 at first and after clear.
  std::int64_t last_update_id() const noexcept { return last_update_id_; }

 private:
  void end_level(const MarketRecord& record);

  BookSide bids_;
  BookSide asks_;
  std::int64_t last_update_id_ = 0;
  std::size_t depth_ = 0;
  std::int64_t levels_to_come_ = 0;
  std::optional<OrderFlow> flow_;
};

}  // namespace qd
