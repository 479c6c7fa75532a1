#include "book/measures.hpp"

#include <cmath>
#include <map>
#include <vector>

#include "check.hpp"

namespace {

using qd::L2Book;
using qd::Level;
using qd::MarketRecord;
using qd::RecordKind;

constexpr std::int64_t STEP = qd::OrderFlow::STEP_NS;

MarketRecord level(RecordKind kind, std::int64_t price, std::int64_t quantity,
                   std::int64_t at_ns = 0) {
  MarketRecord one{};
  one.kind = static_cast<std::uint8_t>(kind);
  one.flags = qd::FLAG_LAST;
  one.price = price;
  one.quantity = quantity;
  one.ts_init = at_ns;
  return one;
}

MarketRecord bid(std::int64_t price, std::int64_t quantity, std::int64_t at_ns = 0) {
  return level(RecordKind::BidLevel, price, quantity, at_ns);
}
MarketRecord ask(std::int64_t price, std::int64_t quantity, std::int64_t at_ns = 0) {
  return level(RecordKind::AskLevel, price, quantity, at_ns);
}

using Sides = std::map<std::int64_t, std::int64_t>;
using Ladder = std::vector<std::pair<std::int64_t, std::int64_t>>;

// Levels of a side, the best first.
Ladder bids_of(const Sides& side) { return {side.rbegin(), side.rend()}; }
Ladder asks_of(const Sides& side) { return {side.begin(), side.end()}; }

bool near(double actual, long double expected) {
  return std::abs(static_cast<long double>(actual) - expected) <= 1e-9L * (1 + std::abs(expected));
}

long double distance(std::int64_t price, long double mid) {
  return std::abs(static_cast<long double>(price) - mid) / mid * 10'000;
}

long double slope_of(const Ladder& side, long double mid) {
  long double cumulative = 0;
  long double across = 0;
  long double squares = 0;
  for (std::size_t i = 0; i < side.size() && i < 20; ++i) {
    cumulative += static_cast<long double>(side[i].second);
    across += distance(side[i].first, mid) * cumulative;
    squares += distance(side[i].first, mid) * distance(side[i].first, mid);
  }
  return across / squares;
}

long double sum_of(const Ladder& side, std::size_t depth) {
  long double sum = 0;
  for (std::size_t i = 0; i < side.size() && i < depth; ++i)
    sum += static_cast<long double>(side[i].second);
  return sum;
}

std::int64_t within(const Ladder& side, std::int64_t twice_mid, int sign, std::int64_t bps) {
  std::int64_t sum = 0;
  for (const auto& [price, quantity] : side) {
    // sign x price >= sign x mid x (1 - sign x bps / 10,000), without a division.
    if (sign * price * 20'000 >= sign * twice_mid * (10'000 - sign * bps)) sum += quantity;
  }
  return sum;
}

