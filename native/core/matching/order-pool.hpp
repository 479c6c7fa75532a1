#pragma once

#include <cstdint>
#include <vector>

#include "matching/types.hpp"

namespace qd::matching {

inline constexpr std::uint32_t kNil = 0;

// One resting or waiting order; a cache line.
struct alignas(64) Order {
  std::uint64_t id;
  std::int64_t
      key;  // resting: tick, negated for sells, so that larger is better; waiting: its trigger key
  std::int64_t leaves;
  std::uint64_t sequence;   // arrival at its level, or in the trigger book; 0: free
  std::int64_t limitPrice;  // of a waiting stop-limit
  std::uint32_t next;       // later in the queue; of a free one: the next free
  std::uint32_t previous;
  std::uint32_t owner;
  Side side;
  OrderType type;
  TimeInForce timeInForce;
  SelfTrade selfTrade;
  bool waiting;  // in the trigger book, not in the queue
  bool tracked;  // its queue position is kept up to date
};

// What stands ahead of a tracked order.
struct Ahead {
  std::int64_t quantity = 0;
  std::uint32_t orders = 0;
  std::uint32_t nextTracked = kNil;  // further tracked order of the level
};

// Orders by 32-bit index; 0 is nobody. Freed slots are used again, last freed first.
class OrderPool {
 public:
  explicit OrderPool(std::uint32_t expected) {
    orders_.reserve(expected + 1);
    orders_.emplace_back();
  }

  std::uint32_t allocate() {
    if (free_ != kNil) {
      const std::uint32_t index = free_;
      free_ = orders_[index].next;
      return index;
    }
    orders_.emplace_back();
    return static_cast<std::uint32_t>(orders_.size() - 1);
  }

  void release(std::uint32_t index) noexcept {
    orders_[index].sequence = 0;
    orders_[index].next = free_;
    free_ = index;
  }

  Order& operator[](std::uint32_t index) noexcept { return orders_[index]; }
  const Order& operator[](std::uint32_t index) const noexcept { return orders_[index]; }

  std::uint32_t next_free() const noexcept { return free_; }

  void prefetch(std::uint32_t index) const noexcept {
#if defined(__GNUC__)
    __builtin_prefetch(&orders_[index]);
#else
    (void)index;
#endif
  }

  Ahead& ahead(std::uint32_t index) {
    if (index >= ahead_.size()) ahead_.resize(orders_.capacity());
    return ahead_[index];
  }

 private:
  std::vector<Order> orders_;
  std::vector<Ahead> ahead_;
  std::uint32_t free_ = kNil;
};

}  // namespace qd::matching
