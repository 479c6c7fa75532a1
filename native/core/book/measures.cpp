#include "book/measures.hpp"

#include <algorithm>

namespace qd {

namespace {

constexpr std::int64_t BPS_ONE = 10'000;

using Column = std::array<double, MEASURED_LEVELS>;

struct Best {
  Column prices;
  Column quantities;
  std::size_t count;
};

Best best_of(const BookSide& side, std::size_t depth) {
  Best best{};
  best.count =
      side.top(std::min(depth, MEASURED_LEVELS), best.prices.data(), best.quantities.data());
  return best;
}

// a x b / c rounded half to even, for 0 <= a <= c < 2^62 and 0 <= b: bit by bit, since the product
// needs more than 64.
std::int64_t share_of(std::int64_t a, std::int64_t b, std::int64_t c) {
  std::int64_t quotient = 0;
  std::int64_t rest = 0;
  for (int bit = 62; bit >= 0; --bit) {
    quotient *= 2;
    rest *= 2;
    if (((b >> bit) & 1) != 0) rest += a;
    for (; rest >= c; rest -= c) ++quotient;
  }
  const bool odd = quotient % 2 != 0;
  return quotient + (rest * 2 > c || (rest * 2 == c && odd) ? 1 : 0);
}

// `sum` x `parts` / (2 x BPS_ONE), rounded down or up; sum > 0.
std::int64_t of_mid(std::int64_t sum, std::int64_t parts, bool up) {
  constexpr std::int64_t WHOLE = 2 * BPS_ONE;
  const std::int64_t rest = sum % WHOLE * parts;
  return sum / WHOLE * parts + (rest + (up ? WHOLE - 1 : 0)) / WHOLE;
}

double distance_bps(double price, double mid) {
  return std::max(price - mid, mid - price) / mid * static_cast<double>(BPS_ONE);
}

SideMeasures measure_side(const BookSide& side, double mid) {
  SideMeasures out;
  out.best = side.best();
  if (mid <= 0) return out;
  const Best levels = best_of(side, MEASURED_LEVELS);
  double cumulative = 0;
  double across = 0;
  double squares = 0;
  for (std::size_t i = 0; i < levels.count; ++i) {
    cumulative += levels.quantities[i];
    const double distance = distance_bps(levels.prices[i], mid);
    across += distance * cumulative;
    squares += distance * distance;
  }
  if (squares > 0) out.slope = across / squares;
  const auto worst = static_cast<double>(side.worst().price);
  out.reach_bps = distance_bps(worst, mid);
  return out;
}

bool one_sided(const L2Book& book) { return book.bids().size() == 0 || book.asks().size() == 0; }

}  // namespace

std::optional<BookMeasures> measure(const L2Book& book) {
  if (one_sided(book)) return std::nullopt;
  BookMeasures out;
  const Level bid = book.bids().best();
  const Level ask = book.asks().best();
  const std::int64_t sum = bid.price + ask.price;
  const double mid = static_cast<double>(sum) / 2;
  out.bid = measure_side(book.bids(), mid);
  out.ask = measure_side(book.asks(), mid);
  out.mid_fine = sum * (FINE / 2);
  const std::int64_t spread = ask.price - bid.price;
  const std::int64_t apart =
      share_of(bid.quantity, std::max(spread, -spread) * FINE, bid.quantity + ask.quantity);
  out.microprice_fine = bid.price * FINE + (spread < 0 ? -apart : apart);
  if (sum > 0) out.spread_bps = static_cast<double>(spread) / mid * static_cast<double>(BPS_ONE);
  return out;
}

std::optional<double> imbalance(const L2Book& book, std::size_t depth) {
  if (one_sided(book)) return std::nullopt;
  const auto total = [depth](const BookSide& side) {
    const Best best = best_of(side, depth);
    double sum = 0;
    for (std::size_t i = 0; i < best.count; ++i) sum += best.quantities[i];
    return sum;
  };
  const double bids = total(book.bids());
  const double asks = total(book.asks());
  return (bids - asks) / (bids + asks);
}

std::optional<DepthWithin> depth_within(const L2Book& book, std::int64_t bps) {
  if (one_sided(book)) return std::nullopt;
  const std::int64_t sum = book.bids().best().price + book.asks().best().price;
  if (sum <= 0) return std::nullopt;
  const std::int64_t low = of_mid(sum, BPS_ONE - bps, true);
  const std::int64_t high = of_mid(sum, BPS_ONE + bps, false);
  return DepthWithin{book.bids().depth_between(low, MAX_SAFE_INTEGER),
                     book.asks().depth_between(-MAX_SAFE_INTEGER, high)};
}

}  // namespace qd
