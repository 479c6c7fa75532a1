#include "check.hpp"
#include "matching-agreement.hpp"

using namespace qd::test;

namespace {

// A mix of every command around a drifting price; a fifth of the prices lie far outside the
// engine's direct window.
class Commands {
 public:
  Commands(std::uint64_t seed, const MatchingConfig& config) : random_(seed), config_(config) {}

  std::uint64_t step(Agreement& both) {
    const std::uint64_t roll = random_.below(100);
    if (roll < 58) return submit(both);
    const std::uint64_t id = some_id();
    // Right, stale or another order's: it must not matter.
    if (random_.below(2) == 0) located_ = both.engine.locate(id);
    both.engine.prefetch_place(located_);
    if (roll < 80) {
      both.engine.cancel(id, located_);
      both.model.cancel(id);
    } else if (roll < 88) {
      const std::int64_t leaves = quantity() - (random_.below(20) == 0 ? 1000000 : 0);
      both.engine.amend(id, leaves, both.engine.locate(id));
      both.model.amend(id, leaves);
    } else if (roll < 96) {
      const NewOrder order = terms();
      both.engine.replace(id, order);
      both.model.replace(id, order);
    } else if (roll < 97) {
      set_state(both);
    }
    return id;
  }

 private:
  std::uint64_t submit(Agreement& both) {
    const NewOrder order = terms();
    both.engine.submit(order);
    both.model.submit(order);
    return order.orderId;
  }

  void set_state(Agreement& both) {
    const auto state =
        static_cast<MarketState>(both.model.state == MarketState::Trading ? random_.below(3) : 0);
    both.engine.set_state(state);
    both.model.state = state;
  }

  std::uint64_t some_id() {
    return nextId_ < 60 ? 1 + random_.below(nextId_ + 1) : nextId_ - random_.below(60);
  }

  std::int64_t quantity() {
    return static_cast<std::int64_t>(1 + random_.below(40)) *
           (random_.below(50) == 0 ? 1 : config_.stepSize);
  }

  std::int64_t near(std::int64_t spread) {
    return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(2 * spread + 1))) -
           spread;
  }

  std::int64_t price() {
    if (random_.below(200) == 0) middle_ += near(400);
    middle_ = std::max<std::int64_t>(middle_, 600);
    const std::int64_t ticks = middle_ + (random_.below(5) == 0 ? near(500) : near(8));
    return ticks * config_.tickSize + (random_.below(60) == 0 ? 1 : 0);
  }

  NewOrder terms() {
    static constexpr OrderType kTypes[] = {
        OrderType::Limit,     OrderType::Limit,      OrderType::Limit,          OrderType::Limit,
        OrderType::Limit,     OrderType::Market,     OrderType::LimitMaker,     OrderType::Stop,
        OrderType::StopLimit, OrderType::TakeProfit, OrderType::TakeProfitLimit};
    NewOrder order;
    order.orderId = random_.below(40) == 0 ? some_id() : ++nextId_;
    order.price = price();
    order.stopPrice = price();
    order.quantity = quantity();
    order.owner = static_cast<std::uint32_t>(random_.below(4));
    order.side = static_cast<Side>(random_.below(2));
    order.type = kTypes[random_.below(11)];
    order.selfTrade = static_cast<SelfTrade>(random_.below(4));
    if (random_.below(4) == 0) order.timeInForce = static_cast<TimeInForce>(random_.below(3));
    if (order.type == OrderType::Market && random_.below(2) == 0) {
      order.quantity = 0;
      order.quoteAmount =
          static_cast<std::int64_t>(1 + random_.below(80)) * middle_ * config_.tickSize / 2;
    }
    return order;
  }

  Random random_;
  MatchingConfig config_;
  std::uint64_t nextId_ = 0;
  std::int64_t middle_ = 5000;
  std::uint32_t located_ = kNil;
};

void agree(std::uint64_t seed, int commands, const MatchingConfig& config) {
  Agreement both(config);
  Commands source(seed, config);
  for (int index = 0; index < commands; index += 1) {
    const std::uint64_t id = source.step(both);
    bool fine = both.events_agree() && both.position_agrees(id);
    if (fine && index % 16 == 0) fine = both.books_agree(id);
    if (!fine)
      std::cout << "seed " << seed << " command " << index << ": " << both.difference << "\n";
    REQUIRE(fine);
  }
}

