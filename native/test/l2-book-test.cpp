#include "book/l2-book.hpp"

#include <map>
#include <vector>

#include "check.hpp"

namespace {

using qd::L2Book;
using qd::MarketRecord;
using qd::RecordKind;

MarketRecord record(RecordKind kind, std::int64_t price, std::int64_t quantity,
                    std::int64_t id = 0) {
  MarketRecord one{};
  one.kind = static_cast<std::uint8_t>(kind);
  one.price = price;
  one.quantity = quantity;
  one.id = id;
  return one;
}

struct Columns {
  explicit Columns(std::size_t depth)
      : values(depth * 4),
        top{&values[0], &values[depth], &values[2 * depth], &values[3 * depth], depth} {}
  std::vector<double> values;
  qd::TopColumns top;
};

// The slow reference: two sorted maps.
class Model {
 public:
  explicit Model(std::size_t max_levels) : max_levels_(max_levels) {}

  void apply(const MarketRecord& one) {
    if (one.kind == static_cast<std::uint8_t>(RecordKind::SnapshotHeader)) {
      bids.clear();
      asks.clear();
    }
    if (one.kind == static_cast<std::uint8_t>(RecordKind::BidLevel))
      set(bids, one, [](auto& side) { return side.begin(); });
    if (one.kind == static_cast<std::uint8_t>(RecordKind::AskLevel))
      set(asks, one, [](auto& side) { return std::prev(side.end()); });
  }
  static std::int64_t between(const std::map<std::int64_t, std::int64_t>& side, std::int64_t low,
                              std::int64_t high) {
    std::int64_t sum = 0;
    for (const auto& [price, quantity] : side) sum += price >= low && price <= high ? quantity : 0;
    return sum;
  }

  std::map<std::int64_t, std::int64_t> bids;
  std::map<std::int64_t, std::int64_t> asks;

 private:
  template <typename Worst>
  void set(std::map<std::int64_t, std::int64_t>& side, const MarketRecord& one, Worst worst) const {
    if (one.quantity == 0) {
      side.erase(one.price);
      return;
    }
    side[one.price] = one.quantity;
    if (side.size() > max_levels_) side.erase(worst(side));
  }
  std::size_t max_levels_;
};

void check_same(const L2Book& book, const Model& model, std::size_t depth) {
  CHECK_EQ(book.bids().size(), model.bids.size());
  CHECK_EQ(book.asks().size(), model.asks.size());
  Columns columns(depth);
  book.top(columns.top);
  REQUIRE(columns.top.bids == std::min(depth, model.bids.size()));
  REQUIRE(columns.top.asks == std::min(depth, model.asks.size()));
  std::size_t rank = 0;
  for (auto level = model.bids.rbegin(); level != model.bids.rend() && rank < depth;
       ++level, ++rank) {
    CHECK_EQ(columns.top.bid_prices[rank], static_cast<double>(level->first));
    CHECK_EQ(columns.top.bid_quantities[rank], static_cast<double>(level->second));
  }
  rank = 0;
  for (auto level = model.asks.begin(); level != model.asks.end() && rank < depth;
       ++level, ++rank) {
    CHECK_EQ(columns.top.ask_prices[rank], static_cast<double>(level->first));
    CHECK_EQ(columns.top.ask_quantities[rank], static_cast<double>(level->second));
  }
  const bool crossed = !model.bids.empty() && !model.asks.empty() &&
                       model.bids.rbegin()->first >= model.asks.begin()->first;
  CHECK_EQ(book.crossed(), crossed);
}

// A random walk of the touch with jumps, levels around it, many deletes, and a snapshot now and
// then.
void run_random(std::uint64_t seed, std::size_t max_levels, std::int64_t reach, int steps,
                std::int64_t tick = 1) {
  qd::test::Random random(seed);
  L2Book book(max_levels, tick);
  Model model(max_levels);
  std::int64_t touch = 1000000;
  for (int step = 0; step < steps; ++step) {
    touch += static_cast<std::int64_t>(random.below(21)) - 10;
    if (random.below(700) == 0) touch += static_cast<std::int64_t>(random.below(200001)) - 100000;
    MarketRecord one = record(RecordKind::SnapshotHeader, 0, 0, step);
    if (random.below(5000) != 0) {
      const bool bid = random.below(2) == 0;
      const auto away = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(reach)));
      const auto quantity =
          random.below(3) == 0 ? 0 : static_cast<std::int64_t>(1 + random.below(1000));
      one = record(bid ? RecordKind::BidLevel : RecordKind::AskLevel,
                   bid ? touch - away : touch + away, quantity);
    }
    book.apply({&one, 1});
    model.apply(one);
    CHECK_EQ(book.bids().quantity_at(one.price),
             model.bids.contains(one.price) ? model.bids[one.price] : 0);
    CHECK_EQ(book.asks().quantity_at(one.price),
             model.asks.contains(one.price) ? model.asks[one.price] : 0);
    if (step % 97 != 0) continue;
    check_same(book, model, 20);
    const std::int64_t low = touch - static_cast<std::int64_t>(random.below(200));
    const std::int64_t high = touch + static_cast<std::int64_t>(random.below(200));
    CHECK_EQ(book.bids().depth_between(low, high), Model::between(model.bids, low, high));
    CHECK_EQ(book.asks().depth_between(low, high), Model::between(model.asks, low, high));
  }
  check_same(book, model, 100000);
}

}  // namespace

