#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "study/study.hpp"

// What the rules of the studies are made of.
namespace qd::study {

inline constexpr double NONE = std::numeric_limits<double>::quiet_NaN();

inline double typical(const StudyBar& bar) { return (bar.high + bar.low + bar.close) / 3; }

// The newest `length` numbers. Sums go from the oldest to the newest each time: a running sum would
// carry the rounding of every number that ever left it.
class Window {
 public:
  explicit Window(std::size_t length) : values_(length) {}

  void push(double value) {
    values_[next_] = value;
    next_ = next_ + 1 == values_.size() ? 0 : next_ + 1;
    if (count_ < values_.size()) ++count_;
  }

  bool full() const { return count_ == values_.size(); }
  std::size_t length() const { return values_.size(); }
  // The number pushed `age` pushes before the newest; the window must be full.
  double back(std::size_t age) const {
    return values_[(next_ + values_.size() - 1 - age) % values_.size()];
  }
  double oldest() const { return back(values_.size() - 1); }

  double sum() const {
    double total = 0;
    for (std::size_t age = values_.size(); age-- > 0;) total += back(age);
    return total;
  }
  double mean() const { return sum() / static_cast<double>(values_.size()); }
  double highest() const { return *std::max_element(values_.begin(), values_.end()); }
  double lowest() const { return *std::min_element(values_.begin(), values_.end()); }

 private:
  std::vector<double> values_;
  std::size_t next_ = 0;
  std::size_t count_ = 0;
};

// An average that keeps 1 - alpha of what it was; begins with the mean of the first `length`
// numbers.
class Average {
 public:
  Average(std::size_t length, double alpha) : length_(length), alpha_(alpha) {}
  // Of an exponential average of `length` bars.
  static Average exponential(std::size_t length) {
    return {length, 2 / (static_cast<double>(length) + 1)};
  }
  // Wilder's own: New Concepts in Technical Trading Systems, 1978.
  static Average wilder(std::size_t length) { return {length, 1 / static_cast<double>(length)}; }

  double next(double value) {
    if (count_ < length_) {
      sum_ += value;
      ++count_;
      if (count_ < length_) return NONE;
      now_ = sum_ / static_cast<double>(length_);
      return now_;
    }
    now_ += alpha_ * (value - now_);
    return now_;
  }

 private:
  std::size_t length_;
  double alpha_;
  std::size_t count_ = 0;
  double sum_ = 0;
  double now_ = NONE;
};

// Wilder's true range: how far a bar reached, with the gap from the close before it.
class TrueRange {
 public:
  double next(const StudyBar& bar) {
    const double before = close_;
    close_ = bar.close;
    if (std::isnan(before)) return bar.high - bar.low;
    return std::max(bar.high, before) - std::min(bar.low, before);
  }

 private:
  double close_ = NONE;
};

// Highs and lows of the newest bars.
class Range {
 public:
  explicit Range(std::size_t length) : highs_(length), lows_(length) {}

  void push(const StudyBar& bar) {
    highs_.push(bar.high);
    lows_.push(bar.low);
  }
  bool full() const { return highs_.full(); }
  double highest() const { return highs_.highest(); }
  double lowest() const { return lows_.lowest(); }
  double middle() const { return full() ? (highest() + lowest()) / 2 : NONE; }
  // Where `value` stands between lowest (0) and highest (1); the middle of a range of nothing.
  double place_of(double value) const {
    const double low = lowest();
    const double height = highest() - low;
    return height > 0 ? (value - low) / height : 0.5;
  }

 private:
  Window highs_;
  Window lows_;
};

}  // namespace qd::study
