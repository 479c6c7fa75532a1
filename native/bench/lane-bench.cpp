// The native lane in one thread: the bytes of one message are decoded, change the book, a trivial
// signal looks, one message in a hundred gives an order, which the risk gate checks and which is
// written as the venue's unsigned request. The baseline goes the slow way to the same requests:
// general reader, sorted maps, formatted output.
#include <algorithm>
#include <charconv>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "bench.hpp"
#include "book/l2-book.hpp"
#include "decode/decoder.hpp"
#include "messages.hpp"
#include "risk/gate.hpp"

namespace {

using namespace qd;
using namespace qd::bench;

constexpr std::size_t kMessages = 20000;
constexpr std::size_t kLevels = 25;
constexpr std::int64_t kMiddle = 6000000;
constexpr std::uint64_t kUnit = 100000000;
constexpr std::int64_t kLot = 1000000;
// Of two quantities drawn alike one is this many times the other in one case of a hundred.
constexpr std::int64_t kImbalance = 50;
constexpr std::size_t kWorking = 64;

std::string price_text(std::int64_t price) {
  return decimal(static_cast<std::uint64_t>(price), 100, 2) + "000000";
}
std::string quantity_text(std::uint64_t quantity) { return decimal(quantity, kUnit, 8); }

Messages make_trades() {
  Random random(20261123);
  Messages messages;
  std::int64_t price = kMiddle;
  for (std::size_t at = 0; at < kMessages; ++at) {
    price += static_cast<std::int64_t>(random.below(5)) - 2;
    const std::string quantity = quantity_text(random.below(10 * kUnit));
    messages.add(trade_message(at, price_text(price), quantity, random.below(2) == 0));
  }
  return messages;
}

// Bids stay below the middle and asks above it, so that the book never crosses.
Messages make_depth() {
  Random random(20261124);
  Messages messages;
  for (std::size_t at = 0; at < kMessages; ++at) {
    const auto side = [&](std::int64_t sign, std::size_t count) {
      std::vector<LevelText> levels(count);
      for (LevelText& level : levels) {
        const std::uint64_t reach = random.below(2) == 0 ? 30 : 1500;
        const std::int64_t away = 1 + static_cast<std::int64_t>(random.below(reach));
        level.price = price_text(kMiddle + sign * away);
        level.quantity = quantity_text(random.below(2) == 0 ? 0 : 1 + random.below(10 * kUnit));
      }
      return levels;
    };
    const auto bids = side(-1, kLevels / 2);
    messages.add(depth_message(at, bids, side(1, kLevels - kLevels / 2)));
  }
  return messages;
}

struct Signal {
  bool fires = false;
  bool sell = false;
  std::int64_t price = 0;
};

// A trade of more than 9.9 units is followed; its price stands for the quote.
Signal on_trade(const MarketRecord& trade) noexcept {
  const bool large = trade.quantity > static_cast<std::int64_t>(kUnit / 10 * 99);
  return {large, (trade.flags & 4) != 0, trade.price};
}

// A touch that is much heavier on one side is followed.
Signal on_touch(Level bid, Level ask) noexcept {
  if (bid.quantity > ask.quantity * kImbalance) return {true, false, ask.price};
  if (ask.quantity > bid.quantity * kImbalance) return {true, true, bid.price};
  return {};
}

std::unique_ptr<RiskGate> make_gate() {
  auto gate = std::make_unique<RiskGate>();
  gate->configure({.staleAfter = 5000000, .duplicateWindow = 1});
  risk::InstrumentTerms terms;
  terms.baseAsset = 2;
  terms.quoteAsset = 1;
  terms.minNotional = Wide::of(1000);
  terms.collarBps = 200;
  terms.passiveCollarBps = 5000;
  gate->define_instrument(0, terms);
  risk::Limits limits;
  limits.maxOrderQuantity = 10 * kLot;
  limits.maxPosition = 1000 * kLot;
  limits.maxOpenOrders = 1000;
  limits.maxWorkingNotional = Wide{1, 0};
  limits.rateCount = 5000;
  limits.rateWindow = 1000;
  using risk::ScopeKind;
  for (const ScopeKind kind : {ScopeKind::Instrument, ScopeKind::Account, ScopeKind::Client,
                               ScopeKind::Strategy, ScopeKind::Venue}) {
    for (std::uint32_t id = 0; id < 2; id += 1) gate->define_scope(kind, id, limits);
  }
  gate->set_trading_state(1, risk::TradingState::Active);
  for (std::uint32_t asset = 1; asset <= 2; asset += 1) gate->set_balance(1, asset, Wide{1, 0});
  return gate;
}

// Checks orders and writes those that pass as requests.
class Desk {
 public:
  void on_quote(std::int64_t bid, std::int64_t ask, std::int64_t now) {
    gate_->on_quote(0, bid, ask, now);
  }

