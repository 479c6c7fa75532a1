#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace qd {

// Levels by ascending key, in blocks of up to 16 so that a change moves few of them. The search
// starts at the block of the change before, since a message lists its levels in order of price.
// Keys are kept as doubles (exact: below 2^53), which every processor compares several at a time.
class SortedLevels {
 public:
  SortedLevels();

  std::size_t size() const noexcept { return size_; }
  void clear() noexcept;
  // Sets the quantity of a key; 0 deletes.
  void set(std::int64_t key, std::int64_t quantity);
  // 0 when there is no such level.
  std::int64_t quantity_at(std::int64_t key) const noexcept;
  // The greatest and the least key; must not be empty.
  std::int64_t greatest() const noexcept {
    const Block& block = blocks_[order_.back()];
    return static_cast<std::int64_t>(block.keys[block.count - 1]);
  }
  std::int64_t least() const noexcept {
    return static_cast<std::int64_t>(blocks_[order_.front()].keys[0]);
  }

  // Calls `on(key, quantity)` from the greatest key down until it answers false.
  template <typename OnLevel>
  void each_from_greatest(OnLevel on) const {
    for (std::size_t order = order_.size(); order > 0; --order) {
      const Block& block = blocks_[order_[order - 1]];
      for (std::size_t at = block.count; at > 0; --at) {
        if (!on(static_cast<std::int64_t>(block.keys[at - 1]), block.quantities[at - 1])) return;
      }
    }
  }

 private:
  static constexpr std::size_t BLOCK = 16;

  // Ascending keys; those from `count` on are infinite, so that a search needs no count.
  struct Block {
    double keys[BLOCK];
    std::int64_t quantities[BLOCK];
    std::size_t count;
  };

  static std::size_t position_in(const Block& block, double key) noexcept;
  // The first block whose greatest key is >= key, or the last one.
  std::size_t block_of(double key, std::size_t from) const noexcept;
  void insert(std::size_t order, std::size_t position, double key, std::int64_t quantity);
  void erase(std::size_t order, std::size_t position);
  void split(std::size_t order);
  void merge_with_next(std::size_t order);
  void remove_block(std::size_t order);
  std::uint32_t take_block();

  std::size_t size_ = 0;
  std::size_t finger_ = 0;
  std::vector<double> greatest_;      // of each block in order
  std::vector<std::uint32_t> order_;  // which block stands there; never empty
  std::vector<Block> blocks_;
  std::vector<std::uint32_t> free_;
};

}  // namespace qd
