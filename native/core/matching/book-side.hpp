#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "matching/occupancy.hpp"
#include "matching/order-pool.hpp"

namespace qd::matching {

// One price of one side: a first-in first-out queue of orders.
struct Level {
  std::int64_t total = 0;
  std::uint32_t head = kNil;
  std::uint32_t tail = kNil;
  std::uint32_t count = 0;
  std::uint32_t tracked = kNil;  // first of its orders whose queue position is kept
  bool changed = false;          // listed in `changed` since the last drain
};

inline constexpr std::int64_t kNoKey = std::numeric_limits<std::int64_t>::min();

// The price levels of one side by key (larger is better). The levels around the best price lie in a
// circular array indexed by the key; the ones too far away in a sorted vector, all of them worse
// than the array's lowest. The best is always in the array.
class BookSide {
 public:
  explicit BookSide(std::uint32_t windowTicks);

  bool empty() const noexcept { return best_ == kNoKey; }
  std::int64_t best_key() const noexcept { return best_; }
  Level& best() noexcept { return window_[slot(best_)]; }

  // The level to add an order to; the caller adds one before it does anything else with this side.
  Level& open(std::int64_t key) {
    if (!in_window(key)) return open_outside(key);
    Level& level = window_[slot(key)];
    if (level.count == 0) {
      occupied_.set(slot(key));
      if (key > best_) best_ = key;
    }
    return level;
  }

  void prefetch(std::int64_t key) const noexcept {
#if defined(__GNUC__)
    __builtin_prefetch(&window_[slot(key)]);
#else
    (void)key;
#endif
  }

  // For prefetching, as far as the array can tell: the last order at `key`, and the first at the
  // best price.
  std::uint32_t last_at(std::int64_t key) const noexcept { return window_[slot(key)].tail; }
  std::uint32_t first_at_best() const noexcept { return window_[slot(best_)].head; }

  // The level of a resting order.
  Level& at(std::int64_t key) noexcept {
    return in_window(key) ? window_[slot(key)] : *far_level(key);
  }

  // Takes an empty level out.
  void close(std::int64_t key) {
    if (!in_window(key)) return close_outside(key);
    occupied_.clear(slot(key));
    if (key == best_) find_best();
  }

  // The level at `key`, or nothing.
  const Level* find(std::int64_t key) const noexcept;

  // The key of the next level that is worse than `key`, or kNoKey.
  std::int64_t worse_than(std::int64_t key) const noexcept;

  void mark(Level& level, std::int64_t key) {
    if (level.changed) return;
    level.changed = true;
    note_changed(key);
  }

  // Hands each key changed since the last call to `sink` once, in an order that depends only on
  // what happened.
  template <typename Sink>
  void drain(Sink&& sink) {
    settle_changed();
    for (const std::int64_t key : changed_) {
      Level* level = present(key);
      if (level != nullptr) level->changed = false;
      sink(key, level == nullptr ? 0 : level->total);
    }
    changed_.clear();
  }

  std::size_t changes() const noexcept { return changed_.size(); }

 private:
  struct FarLevel {
    std::int64_t key;
    Level level;
  };

  std::uint32_t slot(std::int64_t key) const noexcept {
    return static_cast<std::uint32_t>(key) & mask_;
  }
  bool in_window(std::int64_t key) const noexcept {
    return static_cast<std::uint64_t>(key) - static_cast<std::uint64_t>(low_) <= mask_;
  }
  std::size_t far_position(std::int64_t key) const noexcept;
  Level* far_level(std::int64_t key) noexcept { return &far_[far_position(key)].level; }
  Level* present(std::int64_t key) noexcept;
  Level& open_outside(std::int64_t key);
  void close_outside(std::int64_t key);
  void find_best();
  void recentre(std::int64_t best);
  void leave(std::int64_t key);
  void note_changed(std::int64_t key);
  void settle_changed();

  std::vector<Level> window_;
  Occupancy occupied_;
  std::uint32_t mask_;
  std::int64_t low_ = 0;
  std::int64_t best_ = kNoKey;
  std::vector<FarLevel> far_;  // ascending: the next to come into the array is last
  std::vector<std::int64_t> changed_;
  bool repeats_ = false;  // `changed_` may name a key twice
};

}  // namespace qd::matching
