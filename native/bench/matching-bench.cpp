// Order flow of an exchange's full feed (adds 46 %, cancels 42 %, reductions 4 %, executions 8 %)
// against books that are full already; the baseline is a bare array of price levels fed the same.
#include <algorithm>
#include <array>
#include <bit>
#include <memory>

#include "bench.hpp"
#include "matching/engine.hpp"

namespace {

using namespace qd::bench;
using namespace qd::matching;

enum class Action : std::uint8_t { Add, Cancel, Reduce, Execute };

struct Step {
  std::uint64_t id;
  std::int64_t price;
  std::int64_t quantity;  // Reduce: what is left afterwards
  std::uint32_t instrument;
  Action action;
  Side side;
};

// What the bare ladder is told of one step: quantity taken from (or, negative, added to) an order.
struct Change {
  std::uint64_t id;
  std::int64_t price;
  std::int64_t quantity;
  std::uint32_t instrument;
};

struct Flow {
  std::vector<Step> fill;
  std::vector<Step> steps;
  std::vector<Change> fillChanges;
  std::vector<Change> changes;
  std::uint32_t instruments;
  std::uint32_t live;
  std::uint64_t hash;
};

constexpr std::size_t kSteps = 1 << 19;
constexpr std::size_t kChunk = 256;
constexpr std::int64_t kMiddle = 10000;

MatchingConfig config() { return {}; }

NewOrder order_of(const Step& step) {
  NewOrder order;
  order.orderId = step.id;
  order.price = step.price;
  order.quantity = step.quantity;
  order.side = step.side;
  order.owner = 1 + static_cast<std::uint32_t>(step.id & 63);
  if (step.action == Action::Execute) order.timeInForce = TimeInForce::Ioc;
  return order;
}

inline void apply(qd::MatchingEngine& engine, const Step& step, std::uint32_t located = kNil) {
  switch (step.action) {
    case Action::Add:
    case Action::Execute:
      return engine.submit(order_of(step));
    case Action::Cancel:
      return engine.cancel(step.id, located);
    case Action::Reduce:
      return engine.amend(step.id, step.quantity, located);
  }
}

// Chooses each step by looking at the books as the steps before left them.
class Generator {
 public:
  Generator(std::uint32_t instruments, std::uint32_t live, std::uint64_t seed)
      : random_(seed), live_(live), books_(instruments) {
    flow_.instruments = instruments;
    flow_.live = live;
    for (Book& book : books_) book.engine = std::make_unique<qd::MatchingEngine>(config());
  }

  Flow make() {
    for (std::uint32_t count = 0; count < live_; count += 1) {
      for (std::uint32_t at = 0; at < flow_.instruments; at += 1)
        take(add(at), flow_.fill, flow_.fillChanges);
    }
    while (flow_.steps.size() < kSteps) {
      const auto at = static_cast<std::uint32_t>(random_.below(flow_.instruments));
      take(choose(at), flow_.steps, flow_.changes);
    }
    InputHash hash;
    for (const Step& step : flow_.steps) {
      hash.add(step.id);
      hash.add(static_cast<std::uint64_t>(step.price));
      hash.add(static_cast<std::uint64_t>(step.quantity) << 8 |
               static_cast<std::uint64_t>(step.action));
    }
    flow_.hash = hash.value();
    return std::move(flow_);
  }

 private:
  struct Resting {
    std::uint64_t id;
    std::int64_t price;
  };
  struct Book {
    std::unique_ptr<qd::MatchingEngine> engine;
    std::vector<Resting> live;
    std::int64_t middle = kMiddle;
  };

  Step choose(std::uint32_t at) {
    Book& book = books_[at];
    const std::uint64_t roll = random_.below(100);
    if (roll < 46 || book.live.size() < 16) return add(at);
    if (roll < 88) return {pick(book, true).id, 0, 0, at, Action::Cancel, Side::Buy};
    if (roll < 92) {
      const Resting order = pick(book, false);
      const std::int64_t left = book.engine->leaves(order.id);
      if (left > 1) return {order.id, order.price, left / 2, at, Action::Reduce, Side::Buy};
      return {pick(book, true).id, 0, 0, at, Action::Cancel, Side::Buy};
    }
    return execute(at);
  }

