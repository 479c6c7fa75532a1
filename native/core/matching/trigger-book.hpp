#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace qd::matching {

// Orders waiting for the last trade price to reach their stop price, on one side of the market.
// Keys are such that the larger fires first: the stop price when the market must fall to it, the
// negated stop price when it must rise to it.
class TriggerBook {
 public:
  struct Entry {
    std::int64_t key;
    std::uint64_t sequence;
    std::uint32_t index;
  };

  void add(Entry entry) {
    entries_.insert(std::lower_bound(entries_.begin(), entries_.end(), entry, fires_after), entry);
  }

  void remove(std::int64_t key, std::uint64_t sequence) {
    entries_.erase(
        std::lower_bound(entries_.begin(), entries_.end(), Entry{key, sequence, 0}, fires_after));
  }

  bool reached(std::int64_t key) const noexcept {
    return !entries_.empty() && entries_.back().key >= key;
  }

  // The entry to fire first; there must be one.
  Entry take() {
    const Entry entry = entries_.back();
    entries_.pop_back();
    return entry;
  }

 private:
  static bool fires_after(const Entry& a, const Entry& b) noexcept {
    return a.key != b.key ? a.key < b.key : a.sequence > b.sequence;
  }

  std::vector<Entry> entries_;  // the first to fire is last
};

}  // namespace qd::matching
