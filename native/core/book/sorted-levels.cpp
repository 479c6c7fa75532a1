#include <algorithm>
#include <cstring>
#include <limits>

#include "book/sorted-levels.hpp"

namespace qd {
namespace {

constexpr double NO_KEY = std::numeric_limits<double>::infinity();

template <typename T>
void move_up(T* values, std::size_t from, std::size_t count) noexcept {
  std::memmove(values + from + 1, values + from, (count - from) * sizeof(T));
}

template <typename T>
void move_down(T* values, std::size_t from, std::size_t count) noexcept {
  std::memmove(values + from, values + from + 1, (count - from - 1) * sizeof(T));
}

}  // namespace

SortedLevels::SortedLevels() { clear(); }

void SortedLevels::clear() noexcept {
  size_ = 0;
  finger_ = 0;
  blocks_.clear();
  free_.clear();
  order_.assign(1, take_block());
  greatest_.assign(1, NO_KEY);
}

std::uint32_t SortedLevels::take_block() {
  std::uint32_t index = 0;
  if (free_.empty()) {
    index = static_cast<std::uint32_t>(blocks_.size());
    blocks_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  Block& block = blocks_[index];
  std::fill(std::begin(block.keys), std::end(block.keys), NO_KEY);
  block.count = 0;
  return index;
}

std::size_t SortedLevels::position_in(const Block& block, double key) noexcept {
  std::int64_t below = 0;
  for (const double one : block.keys) below += one < key ? 1 : 0;
  return static_cast<std::size_t>(below);
}

std::size_t SortedLevels::block_of(double key, std::size_t from) const noexcept {
  const double* greatest = greatest_.data();
  const std::size_t last = greatest_.size() - 1;
  std::size_t at = std::min(from, last);
  while (at < last && greatest[at] < key) ++at;
  while (at > 0 && greatest[at - 1] >= key) --at;
  return at;
}

void SortedLevels::set(std::int64_t whole_key, std::int64_t quantity) {
  const double key = static_cast<double>(whole_key);
  const std::size_t order = block_of(key, finger_);
  finger_ = order;
  Block& block = blocks_[order_[order]];
  const std::size_t position = position_in(block, key);
  const bool present = position < block.count && block.keys[position] == key;
  if (quantity == 0) {
    if (present) erase(order, position);
    return;
  }
  if (present) {
    block.quantities[position] = quantity;
    return;
  }
  insert(order, position, key, quantity);
}

void SortedLevels::insert(std::size_t order, std::size_t position, double key,
                          std::int64_t quantity) {
  if (blocks_[order_[order]].count == BLOCK) {
    split(order);
    if (position > BLOCK / 2) {
      ++order;
      position -= BLOCK / 2;
    }
  }
  Block& block = blocks_[order_[order]];
  move_up(block.keys, position, block.count);
  move_up(block.quantities, position, block.count);
  block.keys[position] = key;
  block.quantities[position] = quantity;
  ++block.count;
  greatest_[order] = block.keys[block.count - 1];
  ++size_;
}

void SortedLevels::erase(std::size_t order, std::size_t position) {
  Block& block = blocks_[order_[order]];
  move_down(block.keys, position, block.count);
  move_down(block.quantities, position, block.count);
  --block.count;
  block.keys[block.count] = NO_KEY;
  --size_;
  if (block.count > 0) greatest_[order] = block.keys[block.count - 1];
  if (block.count >= BLOCK / 4 || order_.size() == 1) return;
  if (block.count == 0) {
    remove_block(order);
    return;
  }
  merge_with_next(order + 1 < order_.size() ? order : order - 1);
}

void SortedLevels::remove_block(std::size_t order) {
  free_.push_back(order_[order]);
  order_.erase(order_.begin() + static_cast<std::ptrdiff_t>(order));
  greatest_.erase(greatest_.begin() + static_cast<std::ptrdiff_t>(order));
}

void SortedLevels::split(std::size_t order) {
  const std::uint32_t added = take_block();
  Block& low = blocks_[order_[order]];
  Block& high = blocks_[added];
  constexpr std::size_t half = BLOCK / 2;
  std::copy(low.keys + half, low.keys + BLOCK, high.keys);
  std::copy(low.quantities + half, low.quantities + BLOCK, high.quantities);
  std::fill(low.keys + half, low.keys + BLOCK, NO_KEY);
  low.count = half;
  high.count = half;
  order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(order) + 1, added);
  greatest_.insert(greatest_.begin() + static_cast<std::ptrdiff_t>(order) + 1, high.keys[half - 1]);
  greatest_[order] = low.keys[half - 1];
}

void SortedLevels::merge_with_next(std::size_t order) {
  Block& low = blocks_[order_[order]];
  Block& high = blocks_[order_[order + 1]];
  // Room is left, so that the next inserts do not split it again.
  if (low.count + high.count > BLOCK * 3 / 4) return;
  std::copy(high.keys, high.keys + high.count, low.keys + low.count);
  std::copy(high.quantities, high.quantities + high.count, low.quantities + low.count);
  low.count += high.count;
  greatest_[order] = low.keys[low.count - 1];
  remove_block(order + 1);
}

std::int64_t SortedLevels::quantity_at(std::int64_t whole_key) const noexcept {
  const double key = static_cast<double>(whole_key);
  const Block& block = blocks_[order_[block_of(key, finger_)]];
  const std::size_t position = position_in(block, key);
  return position < block.count && block.keys[position] == key ? block.quantities[position] : 0;
}

}  // namespace qd
