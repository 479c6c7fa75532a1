#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "book/l2-book.hpp"

namespace qd {

BookSide::BookSide(int sign, std::size_t max_levels, std::int64_t tick)
    : sign_(sign), max_levels_(max_levels), tick_(tick), quantities_(SLOTS) {}

void BookSide::clear() noexcept {
  std::fill(quantities_.begin(), quantities_.end(), 0);
  std::fill(std::begin(occupied_), std::end(occupied_), 0);
  std::fill(std::begin(summary_), std::end(summary_), 0);
  in_window_ = 0;
  rest_.clear();
}

std::size_t BookSide::slot_of(std::int64_t key) const noexcept {
  std::int64_t ticks = key;
  if (tick_ != 1) {
    ticks = key / tick_;
    if (ticks * tick_ != key) return NONE;
  }
  const auto slot = static_cast<std::uint64_t>(ticks - first_tick_);
  return slot < SLOTS ? static_cast<std::size_t>(slot) : NONE;
}

void BookSide::put(std::size_t slot, std::int64_t quantity) noexcept {
  const std::size_t word = slot / 64;
  const std::uint64_t bit = std::uint64_t{1} << (slot % 64);
  const auto before = static_cast<std::size_t>((occupied_[word] & bit) != 0);
  const auto after = static_cast<std::size_t>(quantity != 0);
  quantities_[slot] = quantity;
  occupied_[word] = (occupied_[word] & ~bit) | (after != 0 ? bit : 0);
  const std::uint64_t word_bit = std::uint64_t{1} << (word % 64);
  summary_[word / 64] = (summary_[word / 64] & ~word_bit) | (occupied_[word] != 0 ? word_bit : 0);
  in_window_ += after - before;
}

std::size_t BookSide::slot_below(std::size_t limit) const noexcept {
  if (limit == 0) return NONE;
  const std::size_t last = limit - 1;
  const std::size_t word = last / 64;
  const std::uint64_t here = occupied_[word] & (~std::uint64_t{0} >> (63 - last % 64));
  if (here != 0) return word * 64 + 63 - static_cast<std::size_t>(std::countl_zero(here));
  std::size_t group = word / 64;
  std::uint64_t words = summary_[group] & ((std::uint64_t{1} << (word % 64)) - 1);
  while (words == 0) {
    if (group == 0) return NONE;
    words = summary_[--group];
  }
  const std::size_t found = group * 64 + 63 - static_cast<std::size_t>(std::countl_zero(words));
  return found * 64 + 63 - static_cast<std::size_t>(std::countl_zero(occupied_[found]));
}

std::size_t BookSide::lowest_slot() const noexcept {
  for (std::size_t group = 0; group < SUMMARIES; ++group) {
    if (summary_[group] == 0) continue;
    const std::size_t word =
        group * 64 + static_cast<std::size_t>(std::countr_zero(summary_[group]));
    return word * 64 + static_cast<std::size_t>(std::countr_zero(occupied_[word]));
  }
  return NONE;
}

template <typename OnLevel>
bool BookSide::each_in_window(OnLevel on) const {
  for (std::size_t group = SUMMARIES; group-- > 0;) {
    for (std::uint64_t words = summary_[group]; words != 0;) {
      const auto word_at = 63 - static_cast<std::size_t>(std::countl_zero(words));
      words &= ~(std::uint64_t{1} << word_at);
      const std::size_t word = group * 64 + word_at;
      for (std::uint64_t bits = occupied_[word]; bits != 0;) {
        const auto bit_at = 63 - static_cast<std::size_t>(std::countl_zero(bits));
        bits &= ~(std::uint64_t{1} << bit_at);
        const std::size_t slot = word * 64 + bit_at;
        if (!on(key_of(slot), quantities_[slot])) return false;
      }
    }
  }
  return true;
}

template <typename OnLevel>
void BookSide::each_from_best(OnLevel on) const {
  if (rest_.size() == 0 || rest_.greatest() < key_of(0)) {
    if (each_in_window(on)) rest_.each_from_greatest(on);
    return;
  }
  // Keys off the tick may lie between those of the window.
  std::size_t slot = slot_below(SLOTS);
  bool wanted = true;
  const auto window_above = [&](std::int64_t key) {
    while (wanted && slot != NONE && key_of(slot) > key) {
      wanted = on(key_of(slot), quantities_[slot]);
      slot = slot_below(slot);
    }
  };
  rest_.each_from_greatest([&](std::int64_t key, std::int64_t quantity) {
    window_above(key);
    wanted = wanted && on(key, quantity);
    return wanted;
  });
  window_above(std::numeric_limits<std::int64_t>::min());
}

void BookSide::set(std::int64_t price, std::int64_t quantity) {
  const std::int64_t key = price * sign_;
  const std::size_t slot = slot_of(key);
  if (slot != NONE) {
    put(slot, quantity);
    if (quantity == 0) {
      follow_best();
    } else if (size() > max_levels_) {
      drop_worst();
    }
    return;
  }
  const bool above = key >= key_of(SLOTS);
  if (quantity != 0 && key % tick_ == 0 && (above || size() == 0)) {
    move_window(key);
    put(slot_of(key), quantity);
  } else {
    rest_.set(key, quantity);
  }
  if (size() > max_levels_) drop_worst();
}

void BookSide::follow_best() {
  const std::size_t best_slot = slot_below(SLOTS);
  if (best_slot != NONE && best_slot >= LOWEST_BEST_SLOT) return;
  std::int64_t key = 0;
  bool found = false;
  each_from_best([&](std::int64_t one, std::int64_t) {
    key = one;
    found = one % tick_ == 0;
    return !found;
  });
  if (found) move_window(key);
}

void BookSide::move_window(std::int64_t best_key) {
  const std::int64_t first = best_key / tick_ - static_cast<std::int64_t>(BEST_SLOT);
  if (first == first_tick_) return;
  std::vector<std::pair<std::int64_t, std::int64_t>> moved;
  for (std::size_t slot = slot_below(SLOTS); slot != NONE; slot = slot_below(slot)) {
    moved.emplace_back(key_of(slot), quantities_[slot]);
    put(slot, 0);
  }
  first_tick_ = first;
  const std::size_t from_window = moved.size();
  rest_.each_from_greatest([&](std::int64_t key, std::int64_t quantity) {
    if (key < key_of(0)) return false;
    if (slot_of(key) != NONE) moved.emplace_back(key, quantity);
    return true;
  });
  for (std::size_t i = from_window; i < moved.size(); ++i) rest_.set(moved[i].first, 0);
  for (const auto& [key, quantity] : moved) {
    const std::size_t slot = slot_of(key);
    if (slot != NONE)
      put(slot, quantity);
    else
      rest_.set(key, quantity);
  }
}

void BookSide::truncate(std::size_t depth) {
  const std::uint64_t dropped = dropped_;
  while (size() > depth) drop_worst();
  dropped_ = dropped;
}

void BookSide::drop_worst() {
  ++dropped_;
  const std::size_t lowest = lowest_slot();
  if (rest_is_worse_than(lowest)) {
    rest_.set(rest_.least(), 0);
  } else {
    put(lowest, 0);
  }
}

bool BookSide::rest_is_worse_than(std::size_t lowest) const noexcept {
  return rest_.size() > 0 && (lowest == NONE || rest_.least() < key_of(lowest));
}

Level BookSide::best() const noexcept {
  Level level{};
  each_from_best([&](std::int64_t key, std::int64_t quantity) {
    level = {key * sign_, quantity};
    return false;
  });
  return level;
}

Level BookSide::worst() const noexcept {
  const std::size_t lowest = lowest_slot();
  const std::int64_t key = rest_is_worse_than(lowest) ? rest_.least() : key_of(lowest);
  return {key * sign_, quantity_at(key * sign_)};
}

std::int64_t BookSide::quantity_at(std::int64_t price) const noexcept {
  const std::int64_t key = price * sign_;
  const std::size_t slot = slot_of(key);
  return slot != NONE ? quantities_[slot] : rest_.quantity_at(key);
}

std::int64_t BookSide::depth_between(std::int64_t low, std::int64_t high) const noexcept {
  const std::int64_t least = sign_ > 0 ? low : -high;
  const std::int64_t greatest = sign_ > 0 ? high : -low;
  std::int64_t sum = 0;
  each_from_best([&](std::int64_t key, std::int64_t quantity) {
    if (key < least) return false;
    if (key <= greatest) sum = std::min(sum + quantity, MAX_SAFE_INTEGER);
    return true;
  });
  return sum;
}

std::size_t BookSide::top(std::size_t depth, double* prices, double* quantities) const noexcept {
  std::size_t rank = 0;
  if (depth == 0) return 0;
  each_from_best([&](std::int64_t key, std::int64_t quantity) {
    prices[rank] = static_cast<double>(key * sign_);
    quantities[rank] = static_cast<double>(quantity);
    return ++rank < depth;
  });
  return rank;
}

}  // namespace qd
