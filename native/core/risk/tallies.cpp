#include <algorithm>

#include "risk/gate.hpp"

namespace qd {

using namespace risk;

namespace {

constexpr std::int64_t kFormat = 1;
constexpr std::int64_t kBound = std::int64_t{1} << 61;

}  // namespace

// Writes and reads what a gate was told as a flat list of integers. Sums are not in it: reading
// counts them again.
class RiskTallies {
 public:
  static std::vector<std::int64_t> write(const RiskGate& gate) {
    std::vector<std::int64_t> out{kFormat};
    for (std::size_t kind = 0; kind < kScopeKinds; kind += 1) write_scopes(out, gate.scopes_[kind]);
    write_quotes(out, gate);
    write_balances(out, gate);
    write_orders(out, gate);
    out.push_back(static_cast<std::int64_t>(gate.recent_.size()));
    gate.recent_.each([&](const RecentOrders::Entry& entry) {
      out.insert(out.end(), {entry.account, entry.instrument, entry.sell ? 1 : 0, entry.price,
                             entry.quantity, entry.time});
    });
    return out;
  }

  static bool read(RiskGate& gate, std::span<const std::int64_t> in) {
    RiskGate next = gate;
    forget(next);
    RiskTallies reader(next, in);
    if (reader.take() != kFormat) return false;
    for (std::size_t kind = 0; kind < kScopeKinds; kind += 1)
      reader.read_scopes(next.scopes_[kind]);
    reader.read_quotes();
    reader.read_balances();
    reader.read_orders();
    reader.read_recent();
    if (!reader.good_ || reader.at_ != in.size()) return false;
    gate = std::move(next);
    return true;
  }

 private:
  RiskTallies(RiskGate& gate, std::span<const std::int64_t> in) : gate_(gate), in_(in) {}

  static void forget(RiskGate& gate) {
    for (auto& scopes : gate.scopes_) {
      for (auto& scope : scopes) {
        RiskGate::Scope fresh;
        fresh.limits = scope.limits;
        fresh.defined = scope.defined;
        fresh.rate.resize(scope.limits.rateCount);
        scope = std::move(fresh);
      }
    }
    for (auto& instrument : gate.instruments_) {
      instrument.quoted = false;
      instrument.bid = instrument.ask = instrument.quoteTime = 0;
    }
    gate.balances_.clear();
    gate.orders_.clear();
    gate.recent_.clear();
  }

  static void push(std::vector<std::int64_t>& out, Wide value) {
    out.push_back(value.high);
    out.push_back(static_cast<std::int64_t>(value.low));
  }

  static void write_scopes(std::vector<std::int64_t>& out,
                           const std::vector<RiskGate::Scope>& scopes) {
    const std::size_t header = out.size();
    out.push_back(0);
    for (std::size_t id = 0; id < scopes.size(); id += 1) {
      const RiskGate::Scope& scope = scopes[id];
      if (!scope.defined) continue;
      out[header] += 1;
      out.insert(out.end(), {static_cast<std::int64_t>(id), static_cast<std::int64_t>(scope.state),
                             scope.armed ? 1 : 0});
      const std::vector<std::int64_t> times = scope.rate.times();
      out.push_back(static_cast<std::int64_t>(times.size()));
      out.insert(out.end(), times.begin(), times.end());
      const std::size_t count = out.size();
      out.push_back(0);
      for (std::size_t at = 0; at < scope.exposures.size(); at += 1) {
        if (scope.exposures[at].position == 0) continue;
        out[count] += 1;
        out.insert(out.end(), {static_cast<std::int64_t>(at), scope.exposures[at].position});
      }
    }
  }

  static void write_quotes(std::vector<std::int64_t>& out, const RiskGate& gate) {
    const std::size_t header = out.size();
    out.push_back(0);
    for (std::size_t id = 0; id < gate.instruments_.size(); id += 1) {
      const RiskGate::Instrument& instrument = gate.instruments_[id];
      if (!instrument.quoted) continue;
      out[header] += 1;
      out.insert(out.end(), {static_cast<std::int64_t>(id), instrument.bid, instrument.ask,
                             instrument.quoteTime});
    }
  }

  static void write_balances(std::vector<std::int64_t>& out, const RiskGate& gate) {
    const std::size_t header = out.size();
    out.push_back(0);
    for (std::size_t account = 0; account < gate.balances_.size(); account += 1) {
      for (std::size_t asset = 0; asset < gate.balances_[account].size(); asset += 1) {
        const Wide total = gate.balances_[account][asset].total;
        if (total == Wide{}) continue;
        out[header] += 1;
        out.insert(out.end(),
                   {static_cast<std::int64_t>(account), static_cast<std::int64_t>(asset)});
        push(out, total);
      }
    }
  }

  static void write_orders(std::vector<std::int64_t>& out, const RiskGate& gate) {
    std::vector<const RiskGate::Working*> orders;
    for (const auto& [id, order] : gate.orders_) orders.push_back(&order);
    std::sort(orders.begin(), orders.end(),
              [](const auto* a, const auto* b) { return a->terms.orderId < b->terms.orderId; });
    out.push_back(static_cast<std::int64_t>(orders.size()));
    for (const RiskGate::Working* order : orders) {
      const OrderRequest& terms = order->terms;
      out.insert(out.end(), {static_cast<std::int64_t>(terms.orderId), terms.instrument,
                             terms.account, terms.client, terms.strategy, terms.sell ? 1 : 0,
                             terms.price, terms.quantity, order->leaves});
      push(out, order->notional);
      push(out, order->reserve);
    }
  }

