#include "risk/gate.hpp"

#include <algorithm>

namespace qd {

using namespace risk;

namespace {

constexpr std::int64_t kTallyCap = std::int64_t{1} << 61;
constexpr std::int64_t kBpsOne = 10000;
constexpr std::size_t kInstrument = static_cast<std::size_t>(ScopeKind::Instrument);
constexpr std::size_t kAccount = static_cast<std::size_t>(ScopeKind::Account);
constexpr std::size_t kClient = static_cast<std::size_t>(ScopeKind::Client);
constexpr std::size_t kVenue = static_cast<std::size_t>(ScopeKind::Venue);

// Both within the cap, so that the sum does not overflow.
std::int64_t capped_sum(std::int64_t a, std::int64_t b) {
  return std::clamp(a + b, -kTallyCap, kTallyCap);
}

Verdict deny(Reason reason, Wide limit = {}, Wide seen = {},
             ScopeKind scope = ScopeKind::Instrument) {
  return {reason, scope, limit, seen};
}

Verdict deny(Reason reason, std::int64_t limit, std::int64_t seen,
             ScopeKind scope = ScopeKind::Instrument) {
  return {reason, scope, Wide::of(limit), Wide::of(seen)};
}

Wide times(std::int64_t a, std::int64_t b) {
  return Wide::product(static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b));
}

}  // namespace

// Client and strategy 0 are "none": they exist, so that every order has five scopes, and have no
// limits unless given some.
RiskGate::RiskGate() {
  for (const ScopeKind kind : {ScopeKind::Client, ScopeKind::Strategy}) define_scope(kind, 0, {});
}

bool RiskGate::define_instrument(std::uint32_t instrument, const InstrumentTerms& terms) {
  if (instrument > kMaxScopeId || terms.venue > kMaxScopeId || terms.baseAsset > kMaxScopeId ||
      terms.quoteAsset > kMaxScopeId) {
    return false;
  }
  if (instrument >= instruments_.size()) instruments_.resize(instrument + 1);
  const InstrumentTerms& old = instruments_[instrument].terms;
  if (instruments_[instrument].defined &&
      (old.venue != terms.venue || old.baseAsset != terms.baseAsset ||
       old.quoteAsset != terms.quoteAsset)) {
    return false;
  }
  instruments_[instrument].terms = terms;
  instruments_[instrument].defined = true;
  for (const auto& [kind, id] :
       {std::pair{ScopeKind::Instrument, instrument}, std::pair{ScopeKind::Venue, terms.venue}}) {
    const auto& scopes = scopes_[static_cast<std::size_t>(kind)];
    if (id >= scopes.size() || !scopes[id].defined) define_scope(kind, id, {});
  }
  return true;
}

bool RiskGate::define_scope(ScopeKind kind, std::uint32_t id, const Limits& limits) {
  if (id > kMaxScopeId) return false;
  auto& scopes = scopes_[static_cast<std::size_t>(kind)];
  if (id >= scopes.size()) scopes.resize(id + 1);
  Scope& scope = scopes[id];
  scope.limits = limits;
  scope.defined = true;
  scope.rate.resize(limits.rateCount);
  return true;
}

void RiskGate::set_trading_state(std::uint32_t account, TradingState state) {
  if (account < scopes_[kAccount].size()) scopes_[kAccount][account].state = state;
}

void RiskGate::set_armed(std::uint32_t client, bool armed) {
  if (client < scopes_[kClient].size()) scopes_[kClient][client].armed = armed;
}

void RiskGate::set_balance(std::uint32_t account, std::uint32_t asset, Wide total) {
  if (account <= kMaxScopeId && asset <= kMaxScopeId) balance(account, asset).total = total;
}

void RiskGate::on_quote(std::uint32_t instrument, std::int64_t bid, std::int64_t ask,
                        std::int64_t time) {
  if (instrument >= instruments_.size()) return;
  Instrument& quoted = instruments_[instrument];
  quoted.quoted = true;
  quoted.bid = bid;
  quoted.ask = ask;
  quoted.quoteTime = time;
}

RiskGate::Path RiskGate::path(const OrderRequest& order, const Instrument& instrument) noexcept {
  return {order.instrument, order.account, order.client, order.strategy, instrument.terms.venue};
}

