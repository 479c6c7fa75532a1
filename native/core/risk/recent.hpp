#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "risk/types.hpp"

namespace qd::risk {

// The times of the last N orders of a scope: more than N within a window is one comparison.
class RateRing {
 public:
  // Keeps the latest times that still fit.
  void resize(std::uint32_t capacity) {
    std::vector<std::int64_t> kept = times();
    if (kept.size() > capacity)
      kept.erase(kept.begin(), kept.end() - static_cast<std::ptrdiff_t>(capacity));
    times_.assign(capacity, 0);
    next_ = 0;
    size_ = 0;
    for (const std::int64_t time : kept) add(time);
  }

  void add(std::int64_t time) noexcept {
    if (times_.empty()) return;
    times_[next_] = time;
    next_ = next_ + 1 == times_.size() ? 0 : next_ + 1;
    size_ = std::min(size_ + 1, times_.size());
  }

  // Whether N orders already lie less than `window` before `now`.
  bool full(std::int64_t now, std::int64_t window) const noexcept {
    return !times_.empty() && size_ == times_.size() && now - times_[next_] < window;
  }

  // Oldest first.
  std::vector<std::int64_t> times() const {
    std::vector<std::int64_t> result;
    for (std::size_t index = 0; index < size_; index += 1) {
      result.push_back(times_[(next_ + times_.size() - size_ + index) % times_.size()]);
    }
    return result;
  }

 private:
  std::vector<std::int64_t> times_;
  std::size_t next_ = 0;
  std::size_t size_ = 0;
};

// Orders of the last while, to find one that is the same. Times never go back.
class RecentOrders {
 public:
  struct Entry {
    std::uint32_t account;
    std::uint32_t instrument;
    bool sell;
    std::int64_t price;
    std::int64_t quantity;
    std::int64_t time;
    std::uint64_t previous;  // sequence of the one before it in its bucket
  };

  RecentOrders() : entries_(256) {}

  // How long ago the same order was last seen, or -1 when it was not within `window`.
  std::int64_t age_of_same(const OrderRequest& order, std::int64_t window) const noexcept {
    for (std::uint64_t at = buckets_[bucket(order)]; at >= first_; at = entry(at).previous) {
      const Entry& seen = entry(at);
      if (order.now - seen.time >= window) return -1;
      if (seen.account == order.account && seen.instrument == order.instrument &&
          seen.sell == order.sell && seen.price == order.price && seen.quantity == order.quantity) {
        return std::max<std::int64_t>(order.now - seen.time, 0);
      }
    }
    return -1;
  }

  void add(const OrderRequest& order, std::int64_t window) {
    while (first_ < next_ && order.now - entry(first_).time >= window) first_ += 1;
    if (next_ - first_ == entries_.size()) grow();
    std::uint64_t& head = buckets_[bucket(order)];
    entries_[next_ & (entries_.size() - 1)] = {
        order.account, order.instrument, order.sell, order.price, order.quantity, order.now, head};
    head = next_;
    next_ += 1;
  }

  template <typename Sink>
  void each(Sink&& sink) const {
    for (std::uint64_t at = first_; at < next_; at += 1) sink(entry(at));
  }

  std::size_t size() const noexcept { return next_ - first_; }

  void clear() {
    buckets_.fill(0);
    first_ = next_;
  }

 private:
  static std::size_t bucket(const OrderRequest& order) noexcept {
    std::uint64_t mixed = static_cast<std::uint64_t>(order.price) * 0x9E3779B97F4A7C15ULL;
    mixed ^= static_cast<std::uint64_t>(order.quantity) + (std::uint64_t{order.instrument} << 32) +
             (order.sell ? 1 : 0);
    mixed *= 0xBF58476D1CE4E5B9ULL;
    return mixed >> 54;
  }

  const Entry& entry(std::uint64_t sequence) const noexcept {
    return entries_[sequence & (entries_.size() - 1)];
  }

  void grow() {
    std::vector<Entry> larger(entries_.size() * 2);
    for (std::uint64_t at = first_; at < next_; at += 1)
      larger[at & (larger.size() - 1)] = entry(at);
    entries_.swap(larger);
  }

  std::array<std::uint64_t, 1024> buckets_{};  // sequence of the newest; 0: none
  std::vector<Entry> entries_;
  std::uint64_t first_ = 1;
  std::uint64_t next_ = 1;
};

}  // namespace qd::risk