  Step add(std::uint32_t at) {
    Book& book = books_[at];
    if (random_.below(64) == 0) book.middle += random_.below(2) == 0 ? 1 : -1;
    const Side side = random_.below(2) == 0 ? Side::Buy : Side::Sell;
    // Most orders lie near the market, some far behind it.
    std::int64_t distance = 1;
    while (distance < 200 && random_.below(16) != 0) distance += 1;
    LevelView touch;
    std::int64_t price = book.middle + (side == Side::Buy ? -distance : distance);
    if (side == Side::Buy && book.engine->top(Side::Sell, 1, &touch) == 1)
      price = std::min(price, touch.price - 1);
    if (side == Side::Sell && book.engine->top(Side::Buy, 1, &touch) == 1)
      price = std::max(price, touch.price + 1);
    nextId_ += 1;
    return {nextId_, price,       static_cast<std::int64_t>(1 + random_.below(500)),
            at,      Action::Add, side};
  }

  Step execute(std::uint32_t at) {
    Book& book = books_[at];
    const Side side = random_.below(2) == 0 ? Side::Buy : Side::Sell;
    LevelView touch;
    if (book.engine->top(side == Side::Buy ? Side::Sell : Side::Buy, 1, &touch) == 0)
      return add(at);
    nextId_ += 1;
    return {nextId_, touch.price,     static_cast<std::int64_t>(1 + random_.below(400)),
            at,      Action::Execute, side};
  }

  // A live order; those that were filled meanwhile are dropped on the way.
  Resting pick(Book& book, bool remove) {
    for (;;) {
      const std::size_t at = random_.below(book.live.size());
      const Resting order = book.live[at];
      const bool gone = book.engine->leaves(order.id) == 0;
      if (gone || remove) {
        book.live[at] = book.live.back();
        book.live.pop_back();
      }
      if (!gone) return order;
    }
  }

  void take(const Step& step, std::vector<Step>& steps, std::vector<Change>& changes) {
    Book& book = books_[step.instrument];
    qd::MatchingEngine& engine = *book.engine;
    engine.clear_events();
    apply(engine, step);
    steps.push_back(step);
    for (const Event& event : engine.events()) {
      if (event.kind == EventKind::Traded)
        changes.push_back({event.makerOrderId, event.price, event.quantity, step.instrument});
      if (event.kind == EventKind::Canceled || event.kind == EventKind::Amended) {
        changes.push_back({event.orderId, event.price, event.quantity, step.instrument});
      }
    }
    if (step.action != Action::Add) return;
    changes.push_back({step.id, step.price, -step.quantity, step.instrument});
    book.live.push_back({step.id, step.price});
  }

  Random random_;
  std::uint32_t live_;
  std::vector<Book> books_;
  Flow flow_;
  std::uint64_t nextId_ = 0;
};

// Totals by price in an array, and what is left of each order by id: no queue, no order types, no
// checks, no events.
class Ladder {
 public:
  Ladder(std::uint32_t instruments, std::uint32_t live)
      : levels_(static_cast<std::size_t>(instruments) * kPrices),
        orders_(instruments),
        mask_(std::bit_ceil(live * 4) - 1) {
    for (auto& orders : orders_) orders.resize(mask_ + 1);
  }

  void apply(const Change& change) noexcept {
    levels_[static_cast<std::size_t>(change.instrument * kPrices + change.price - kMiddle +
                                     kPrices / 2)] -= change.quantity;
    std::vector<Left>& orders = orders_[change.instrument];
    std::size_t slot = home(change.id);
    while (orders[slot].id != 0 && orders[slot].id != change.id) slot = (slot + 1) & mask_;
    orders[slot].id = change.id;
    orders[slot].quantity -= change.quantity;
    if (orders[slot].quantity == 0) erase(orders, slot);
  }

  std::int64_t total(std::uint32_t instrument, std::int64_t price) const noexcept {
    const std::int64_t at = price - kMiddle + kPrices / 2;
    return at < 0 || at >= kPrices ? 0
                                   : levels_[static_cast<std::size_t>(instrument * kPrices + at)];
  }

  static constexpr std::int64_t kPrices = 4096;

 private:
  struct Left {
    std::uint64_t id = 0;
    std::int64_t quantity = 0;
  };

  std::size_t home(std::uint64_t id) const noexcept {
    return (id * 0x9E3779B97F4A7C15ULL >> 32) & mask_;
  }

  void erase(std::vector<Left>& orders, std::size_t hole) noexcept {
    for (std::size_t slot = (hole + 1) & mask_; orders[slot].id != 0; slot = (slot + 1) & mask_) {
      if (((slot - home(orders[slot].id)) & mask_) < ((slot - hole) & mask_)) continue;
      orders[hole] = orders[slot];
      hole = slot;
    }
    orders[hole] = {};
  }

