#pragma once

#include <cstdint>

// Vocabulary of the matching engine. Prices and quantities are mantissas at the instrument's
// scales; the numbers of the enumerations are the wire format of the binding and never change
// meaning.
namespace qd::matching {

enum class Side : std::uint8_t { Buy = 0, Sell = 1 };

enum class OrderType : std::uint8_t {
  Limit = 0,
  Market = 1,
  LimitMaker = 2,
  Stop = 3,
  StopLimit = 4,
  TakeProfit = 5,
  TakeProfitLimit = 6,
};
inline constexpr std::uint8_t kOrderTypes = 7;

enum class TimeInForce : std::uint8_t { Gtc = 0, Ioc = 1, Fok = 2 };

// Decided by the taker's mode when both orders carry the same non-zero owner.
enum class SelfTrade : std::uint8_t { None = 0, ExpireTaker = 1, ExpireMaker = 2, ExpireBoth = 3 };

// CancelOnly takes cancels and reductions; Halted takes nothing.
enum class MarketState : std::uint8_t { Trading = 0, CancelOnly = 1, Halted = 2 };

enum class EventKind : std::uint8_t {
  Accepted = 0,
  Rejected = 1,
  Traded = 2,
  Canceled = 3,
  Expired = 4,
  Triggered = 5,
  Amended = 6,
  Completed = 7,  // a market order by quote amount whose rest buys no further step
};

enum class Reason : std::uint8_t {
  None = 0,
  Halted = 1,
  CancelOnly = 2,
  InvalidOrder = 3,  // unknown enumeration value, or a combination no venue takes
  InvalidQuantity = 4,
  QuantityOffStep = 5,
  InvalidPrice = 6,
  PriceOffTick = 7,
  InvalidStopPrice = 8,
  StopPriceOffTick = 9,
  DuplicateOrderId = 10,
  WouldTake = 11,
  WouldTrigger = 12,
  UnknownOrder = 13,
  NotAReduction = 14,
  ImmediateOrCancel = 15,
  FillOrKill = 16,
  SelfTradePrevention = 17,
  NoLiquidity = 18,
  LevelFull = 19,  // the level's total would pass 2^53 - 1
  Replaced = 20,
};

inline constexpr std::int64_t kMaxMantissa = 9007199254740991;  // 2^53 - 1: exact in JavaScript

struct NewOrder {
  std::uint64_t orderId = 0;
  std::int64_t price = 0;        // limit types
  std::int64_t quantity = 0;     // 0 for a market order by quote amount
  std::int64_t stopPrice = 0;    // trigger types
  std::int64_t quoteAmount = 0;  // market only, at priceScale + quantityScale
  std::uint32_t owner = 0;       // 0: nobody, never prevented from trading
  Side side = Side::Buy;
  OrderType type = OrderType::Limit;
  TimeInForce timeInForce = TimeInForce::Gtc;
  SelfTrade selfTrade = SelfTrade::None;
};

struct Event {
  std::uint64_t orderId;       // of a trade: the taker
  std::uint64_t makerOrderId;  // trades only
  std::uint64_t tradeId;       // trades only
  std::int64_t price;          // trade price; limit price; stop price of Triggered
  std::int64_t quantity;       // accepted, traded, canceled, expired, or reduced by
  std::int64_t leaves;         // of orderId afterwards; 0 for an order by quote amount
  std::int64_t makerLeaves;    // trades only
  EventKind kind;
  Reason reason;
  Side side;  // of orderId; of a trade: the aggressor
};

struct LevelView {
  std::int64_t price;
  std::int64_t total;
  std::uint32_t orders;
};

struct LevelChange {
  Side side;
  std::int64_t price;
  std::int64_t total;  // 0: the level is gone
};

struct QueuePosition {
  std::int64_t quantityAhead;
  std::uint32_t ordersAhead;
};

struct MatchingConfig {
  std::int64_t tickSize = 1;
  std::int64_t stepSize = 1;
  std::uint32_t windowTicks =
      4096;  // power of two, 64..262144: ticks of each side indexed directly
  std::uint64_t firstTradeId = 1;
  std::uint32_t expectedOrders = 4096;  // live orders to allocate for
};

}  // namespace qd::matching
