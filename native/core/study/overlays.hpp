#pragma once

#include <cmath>

#include "study/parts.hpp"

// Studies drawn over the prices. "Warm-up" is the number of bars before the first value.
namespace qd::study {

// Mean of the closes of `length` bars. Warm-up length - 1.
struct Sma {
  static constexpr std::size_t OUTPUTS = 1;
  explicit Sma(std::size_t length) : closes(length) {}
  void step(const StudyBar& bar, double* out) {
    closes.push(bar.close);
    out[0] = closes.full() ? closes.mean() : NONE;
  }
  Window closes;
};

// e = e + 2/(length+1) (close - e), begun with the simple mean of the first `length` closes.
// Warm-up length - 1.
struct Ema {
  static constexpr std::size_t OUTPUTS = 1;
  explicit Ema(std::size_t length) : average(Average::exponential(length)) {}
  void step(const StudyBar& bar, double* out) { out[0] = average.next(bar.close); }
  Average average;
};

// Mean of the closes weighted 1 (oldest) to `length` (newest). Warm-up length - 1.
struct Wma {
  static constexpr std::size_t OUTPUTS = 1;
  explicit Wma(std::size_t length) : closes(length) {}
  void step(const StudyBar& bar, double* out) {
    closes.push(bar.close);
    out[0] = NONE;
    if (!closes.full()) return;
    const std::size_t length = closes.length();
    double sum = 0;
    for (std::size_t age = length; age-- > 0;)
      sum += closes.back(age) * static_cast<double>(length - age);
    out[0] = sum / (static_cast<double>(length) * static_cast<double>(length + 1) / 2);
  }
  Window closes;
};

// Typical price weighted by volume since 00:00 UTC, with bands of volume-weighted standard
// deviations (sums after West, 1979, which do not cancel). No value before the first midnight that
// the bars reach, nor before volume.
struct Vwap {
  static constexpr std::size_t OUTPUTS = 3;
  explicit Vwap(double deviations_) : deviations(deviations_) {}
  void step(const StudyBar& bar, double* out) {
    const double today = std::floor(bar.time / 86400);
    const bool midnight = bar.time == today * 86400;
    if (midnight || (!std::isnan(day) && today != day)) {
      begun = true;
      weight = 0;
      mean = 0;
      spread = 0;
    }
    day = today;
    out[0] = out[1] = out[2] = NONE;
    if (!begun) return;
    if (bar.volume > 0) {
      const double price = typical(bar);
      const double off = price - mean;
      weight += bar.volume;
      mean += off * bar.volume / weight;
      spread += bar.volume * off * (price - mean);
    }
    if (weight <= 0) return;
    const double reach = deviations * std::sqrt(std::max(0.0, spread / weight));
    out[0] = mean;
    out[1] = mean + reach;
    out[2] = mean - reach;
  }
  double deviations;
  double day = NONE;
  bool begun = false;
  double weight = 0;
  double mean = 0;
  double spread = 0;
};

// Mean of the closes and so many population standard deviations above and below it (Bollinger on
// Bollinger Bands, 2001). Warm-up length - 1.
struct Bollinger {
  static constexpr std::size_t OUTPUTS = 3;
  Bollinger(std::size_t length, double deviations_) : closes(length), deviations(deviations_) {}
  void step(const StudyBar& bar, double* out) {
    closes.push(bar.close);
    out[0] = out[1] = out[2] = NONE;
    if (!closes.full()) return;
    const double mean = closes.mean();
    double squares = 0;
    for (std::size_t age = closes.length(); age-- > 0;) {
      const double off = closes.back(age) - mean;
      squares += off * off;
    }
    const double reach = deviations * std::sqrt(squares / static_cast<double>(closes.length()));
    out[0] = mean;
    out[1] = mean + reach;
    out[2] = mean - reach;
  }
  Window closes;
  double deviations;
};

// Exponential average of the closes with bands of average true ranges (Raschke's form of Keltner's
// channel). The middle is there after length - 1 bars, the bands also after atr_length - 1.
struct Keltner {
  static constexpr std::size_t OUTPUTS = 3;
  Keltner(std::size_t length, std::size_t atr_length, double multiplier_)
      : middle(Average::exponential(length)),
        range(Average::wilder(atr_length)),
        multiplier(multiplier_) {}
  void step(const StudyBar& bar, double* out) {
    const double centre = middle.next(bar.close);
    const double reach = multiplier * range.next(true_range.next(bar));
    out[0] = centre;
    out[1] = centre + reach;
    out[2] = centre - reach;
  }
  Average middle;
  Average range;
  TrueRange true_range;
  double multiplier;
};

// Highest high and lowest low of `length` bars, this one with them, and their middle (Donchian).
// Warm-up length - 1.
struct Donchian {
  static constexpr std::size_t OUTPUTS = 3;
  explicit Donchian(std::size_t length) : range(length) {}
  void step(const StudyBar& bar, double* out) {
    range.push(bar);
    out[0] = out[1] = out[2] = NONE;
    if (!range.full()) return;
    out[0] = range.middle();
    out[1] = range.highest();
    out[2] = range.lowest();
  }
  Range range;
};

// Stop and reverse (Wilder, 1978). Begins with the second bar: long when its close is not below the
// first one's, the stop at the far extreme of the first bar. The stop never lies within the two
// bars before it; the factor grows with each new extreme. Warm-up 1; what it says depends on where
// it began until its first turn.
struct ParabolicSar {
  static constexpr std::size_t OUTPUTS = 1;
  ParabolicSar(double step_, double most_) : step_factor(step_), most(most_) {}
  void step(const StudyBar& bar, double* out) {
    ++count;
    if (count == 1) {
      out[0] = NONE;
    } else if (count == 2) {
      rising = bar.close >= last.close;
      stop = rising ? last.low : last.high;
      extreme = rising ? std::max(last.high, bar.high) : std::min(last.low, bar.low);
      factor = step_factor;
      out[0] = stop;
    } else {
      follow(bar);
      out[0] = stop;
    }
    before = last;
    last = bar;
  }
  void follow(const StudyBar& bar) {
    stop += factor * (extreme - stop);
    stop =
        rising ? std::min({stop, last.low, before.low}) : std::max({stop, last.high, before.high});
    if (rising ? bar.low < stop : bar.high > stop) {
      rising = !rising;
      stop = extreme;
      extreme = rising ? bar.high : bar.low;
      factor = step_factor;
      return;
    }
    const bool further = rising ? bar.high > extreme : bar.low < extreme;
    if (!further) return;
    extreme = rising ? bar.high : bar.low;
    factor = std::min(factor + step_factor, most);
  }
  double step_factor;
  double most;
  std::size_t count = 0;
  StudyBar before{};
  StudyBar last{};
  bool rising = true;
  double stop = NONE;
  double extreme = NONE;
  double factor = 0;
};

// Hosoda's cloud: middles of the range of `tenkan`, `kijun` and `senkou` bars, the mean of the
// first two, and the close. The shift of the last three is a matter of drawing.
struct Ichimoku {
  static constexpr std::size_t OUTPUTS = 5;
  Ichimoku(std::size_t tenkan_, std::size_t kijun_, std::size_t senkou_)
      : tenkan(tenkan_), kijun(kijun_), senkou(senkou_) {}
  void step(const StudyBar& bar, double* out) {
    tenkan.push(bar);
    kijun.push(bar);
    senkou.push(bar);
    out[0] = tenkan.middle();
    out[1] = kijun.middle();
    out[2] = (out[0] + out[1]) / 2;
    out[3] = senkou.middle();
    out[4] = bar.close;
  }
  Range tenkan;
  Range kijun;
  Range senkou;
};

// Seban's trailing band: the middle of the bar -/+ a multiple of Wilder's average true range, which
// only follows the price; the trend turns when a close passes it. Begins rising. One of the two
// lines has a value: the lower while rising, the upper while falling. Warm-up length - 1.
struct SuperTrend {
  static constexpr std::size_t OUTPUTS = 2;
  SuperTrend(std::size_t length, double multiplier_)
      : range(Average::wilder(length)), multiplier(multiplier_) {}
  void step(const StudyBar& bar, double* out) {
    const double reach = multiplier * range.next(true_range.next(bar));
    out[0] = out[1] = NONE;
    if (!std::isnan(reach)) {
      const double middle = (bar.high + bar.low) / 2;
      const bool first = std::isnan(lower);
      const double floor = middle - reach;
      const double ceiling = middle + reach;
      lower = first || close < lower ? floor : std::max(floor, lower);
      upper = first || close > upper ? ceiling : std::min(ceiling, upper);
      if (rising && bar.close < lower) {
        rising = false;
      } else if (!rising && bar.close > upper) {
        rising = true;
      }
      out[rising ? 0 : 1] = rising ? lower : upper;
    }
    close = bar.close;
  }
  Average range;
  TrueRange true_range;
  double multiplier;
  double lower = NONE;
  double upper = NONE;
  double close = NONE;
  bool rising = true;
};

}  // namespace qd::study
