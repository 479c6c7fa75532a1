#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "book/l2-book.hpp"

namespace qd {

// Prices between two ticks are told in hundredths of the instrument's price unit.
inline constexpr std::int64_t FINE = 100;
// Levels a side that the slope is drawn through, and the most that an imbalance looks at.
inline constexpr std::size_t MEASURED_LEVELS = 20;

// What is measured of one side. Quantities are sums that stop at MAX_SAFE_INTEGER.
struct SideMeasures {
  Level best{};
  // Quantity that a basis point away from the mid adds: the straight line from the mid with the
  // least squares through (distance, cumulative quantity) of the best MEASURED_LEVELS levels, that
  // is sum(d C) / sum(d d). Absent at a mid that is not positive or when all levels lie on it.
  std::optional<double> slope;
  // How far from the mid the worst level lies, basis points, at least 0; absent likewise.
  std::optional<double> reach_bps;
};

// What is measured of a book that has both sides; it may be crossed.
struct BookMeasures {
  SideMeasures bid;
  SideMeasures ask;
  // (best bid + best ask) / 2 in hundredths of a price unit, exact.
  std::int64_t mid_fine = 0;
  // (bid x ask quantity + ask x bid quantity) / (bid quantity + ask quantity) in hundredths of a
  // price unit, half to even: the middle drawn to the side that has less.
  std::int64_t microprice_fine = 0;
  // 10,000 x (best ask - best bid) / mid; negative when crossed, absent at a mid that is not
  // positive.
  std::optional<double> spread_bps;
};

// Nothing when a side is empty.
std::optional<BookMeasures> measure(const L2Book& book);

// (bids - asks) / (bids + asks) of the quantities of the best `depth` levels a side, -1..1; 1 <=
// depth <= MEASURED_LEVELS. Nothing when a side is empty.
std::optional<double> imbalance(const L2Book& book, std::size_t depth);

// The quantities of bids and asks whose price is at most `bps` basis points worse than the mid, 0 <
// bps < 10,000. Nothing when a side is empty or the mid is not positive.
struct DepthWithin {
  std::int64_t bids;
  std::int64_t asks;
};
std::optional<DepthWithin> depth_within(const L2Book& book, std::int64_t bps);

}  // namespace qd