TEST(l2_book_agrees_with_the_map_model_near_the_touch) { run_random(1, 100000, 60, 60000); }
TEST(l2_book_agrees_with_the_map_model_over_a_wide_range) { run_random(2, 100000, 4000, 60000); }
TEST(l2_book_agrees_with_the_map_model_when_levels_are_bounded) { run_random(3, 50, 400, 60000); }
TEST(l2_book_agrees_with_the_map_model_far_from_everything) {
  run_random(4, 100000, 2000000, 30000);
}
TEST(l2_book_agrees_with_the_map_model_when_most_prices_are_off_the_tick) {
  run_random(6, 100000, 60000, 40000, 5);
}
TEST(l2_book_agrees_with_the_map_model_on_a_coarse_tick_when_bounded) {
  run_random(7, 40, 300000, 40000, 50);
}
TEST(l2_book_agrees_with_the_map_model_below_zero) { run_random(8, 300, 3000000, 40000, 1); }
TEST(l2_book_of_one_level) { run_random(5, 1, 10, 20000); }

TEST(l2_book_snapshot_header_clears_and_levels_count) {
  L2Book book(100);
  const std::vector<MarketRecord> records{
      record(RecordKind::BidLevel, 99, 5), record(RecordKind::AskLevel, 101, 6),
      record(RecordKind::Trade, 100, 1), record(RecordKind::SnapshotHeader, 0, 1, 42),
      record(RecordKind::BidLevel, 98, 7)};
  CHECK_EQ(book.apply(records), std::size_t{3});
  CHECK_EQ(book.bids().size(), std::size_t{1});
  CHECK_EQ(book.bids().best().price, 98);
  CHECK_EQ(book.asks().size(), std::size_t{0});
  CHECK_EQ(book.last_update_id(), 42);
}

TEST(l2_book_counts_the_levels_it_drops) {
  L2Book book(2);
  for (const std::int64_t price : {10, 11, 12, 9}) {
    const MarketRecord one = record(RecordKind::BidLevel, price, 1);
    book.apply({&one, 1});
  }
  CHECK_EQ(book.bids().size(), std::size_t{2});
  CHECK_EQ(book.bids().dropped(), std::uint64_t{2});
  CHECK_EQ(book.bids().best().price, 12);
  CHECK_EQ(book.bids().quantity_at(10), 0);
}

TEST(l2_book_depth_sum_stops_at_the_greatest_safe_integer) {
  L2Book book(1000);
  std::vector<MarketRecord> records;
  for (std::int64_t i = 0; i < 100; ++i)
    records.push_back(record(RecordKind::AskLevel, i, qd::MAX_SAFE_INTEGER / 2));
  book.apply(records);
  CHECK_EQ(book.asks().depth_between(0, 1), qd::MAX_SAFE_INTEGER - 1);
  CHECK_EQ(book.asks().depth_between(0, 99), qd::MAX_SAFE_INTEGER);
}