  void order(const Signal& signal, std::int64_t now) {
    risk::OrderRequest order;
    order.orderId = ++orders_;
    order.account = 1;
    order.strategy = 1;
    order.sell = signal.sell;
    order.price = signal.price;
    order.quantity = kLot;
    order.now = now;
    if (gate_->check(order).reason != risk::Reason::Ok) return;
    gate_->on_submitted(order);
    gate_->on_done(working_[sent_ % kWorking]);
    working_[sent_ % kWorking] = order.orderId;
    sent_ += 1;
    last_ = order;
  }

  std::uint64_t sent() const noexcept { return sent_; }
  const risk::OrderRequest& last() const noexcept { return last_; }

 private:
  std::unique_ptr<RiskGate> gate_ = make_gate();
  std::uint64_t working_[kWorking] = {};
  std::uint64_t orders_ = 0;
  std::uint64_t sent_ = 0;
  risk::OrderRequest last_;
};

char* put(char* at, std::string_view text) noexcept {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

char* put_decimal(char* at, std::int64_t mantissa, std::int64_t unit, int digits) noexcept {
  at = std::to_chars(at, at + 20, mantissa / unit).ptr;
  *at++ = '.';
  std::int64_t rest = mantissa % unit;
  for (int digit = digits - 1; digit >= 0; digit -= 1) {
    at[digit] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  return at + digits;
}

std::string_view write_request(const risk::OrderRequest& order, char* into) noexcept {
  char* at = put(into, "symbol=BTCUSDT&side=");
  at = put(at, order.sell ? "SELL" : "BUY");
  at = put(at, "&type=LIMIT&timeInForce=IOC&quantity=");
  at = put_decimal(at, order.quantity, static_cast<std::int64_t>(kUnit), 8);
  at = put(at, "&price=");
  at = put_decimal(at, order.price, 100, 2);
  at = put(at, "&newClientOrderId=qd");
  at = std::to_chars(at, at + 20, order.orderId).ptr;
  at = put(at, "&timestamp=");
  at = std::to_chars(at, at + 20, order.now).ptr;
  return {into, static_cast<std::size_t>(at - into)};
}

std::string format_request(const risk::OrderRequest& order) {
  char text[256];
  std::snprintf(text, sizeof text,
                "symbol=BTCUSDT&side=%s&type=LIMIT&timeInForce=IOC&quantity=%s&price=%s"
                "&newClientOrderId=qd%llu&timestamp=%lld",
                order.sell ? "SELL" : "BUY",
                decimal(static_cast<std::uint64_t>(order.quantity), kUnit, 8).c_str(),
                decimal(static_cast<std::uint64_t>(order.price), 100, 2).c_str(),
                static_cast<unsigned long long>(order.orderId), static_cast<long long>(order.now));
  return text;
}

struct Requests {
  InputHash hash;
  std::uint64_t count = 0;
  void add(std::string_view request) {
    for (const char c : request) hash.add(static_cast<std::uint8_t>(c));
    count += 1;
  }
};

struct Maps {
  std::map<std::int64_t, std::int64_t, std::greater<>> bids;
  std::map<std::int64_t, std::int64_t> asks;
};

template <typename Side>
void set(Side& side, const MarketRecord& record) {
  if (record.quantity == 0)
    side.erase(record.price);
  else
    side[record.price] = record.quantity;
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

Samples run_lane(const Messages& messages, Requests& requests) {
  Decoder decoder({{"BTCUSDT", 0, 2, 8}});
  L2Book book(20000);
  Desk desk;
  std::vector<MarketRecord> out(kLevels + 1);
  char request[256];
  requests = {};
  Samples samples;
  const double cost = clock_cost();
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(messages.text.data());
  for (std::size_t at = 0; at < messages.ends.size(); ++at) {
    const std::uint32_t from = messages.start(at);
    const std::uint32_t end = messages.ends[at] - from;
    const std::int64_t now = messages.ts_init[at];
    std::int32_t status = 0;
    std::size_t length = 0;
    const double start = nanoseconds();
    const std::size_t count = decoder.decode({bytes + from, end}, messages.text.size() - from,
                                             {&end, 1}, {&now, 1}, out, {&status, 1});
    Signal signal;
    if (count == 1) {
      desk.on_quote(out[0].price, out[0].price, now);
      signal = on_trade(out[0]);
    } else {
      book.apply(std::span(out).first(count));
      if (book.bids().size() > 0 && book.asks().size() > 0) {
        const Level bid = book.bids().best();
        const Level ask = book.asks().best();
        desk.on_quote(bid.price, ask.price, now);
        signal = on_touch(bid, ask);
      }
    }
    if (signal.fires) {
      const std::uint64_t before = desk.sent();
      desk.order(signal, now);
      if (desk.sent() > before) length = write_request(desk.last(), request).size();
    }
    keep(request);
    samples.push_back(std::max(nanoseconds() - start - cost, 0.0));
    if (length > 0) requests.add({request, length});
  }
  return samples;
}

Samples run_slowly(const Messages& messages, Requests& requests) {
  const Decoder decoder({{"BTCUSDT", 0, 2, 8}});
  Maps book;
  Desk desk;
  std::vector<MarketRecord> out(kLevels + 1);
  requests = {};
  Samples samples;
  for (std::size_t at = 0; at < messages.ends.size(); ++at) {
    const std::uint32_t from = messages.start(at);
    const std::int64_t now = messages.ts_init[at];
    std::string request;
    const double start = nanoseconds();
    RecordSink sink{out.data(), out.data() + out.size()};
    const std::string_view text(messages.text);
    decoder.general(text.substr(from, messages.ends[at] - from), now, sink);
    Signal signal;
    for (const MarketRecord* record = out.data(); record != sink.next; ++record) {
      if (record->kind == static_cast<std::uint8_t>(RecordKind::Trade)) {
        desk.on_quote(record->price, record->price, now);
        signal = on_trade(*record);
      }
      if (record->kind == static_cast<std::uint8_t>(RecordKind::BidLevel)) set(book.bids, *record);
      if (record->kind == static_cast<std::uint8_t>(RecordKind::AskLevel)) set(book.asks, *record);
    }
    if (!book.bids.empty() && !book.asks.empty()) {
      const auto [bid, bid_quantity] = *book.bids.begin();
      const auto [ask, ask_quantity] = *book.asks.begin();
      desk.on_quote(bid, ask, now);
      signal = on_touch({bid, bid_quantity}, {ask, ask_quantity});
    }
    if (signal.fires) {
      const std::uint64_t before = desk.sent();
      desk.order(signal, now);
      if (desk.sent() > before) request = format_request(desk.last());
    }
    samples.push_back(nanoseconds() - start);
    if (!request.empty()) requests.add(request);
  }
  return samples;
}

Workload lane(Messages (*make)()) {
  auto messages = std::make_shared<Messages>(make());
  auto own = std::make_shared<Requests>();
  auto base = std::make_shared<Requests>();
  return {"ns/message",
          "slow lane",
          messages->hash.value(),
          [=] { return run_lane(*messages, *own); },
          [=] { return run_slowly(*messages, *base); },
          [=] {
            const bool enough = own->count > kMessages / 500 && own->count < kMessages / 20;
            return enough && own->count == base->count && own->hash.value() == base->hash.value();
          }};
}

}  // namespace

BENCH(lane_trade, "lane-trade") { return lane(&make_trades); }

BENCH(lane_depth, "lane-depth25") { return lane(&make_depth); }
