#pragma once

#include <cstdint>
#include <limits>

#include "risk/wide.hpp"

// Vocabulary of the pre-trade gate. Prices and quantities are mantissas at the instrument's scales,
// times microseconds; the numbers of the enumerations are the wire format of the binding and of
// saved tallies and never change meaning.
namespace qd::risk {

enum class Reason : std::uint8_t {
  Ok = 0,
  TradingLocked = 1,
  TradingHalted = 2,
  ReduceOnly = 3,
  NotArmed = 4,
  MaxOrderQuantity = 5,
  MaxOrderNotional = 6,
  PriceCollar = 7,
  MaxPosition = 8,
  MaxOpenOrders = 9,
  MaxWorkingNotional = 10,
  OrderRate = 11,
  DuplicateOrder = 12,
  StaleData = 13,
  InsufficientBalance = 14,
  UnknownInstrument = 15,
  QuantityOffStep = 16,
  PriceOffTick = 17,
  BelowMinNotional = 18,
  MinQuantity = 19,
  MaxQuantity = 20,
  MinPrice = 21,
  MaxPrice = 22,
  UnknownScope = 23,
  UnknownReplaced = 24,
  DuplicateOrderId = 25,
};

enum class TradingState : std::uint8_t { Locked = 0, Active = 1, Reducing = 2, Halted = 3 };

// The order in which scopes are checked.
enum class ScopeKind : std::uint8_t {
  Instrument = 0,
  Account = 1,
  Client = 2,
  Strategy = 3,
  Venue = 4
};
inline constexpr std::size_t kScopeKinds = 5;

inline constexpr std::int64_t kMaxMantissa = 9007199254740991;  // 2^53 - 1
inline constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();
inline constexpr Wide kUnlimitedWide{std::numeric_limits<std::int64_t>::max(), ~std::uint64_t{0}};
inline constexpr std::uint32_t kMaxScopeId = 4095;

// Limits of one scope. Quantities are per instrument, at its scale; notionals at the gate's money
// scale.
struct Limits {
  std::int64_t maxOrderQuantity = kUnlimited;
  std::int64_t maxPosition = kUnlimited;  // |position| with everything working on the side filled
  std::int64_t maxOpenOrders = kUnlimited;
  Wide maxOrderNotional = kUnlimitedWide;
  Wide maxWorkingNotional = kUnlimitedWide;
  std::uint32_t rateCount = 0;  // orders in any `rateWindow`; 0: unlimited
  std::int64_t rateWindow = 0;
};

struct InstrumentTerms {
  std::int64_t tickSize = 1;
  std::int64_t minPrice = 1;
  std::int64_t maxPrice = kMaxMantissa;
  std::int64_t stepSize = 1;
  std::int64_t minQuantity = 1;
  std::int64_t maxQuantity = kMaxMantissa;
  Wide minNotional;                     // at the gate's money scale
  std::int64_t notionalMultiplier = 1;  // price x quantity x this = money
  std::uint32_t venue = 0;
  std::uint32_t baseAsset = 0;  // 0: its balance is not checked
  std::uint32_t quoteAsset = 0;
  std::int64_t baseMultiplier = 1;   // quantity x this = units of the base balance
  std::int64_t quoteMultiplier = 1;  // price x quantity x this = units of the quote balance
  std::int64_t collarBps = 0;  // how much worse than the reference a price may be; 0: no collar
  std::int64_t passiveCollarBps = 0;  // how much better; 0: no collar
  bool collarAgainstMid = false;      // else a buy against the ask, a sell against the bid
};

struct GateSettings {
  std::int64_t staleAfter = 0;       // age at which a quote no longer counts; 0: never
  std::int64_t duplicateWindow = 0;  // 0: no check
};

struct OrderRequest {
  std::uint64_t orderId = 0;
  std::uint64_t replaces = 0;  // a working order that this one takes the place of; 0: none
  std::uint32_t instrument = 0;
  std::uint32_t account = 0;
  std::uint32_t client = 0;    // 0: none
  std::uint32_t strategy = 0;  // 0: none
  bool sell = false;
  bool manual = false;
  bool reduceOnly = false;
  std::int64_t price = 0;  // limit, or stop price of a stop order; 0: at the market
  std::int64_t quantity = 0;
  std::int64_t now = 0;
  // Of the account's position, what was taken as fees: a sell that closes it cannot have it.
  std::int64_t spent = 0;
};

struct Verdict {
  Reason reason = Reason::Ok;
  ScopeKind scope = ScopeKind::Instrument;  // of the limit that tripped
  Wide limit;
  Wide seen;
};

// One scope's position in one instrument and what works in it.
struct Exposure {
  std::int64_t position = 0;
  std::int64_t workingBuy = 0;
  std::int64_t workingSell = 0;
};

}  // namespace qd::risk
