#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "matching/order-pool.hpp"

namespace qd::matching {

// Order id -> pool index. Open addressing with linear probing and backward-shift deletion; an entry
// is 32 bits of hash and the index, so that a probe touches an order only when the hash agrees. At
// most half full.
class IdMap {
 public:
  IdMap(const OrderPool& pool, std::uint32_t expected) : pool_(pool) {
    resize(std::bit_ceil(std::max(expected, 8u) * 2));
  }

  // The pool index, or kNil.
  std::uint32_t find(std::uint64_t id) const noexcept {
    const std::uint32_t tag = hash(id);
    for (std::uint32_t slot = tag >> shift_;; slot = (slot + 1) & mask_) {
      const Entry entry = entries_[slot];
      if (entry.index == kNil) return kNil;
      if (entry.tag == tag && pool_[entry.index].id == id) return entry.index;
    }
  }

  // Most likely what `find` will say, without looking at an order and without a branch: for
  // prefetching.
  std::uint32_t guess(std::uint64_t id) const noexcept {
    const std::uint32_t tag = hash(id);
    const Entry first = entries_[tag >> shift_];
    const Entry second = entries_[((tag >> shift_) + 1) & mask_];
    return first.tag == tag ? first.index : second.index;
  }

  // `id` must be absent.
  void insert(std::uint64_t id, std::uint32_t index) {
    if ((size_ + 1) * 2 > entries_.size()) resize(static_cast<std::uint32_t>(entries_.size() * 2));
    place({hash(id), index});
    size_ += 1;
  }

  // `id` must be present.
  void erase(std::uint64_t id, std::uint32_t index) noexcept {
    std::uint32_t hole = hash(id) >> shift_;
    while (entries_[hole].index != index) hole = (hole + 1) & mask_;
    size_ -= 1;
    for (std::uint32_t slot = (hole + 1) & mask_;; slot = (slot + 1) & mask_) {
      const Entry entry = entries_[slot];
      if (entry.index == kNil) break;
      // Moves back only what the hole lies on the way to.
      if (((slot - (entry.tag >> shift_)) & mask_) < ((slot - hole) & mask_)) continue;
      entries_[hole] = entry;
      hole = slot;
    }
    entries_[hole] = {};
  }

  void prefetch(std::uint64_t id) const noexcept {
#if defined(__GNUC__)
    __builtin_prefetch(&entries_[hash(id) >> shift_]);
#else
    (void)id;
#endif
  }

  std::uint32_t size() const noexcept { return size_; }

 private:
  struct Entry {
    std::uint32_t tag = 0;
    std::uint32_t index = kNil;
  };

  static std::uint32_t hash(std::uint64_t id) noexcept {
    const std::uint64_t mixed = (id ^ (id >> 32)) * 0x9E3779B97F4A7C15ULL;
    return static_cast<std::uint32_t>(mixed >> 32);
  }

  void place(Entry entry) noexcept {
    std::uint32_t slot = entry.tag >> shift_;
    while (entries_[slot].index != kNil) slot = (slot + 1) & mask_;
    entries_[slot] = entry;
  }

  void resize(std::uint32_t slots) {
    std::vector<Entry> old(slots);
    old.swap(entries_);
    mask_ = slots - 1;
    shift_ = 32 - static_cast<std::uint32_t>(std::countr_zero(slots));
    for (const Entry& entry : old) {
      if (entry.index != kNil) place(entry);
    }
  }

  const OrderPool& pool_;
  std::vector<Entry> entries_;
  std::uint32_t mask_ = 0;
  std::uint32_t shift_ = 0;
  std::uint32_t size_ = 0;
};

}  // namespace qd::matching
