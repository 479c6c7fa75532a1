#pragma once

// The slow, obvious matching engine that the fast one must agree with: ordered maps of queues,
// everything found by looking.
#include <algorithm>
#include <deque>
#include <map>
#include <vector>

#include "matching/types.hpp"

namespace qd::test {

using namespace qd::matching;

class MatchingModel {
 public:
  struct Resting {
    NewOrder terms;
    std::int64_t leaves;
  };
  using Queue = std::deque<Resting>;

  explicit MatchingModel(const MatchingConfig& config)
      : config_(config), tradeId_(config.firstTradeId) {}

  std::vector<Event> events;
  MarketState state = MarketState::Trading;
  std::map<std::int64_t, Queue> bids, asks;
  std::vector<Resting> stops;  // in order of arrival
  std::map<std::pair<Side, std::int64_t>, bool> touched;

  void submit(const NewOrder& order) {
    const Reason reason = check(order);
    if (reason != Reason::None)
      return say(EventKind::Rejected, reason, order, order.price, order.quantity, 0);
    say(EventKind::Accepted, Reason::None, order, limit(order), order.quantity, order.quantity);
    if (order.type >= OrderType::Stop) {
      stops.push_back({order, order.quantity});
      return;
    }
    execute(order);
    while (!fired_.empty()) {
      const Resting stop = fired_.front();
      fired_.pop_front();
      NewOrder order = stop.terms;
      order.quantity = stop.leaves;
      say(EventKind::Triggered, Reason::None, order, order.stopPrice, stop.leaves, stop.leaves);
      execute(order);
    }
  }

  void cancel(std::uint64_t id) {
    if (state == MarketState::Halted) return reject(id, Reason::Halted, 0);
    if (!take_out(id, Reason::None)) reject(id, Reason::UnknownOrder, 0);
  }

  void amend(std::uint64_t id, std::int64_t leaves) {
    if (state == MarketState::Halted) return reject(id, Reason::Halted, leaves);
    Resting* order = find(id);
    if (order == nullptr) return reject(id, Reason::UnknownOrder, leaves);
    if (leaves <= 0) return reject(id, Reason::InvalidQuantity, leaves);
    if (leaves % config_.stepSize != 0) return reject(id, Reason::QuantityOffStep, leaves);
    if (leaves >= order->leaves) return reject(id, Reason::NotAReduction, leaves);
    say(EventKind::Amended, Reason::None, order->terms, limit(order->terms), order->leaves - leaves,
        leaves);
    order->leaves = leaves;
    if (order->terms.type < OrderType::Stop || find_stop(id) == nullptr) touch(order->terms);
  }

  void replace(std::uint64_t id, const NewOrder& order) {
    Reason reason = Reason::None;
    if (state == MarketState::Halted) reason = Reason::Halted;
    if (state == MarketState::CancelOnly) reason = Reason::CancelOnly;
    if (reason == Reason::None && find(id) == nullptr) reason = Reason::UnknownOrder;
    if (reason != Reason::None)
      return say(EventKind::Rejected, reason, order, order.price, order.quantity, 0);
    take_out(id, Reason::Replaced);
    submit(order);
  }

  Resting* find(std::uint64_t id) {
    Resting* stop = find_stop(id);
    return stop != nullptr ? stop : find_resting(id);
  }

  Resting* find_resting(std::uint64_t id) {
    for (auto* side : {&bids, &asks}) {
      for (auto& [price, queue] : *side) {
        for (Resting& order : queue) {
          if (order.terms.orderId == id) return &order;
        }
      }
    }
    return nullptr;
  }

  bool position(std::uint64_t id, QueuePosition& out) {
    for (auto* side : {&bids, &asks}) {
      for (auto& [price, queue] : *side) {
        out = {0, 0};
        for (Resting& order : queue) {
          if (order.terms.orderId == id) return true;
          out.quantityAhead += order.leaves;
          out.ordersAhead += 1;
        }
      }
    }
    return false;
  }

  std::int64_t total(Side side, std::int64_t price) const {
    const auto& book = side == Side::Buy ? bids : asks;
    const auto found = book.find(price);
    std::int64_t sum = 0;
    if (found != book.end()) {
      for (const Resting& order : found->second) sum += order.leaves;
    }
    return sum;
  }

