#include <map>

#include "check.hpp"
#include "risk/gate.hpp"

using namespace qd::risk;
using qd::RiskGate;
using qd::Wide;
using qd::test::Random;

namespace {

RiskGate gate() {
  RiskGate gate;
  gate.configure({.staleAfter = 500, .duplicateWindow = 40});
  for (std::uint32_t instrument = 0; instrument < 4; instrument += 1) {
    InstrumentTerms terms;
    terms.venue = instrument % 2;
    terms.baseAsset = 1 + instrument;
    terms.quoteAsset = 9;
    terms.collarBps = 300;
    gate.define_instrument(instrument, terms);
    gate.on_quote(instrument, 1000, 1001, 0);
  }
  for (std::uint32_t account = 0; account < 2; account += 1) {
    Limits limits;
    limits.maxOpenOrders = 20;
    limits.maxPosition = 400;
    limits.rateCount = 8;
    limits.rateWindow = 100;
    gate.define_scope(ScopeKind::Account, account, limits);
    gate.set_trading_state(account, TradingState::Active);
    for (std::uint32_t asset = 1; asset < 10; asset += 1)
      gate.set_balance(account, asset, Wide::of(2000000));
  }
  return gate;
}

OrderRequest some_order(Random& random, std::uint64_t id, std::int64_t now) {
  OrderRequest order;
  order.orderId = id;
  order.instrument = static_cast<std::uint32_t>(random.below(4));
  order.account = static_cast<std::uint32_t>(random.below(2));
  order.sell = random.below(2) == 1;
  order.price = static_cast<std::int64_t>(990 + random.below(20));
  order.quantity = static_cast<std::int64_t>(1 + random.below(60));
  order.now = now;
  return order;
}

}  // namespace

TEST(wide_multiplies_compares_and_carries) {
  const Wide large = Wide::product(~std::uint64_t{0}, ~std::uint64_t{0});
  CHECK_EQ(static_cast<std::uint64_t>(large.high), ~std::uint64_t{0} - 1);
  CHECK_EQ(large.low, 1u);
  const Wide one = Wide::of(1);
  const Wide carry = Wide{0, ~std::uint64_t{0}} + one;
  CHECK((carry == Wide{1, 0}));
  CHECK((carry - one == Wide{0, ~std::uint64_t{0}}));
  CHECK((Wide::of(-1) + one == Wide{}));
  CHECK((Wide::of(-5) < Wide::of(-4)));
  CHECK((Wide::of(-1) < Wide{}));
  CHECK((Wide{0, ~std::uint64_t{0}} < Wide{1, 0}));
  CHECK((qd::capped_product(kMaxMantissa, kMaxMantissa, 1) == qd::kWideCap));
  CHECK((qd::capped_product(std::int64_t{1} << 40, std::int64_t{1} << 40, std::int64_t{1} << 15) ==
         Wide{std::int64_t{1} << 31, 0}));
  CHECK((qd::capped_product(std::int64_t{1} << 40, std::int64_t{1} << 40, std::int64_t{1} << 16) ==
         qd::kWideCap));
  CHECK((qd::capped_product(std::int64_t{1} << 40, std::int64_t{1} << 40, kMaxMantissa) ==
         qd::kWideCap));
}

// Fills and ends bring everything that was reserved back; a restored gate goes on exactly as the
// first.
TEST(risk_tallies_balance_and_a_restored_gate_decides_the_same) {
  for (std::uint64_t seed = 1; seed <= 20; seed += 1) {
    Random random(seed);
    RiskGate first = gate();
    RiskGate second = gate();
    std::map<std::uint64_t, OrderRequest> open;
    std::int64_t positions[2][4] = {};
    std::int64_t passed = 0;
    for (std::uint64_t id = 1; id <= 3000; id += 1) {
      const auto now = static_cast<std::int64_t>(id * 5 + random.below(5));
      first.on_quote(static_cast<std::uint32_t>(id % 4), 1000, 1001, now);
      second.on_quote(static_cast<std::uint32_t>(id % 4), 1000, 1001, now);
      const OrderRequest order = some_order(random, id, now);
      const Verdict verdict = first.check(order);
      const Verdict same = second.check(order);
      REQUIRE(verdict.reason == same.reason && verdict.limit == same.limit &&
              verdict.seen == same.seen);
      if (verdict.reason == Reason::Ok) {
        passed += 1;
        open[id] = order;
        REQUIRE(first.on_submitted(order) && second.on_submitted(order));
      }
      if (!open.empty() && random.below(3) > 0) {
        const auto [doneId, done] =
            *std::next(open.begin(), static_cast<std::ptrdiff_t>(random.below(open.size())));
        if (random.below(2) == 0) {
          first.on_fill(done, 9, Wide::of(3));
          second.on_fill(done, 9, Wide::of(3));
          positions[done.account][done.instrument] += done.sell ? -done.quantity : done.quantity;
        }
        REQUIRE(first.on_done(doneId) && second.on_done(doneId));
        open.erase(doneId);
      }
      if (id % 50 == 0) {
        const auto tallies = first.tallies();
        second = gate();
        REQUIRE(second.restore(tallies));
        REQUIRE(second.tallies() == tallies);
      }
    }
    CHECK(passed > 100);
    for (const auto& [id, order] : open) REQUIRE(first.on_done(id));
    for (std::uint32_t account = 0; account < 2; account += 1) {
      CHECK_EQ(first.open_orders(ScopeKind::Account, account), 0);
      CHECK((first.working_notional(ScopeKind::Account, account) == Wide{}));
      for (std::uint32_t instrument = 0; instrument < 4; instrument += 1) {
        const Exposure exposure = first.exposure(ScopeKind::Account, account, instrument);
        CHECK_EQ(exposure.position, positions[account][instrument]);
        CHECK_EQ(exposure.workingBuy, 0);
        CHECK_EQ(exposure.workingSell, 0);
        CHECK((first.available(account, 1 + instrument) ==
               Wide::of(2000000 + positions[account][instrument])));
      }
    }
  }
}

TEST(risk_restore_refuses_damaged_tallies) {
  RiskGate whole = gate();
  Random random(7);
  for (std::uint64_t id = 1; id <= 5; id += 1) whole.on_submitted(some_order(random, id, 10));
  const auto tallies = whole.tallies();
  for (int round = 0; round < 20000; round += 1) {
    auto damaged = tallies;
    for (std::uint64_t hits = 1 + random.below(3); hits > 0; hits -= 1) {
      damaged[random.below(damaged.size())] =
          static_cast<std::int64_t>(random.next() >> random.below(64));
    }
    RiskGate target = gate();
    if (!target.restore(damaged)) continue;
    target.check(some_order(random, 100, 20));
    for (std::uint64_t id = 1; id <= 5; id += 1) target.on_done(id);
  }
  CHECK(whole.tallies() == tallies);
}
