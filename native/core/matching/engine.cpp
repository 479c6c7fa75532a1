#include "matching/engine.hpp"

#include <algorithm>
#include <limits>

namespace qd {

using namespace matching;

namespace {

bool is_market(OrderType type) {
  return type == OrderType::Market || type == OrderType::Stop || type == OrderType::TakeProfit;
}

bool has_trigger(OrderType type) { return type >= OrderType::Stop; }

// Above the market: a stop to buy, a take-profit to sell.
bool fires_rising(Side side, OrderType type) {
  const bool stop = type == OrderType::Stop || type == OrderType::StopLimit;
  return stop == (side == Side::Buy);
}

Side other(Side side) { return static_cast<Side>(1 - static_cast<int>(side)); }

constexpr std::int64_t kAnyPrice = std::numeric_limits<std::int64_t>::min();

}  // namespace

// An order while it takes.
struct MatchingEngine::Taker {
  std::uint64_t id;
  std::int64_t price;      // limit
  std::int64_t worst;      // worst key of the opposite side it accepts
  std::int64_t leaves;     // of an order by quote amount: 0
  std::int64_t quoteLeft;  // of an order by quote amount
  std::uint32_t owner;
  Side side;
  OrderType type;
  TimeInForce timeInForce;
  SelfTrade selfTrade;
  bool byQuote;
  bool prevented;  // expired by self-trade prevention
};

MatchingEngine::MatchingEngine(const MatchingConfig& config)
    : tick_(config.tickSize),
      step_(config.stepSize),
      nextTradeId_(config.firstTradeId),
      sides_{BookSide(config.windowTicks), BookSide(config.windowTicks)},
      orders_(config.expectedOrders),
      ids_(orders_, config.expectedOrders) {
  changes_.reserve(1024);
  triggered_.reserve(64);
}

inline void MatchingEngine::emit(EventKind kind, Reason reason, Side side, std::uint64_t orderId,
                                 std::int64_t price, std::int64_t quantity, std::int64_t leaves) {
  Event& event = events_.next();
  event.orderId = orderId;
  event.makerOrderId = 0;
  event.tradeId = 0;
  event.price = price;
  event.quantity = quantity;
  event.leaves = leaves;
  event.makerLeaves = 0;
  event.kind = kind;
  event.reason = reason;
  event.side = side;
}

Reason MatchingEngine::refusal_of_terms(const NewOrder& order) const noexcept {
  if (static_cast<std::uint8_t>(order.side) > 1 ||
      static_cast<std::uint8_t>(order.type) >= kOrderTypes ||
      static_cast<std::uint8_t>(order.timeInForce) > 2 ||
      static_cast<std::uint8_t>(order.selfTrade) > 3) {
    return Reason::InvalidOrder;
  }
  const bool market = is_market(order.type);
  if (market && order.timeInForce == TimeInForce::Fok) return Reason::InvalidOrder;
  if (order.type == OrderType::LimitMaker && order.timeInForce != TimeInForce::Gtc)
    return Reason::InvalidOrder;
  if (order.quoteAmount != 0) {
    if (order.type != OrderType::Market || order.quantity != 0) return Reason::InvalidOrder;
    if (order.quoteAmount < 0) return Reason::InvalidQuantity;
  } else {
    if (order.quantity <= 0 || order.quantity > kMaxMantissa) return Reason::InvalidQuantity;
    if (step_ != 1 && order.quantity % step_ != 0) return Reason::QuantityOffStep;
  }
  if (!market) {
    if (order.price <= 0 || order.price > kMaxMantissa) return Reason::InvalidPrice;
    if (tick_ != 1 && order.price % tick_ != 0) return Reason::PriceOffTick;
  }
  if (has_trigger(order.type)) {
    if (order.stopPrice <= 0 || order.stopPrice > kMaxMantissa) return Reason::InvalidStopPrice;
    if (tick_ != 1 && order.stopPrice % tick_ != 0) return Reason::StopPriceOffTick;
  }
  return Reason::None;
}

bool MatchingEngine::would_trigger(const NewOrder& order) const noexcept {
  if (!traded_) return false;
  return fires_rising(order.side, order.type) ? lastPrice_ >= order.stopPrice
                                              : lastPrice_ <= order.stopPrice;
}

Reason MatchingEngine::refusal(const NewOrder& order) const noexcept {
  if (state_ != MarketState::Trading)
    return state_ == MarketState::Halted ? Reason::Halted : Reason::CancelOnly;
  const Reason terms = refusal_of_terms(order);
  if (terms != Reason::None) return terms;
  if (ids_.find(order.orderId) != kNil) return Reason::DuplicateOrderId;
  if (has_trigger(order.type) && would_trigger(order)) return Reason::WouldTrigger;
  if (order.type == OrderType::LimitMaker) {
    const BookSide& against = own(other(order.side));
    if (!against.empty() && against.best_key() >= key_of(other(order.side), order.price))
      return Reason::WouldTake;
  }
  return Reason::None;
}

void MatchingEngine::submit(const NewOrder& order) {
  const Reason reason = refusal(order);
  const bool market = is_market(order.type);
  const std::int64_t price = market ? 0 : order.price;
  if (reason != Reason::None) {
    emit(EventKind::Rejected, reason, order.side, order.orderId, order.price, order.quantity, 0);
    return;
  }
  emit(EventKind::Accepted, Reason::None, order.side, order.orderId, price, order.quantity,
       order.quantity);
  if (has_trigger(order.type)) {
    wait_for_trigger(order);
    return;
  }
  Taker taker{order.orderId,
              price,
              market ? kAnyPrice : key_of(other(order.side), price),
              order.quantity,
              order.quoteAmount,
              order.owner,
              order.side,
              order.type,
              order.timeInForce,
              order.selfTrade,
              order.quoteAmount != 0,
              false};
  execute(taker);
  if (!triggered_.empty()) run_triggered();
}

void MatchingEngine::execute(Taker& taker) {
  const BookSide& against = opposite(taker.side);
  if (!against.empty() && against.best_key() >= taker.worst) {
    if (taker.timeInForce != TimeInForce::Fok || fillable(taker)) match(taker);
  }
  finish(taker);
}

// How much of a maker the taker can still take at `price`.
inline std::int64_t MatchingEngine::takeable(const Taker& taker, std::int64_t price,
                                             std::int64_t makerLeaves) const {
  if (!taker.byQuote) return std::min(taker.leaves, makerLeaves);
  const std::int64_t affordable = taker.quoteLeft / price;
  return std::min(affordable - affordable % step_, makerLeaves);
}

void MatchingEngine::match(Taker& taker) {
  BookSide& against = opposite(taker.side);
  while (!against.empty() && against.best_key() >= taker.worst) {
    const std::int64_t key = against.best_key();
    const std::int64_t price = price_of(other(taker.side), key);
    Level& level = against.best();
    const std::uint32_t index = level.head;
    Order& maker = orders_[index];
    if (taker.selfTrade != SelfTrade::None && taker.owner != 0 && maker.owner == taker.owner) {
      taker.prevented = taker.selfTrade != SelfTrade::ExpireMaker;
      if (taker.selfTrade != SelfTrade::ExpireTaker) {
        emit(EventKind::Expired, Reason::SelfTradePrevention, maker.side, maker.id, price,
             maker.leaves, 0);
        remove(against, level, index);
      }
      if (taker.prevented) return;
      continue;
    }
    const std::int64_t quantity = takeable(taker, price, maker.leaves);
    if (quantity == 0) return;
    if (taker.byQuote) {
      taker.quoteLeft -= quantity * price;
    } else {
      taker.leaves -= quantity;
    }
    const std::int64_t makerLeaves = maker.leaves - quantity;
    Event& event = events_.next();
    event.orderId = taker.id;
    event.makerOrderId = maker.id;
    event.tradeId = nextTradeId_;
    event.price = price;
    event.quantity = quantity;
    event.leaves = taker.leaves;
    event.makerLeaves = makerLeaves;
    event.kind = EventKind::Traded;
    event.reason = Reason::None;
    event.side = taker.side;
    nextTradeId_ += 1;
    if (makerLeaves == 0) {
      remove(against, level, index);
    } else {
      reduce_level(against, level, maker, quantity, false);
      maker.leaves = makerLeaves;
    }
    collect_triggered(price);
    if (!taker.byQuote && taker.leaves == 0) return;
  }
}

// Whether a fill-or-kill order can be filled whole; orders of the same owner count as self-trade
// prevention would treat them.
bool MatchingEngine::fillable(const Taker& taker) {
  const BookSide& against = opposite(taker.side);
  const bool prevents = taker.selfTrade != SelfTrade::None && taker.owner != 0;
  std::int64_t wanted = taker.leaves;
  for (std::int64_t key = against.best_key(); key != kNoKey && key >= taker.worst;
       key = against.worse_than(key)) {
    const Level& level = *against.find(key);
    if (!prevents) {
      wanted -= std::min(wanted, level.total);
      if (wanted == 0) return true;
      continue;
    }
    for (std::uint32_t index = level.head; index != kNil; index = orders_[index].next) {
      const Order& maker = orders_[index];
      if (maker.owner == taker.owner) {
        if (taker.selfTrade != SelfTrade::ExpireMaker) return false;
        continue;
      }
      wanted -= std::min(wanted, maker.leaves);
      if (wanted == 0) return true;
    }
  }
  return false;
}

// What becomes of the rest.
void MatchingEngine::finish(Taker& taker) {
  if (taker.byQuote) {
    if (taker.prevented) {
      emit(EventKind::Expired, Reason::SelfTradePrevention, taker.side, taker.id, 0, 0, 0);
    } else if (taker.quoteLeft > 0 && opposite(taker.side).empty()) {
      emit(EventKind::Expired, Reason::NoLiquidity, taker.side, taker.id, 0, 0, 0);
    } else {
      emit(EventKind::Completed, Reason::None, taker.side, taker.id, 0, 0, 0);
    }
    return;
  }
  if (taker.leaves == 0) return;
  Reason reason = Reason::None;
  if (taker.prevented) {
    reason = Reason::SelfTradePrevention;
  } else if (is_market(taker.type)) {
    reason = Reason::NoLiquidity;
  } else if (taker.timeInForce == TimeInForce::Fok) {
    reason = Reason::FillOrKill;
  } else if (taker.timeInForce == TimeInForce::Ioc) {
    reason = Reason::ImmediateOrCancel;
  }
  if (reason == Reason::None) {
    rest(taker);
    return;
  }
  emit(EventKind::Expired, reason, taker.side, taker.id, taker.price, taker.leaves, 0);
}

void MatchingEngine::rest(const Taker& taker) {
  BookSide& side = own(taker.side);
  const std::int64_t key = key_of(taker.side, taker.price);
  Level& level = side.open(key);
  if (level.total > kMaxMantissa - taker.leaves) {
    emit(EventKind::Expired, Reason::LevelFull, taker.side, taker.id, taker.price, taker.leaves, 0);
    return;
  }
  const std::uint32_t index = orders_.allocate();
  // Field by field: a temporary would be read back wider than it was written, which stalls.
  Order& order = orders_[index];
  order.id = taker.id;
  order.key = key;
  order.leaves = taker.leaves;
  order.sequence = nextSequence_;
  order.next = kNil;
  order.previous = level.tail;
  order.owner = taker.owner;
  order.side = taker.side;
  order.type = taker.type;
  order.waiting = false;
  order.tracked = false;
  nextSequence_ += 1;
  // Order 0 is nobody, so writing to it is cheaper than asking.
  orders_[level.tail].next = index;
  level.head = level.tail == kNil ? index : level.head;
  level.tail = index;
  level.count += 1;
  level.total += taker.leaves;
  side.mark(level, key);
  ids_.insert(taker.id, index);
}

void MatchingEngine::wait_for_trigger(const NewOrder& order) {
  const bool rising = fires_rising(order.side, order.type);
  const std::int64_t key = rising ? -order.stopPrice : order.stopPrice;
  const std::uint32_t index = orders_.allocate();
  orders_[index] = {order.orderId,
                    key,
                    order.quantity,
                    nextSequence_,
                    is_market(order.type) ? 0 : order.price,
                    kNil,
                    kNil,
                    order.owner,
                    order.side,
                    order.type,
                    order.timeInForce,
                    order.selfTrade,
                    true,
                    false};
  (rising ? rising_ : falling_).add({key, nextSequence_, index});
  nextSequence_ += 1;
  ids_.insert(order.orderId, index);
}

inline void MatchingEngine::collect_triggered(std::int64_t price) {
  traded_ = true;
  lastPrice_ = price;
  while (rising_.reached(-price)) triggered_.push_back(rising_.take().index);
  while (falling_.reached(price)) triggered_.push_back(falling_.take().index);
}

// Runs what fired in the order it fired; what that trades may fire more, which queue behind.
void MatchingEngine::run_triggered() {
  for (std::size_t next = 0; next < triggered_.size(); next += 1) {
    const std::uint32_t index = triggered_[next];
    const Order order = orders_[index];
    ids_.erase(order.id, index);
    orders_.release(index);
    const std::int64_t stopPrice = fires_rising(order.side, order.type) ? -order.key : order.key;
    emit(EventKind::Triggered, Reason::None, order.side, order.id, stopPrice, order.leaves,
         order.leaves);
    const bool market = is_market(order.type);
    Taker taker{order.id,
                order.limitPrice,
                market ? kAnyPrice : key_of(other(order.side), order.limitPrice),
                order.leaves,
                0,
                order.owner,
                order.side,
                order.type,
                order.timeInForce,
                order.selfTrade,
                false,
                false};
    execute(taker);
  }
  triggered_.clear();
}

void MatchingEngine::cancel(std::uint64_t orderId, std::uint32_t located) {
  const std::uint32_t index = state_ == MarketState::Halted ? kNil : resolve(orderId, located);
  if (index == kNil) {
    const Reason reason = state_ == MarketState::Halted ? Reason::Halted : Reason::UnknownOrder;
    emit(EventKind::Rejected, reason, Side::Buy, orderId, 0, 0, 0);
    return;
  }
  cancel_at(index, Reason::None);
}

void MatchingEngine::cancel_at(std::uint32_t index, Reason reason) {
  const Order& order = orders_[index];
  if (order.waiting) {
    emit(EventKind::Canceled, reason, order.side, order.id, order.limitPrice, order.leaves, 0);
    (fires_rising(order.side, order.type) ? rising_ : falling_).remove(order.key, order.sequence);
    ids_.erase(order.id, index);
    orders_.release(index);
    return;
  }
  emit(EventKind::Canceled, reason, order.side, order.id, price_of(order.side, order.key),
       order.leaves, 0);
  BookSide& side = own(order.side);
  remove(side, side.at(order.key), index);
}

void MatchingEngine::amend(std::uint64_t orderId, std::int64_t leaves, std::uint32_t located) {
  Reason reason = state_ == MarketState::Halted ? Reason::Halted : Reason::None;
  const std::uint32_t index = reason == Reason::None ? resolve(orderId, located) : kNil;
  if (reason == Reason::None) reason = refusal_of_amend(index, leaves);
  if (reason != Reason::None) {
    emit(EventKind::Rejected, reason, Side::Buy, orderId, 0, leaves, 0);
    return;
  }
  Order& order = orders_[index];
  const std::int64_t reduction = order.leaves - leaves;
  if (!order.waiting) {
    BookSide& side = own(order.side);
    reduce_level(side, side.at(order.key), order, reduction, false);
  }
  order.leaves = leaves;
  const std::int64_t price = order.waiting ? order.limitPrice : price_of(order.side, order.key);
  emit(EventKind::Amended, Reason::None, order.side, orderId, price, reduction, leaves);
}

Reason MatchingEngine::refusal_of_amend(std::uint32_t index, std::int64_t leaves) const noexcept {
  if (index == kNil) return Reason::UnknownOrder;
  if (leaves <= 0) return Reason::InvalidQuantity;
  if (leaves % step_ != 0) return Reason::QuantityOffStep;
  return leaves < orders_[index].leaves ? Reason::None : Reason::NotAReduction;
}

void MatchingEngine::replace(std::uint64_t orderId, const NewOrder& order) {
  Reason reason = Reason::None;
  if (state_ != MarketState::Trading)
    reason = state_ == MarketState::Halted ? Reason::Halted : Reason::CancelOnly;
  const std::uint32_t index = reason == Reason::None ? ids_.find(orderId) : kNil;
  if (reason == Reason::None && index == kNil) reason = Reason::UnknownOrder;
  if (reason != Reason::None) {
    emit(EventKind::Rejected, reason, order.side, order.orderId, order.price, order.quantity, 0);
    return;
  }
  cancel_at(index, Reason::Replaced);
  submit(order);
}

// Takes `quantity` of `order` off its level, and off what stands ahead of the tracked orders behind
// it.
inline void MatchingEngine::reduce_level(BookSide& side, Level& level, const Order& order,
                                         std::int64_t quantity, bool leavesQueue) {
  level.total -= quantity;
  side.mark(level, order.key);
  for (std::uint32_t index = level.tracked; index != kNil;) {
    Ahead& ahead = orders_.ahead(index);
    if (orders_[index].sequence > order.sequence) {
      ahead.quantity -= quantity;
      if (leavesQueue) ahead.orders -= 1;
    }
    index = ahead.nextTracked;
  }
}

void MatchingEngine::remove(BookSide& side, Level& level, std::uint32_t index) {
  ids_.erase(orders_[index].id, index);
  unlink(side, level, index);
}

inline void MatchingEngine::unlink(BookSide& side, Level& level, std::uint32_t index) {
  const Order& order = orders_[index];
  if (order.tracked) drop_tracking(level, index);
  reduce_level(side, level, order, order.leaves, true);
  orders_[order.previous].next = order.next;
  orders_[order.next].previous = order.previous;
  level.head = order.previous == kNil ? order.next : level.head;
  level.tail = order.next == kNil ? order.previous : level.tail;
  level.count -= 1;
  if (level.count == 0) side.close(order.key);
  orders_.release(index);
}

void MatchingEngine::drop_tracking(Level& level, std::uint32_t index) {
  std::uint32_t* link = &level.tracked;
  while (*link != index) link = &orders_.ahead(*link).nextTracked;
  *link = orders_.ahead(index).nextTracked;
}

}  // namespace qd