 private:
  static bool market(const NewOrder& order) {
    return order.type == OrderType::Market || order.type == OrderType::Stop ||
           order.type == OrderType::TakeProfit;
  }
  static std::int64_t limit(const NewOrder& order) { return market(order) ? 0 : order.price; }
  static bool rises(const NewOrder& order) {
    const bool stop = order.type == OrderType::Stop || order.type == OrderType::StopLimit;
    const bool profit =
        order.type == OrderType::TakeProfit || order.type == OrderType::TakeProfitLimit;
    return (stop && order.side == Side::Buy) || (profit && order.side == Side::Sell);
  }
  static bool reached(const NewOrder& order, std::int64_t price) {
    return rises(order) ? price >= order.stopPrice : price <= order.stopPrice;
  }

  void say(EventKind kind, Reason reason, const NewOrder& order, std::int64_t price,
           std::int64_t quantity, std::int64_t left) {
    events.push_back({order.orderId, 0, 0, price, quantity, left, 0, kind, reason, order.side});
  }
  void reject(std::uint64_t id, Reason reason, std::int64_t leaves) {
    events.push_back({id, 0, 0, 0, leaves, 0, 0, EventKind::Rejected, reason, Side::Buy});
  }
  void touch(const NewOrder& order) { touched[{order.side, order.price}] = true; }

  Reason check(const NewOrder& o) {
    if (state == MarketState::Halted) return Reason::Halted;
    if (state == MarketState::CancelOnly) return Reason::CancelOnly;
    if (static_cast<int>(o.side) > 1 || static_cast<int>(o.type) > 6 ||
        static_cast<int>(o.timeInForce) > 2 || static_cast<int>(o.selfTrade) > 3)
      return Reason::InvalidOrder;
    if (market(o) && o.timeInForce == TimeInForce::Fok) return Reason::InvalidOrder;
    if (o.type == OrderType::LimitMaker && o.timeInForce != TimeInForce::Gtc)
      return Reason::InvalidOrder;
    if (o.quoteAmount != 0 && (o.type != OrderType::Market || o.quantity != 0))
      return Reason::InvalidOrder;
    if (o.quoteAmount < 0) return Reason::InvalidQuantity;
    if (o.quoteAmount == 0) {
      if (o.quantity < 1 || o.quantity > kMaxMantissa) return Reason::InvalidQuantity;
      if (o.quantity % config_.stepSize != 0) return Reason::QuantityOffStep;
    }
    if (!market(o)) {
      if (o.price < 1 || o.price > kMaxMantissa) return Reason::InvalidPrice;
      if (o.price % config_.tickSize != 0) return Reason::PriceOffTick;
    }
    if (o.type >= OrderType::Stop) {
      if (o.stopPrice < 1 || o.stopPrice > kMaxMantissa) return Reason::InvalidStopPrice;
      if (o.stopPrice % config_.tickSize != 0) return Reason::StopPriceOffTick;
    }
    if (find(o.orderId) != nullptr) return Reason::DuplicateOrderId;
    if (o.type >= OrderType::Stop && last_ != 0 && reached(o, last_)) return Reason::WouldTrigger;
    if (o.type == OrderType::LimitMaker && best(o) != 0 && acceptable(o, best(o)))
      return Reason::WouldTake;
    return Reason::None;
  }

  // Best price of the other side; 0 when it is empty.
  std::int64_t best(const NewOrder& taker) const {
    if (taker.side == Side::Buy) return asks.empty() ? 0 : asks.begin()->first;
    return bids.empty() ? 0 : bids.rbegin()->first;
  }
  static bool acceptable(const NewOrder& taker, std::int64_t price) {
    if (market(taker)) return true;
    return taker.side == Side::Buy ? price <= taker.price : price >= taker.price;
  }
  static bool same_owner(const NewOrder& taker, const Resting& maker) {
    return taker.selfTrade != SelfTrade::None && taker.owner != 0 &&
           taker.owner == maker.terms.owner;
  }

  // Fill-or-kill: fills a copy of the book to see.
  bool fills_whole(const NewOrder& taker) {
    auto copy = taker.side == Side::Buy ? asks : bids;
    std::int64_t wanted = taker.quantity;
    while (wanted > 0 && !copy.empty()) {
      const auto level = taker.side == Side::Buy ? copy.begin() : std::prev(copy.end());
      if (!acceptable(taker, level->first)) return false;
      for (const Resting& maker : level->second) {
        if (same_owner(taker, maker)) {
          if (taker.selfTrade != SelfTrade::ExpireMaker) return wanted == 0;
          continue;
        }
        wanted -= std::min(wanted, maker.leaves);
        if (wanted == 0) return true;
      }
      copy.erase(level);
    }
    return wanted == 0;
  }

