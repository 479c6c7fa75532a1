// One order through every check: five scopes with every limit set, 100 instruments in turn at
// random, half of the orders denied, each for one of many reasons; the ones that pass are submitted
// and ended apart from what is measured. The cost of reading the clock is taken off. The baseline
// touches one line for each scope and one of the instrument.
#include <algorithm>
#include <memory>

#include "bench.hpp"
#include "risk/gate.hpp"

namespace {

using namespace qd::bench;
using namespace qd::risk;

constexpr std::uint32_t kInstruments = 100;
constexpr std::size_t kOrders = 1 << 17;
constexpr std::size_t kWorking = 400;

struct Input {
  std::vector<OrderRequest> orders;
  std::uint64_t hash;
};

std::unique_ptr<qd::RiskGate> gate() {
  auto gate = std::make_unique<qd::RiskGate>();
  gate->configure({.staleAfter = 5000000, .duplicateWindow = 1000});
  Limits limits;
  limits.maxOrderQuantity = 5000;
  limits.maxPosition = 2000000;
  limits.maxOpenOrders = 100000;
  limits.maxOrderNotional = qd::Wide::of(400000000);
  limits.maxWorkingNotional = qd::Wide{1, 0};
  limits.rateCount = 5000;
  limits.rateWindow = 1000;
  for (std::uint32_t instrument = 0; instrument < kInstruments; instrument += 1) {
    InstrumentTerms terms;
    terms.tickSize = 5;
    terms.stepSize = 2;
    terms.minQuantity = 2;
    terms.maxQuantity = 1000000;
    terms.minNotional = qd::Wide::of(1000);
    terms.venue = instrument % 3;
    terms.baseAsset = 2 + instrument;
    terms.quoteAsset = 1;
    terms.collarBps = 200;
    terms.passiveCollarBps = 5000;
    gate->define_instrument(instrument, terms);
    gate->define_scope(ScopeKind::Instrument, instrument, limits);
  }
  for (std::uint32_t id = 0; id < 8; id += 1) {
    for (const ScopeKind kind :
         {ScopeKind::Account, ScopeKind::Client, ScopeKind::Strategy, ScopeKind::Venue}) {
      gate->define_scope(kind, id, limits);
    }
    gate->set_armed(id, true);
    gate->set_trading_state(id, TradingState::Active);
    for (std::uint32_t asset = 1; asset < kInstruments + 2; asset += 1)
      gate->set_balance(id, asset, qd::Wide{1, 0});
  }
  for (std::uint32_t instrument = 0; instrument < kInstruments; instrument += 1)
    gate->on_quote(instrument, 100000, 100005, 1);
  return gate;
}

// Makes an order fail one of the checks.
void spoil(OrderRequest& order, Random& random) {
  switch (random.below(8)) {
    case 0:
      order.price = 150000;
      break;
    case 1:
      order.quantity += 1;
      break;
    case 2:
      order.price += 1;
      break;
    case 3:
      order.quantity = 6000;
      break;
    case 4:
      order.quantity = 4500;
      order.price = 100000;
      break;
    case 5:
      order.reduceOnly = true;
      break;
    case 6:
      order.strategy = 4000;
      break;
    default:
      order.price = 20000;
      break;
  }
}

Input input() {
  Random random(20261122);
  Input input;
  InputHash hash;
  for (std::size_t index = 0; index < kOrders; index += 1) {
    OrderRequest order;
    order.orderId = index + 1;
    order.instrument = static_cast<std::uint32_t>(random.below(kInstruments));
    order.account = static_cast<std::uint32_t>(random.below(8));
    order.client = static_cast<std::uint32_t>(random.below(8));
    order.strategy = static_cast<std::uint32_t>(random.below(8));
    order.sell = random.below(2) == 1;
    order.manual = random.below(2) == 1;
    order.price = 100000 + 5 * (static_cast<std::int64_t>(random.below(200)) - 100);
    order.quantity = 2 * static_cast<std::int64_t>(1 + random.below(1900));
    order.now = 10 + static_cast<std::int64_t>(index * 10);
    if (random.below(2) == 0) spoil(order, random);
    hash.add(static_cast<std::uint64_t>(order.price));
    hash.add(static_cast<std::uint64_t>(order.quantity) << 20 | order.instrument);
    input.orders.push_back(order);
  }
  input.hash = hash.value();
  return input;
}

double clock_cost() {
  Samples samples;
  for (int index = 0; index < 1001; index += 1) {
    const double start = nanoseconds();
    samples.push_back(nanoseconds() - start);
  }
  std::sort(samples.begin(), samples.end());
  return samples[500];
}

Samples run_gate(const Input& input, std::size_t& passed) {
  const auto gated = gate();
  const double cost = clock_cost();
  std::vector<std::uint64_t> working(kWorking);
  std::size_t next = 0;
  Samples samples;
  passed = 0;
  for (const OrderRequest& order : input.orders) {
    if (order.orderId % 64 == 0) {
      for (std::uint32_t instrument = 0; instrument < kInstruments; instrument += 1) {
        gated->on_quote(instrument, 100000, 100005, order.now);
      }
    }
    const double start = nanoseconds();
    const Verdict verdict = gated->check(order);
    keep(&verdict);
    samples.push_back(std::max(nanoseconds() - start - cost, 0.0));
    if (verdict.reason != Reason::Ok) continue;
    passed += 1;
    gated->on_submitted(order);
    gated->on_done(working[next]);
    working[next] = order.orderId;
    next = (next + 1) % kWorking;
  }
  return samples;
}

// What no gate can do without: the order, its instrument and one line of each scope.
Samples run_touch(const Input& input) {
  struct alignas(64) Line {
    std::int64_t value[8];
  };
  std::vector<Line> instruments(kInstruments);
  std::vector<Line> scopes(5 * 128);
  constexpr std::size_t kChunk = 256;
  Samples samples;
  for (std::size_t at = 0; at < kOrders; at += kChunk) {
    const double start = nanoseconds();
    for (std::size_t index = at; index < at + kChunk; index += 1) {
      const OrderRequest& order = input.orders[index];
      std::int64_t sum = instruments[order.instrument].value[0];
      sum += scopes[order.instrument].value[0] + scopes[128 + order.account].value[0] +
             scopes[256 + order.client].value[0];
      sum +=
          scopes[384 + order.strategy % 128].value[0] + scopes[512 + order.instrument % 3].value[0];
      keep(sum);
    }
    samples.push_back((nanoseconds() - start) / kChunk);
  }
  return samples;
}

}  // namespace

BENCH(pre_trade, "pre-trade") {
  auto orders = std::make_shared<Input>(input());
  auto passed = std::make_shared<std::size_t>(0);
  auto first = std::make_shared<std::size_t>(0);
  return {"ns/order",
          "bare touch",
          orders->hash,
          [=] { return run_gate(*orders, *passed); },
          [=] { return run_touch(*orders); },
          [=] {
            // Every run must decide alike, and about half must pass.
            if (*first == 0) *first = *passed;
            return *passed == *first && *passed > kOrders * 4 / 10 && *passed < kOrders * 6 / 10;
          }};
}
