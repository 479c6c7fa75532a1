#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "risk/recent.hpp"
#include "risk/types.hpp"

namespace qd {

// Checks an order against everything that limits it, in one pass over its own tallies. Changes only
// by what it is told; reads no clock.
class RiskGate {
 public:
  RiskGate();

  void configure(const risk::GateSettings& settings) noexcept { settings_ = settings; }
  // Both false when an id is above `kMaxScopeId`, or venue or assets of an instrument would change.
  // Tallies stay.
  bool define_instrument(std::uint32_t instrument, const risk::InstrumentTerms& terms);
  bool define_scope(risk::ScopeKind kind, std::uint32_t id, const risk::Limits& limits);
  void set_trading_state(std::uint32_t account, risk::TradingState state);
  void set_armed(std::uint32_t client, bool armed);
  // All that the account owns of the asset, free and reserved.
  void set_balance(std::uint32_t account, std::uint32_t asset, Wide total);
  void on_quote(std::uint32_t instrument, std::int64_t bid, std::int64_t ask, std::int64_t time);

  risk::Verdict check(const risk::OrderRequest& order) const;

  // Facts. False when the order (or its instrument or a scope) is not known, or already known for
  // `on_submitted`.
  bool on_submitted(const risk::OrderRequest& order);
  bool on_working_changed(std::uint64_t orderId, std::int64_t leaves, std::int64_t price);
  // `order` gives scopes and side, its price and quantity those of the fill; its id need not be
  // working any more.
  bool on_fill(const risk::OrderRequest& order, std::uint32_t feeAsset, Wide fee);
  bool on_done(std::uint64_t orderId);

  risk::Exposure exposure(risk::ScopeKind kind, std::uint32_t id, std::uint32_t instrument) const;
  std::int64_t open_orders(risk::ScopeKind kind, std::uint32_t id) const;
  Wide working_notional(risk::ScopeKind kind, std::uint32_t id) const;
  // What the account could still commit of an asset.
  Wide available(std::uint32_t account, std::uint32_t asset) const;

  // Everything it was told (not the configuration) as integers in one canonical order.
  std::vector<std::int64_t> tallies() const;
  // Replaces everything it was told; the configuration must be the one of before. False, and
  // nothing is changed, when the numbers are not tallies of this configuration.
  bool restore(std::span<const std::int64_t> tallies);

 private:
  struct Instrument {
    risk::InstrumentTerms terms;
    bool defined = false;
    bool quoted = false;
    std::int64_t bid = 0;
    std::int64_t ask = 0;
    std::int64_t quoteTime = 0;
  };
  struct Scope {
    risk::Limits limits;
    bool defined = false;
    bool armed = false;                                     // clients
    risk::TradingState state = risk::TradingState::Locked;  // accounts
    std::int64_t openOrders = 0;
    Wide workingNotional;
    risk::RateRing rate;
    std::vector<risk::Exposure>
        exposures;  // by instrument; not for venues, whose orders are their instruments'
  };
  struct Balance {
    Wide total;
    Wide reserved;
  };
  struct Working {
    risk::OrderRequest terms;
    std::int64_t leaves;
    Wide notional;  // of the leaves
    Wide reserve;   // of the leaves, in units of the asset it takes
  };
  using Path = std::array<std::uint32_t, risk::kScopeKinds>;

  static Path path(const risk::OrderRequest& order, const Instrument& instrument) noexcept;
  bool known(const risk::OrderRequest& order) const noexcept;
  const Scope& scope(std::size_t kind, std::uint32_t id) const noexcept {
    return scopes_[kind][id];
  }
  risk::Exposure exposure_of(std::size_t kind, std::uint32_t id,
                             std::uint32_t instrument) const noexcept;
  std::int64_t valued_price(const risk::OrderRequest& order,
                            const Instrument& instrument) const noexcept;
  risk::Verdict check_form(const risk::OrderRequest& order,
                           const risk::InstrumentTerms& terms) const noexcept;
  risk::Verdict check_state(const risk::OrderRequest& order, bool reducing) const noexcept;
  risk::Verdict check_market(const risk::OrderRequest& order, const Instrument& instrument,
                             bool reducing) const noexcept;
  risk::Verdict check_scope(const risk::OrderRequest& order, std::size_t kind, std::uint32_t id,
                            Wide notional, bool reducing, const Working* replaced) const noexcept;
  risk::Verdict check_balance(const risk::OrderRequest& order, const Instrument& instrument,
                              std::int64_t price, const Working* replaced) const;
  bool reduces(const risk::OrderRequest& order, const Working* replaced) const noexcept;
  const Working* find(std::uint64_t orderId) const;
  Wide reserve_of(const risk::OrderRequest& order, const Instrument& instrument, std::int64_t price,
                  std::int64_t quantity) const noexcept;
  std::uint32_t reserve_asset(const risk::OrderRequest& order,
                              const Instrument& instrument) const noexcept;
  // Adds (sign 1) or takes away (sign -1) what an order has working.
  void count(const Working& order, int sign);
  Balance& balance(std::uint32_t account, std::uint32_t asset);
  const Balance* find_balance(std::uint32_t account, std::uint32_t asset) const;

  risk::GateSettings settings_;
  std::vector<Instrument> instruments_;
  std::array<std::vector<Scope>, risk::kScopeKinds> scopes_;
  std::vector<std::vector<Balance>> balances_;  // by account, then asset
  std::unordered_map<std::uint64_t, Working> orders_;
  risk::RecentOrders recent_;

  friend class RiskTallies;
};

}  // namespace qd