  void execute(const NewOrder& taker) {
    auto& book = taker.side == Side::Buy ? asks : bids;
    std::int64_t left = taker.quantity;
    std::int64_t money = taker.quoteAmount;
    const bool quoted = money != 0;
    bool prevented = false;
    const bool tries = taker.timeInForce != TimeInForce::Fok || fills_whole(taker);
    while (tries && !prevented && (quoted || left > 0) && best(taker) != 0 &&
           acceptable(taker, best(taker))) {
      const std::int64_t price = best(taker);
      Queue& queue = book[price];
      Resting& maker = queue.front();
      if (same_owner(taker, maker)) {
        prevented = taker.selfTrade != SelfTrade::ExpireMaker;
        if (taker.selfTrade != SelfTrade::ExpireTaker) {
          say(EventKind::Expired, Reason::SelfTradePrevention, maker.terms, price, maker.leaves, 0);
          touch(maker.terms);
          queue.pop_front();
          if (queue.empty()) book.erase(price);
        }
        continue;
      }
      std::int64_t quantity = std::min(maker.leaves, left);
      if (quoted)
        quantity = std::min(maker.leaves, money / price / config_.stepSize * config_.stepSize);
      if (quantity == 0) break;
      if (quoted) money -= quantity * price;
      if (!quoted) left -= quantity;
      maker.leaves -= quantity;
      events.push_back({taker.orderId, maker.terms.orderId, tradeId_++, price, quantity, left,
                        maker.leaves, EventKind::Traded, Reason::None, taker.side});
      touch(maker.terms);
      if (maker.leaves == 0) queue.pop_front();
      if (queue.empty()) book.erase(price);
      fire(price);
    }
    if (quoted) {
      if (prevented) return say(EventKind::Expired, Reason::SelfTradePrevention, taker, 0, 0, 0);
      if (best(taker) == 0 && money > 0)
        return say(EventKind::Expired, Reason::NoLiquidity, taker, 0, 0, 0);
      return say(EventKind::Completed, Reason::None, taker, 0, 0, 0);
    }
    if (left == 0) return;
    Reason reason = Reason::None;
    auto& mine = taker.side == Side::Buy ? bids : asks;
    if (total(taker.side, taker.price) > kMaxMantissa - left) reason = Reason::LevelFull;
    if (taker.timeInForce == TimeInForce::Ioc) reason = Reason::ImmediateOrCancel;
    if (taker.timeInForce == TimeInForce::Fok) reason = Reason::FillOrKill;
    if (market(taker)) reason = Reason::NoLiquidity;
    if (prevented) reason = Reason::SelfTradePrevention;
    if (reason != Reason::None)
      return say(EventKind::Expired, reason, taker, limit(taker), left, 0);
    mine[taker.price].push_back({taker, left});
    touch(taker);
  }

  // Those the price rises to first, lowest stop first, then those it falls to, highest first; equal
  // ones by arrival.
  void fire(std::int64_t price) {
    last_ = price;
    for (const bool rising : {true, false}) {
      std::vector<Resting> now;
      for (const Resting& stop : stops) {
        if (rises(stop.terms) == rising && reached(stop.terms, price)) now.push_back(stop);
      }
      std::stable_sort(now.begin(), now.end(), [rising](const Resting& a, const Resting& b) {
        return rising ? a.terms.stopPrice < b.terms.stopPrice
                      : a.terms.stopPrice > b.terms.stopPrice;
      });
      for (const Resting& stop : now) {
        fired_.push_back(stop);
        std::erase_if(
            stops, [&](const Resting& other) { return other.terms.orderId == stop.terms.orderId; });
      }
    }
  }

  Resting* find_stop(std::uint64_t id) {
    for (Resting& stop : stops) {
      if (stop.terms.orderId == id) return &stop;
    }
    return nullptr;
  }

  bool take_out(std::uint64_t id, Reason reason) {
    if (const Resting* stop = find_stop(id)) {
      say(EventKind::Canceled, reason, stop->terms, limit(stop->terms), stop->leaves, 0);
      std::erase_if(stops, [&](const Resting& other) { return other.terms.orderId == id; });
      return true;
    }
    const Resting* found = find_resting(id);
    if (found == nullptr) return false;
    const Resting order = *found;
    say(EventKind::Canceled, reason, order.terms, order.terms.price, order.leaves, 0);
    touch(order.terms);
    auto& book = order.terms.side == Side::Buy ? bids : asks;
    Queue& queue = book[order.terms.price];
    std::erase_if(queue, [&](const Resting& other) { return other.terms.orderId == id; });
    if (queue.empty()) book.erase(order.terms.price);
    return true;
  }

  MatchingConfig config_;
  std::uint64_t tradeId_;
  std::int64_t last_ = 0;
  std::deque<Resting> fired_;
};

}  // namespace qd::test
