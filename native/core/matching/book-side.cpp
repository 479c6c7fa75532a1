#include "matching/book-side.hpp"

#include <algorithm>

namespace qd::matching {

BookSide::BookSide(std::uint32_t windowTicks)
    : window_(windowTicks), occupied_(windowTicks), mask_(windowTicks - 1) {
  changed_.reserve(1024);
  far_.reserve(256);
}

std::size_t BookSide::far_position(std::int64_t key) const noexcept {
  const auto found = std::lower_bound(
      far_.begin(), far_.end(), key,
      [](const FarLevel& level, std::int64_t wanted) { return level.key < wanted; });
  return static_cast<std::size_t>(found - far_.begin());
}

const Level* BookSide::find(std::int64_t key) const noexcept {
  if (in_window(key)) {
    const Level& level = window_[slot(key)];
    return level.count == 0 ? nullptr : &level;
  }
  const std::size_t position = far_position(key);
  return position < far_.size() && far_[position].key == key ? &far_[position].level : nullptr;
}

// Like `find`, but an empty level of the array counts: its mark is there.
Level* BookSide::present(std::int64_t key) noexcept {
  if (in_window(key)) return &window_[slot(key)];
  const std::size_t position = far_position(key);
  return position < far_.size() && far_[position].key == key ? &far_[position].level : nullptr;
}

std::int64_t BookSide::worse_than(std::int64_t key) const noexcept {
  if (key > low_ && key <= best_) {
    const std::int64_t from = key - 1;
    const std::int32_t found = occupied_.at_or_below(slot(from));
    if (found >= 0) {
      const std::int64_t worse = from - ((slot(from) - static_cast<std::uint32_t>(found)) & mask_);
      if (worse >= low_) return worse;
    }
  }
  const std::size_t position = far_position(key);
  return position == 0 ? kNoKey : far_[position - 1].key;
}

Level& BookSide::open_outside(std::int64_t key) {
  // Every level above the array's top would be better than the best.
  if (empty() || key > best_) {
    recentre(key);
  } else if (best_ - low_ < (std::int64_t{mask_} + 1) / 2) {
    recentre(best_);
  }
  if (in_window(key)) return open(key);
  const std::size_t position = far_position(key);
  if (position == far_.size() || far_[position].key != key) {
    far_.insert(far_.begin() + static_cast<std::ptrdiff_t>(position), FarLevel{key, {}});
  }
  return far_[position].level;
}

void BookSide::close_outside(std::int64_t key) {
  const std::size_t position = far_position(key);
  if (far_[position].level.changed) repeats_ = true;
  far_.erase(far_.begin() + static_cast<std::ptrdiff_t>(position));
}

void BookSide::find_best() {
  const std::int32_t found = occupied_.at_or_below(slot(best_));
  if (found >= 0) {
    best_ -= (slot(best_) - static_cast<std::uint32_t>(found)) & mask_;
    return;
  }
  best_ = kNoKey;
  if (far_.empty()) return;
  recentre(far_.back().key);
}

// Moves the array so that `best` has a quarter of it above; what falls out below goes to the sorted
// levels and back.
void BookSide::recentre(std::int64_t best) {
  const std::int64_t size = std::int64_t{mask_} + 1;
  const std::int64_t low = best - size * 3 / 4;
  const std::int64_t old = low_;
  const std::int64_t from = low > old ? old : std::max(old, low + size);
  const std::int64_t to = low > old ? std::min(low, old + size) : old + size;
  for (std::int64_t key = from; key < to; key += 1) leave(key);
  low_ = low;
  while (!far_.empty() && far_.back().key >= low) {
    const FarLevel& back = far_.back();
    window_[slot(back.key)] = back.level;
    occupied_.set(slot(back.key));
    best_ = std::max(best_, back.key);
    far_.pop_back();
  }
}

void BookSide::leave(std::int64_t key) {
  Level& level = window_[slot(key)];
  if (level.count != 0) {
    far_.push_back({key, level});
    occupied_.clear(slot(key));
  } else if (level.changed) {
    repeats_ = true;
  }
  level = {};
}

void BookSide::note_changed(std::int64_t key) {
  if (changed_.size() == changed_.capacity() && repeats_) {
    settle_changed();
    repeats_ = true;
    if (changed_.size() * 2 > changed_.capacity()) changed_.reserve(changed_.capacity() * 2);
  }
  changed_.push_back(key);
}

void BookSide::settle_changed() {
  if (!repeats_) return;
  std::sort(changed_.begin(), changed_.end(), std::greater<>());
  changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
  repeats_ = false;
}

}  // namespace qd::matching