bool RiskGate::known(const OrderRequest& order) const noexcept {
  const Path ids = path(order, instruments_[order.instrument]);
  for (std::size_t kind = 0; kind < kScopeKinds; kind += 1) {
    if (ids[kind] >= scopes_[kind].size() || !scopes_[kind][ids[kind]].defined) return false;
  }
  return true;
}

Exposure RiskGate::exposure_of(std::size_t kind, std::uint32_t id,
                               std::uint32_t instrument) const noexcept {
  if (kind == kVenue) return exposure_of(kInstrument, instrument, instrument);
  const auto& exposures = scopes_[kind][id].exposures;
  const std::uint32_t at = kind == kInstrument ? 0 : instrument;
  return at < exposures.size() ? exposures[at] : Exposure{};
}

// What an order is valued at: its own price, or the one it would take.
std::int64_t RiskGate::valued_price(const OrderRequest& order,
                                    const Instrument& instrument) const noexcept {
  if (order.price != 0) return order.price;
  return order.sell ? instrument.bid : instrument.ask;
}

const RiskGate::Working* RiskGate::find(std::uint64_t orderId) const {
  const auto found = orders_.find(orderId);
  return found == orders_.end() ? nullptr : &found->second;
}

Verdict RiskGate::check(const OrderRequest& order) const {
  if (order.instrument >= instruments_.size() || !instruments_[order.instrument].defined) {
    return deny(Reason::UnknownInstrument);
  }
  const Instrument& instrument = instruments_[order.instrument];
  if (!known(order)) return deny(Reason::UnknownScope);
  if (find(order.orderId) != nullptr) return deny(Reason::DuplicateOrderId);
  const Working* replaced = order.replaces == 0 ? nullptr : find(order.replaces);
  if (order.replaces != 0 && replaced == nullptr) return deny(Reason::UnknownReplaced);
  Verdict verdict = check_form(order, instrument.terms);
  if (verdict.reason != Reason::Ok) return verdict;
  const bool reducing = reduces(order, replaced);
  verdict = check_state(order, reducing);
  if (verdict.reason != Reason::Ok) return verdict;
  verdict = check_market(order, instrument, reducing);
  if (verdict.reason != Reason::Ok) return verdict;
  const std::int64_t price = valued_price(order, instrument);
  const Wide notional = capped_product(price, order.quantity, instrument.terms.notionalMultiplier);
  // Without any price (closing, nothing quoted) the venue is the judge of the smallest amount.
  if (price != 0 && notional < instrument.terms.minNotional) {
    return deny(Reason::BelowMinNotional, instrument.terms.minNotional, notional);
  }
  const Path ids = path(order, instrument);
  for (std::size_t kind = 0; kind < kScopeKinds; kind += 1) {
    verdict = check_scope(order, kind, ids[kind], notional, reducing, replaced);
    if (verdict.reason != Reason::Ok) return verdict;
  }
  if (settings_.duplicateWindow > 0) {
    const std::int64_t age = recent_.age_of_same(order, settings_.duplicateWindow);
    if (age >= 0) return deny(Reason::DuplicateOrder, settings_.duplicateWindow, age);
  }
  return check_balance(order, instrument, price, replaced);
}

Verdict RiskGate::check_form(const OrderRequest& order,
                             const InstrumentTerms& terms) const noexcept {
  if (order.quantity < terms.minQuantity)
    return deny(Reason::MinQuantity, terms.minQuantity, order.quantity);
  if (order.quantity > terms.maxQuantity)
    return deny(Reason::MaxQuantity, terms.maxQuantity, order.quantity);
  if (terms.stepSize != 1 && order.quantity % terms.stepSize != 0) {
    return deny(Reason::QuantityOffStep, terms.stepSize, order.quantity);
  }
  if (order.price == 0) return {};
  if (order.price < terms.minPrice) return deny(Reason::MinPrice, terms.minPrice, order.price);
  if (order.price > terms.maxPrice) return deny(Reason::MaxPrice, terms.maxPrice, order.price);
  if (terms.tickSize != 1 && order.price % terms.tickSize != 0)
    return deny(Reason::PriceOffTick, terms.tickSize, order.price);
  return {};
}