NewOrder limit(std::uint64_t id, Side side, std::int64_t price, std::int64_t quantity,
               std::uint32_t owner = 0) {
  NewOrder order;
  order.orderId = id;
  order.side = side;
  order.price = price;
  order.quantity = quantity;
  order.owner = owner;
  return order;
}

}  // namespace

TEST(matching_agrees_with_the_model_in_a_small_window) {
  for (std::uint64_t seed = 1; seed <= 12; seed += 1)
    agree(seed, 10000, {.tickSize = 1, .stepSize = 1, .windowTicks = 64});
}

TEST(matching_agrees_with_the_model_in_a_large_window) {
  for (std::uint64_t seed = 101; seed <= 110; seed += 1) {
    agree(seed, 10000,
          {.tickSize = 5,
           .stepSize = 10,
           .windowTicks = 8192,
           .firstTradeId = 77,
           .expectedOrders = 4});
  }
}

TEST(matching_fills_by_price_then_time) {
  qd::MatchingEngine engine({});
  engine.submit(limit(1, Side::Sell, 101, 5));
  engine.submit(limit(2, Side::Sell, 100, 3));
  engine.submit(limit(3, Side::Sell, 100, 4));
  engine.clear_events();
  engine.submit(limit(4, Side::Buy, 101, 8));
  const auto events = engine.events();
  REQUIRE(events.size() == 4);
  CHECK_EQ(events[1].makerOrderId, 2u);
  CHECK_EQ(events[2].makerOrderId, 3u);
  CHECK_EQ(events[3].makerOrderId, 1u);
  CHECK_EQ(events[3].price, 101);
  CHECK_EQ(events[3].leaves, 0);
  CHECK_EQ(events[3].makerLeaves, 4);
}

TEST(matching_keeps_place_on_amend_and_loses_it_on_replace) {
  qd::MatchingEngine engine({});
  engine.submit(limit(1, Side::Buy, 100, 5));
  engine.submit(limit(2, Side::Buy, 100, 7));
  engine.submit(limit(3, Side::Buy, 100, 9));
  QueuePosition position{};
  REQUIRE(engine.queue_position(3, position));
  CHECK_EQ(position.quantityAhead, 12);
  engine.amend(1, 2);
  REQUIRE(engine.queue_position(3, position));
  CHECK_EQ(position.quantityAhead, 9);
  CHECK_EQ(position.ordersAhead, 2u);
  engine.replace(1, limit(4, Side::Buy, 100, 5));
  REQUIRE(engine.queue_position(3, position));
  CHECK_EQ(position.quantityAhead, 7);
  REQUIRE(engine.queue_position(4, position));
  CHECK_EQ(position.quantityAhead, 16);
}

TEST(matching_refuses_a_level_whose_total_would_not_be_exact) {
  qd::MatchingEngine engine({});
  engine.submit(limit(1, Side::Buy, 100, kMaxMantissa));
  engine.clear_events();
  engine.submit(limit(2, Side::Buy, 100, 1));
  REQUIRE(engine.events().size() == 2);
  CHECK_EQ(engine.events()[1].reason, Reason::LevelFull);
  CHECK_EQ(engine.level_total(Side::Buy, 100), kMaxMantissa);
}

TEST(matching_fires_stops_nearest_first_and_in_a_chain) {
  qd::MatchingEngine engine({});
  engine.submit(limit(1, Side::Sell, 100, 1));
  engine.submit(limit(2, Side::Sell, 102, 1));
  engine.submit(limit(3, Side::Sell, 104, 5));
  NewOrder stop = limit(10, Side::Buy, 0, 1);
  stop.type = OrderType::Stop;
  stop.stopPrice = 102;
  engine.submit(stop);
  stop.orderId = 11;
  stop.stopPrice = 100;
  engine.submit(stop);
  engine.clear_events();
  engine.submit(limit(20, Side::Buy, 100, 1));
  std::vector<std::uint64_t> fired;
  for (const Event& event : engine.events()) {
    if (event.kind == EventKind::Triggered) fired.push_back(event.orderId);
  }
  REQUIRE(fired.size() == 2);
  CHECK_EQ(fired[0], 11u);
  CHECK_EQ(fired[1], 10u);
  CHECK_EQ(engine.last_price(), 104);
}
