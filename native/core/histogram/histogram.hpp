#pragma once

#include <array>
#include <cstdint>

namespace qd {

// Counts of values in log-linear cells: fixed memory, every value known to three significant
// digits.
class Histogram {
 public:
  // A little over an hour in nanoseconds; larger values count as this one.
  static constexpr std::uint64_t LARGEST = (1ULL << 42) - 1;

  // Negative values count as 0.
  void record(std::int64_t value) noexcept;
  void merge(const Histogram& other) noexcept;
  void reset() noexcept { *this = Histogram{}; }

  std::uint64_t count() const noexcept { return count_; }
  std::uint64_t min() const noexcept { return count_ == 0 ? 0 : min_; }
  std::uint64_t max() const noexcept { return max_; }
  double mean() const noexcept { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
  // The smallest cell's upper end that at least `percent` of the values do not exceed, at most
  // `max`; 0 when empty.
  std::uint64_t percentile(double percent) const noexcept;

 private:
  // Values below 2048 have a cell each; every doubling above has 1024.
  static constexpr std::size_t LINEAR = 2048;
  static constexpr std::size_t PER_DOUBLING = 1024;
  static constexpr std::size_t CELLS = LINEAR + (42 - 11) * PER_DOUBLING;

  static std::size_t cell_of(std::uint64_t value) noexcept;
  static std::uint64_t upper_end(std::size_t cell) noexcept;

  std::array<std::uint64_t, CELLS> cells_{};
  std::uint64_t count_ = 0;
  std::uint64_t min_ = ~0ULL;
  std::uint64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace qd