// An order that only makes the account's position smaller, whatever else is working to close it.
bool RiskGate::reduces(const OrderRequest& order, const Working* replaced) const noexcept {
  const Exposure exposure = exposure_of(kAccount, order.account, order.instrument);
  std::int64_t closing = order.sell ? exposure.workingSell : exposure.workingBuy;
  if (replaced != nullptr && replaced->terms.sell == order.sell &&
      replaced->terms.account == order.account && replaced->terms.instrument == order.instrument) {
    closing -= replaced->leaves;
  }
  const std::int64_t open = order.sell ? exposure.position - order.spent : -exposure.position;
  return open > 0 && order.quantity <= open - closing;
}

Verdict RiskGate::check_state(const OrderRequest& order, bool reducing) const noexcept {
  const TradingState state = scope(kAccount, order.account).state;
  if (state == TradingState::Locked) return deny(Reason::TradingLocked, {}, {}, ScopeKind::Account);
  if (reducing) return {};
  if (state == TradingState::Halted) return deny(Reason::TradingHalted, {}, {}, ScopeKind::Account);
  if (state == TradingState::Reducing || order.reduceOnly)
    return deny(Reason::ReduceOnly, {}, {}, ScopeKind::Account);
  if (order.manual && !scope(kClient, order.client).armed)
    return deny(Reason::NotArmed, {}, {}, ScopeKind::Client);
  return {};
}

// Age of the quote, then how far the price lies from it. A closing order may go without a fresh
// quote.
Verdict RiskGate::check_market(const OrderRequest& order, const Instrument& instrument,
                               bool reducing) const noexcept {
  const std::int64_t age = order.now - instrument.quoteTime;
  const bool fresh = instrument.quoted && instrument.bid > 0 && instrument.ask > 0 &&
                     (settings_.staleAfter == 0 || age <= settings_.staleAfter);
  if (!fresh)
    return reducing ? Verdict{}
                    : deny(Reason::StaleData, settings_.staleAfter, instrument.quoted ? age : -1);
  const InstrumentTerms& terms = instrument.terms;
  if (order.price == 0) return {};
  const std::int64_t touch = order.sell ? instrument.bid : instrument.ask;
  const std::int64_t reference = terms.collarAgainstMid ? instrument.bid + instrument.ask : touch;
  const std::int64_t unit = terms.collarAgainstMid ? 2 * kBpsOne : kBpsOne;
  const std::int64_t above = order.sell ? terms.passiveCollarBps : terms.collarBps;
  const std::int64_t below = order.sell ? terms.collarBps : terms.passiveCollarBps;
  const Wide scaled = times(order.price, unit);
  if (above != 0 && scaled > times(reference, kBpsOne + above))
    return deny(Reason::PriceCollar, above, order.price);
  if (below != 0 && scaled < times(reference, std::max<std::int64_t>(kBpsOne - below, 0))) {
    return deny(Reason::PriceCollar, below, order.price);
  }
  return {};
}

Verdict RiskGate::check_scope(const OrderRequest& order, std::size_t kind, std::uint32_t id,
                              Wide notional, bool reducing,
                              const Working* replaced) const noexcept {
  const Scope& scope = scopes_[kind][id];
  const Limits& limits = scope.limits;
  const auto name = static_cast<ScopeKind>(kind);
  if (order.quantity > limits.maxOrderQuantity) {
    return deny(Reason::MaxOrderQuantity, limits.maxOrderQuantity, order.quantity, name);
  }
  if (notional > limits.maxOrderNotional)
    return deny(Reason::MaxOrderNotional, limits.maxOrderNotional, notional, name);
  if (scope.rate.full(order.now, limits.rateWindow)) {
    return deny(Reason::OrderRate, std::int64_t{limits.rateCount},
                std::int64_t{limits.rateCount} + 1, name);
  }
  if (reducing) return {};
  const Working* mine =
      replaced != nullptr &&
              path(replaced->terms, instruments_[replaced->terms.instrument])[kind] == id
          ? replaced
          : nullptr;
  if (limits.maxPosition != kUnlimited) {
    const Exposure exposure = exposure_of(kind, id, order.instrument);
    std::int64_t working = order.sell ? exposure.workingSell : exposure.workingBuy;
    if (mine != nullptr && mine->terms.sell == order.sell &&
        mine->terms.instrument == order.instrument)
      working -= mine->leaves;
    const std::int64_t position = order.sell ? -exposure.position : exposure.position;
    const std::int64_t worst = capped_sum(capped_sum(position, working), order.quantity);
    if (worst > limits.maxPosition)
      return deny(Reason::MaxPosition, limits.maxPosition, worst, name);
  }
  const std::int64_t open = scope.openOrders + (mine == nullptr ? 1 : 0);
  if (open > limits.maxOpenOrders)
    return deny(Reason::MaxOpenOrders, limits.maxOpenOrders, open, name);
  if (limits.maxWorkingNotional != kUnlimitedWide) {
    const Wide working =
        scope.workingNotional + notional - (mine == nullptr ? Wide{} : mine->notional);
    if (working > limits.maxWorkingNotional)
      return deny(Reason::MaxWorkingNotional, limits.maxWorkingNotional, working, name);
  }
  return {};
}

