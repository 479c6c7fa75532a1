#pragma once

#include <cmath>

#include "study/parts.hpp"

// Studies with a pane of their own. "Warm-up" is the number of bars before the first value.
namespace qd::study {

// Wilder, 1978: 100 x average rise / (average rise + average fall) of the closes, both by Wilder's
// average. 50 when nothing moved. Warm-up length.
struct Rsi {
  static constexpr std::size_t OUTPUTS = 1;
  explicit Rsi(std::size_t length)
      : rises(Average::wilder(length)), falls(Average::wilder(length)) {}
  void step(const StudyBar& bar, double* out) {
    const double before = close;
    close = bar.close;
    out[0] = NONE;
    if (std::isnan(before)) return;
    const double rise = rises.next(std::max(0.0, bar.close - before));
    const double fall = falls.next(std::max(0.0, before - bar.close));
    if (std::isnan(rise)) return;
    out[0] = rise + fall > 0 ? 100 * rise / (rise + fall) : 50;
  }
  Average rises;
  Average falls;
  double close = NONE;
};

// Appel: the exponential average of `fast` closes minus that of `slow`, its exponential average of
// `signal` values, and the difference of both. Each average begins with its own simple mean.
// Warm-up slow - 1, of the signal slow + signal - 2.
struct Macd {
  static constexpr std::size_t OUTPUTS = 3;
  Macd(std::size_t fast_, std::size_t slow_, std::size_t signal_)
      : fast(Average::exponential(fast_)),
        slow(Average::exponential(slow_)),
        signal(Average::exponential(signal_)) {}
  void step(const StudyBar& bar, double* out) {
    const double quick = fast.next(bar.close);
    out[0] = quick - slow.next(bar.close);
    out[1] = std::isnan(out[0]) ? NONE : signal.next(out[0]);
    out[2] = out[0] - out[1];
  }
  Average fast;
  Average slow;
  Average signal;
};

// Lane: where the close stands in the range of `length` bars, 0 to 100, as the mean of `smooth`
// values (%K) and of `signal` of these (%D). 50 in a range of nothing. Warm-up length + smooth - 2,
// of %D signal - 1 more.
struct Stochastic {
  static constexpr std::size_t OUTPUTS = 2;
  Stochastic(std::size_t length, std::size_t smooth, std::size_t signal)
      : range(length), quick(smooth), slow(signal) {}
  void step(const StudyBar& bar, double* out) {
    range.push(bar);
    out[0] = out[1] = NONE;
    if (!range.full()) return;
    quick.push(100 * range.place_of(bar.close));
    if (!quick.full()) return;
    out[0] = quick.mean();
    slow.push(out[0]);
    if (slow.full()) out[1] = slow.mean();
  }
  Range range;
  Window quick;
  Window slow;
};

// Wilder, 1978: his average of true ranges; that of the first bar is its high - low. Warm-up
// length - 1.
struct Atr {
  static constexpr std::size_t OUTPUTS = 1;
  explicit Atr(std::size_t length) : range(Average::wilder(length)) {}
  void step(const StudyBar& bar, double* out) { out[0] = range.next(true_range.next(bar)); }
  Average range;
  TrueRange true_range;
};

// Wilder, 1978: +DI and -DI, 100 x directional movement by true range, both by his average from the
// second bar on; ADX, his average of 100 x their difference by their sum. 0 where nothing moved.
// Warm-up length, of ADX 2 length - 1.
struct Adx {
  static constexpr std::size_t OUTPUTS = 3;
  explicit Adx(std::size_t length)
      : plus(Average::wilder(length)),
        minus(Average::wilder(length)),
        range(Average::wilder(length)),
        index(Average::wilder(length)) {}
  void step(const StudyBar& bar, double* out) {
    const StudyBar before = last;
    const double reach = true_range.next(bar);
    last = bar;
    ++count;
    out[0] = out[1] = out[2] = NONE;
    if (count == 1) return;
    const double up = bar.high - before.high;
    const double down = before.low - bar.low;
    const double rise = plus.next(up > down && up > 0 ? up : 0);
    const double fall = minus.next(down > up && down > 0 ? down : 0);
    const double size = range.next(reach);
    if (std::isnan(size)) return;
    out[1] = size > 0 ? 100 * rise / size : 0;
    out[2] = size > 0 ? 100 * fall / size : 0;
    const double both = out[1] + out[2];
    out[0] = index.next(both > 0 ? 100 * std::abs(out[1] - out[2]) / both : 0);
  }
  Average plus;
  Average minus;
  Average range;
  Average index;
  TrueRange true_range;
  StudyBar last{};
  std::size_t count = 0;
};

// Lambert, 1980: how far the typical price is from its mean over `length` bars, in units of 0.015
// mean absolute deviations. 0 where nothing deviates. Warm-up length - 1.
struct Cci {
  static constexpr std::size_t OUTPUTS = 1;
  explicit Cci(std::size_t length) : prices(length) {}
  void step(const StudyBar& bar, double* out) {
    const double price = typical(bar);
    prices.push(price);
    out[0] = NONE;
    if (!prices.full()) return;
    out[0] = 0;
    // The mean of equal numbers may differ from them by its rounding, which is no deviation.
    if (prices.highest() == prices.lowest()) return;
    const double mean = prices.mean();
    double off = 0;
    for (std::size_t age = prices.length(); age-- > 0;) off += std::abs(prices.back(age) - mean);
    out[0] = (price - mean) / (0.015 * off / static_cast<double>(prices.length()));
  }
  Window prices;
};

// Granville, 1963: the sum of volumes, plus with a higher close, minus with a lower one. 0 at the
// first bar there is: only its changes mean something.
struct Obv {
  static constexpr std::size_t OUTPUTS = 1;
  void step(const StudyBar& bar, double* out) {
    if (bar.close > close) total += bar.volume;
    if (bar.close < close) total -= bar.volume;
    close = bar.close;
    out[0] = total;
  }
  double close = NONE;
  double total = 0;
};

// Quong and Soudack, 1989: 100 x the money of bars with a higher typical price by that of all with
// another one, over `length` changes. 50 when nothing moved. Warm-up length.
struct Mfi {
  static constexpr std::size_t OUTPUTS = 1;
  explicit Mfi(std::size_t length) : rises(length), falls(length) {}
  void step(const StudyBar& bar, double* out) {
    const double before = price;
    price = typical(bar);
    out[0] = NONE;
    if (std::isnan(before)) return;
    const double money = price * bar.volume;
    rises.push(price > before ? money : 0);
    falls.push(price < before ? money : 0);
    if (!rises.full()) return;
    const double up = rises.sum();
    const double all = up + falls.sum();
    out[0] = all > 0 ? 100 * up / all : 50;
  }
  Window rises;
  Window falls;
  double price = NONE;
};

// Williams, 1973: how far the close is below the highest high of `length` bars, 0 to -100 of their
// range. -50 in a range of nothing. Warm-up length - 1.
struct WilliamsR {
  static constexpr std::size_t OUTPUTS = 1;
  explicit WilliamsR(std::size_t length) : range(length) {}
  void step(const StudyBar& bar, double* out) {
    range.push(bar);
    out[0] = range.full() ? 100 * range.place_of(bar.close) - 100 : NONE;
  }
  Range range;
};

// The change of the close over `length` bars, percent. Warm-up length.
struct Roc {
  static constexpr std::size_t OUTPUTS = 1;
  explicit Roc(std::size_t length) : closes(length + 1) {}
  void step(const StudyBar& bar, double* out) {
    closes.push(bar.close);
    out[0] = NONE;
    if (!closes.full() || closes.oldest() == 0) return;
    out[0] = 100 * (bar.close / closes.oldest() - 1);
  }
  Window closes;
};

}  // namespace qd::study