  std::int64_t take() {
    if (at_ == in_.size()) {
      good_ = false;
      return 0;
    }
    return in_[at_++];
  }

  // A price, quantity, position or time: small enough for sums and differences.
  std::int64_t take_bounded() {
    const std::int64_t value = take();
    if (value < -kBound || value > kBound) good_ = false;
    return good_ ? value : 0;
  }

  Wide take_wide() {
    const std::int64_t high = take();
    return {high, static_cast<std::uint64_t>(take())};
  }

  // A number of things to follow; each takes at least one integer.
  std::size_t take_count() {
    const std::int64_t count = take();
    if (count < 0 || static_cast<std::uint64_t>(count) > in_.size() - at_) good_ = false;
    return good_ ? static_cast<std::size_t>(count) : 0;
  }

  // An id below `limit`; 0 and no longer good when it is not.
  std::uint32_t take_id(std::size_t limit) {
    const std::int64_t id = take();
    if (id < 0 || static_cast<std::uint64_t>(id) >= limit) good_ = false;
    return good_ ? static_cast<std::uint32_t>(id) : 0;
  }

  void read_scopes(std::vector<RiskGate::Scope>& scopes) {
    for (std::size_t left = take_count(); left > 0 && good_; left -= 1) {
      const std::uint32_t id = take_id(scopes.size());
      const auto state = static_cast<TradingState>(take_id(4));
      const bool armed = take() != 0;
      std::vector<std::int64_t> times(take_count());
      for (std::int64_t& time : times) time = take_bounded();
      std::vector<std::pair<std::uint32_t, std::int64_t>> positions(take_count());
      for (auto& [at, position] : positions) {
        at = take_id(gate_.instruments_.size());
        position = take_bounded();
      }
      if (!good_) return;
      scopes[id].state = state;
      scopes[id].armed = armed;
      for (const std::int64_t time : times) scopes[id].rate.add(time);
      for (const auto& [at, position] : positions) {
        if (at >= scopes[id].exposures.size()) scopes[id].exposures.resize(at + 1);
        scopes[id].exposures[at].position = position;
      }
    }
  }

  void read_quotes() {
    for (std::size_t left = take_count(); left > 0 && good_; left -= 1) {
      const std::uint32_t id = take_id(gate_.instruments_.size());
      const std::int64_t bid = take_bounded();
      const std::int64_t ask = take_bounded();
      const std::int64_t time = take_bounded();
      if (good_) gate_.on_quote(id, bid, ask, time);
    }
  }

  void read_balances() {
    for (std::size_t left = take_count(); left > 0 && good_; left -= 1) {
      const std::uint32_t account = take_id(kMaxScopeId + 1);
      const std::uint32_t asset = take_id(kMaxScopeId + 1);
      const Wide total = take_wide();
      if (good_) gate_.set_balance(account, asset, total);
    }
  }

  void read_orders() {
    for (std::size_t left = take_count(); left > 0 && good_; left -= 1) {
      RiskGate::Working order{};
      order.terms.orderId = static_cast<std::uint64_t>(take());
      order.terms.instrument = take_id(gate_.instruments_.size());
      order.terms.account = take_id(kMaxScopeId + 1);
      order.terms.client = take_id(kMaxScopeId + 1);
      order.terms.strategy = take_id(kMaxScopeId + 1);
      order.terms.sell = take() != 0;
      order.terms.price = take_bounded();
      order.terms.quantity = take_bounded();
      order.leaves = take_bounded();
      order.notional = take_wide();
      order.reserve = take_wide();
      good_ = good_ && gate_.instruments_[order.terms.instrument].defined &&
              gate_.known(order.terms) && order.leaves >= 0 && order.leaves <= kMaxMantissa;
      if (!good_) return;
      gate_.orders_.emplace(order.terms.orderId, order);
      gate_.count(order, 1);
      const RiskGate::Path ids =
          RiskGate::path(order.terms, gate_.instruments_[order.terms.instrument]);
      for (std::size_t kind = 0; kind < kScopeKinds; kind += 1)
        gate_.scopes_[kind][ids[kind]].openOrders += 1;
    }
  }

  void read_recent() {
    for (std::size_t left = take_count(); left > 0 && good_; left -= 1) {
      OrderRequest order;
      order.account = take_id(kMaxScopeId + 1);
      order.instrument = take_id(gate_.instruments_.size());
      order.sell = take() != 0;
      order.price = take_bounded();
      order.quantity = take_bounded();
      order.now = take_bounded();
      if (good_) gate_.recent_.add(order, gate_.settings_.duplicateWindow);
    }
  }

  RiskGate& gate_;
  std::span<const std::int64_t> in_;
  std::size_t at_ = 0;
  bool good_ = true;
};

std::vector<std::int64_t> RiskGate::tallies() const { return RiskTallies::write(*this); }

bool RiskGate::restore(std::span<const std::int64_t> tallies) {
  return RiskTallies::read(*this, tallies);
}

}  // namespace qd
