#include "histogram/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qd {

std::size_t Histogram::cell_of(std::uint64_t value) noexcept {
  if (value < LINEAR) return static_cast<std::size_t>(value);
  const auto shift = static_cast<std::size_t>(std::bit_width(value)) - 11;
  return LINEAR + (shift - 1) * PER_DOUBLING + static_cast<std::size_t>(value >> shift) -
         PER_DOUBLING;
}

std::uint64_t Histogram::upper_end(std::size_t cell) noexcept {
  if (cell < LINEAR) return cell;
  const std::size_t shift = (cell - LINEAR) / PER_DOUBLING + 1;
  const std::uint64_t step = (cell - LINEAR) % PER_DOUBLING + PER_DOUBLING;
  return ((step + 1) << shift) - 1;
}

void Histogram::record(std::int64_t value) noexcept {
  const std::uint64_t kept = value < 0 ? 0 : std::min(static_cast<std::uint64_t>(value), LARGEST);
  ++cells_[cell_of(kept)];
  ++count_;
  min_ = std::min(min_, kept);
  max_ = std::max(max_, kept);
  sum_ += static_cast<double>(kept);
}

void Histogram::merge(const Histogram& other) noexcept {
  for (std::size_t i = 0; i < CELLS; ++i) cells_[i] += other.cells_[i];
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

std::uint64_t Histogram::percentile(double percent) const noexcept {
  if (count_ == 0) return 0;
  const double wanted = std::ceil(percent / 100 * static_cast<double>(count_));
  const std::uint64_t rank = wanted < 1 ? 1 : std::min(static_cast<std::uint64_t>(wanted), count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < CELLS; ++i) {
    seen += cells_[i];
    if (seen >= rank) return std::min(upper_end(i), max_);
  }
  return max_;
}

}  // namespace qd