std::uint32_t RiskGate::reserve_asset(const OrderRequest& order,
                                      const Instrument& instrument) const noexcept {
  return order.sell ? instrument.terms.baseAsset : instrument.terms.quoteAsset;
}

Wide RiskGate::reserve_of(const OrderRequest& order, const Instrument& instrument,
                          std::int64_t price, std::int64_t quantity) const noexcept {
  if (reserve_asset(order, instrument) == 0) return {};
  return order.sell ? capped_product(quantity, instrument.terms.baseMultiplier, 1)
                    : capped_product(price, quantity, instrument.terms.quoteMultiplier);
}

Verdict RiskGate::check_balance(const OrderRequest& order, const Instrument& instrument,
                                std::int64_t price, const Working* replaced) const {
  const std::uint32_t asset = reserve_asset(order, instrument);
  if (asset == 0) return {};
  Wide free = available(order.account, asset);
  if (replaced != nullptr && replaced->terms.account == order.account &&
      reserve_asset(replaced->terms, instruments_[replaced->terms.instrument]) == asset) {
    free = free + replaced->reserve;
  }
  const Wide needed = reserve_of(order, instrument, price, order.quantity);
  return needed > free ? deny(Reason::InsufficientBalance, free, needed, ScopeKind::Account)
                       : Verdict{};
}

RiskGate::Balance& RiskGate::balance(std::uint32_t account, std::uint32_t asset) {
  if (account >= balances_.size()) balances_.resize(account + 1);
  auto& assets = balances_[account];
  if (asset >= assets.size()) assets.resize(asset + 1);
  return assets[asset];
}

const RiskGate::Balance* RiskGate::find_balance(std::uint32_t account, std::uint32_t asset) const {
  return account < balances_.size() && asset < balances_[account].size()
             ? &balances_[account][asset]
             : nullptr;
}

Wide RiskGate::available(std::uint32_t account, std::uint32_t asset) const {
  const Balance* found = find_balance(account, asset);
  return found == nullptr ? Wide{} : found->total - found->reserved;
}

bool RiskGate::on_submitted(const OrderRequest& order) {
  if (order.instrument >= instruments_.size() || !instruments_[order.instrument].defined ||
      !known(order))
    return false;
  const Instrument& instrument = instruments_[order.instrument];
  const std::int64_t price = valued_price(order, instrument);
  const Working working{order, order.quantity,
                        capped_product(price, order.quantity, instrument.terms.notionalMultiplier),
                        reserve_of(order, instrument, price, order.quantity)};
  if (!orders_.emplace(order.orderId, working).second) return false;
  count(working, 1);
  const Path ids = path(order, instrument);
  for (std::size_t kind = 0; kind < kScopeKinds; kind += 1) {
    scopes_[kind][ids[kind]].openOrders += 1;
    scopes_[kind][ids[kind]].rate.add(order.now);
  }
  if (settings_.duplicateWindow > 0) recent_.add(order, settings_.duplicateWindow);
  return true;
}

void RiskGate::count(const Working& order, int sign) {
  const Instrument& instrument = instruments_[order.terms.instrument];
  const Path ids = path(order.terms, instrument);
  const std::int64_t leaves = sign * order.leaves;
  for (std::size_t kind = 0; kind < kScopeKinds; kind += 1) {
    Scope& scope = scopes_[kind][ids[kind]];
    scope.workingNotional =
        sign > 0 ? scope.workingNotional + order.notional : scope.workingNotional - order.notional;
    if (kind == kVenue) continue;
    const std::size_t at = kind == kInstrument ? 0 : order.terms.instrument;
    if (at >= scope.exposures.size()) scope.exposures.resize(at + 1);
    std::int64_t& working =
        order.terms.sell ? scope.exposures[at].workingSell : scope.exposures[at].workingBuy;
    working = capped_sum(working, leaves);
  }
  const std::uint32_t asset = reserve_asset(order.terms, instrument);
  if (asset == 0) return;
  Balance& held = balance(order.terms.account, asset);
  held.reserved = sign > 0 ? held.reserved + order.reserve : held.reserved - order.reserve;
}

