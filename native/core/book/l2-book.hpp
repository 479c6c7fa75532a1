#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "market/record.hpp"

namespace qd {

struct Level {
  std::int64_t price;
  std::int64_t quantity;
};

// One side's levels in order, in blocks of up to 16 so that a change moves few of them. The search starts at the
// block of the change before, since a message lists its levels in order of price. Prices are kept as doubles (exact:
// mantissas are below 2^53), which every processor compares several at a time.
class BookSide {
 public:
  // `sign` is 1 for bids and -1 for asks: the best key (sign * price) is the greatest. `max_levels` >= 1.
  BookSide(int sign, std::size_t max_levels);

  std::size_t size() const noexcept { return size_; }
  // Levels that were not kept because max_levels better ones were there.
  std::uint64_t dropped() const noexcept { return dropped_; }
  // Must not be empty.
  Level best() const noexcept;

  void clear() noexcept;
  // Sets the absolute quantity of a price; 0 deletes. Beyond max_levels the worst level goes and is counted.
  void set(std::int64_t price, std::int64_t quantity);
  // 0 when there is no such level.
  std::int64_t quantity_at(std::int64_t price) const noexcept;
  // Sum of the quantities of prices in [low, high]; stops at MAX_SAFE_INTEGER.
  std::int64_t depth_between(std::int64_t low, std::int64_t high) const noexcept;
  // Writes up to `depth` best levels, best first, as two columns; returns how many.
  std::size_t top(std::size_t depth, double* prices, double* quantities) const noexcept;

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
  void drop_worst();

  double sign_;
  std::size_t max_levels_;
  std::size_t size_ = 0;
  std::uint64_t dropped_ = 0;
  std::size_t finger_ = 0;
  std::vector<double> greatest_;      // of each block in order
  std::vector<std::uint32_t> order_;  // which block stands there; never empty
  std::vector<Block> blocks_;
  std::vector<std::uint32_t> free_;
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

// A price-level book fed by decoded records. It knows nothing of sequence numbers: joining is the feed's work.
class L2Book {
 public:
  // `max_levels` bounds each side.
  explicit L2Book(std::size_t max_levels) : bids_(1, max_levels), asks_(-1, max_levels) {}

  // Applies level records in order; a snapshot header clears first; other kinds are passed over. Returns the number of
  // level records.
  std::size_t apply(std::span<const MarketRecord> records);
  void clear() noexcept;

  const BookSide& bids() const noexcept { return bids_; }
  const BookSide& asks() const noexcept { return asks_; }
  // Both sides have levels and the best bid is at or above the best ask.
  bool crossed() const noexcept;
  void top(TopColumns& out) const noexcept;
  // Update id of the last header applied; 0 at first and after clear.
  std::int64_t last_update_id() const noexcept { return last_update_id_; }

 private:
  BookSide bids_;
  BookSide asks_;
  std::int64_t last_update_id_ = 0;
};

}  // namespace qd