void check_measures(const L2Book& book, const Ladder& bids, const Ladder& asks) {
  const auto measures = qd::measure(book);
  REQUIRE(measures.has_value() == (!bids.empty() && !asks.empty()));
  CHECK_EQ(qd::imbalance(book, 5).has_value(), measures.has_value());
  if (!measures) return;
  const auto [bid_price, bid_quantity] = bids.front();
  const auto [ask_price, ask_quantity] = asks.front();
  const std::int64_t twice = bid_price + ask_price;
  const long double mid = static_cast<long double>(twice) / 2;
  CHECK_EQ(measures->mid_fine, 50 * twice);
  const std::int64_t over = bid_quantity + ask_quantity;
  const std::int64_t exact = 100 * (bid_price * ask_quantity + ask_price * bid_quantity);
  CHECK(std::abs(measures->microprice_fine * over - exact) * 2 <= over);
  CHECK(near(measures->spread_bps.value(),
             static_cast<long double>(ask_price - bid_price) / mid * 10'000));
  CHECK(near(measures->bid.slope.value(), slope_of(bids, mid)));
  CHECK(near(measures->ask.slope.value(), slope_of(asks, mid)));
  CHECK(near(measures->bid.reach_bps.value(), distance(bids.back().first, mid)));
  CHECK(near(measures->ask.reach_bps.value(), distance(asks.back().first, mid)));
  for (const std::size_t depth : {1U, 5U, 10U, 20U}) {
    const long double of_bids = sum_of(bids, depth);
    const long double of_asks = sum_of(asks, depth);
    CHECK(near(qd::imbalance(book, depth).value(), (of_bids - of_asks) / (of_bids + of_asks)));
  }
  for (const std::int64_t bps : {5, 10, 25, 300}) {
    const auto depth = qd::depth_within(book, bps);
    REQUIRE(depth.has_value());
    CHECK_EQ(depth->bids, within(bids, twice, 1, bps));
    CHECK_EQ(depth->asks, within(asks, twice, -1, bps));
  }
}

}  // namespace

TEST(measures_agree_with_the_plain_sums) {
  qd::test::Random random(11);
  for (const std::int64_t around : {2'000, 1'000'000}) {
    L2Book book(100'000);
    Sides bids;
    Sides asks;
    for (int step = 0; step < 4000; ++step) {
      const bool buys = random.below(2) == 0;
      // Now and then across the other side: a crossed book is measured too.
      const auto away = static_cast<std::int64_t>(random.below(150)) - 3;
      const std::int64_t price = buys ? around - away : around + 1 + away;
      const auto quantity =
          random.below(4) == 0 ? 0 : static_cast<std::int64_t>(1 + random.below(5000));
      const MarketRecord one = buys ? bid(price, quantity) : ask(price, quantity);
      book.apply({&one, 1});
      Sides& side = buys ? bids : asks;
      if (quantity == 0)
        side.erase(price);
      else
        side[price] = quantity;
      if (step % 7 == 0) check_measures(book, bids_of(bids), asks_of(asks));
    }
  }
}

TEST(microprice_is_exact_with_the_largest_numbers_and_half_to_even) {
  const auto microprice = [](Level bids, Level asks) {
    L2Book book(10);
    const std::vector<MarketRecord> records{bid(bids.price, bids.quantity),
                                            ask(asks.price, asks.quantity)};
    book.apply(records);
    return qd::measure(book)->microprice_fine;
  };
  constexpr std::int64_t MOST = qd::MAX_SAFE_INTEGER;
  CHECK_EQ(microprice({1, MOST}, {MOST, MOST}), (1 + MOST) * 50);
  CHECK_EQ(microprice({1, 1}, {2, 3}), 125);
  // 100 x 3 / 8 = 37.5 and 100 x 1 / 8 = 12.5.
  CHECK_EQ(microprice({0, 3}, {1, 5}), 38);
  CHECK_EQ(microprice({0, 1}, {1, 7}), 12);
  // Crossed: between the two all the same.
  CHECK_EQ(microprice({10, 1}, {8, 3}), 950);
}

TEST(measures_without_a_positive_mid_have_no_basis_points) {
  L2Book book(10);
  const std::vector<MarketRecord> records{bid(-3, 5), ask(1, 5)};
  book.apply(records);
  const auto measures = qd::measure(book);
  REQUIRE(measures.has_value());
  CHECK_EQ(measures->mid_fine, -100);
  CHECK(!measures->spread_bps && !measures->bid.slope && !measures->ask.reach_bps);
  CHECK(!qd::depth_within(book, 10));
}

TEST(order_flow_agrees_with_the_formula_of_the_paper) {
  struct Event {
    std::int64_t step;
    std::int64_t flow;
  };
  qd::test::Random random(12);
  L2Book book(1000);
  book.watch_flow(true);
  std::vector<Event> events;
  Sides bids;
  Sides asks;
  bool known = false;
  Level last_bid{};
  Level last_ask{};
  std::int64_t at = 1'700'000'000 * std::int64_t{1'000'000'000};
  for (int message = 0; message < 20'000; ++message) {
    at += static_cast<std::int64_t>(random.below(random.below(500) == 0 ? 200 * STEP : STEP / 2));
    std::vector<MarketRecord> records(1 + random.below(4));
    for (MarketRecord& one : records) {
      const bool buys = random.below(2) == 0;
      const auto away = static_cast<std::int64_t>(random.below(6));
      const auto quantity =
          random.below(3) == 0 ? 0 : static_cast<std::int64_t>(1 + random.below(100));
      one = buys ? bid(100 - away, quantity, at) : ask(101 + away, quantity, at);
      one.flags = 0;
      Sides& side = buys ? bids : asks;
      if (quantity == 0)
        side.erase(one.price);
      else
        side[one.price] = quantity;
    }
    records.back().flags = qd::FLAG_LAST;
    book.apply(records);
    if (bids.empty() || asks.empty()) {
      known = false;
    } else {
      const Level now_bid{bids.rbegin()->first, bids.rbegin()->second};
      const Level now_ask{asks.begin()->first, asks.begin()->second};
      std::int64_t of_bid = now_bid.quantity - last_bid.quantity;
      if (now_bid.price > last_bid.price) of_bid = now_bid.quantity;
      if (now_bid.price < last_bid.price) of_bid = -last_bid.quantity;
      std::int64_t of_ask = now_ask.quantity - last_ask.quantity;
      if (now_ask.price < last_ask.price) of_ask = now_ask.quantity;
      if (now_ask.price > last_ask.price) of_ask = -last_ask.quantity;
      if (known) events.push_back({at / STEP, of_bid - of_ask});
      last_bid = now_bid;
      last_ask = now_ask;
      known = true;
    }
    if (message % 11 != 0) continue;
    for (const std::int64_t steps : {1, 10, 100}) {
      std::int64_t sum = 0;
      for (const Event& event : events)
        sum += event.step > at / STEP - steps && event.step <= at / STEP ? event.flow : 0;
      CHECK_EQ(book.flow()->sum(at, steps), sum);
    }
  }
  CHECK_EQ(book.flow()->sum(at + 101 * STEP, 100), 0);
}

TEST(order_flow_compares_nothing_across_a_snapshot) {
  L2Book book(10);
  CHECK(book.flow() == nullptr);
  book.watch_flow(true);
  MarketRecord header = level(RecordKind::SnapshotHeader, 0, 2);
  header.flags = 0;
  const std::vector<MarketRecord> records{bid(10, 5), ask(11, 5), header, bid(20, 7), ask(21, 3)};
  book.apply(records);
  CHECK_EQ(book.flow()->sum(0, 10), 0);
  const MarketRecord more = bid(20, 9);
  book.apply({&more, 1});
  CHECK_EQ(book.flow()->sum(0, 10), 2);
  book.watch_flow(false);
  CHECK(book.flow() == nullptr);
}