bool RiskGate::on_working_changed(std::uint64_t orderId, std::int64_t leaves, std::int64_t price) {
  const auto found = orders_.find(orderId);
  if (found == orders_.end()) return false;
  Working& order = found->second;
  const Instrument& instrument = instruments_[order.terms.instrument];
  count(order, -1);
  order.terms.price = price;
  order.leaves = leaves;
  const std::int64_t valued = valued_price(order.terms, instrument);
  order.notional = capped_product(valued, leaves, instrument.terms.notionalMultiplier);
  order.reserve = reserve_of(order.terms, instrument, valued, leaves);
  count(order, 1);
  return true;
}

bool RiskGate::on_fill(const OrderRequest& order, std::uint32_t feeAsset, Wide fee) {
  if (order.instrument >= instruments_.size() || !instruments_[order.instrument].defined ||
      !known(order))
    return false;
  const Instrument& instrument = instruments_[order.instrument];
  if (const Working* working = find(order.orderId)) {
    on_working_changed(order.orderId, std::max<std::int64_t>(working->leaves - order.quantity, 0),
                       working->terms.price);
  }
  const Path ids = path(order, instrument);
  const std::int64_t signedQuantity = order.sell ? -order.quantity : order.quantity;
  for (std::size_t kind = 0; kind < kVenue; kind += 1) {
    auto& exposures = scopes_[kind][ids[kind]].exposures;
    const std::size_t at = kind == kInstrument ? 0 : order.instrument;
    if (at >= exposures.size()) exposures.resize(at + 1);
    exposures[at].position = capped_sum(exposures[at].position, signedQuantity);
  }
  const Wide base = capped_product(order.quantity, instrument.terms.baseMultiplier, 1);
  const Wide quote = capped_product(order.price, order.quantity, instrument.terms.quoteMultiplier);
  if (instrument.terms.baseAsset != 0) {
    Wide& total = balance(order.account, instrument.terms.baseAsset).total;
    total = order.sell ? total - base : total + base;
  }
  if (instrument.terms.quoteAsset != 0) {
    Wide& total = balance(order.account, instrument.terms.quoteAsset).total;
    total = order.sell ? total + quote : total - quote;
  }
  if (feeAsset != 0 && feeAsset <= kMaxScopeId) {
    Wide& total = balance(order.account, feeAsset).total;
    total = total - fee;
  }
  return true;
}

bool RiskGate::on_done(std::uint64_t orderId) {
  const auto found = orders_.find(orderId);
  if (found == orders_.end()) return false;
  count(found->second, -1);
  const Path ids = path(found->second.terms, instruments_[found->second.terms.instrument]);
  for (std::size_t kind = 0; kind < kScopeKinds; kind += 1)
    scopes_[kind][ids[kind]].openOrders -= 1;
  orders_.erase(found);
  return true;
}

Exposure RiskGate::exposure(ScopeKind kind, std::uint32_t id, std::uint32_t instrument) const {
  const auto& scopes = scopes_[static_cast<std::size_t>(kind)];
  if (id >= scopes.size() || instrument >= instruments_.size()) return {};
  if (kind == ScopeKind::Instrument && id != instrument) return {};
  if (kind == ScopeKind::Venue && instruments_[instrument].terms.venue != id) return {};
  return exposure_of(static_cast<std::size_t>(kind), id, instrument);
}

std::int64_t RiskGate::open_orders(ScopeKind kind, std::uint32_t id) const {
  const auto& scopes = scopes_[static_cast<std::size_t>(kind)];
  return id < scopes.size() ? scopes[id].openOrders : 0;
}

Wide RiskGate::working_notional(ScopeKind kind, std::uint32_t id) const {
  const auto& scopes = scopes_[static_cast<std::size_t>(kind)];
  return id < scopes.size() ? scopes[id].workingNotional : Wide{};
}

}  // namespace qd