  std::vector<std::int64_t> levels_;
  std::vector<std::vector<Left>> orders_;
  std::size_t mask_;
};

using Engines = std::vector<std::unique_ptr<qd::MatchingEngine>>;

// A batch over many books is known in advance: what a step will touch is on its way while earlier
// ones run. (One book stays in the cache by itself.)
class LookAhead {
 public:
  LookAhead(const Flow& flow, const Engines& engines) : flow_(flow), engines_(engines) {}

  // Returns where the order of step `index` was last seen.
  std::uint32_t at(std::size_t index) noexcept {
    const Step& far = step(index + 12);
    const qd::MatchingEngine& engine = *engines_[far.instrument];
    // The same for every step: asking which kind it is would cost more than it saves.
    engine.prefetch_new(far.side, far.price);
    engine.prefetch_id(far.id);
    const Step& middle = step(index + 8);
    const qd::MatchingEngine& next = *engines_[middle.instrument];
    next.prefetch_queue(middle.side, middle.price);
    located_[(index + 8) % 16] = next.locate(middle.id);
    engines_[step(index + 4).instrument]->prefetch_place(located_[(index + 4) % 16]);
    return located_[index % 16];
  }

 private:
  const Step& step(std::size_t index) const noexcept {
    return flow_.steps[std::min(index, flow_.steps.size() - 1)];
  }

  const Flow& flow_;
  const Engines& engines_;
  std::array<std::uint32_t, 16> located_{};
};

Samples run_engines(const Flow& flow, Engines& engines) {
  engines.clear();
  for (std::uint32_t at = 0; at < flow.instruments; at += 1)
    engines.push_back(std::make_unique<qd::MatchingEngine>(config()));
  for (const Step& step : flow.fill) {
    apply(*engines[step.instrument], step);
    engines[step.instrument]->clear_events();
  }
  Samples samples;
  std::int64_t traded = 0;
  LookAhead ahead(flow, engines);
  for (std::size_t at = 0; at < flow.steps.size(); at += kChunk) {
    const double start = nanoseconds();
    for (std::size_t index = at; index < at + kChunk; index += 1) {
      const Step& step = flow.steps[index];
      qd::MatchingEngine& engine = *engines[step.instrument];
      apply(engine, step, flow.instruments > 1 ? ahead.at(index) : kNil);
      for (const Event& event : engine.events()) traded += event.quantity;
      engine.clear_events();
    }
    samples.push_back((nanoseconds() - start) / kChunk);
  }
  keep(traded);
  return samples;
}

Samples run_ladder(const Flow& flow, Ladder& ladder) {
  ladder = Ladder(flow.instruments, flow.live);
  for (const Change& change : flow.fillChanges) ladder.apply(change);
  // As many samples as steps have chunks, in steps' units: a step may change more than one order.
  const double perStep =
      static_cast<double>(flow.changes.size()) / static_cast<double>(flow.steps.size());
  Samples samples;
  for (std::size_t at = 0; at + kChunk <= flow.changes.size(); at += kChunk) {
    const double start = nanoseconds();
    for (std::size_t index = at; index < at + kChunk; index += 1) ladder.apply(flow.changes[index]);
    keep(&ladder);
    samples.push_back((nanoseconds() - start) / kChunk * perStep);
  }
  for (std::size_t index = flow.changes.size() / kChunk * kChunk; index < flow.changes.size();
       index += 1) {
    ladder.apply(flow.changes[index]);
  }
  return samples;
}

bool same_books(const Flow& flow, const Engines& engines, const Ladder& ladder) {
  for (std::uint32_t at = 0; at < flow.instruments; at += 1) {
    for (std::int64_t price = 1; price < 2 * kMiddle; price += 1) {
      const std::int64_t own =
          engines[at]->level_total(Side::Buy, price) + engines[at]->level_total(Side::Sell, price);
      if (own != ladder.total(at, price)) return false;
    }
  }
  return true;
}

Workload workload(std::uint32_t instruments, std::uint32_t live) {
  auto flow = std::make_shared<Flow>(Generator(instruments, live, 20261121).make());
  auto engines = std::make_shared<Engines>();
  auto ladder = std::make_shared<Ladder>(1, 1);
  return {"ns/op",
          "bare ladder",
          flow->hash,
          [=] { return run_engines(*flow, *engines); },
          [=] { return run_ladder(*flow, *ladder); },
          [=] { return same_books(*flow, *engines, *ladder); }};
}

}  // namespace

BENCH(matching_one, "matching-1x4000") { return workload(1, 4000); }

BENCH(matching_many, "matching-64x2000") { return workload(64, 2000); }
