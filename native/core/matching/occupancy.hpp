#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace qd::matching {

// A circular bit set of 64..262,144 slots with two levels of summary: the next set slot at or below
// one is found in a few instructions however far away it is.
class Occupancy {
 public:
  explicit Occupancy(std::uint32_t slots)
      : words_((slots + 63) / 64), groups_((words_.size() + 63) / 64) {}

  void set(std::uint32_t slot) noexcept {
    words_[slot >> 6] |= bit(slot);
    groups_[slot >> 12] |= bit(slot >> 6);
    top_ |= bit(slot >> 12);
  }

  void clear(std::uint32_t slot) noexcept {
    if ((words_[slot >> 6] &= ~bit(slot)) != 0) return;
    if ((groups_[slot >> 12] &= ~bit(slot >> 6)) != 0) return;
    top_ &= ~bit(slot >> 12);
  }

  // The nearest set slot at or below `slot`, going round past zero to the highest; -1 when no slot
  // is set.
  std::int32_t at_or_below(std::uint32_t slot) const noexcept {
    const std::uint32_t word = slot >> 6;
    if (const std::uint64_t bits = words_[word] & up_to(slot)) return highest(word, bits);
    const std::uint32_t group = slot >> 12;
    if (const std::uint64_t bits = groups_[group] & below(word))
      return in_word(highest(group, bits));
    if (const std::uint64_t bits = top_ & below(group)) return in_group(high_bit(bits));
    return top_ == 0 ? -1 : in_group(high_bit(top_));
  }

 private:
  static std::uint64_t bit(std::uint32_t index) noexcept {
    return std::uint64_t{1} << (index & 63);
  }
  static std::uint64_t below(std::uint32_t index) noexcept { return bit(index) - 1; }
  static std::uint64_t up_to(std::uint32_t index) noexcept {
    return ~std::uint64_t{0} >> (63 - (index & 63));
  }
  static std::int32_t high_bit(std::uint64_t bits) noexcept { return 63 - std::countl_zero(bits); }
  static std::int32_t highest(std::uint32_t prefix, std::uint64_t bits) noexcept {
    return static_cast<std::int32_t>(prefix << 6) | high_bit(bits);
  }
  std::int32_t in_word(std::int32_t word) const noexcept {
    return highest(static_cast<std::uint32_t>(word), words_[static_cast<std::uint32_t>(word)]);
  }
  std::int32_t in_group(std::int32_t group) const noexcept {
    return in_word(
        highest(static_cast<std::uint32_t>(group), groups_[static_cast<std::uint32_t>(group)]));
  }

  std::vector<std::uint64_t> words_;
  std::vector<std::uint64_t> groups_;
  std::uint64_t top_ = 0;
};

}  // namespace qd::matching
