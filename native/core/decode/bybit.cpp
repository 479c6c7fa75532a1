#include "decode/bybit.hpp"

#include "decode/entry-decoder.hpp"
#include "decode/times.hpp"

namespace qd {
namespace {

using json::Kind;
using json::Reader;

enum class Channel : std::uint8_t { Unknown, Book, Best, Trade, Ticker, Kline, Liquidation };

// What a message is about.
struct Subject {
  Channel channel = Channel::Unknown;
  bool snapshot = false;
  std::string symbol;
  std::string_view data;
  // The matching engine's time, and the gateway's; empty when not told.
  std::string_view engine_time;
  std::string_view time;
};

Channel channel_of(std::string_view topic) {
  if (topic.starts_with("orderbook.1.")) return Channel::Best;
  if (topic.starts_with("orderbook.rpi.")) return Channel::Unknown;
  if (topic.starts_with("orderbook.")) return Channel::Book;
  if (topic.starts_with("publicTrade.")) return Channel::Trade;
  if (topic.starts_with("tickers.")) return Channel::Ticker;
  if (topic.starts_with("kline.")) return Channel::Kline;
  if (topic.starts_with("allLiquidation.")) return Channel::Liquidation;
  return Channel::Unknown;
}

// `channel.symbol`, or `channel.argument.symbol`; a symbol may have points too.
std::string_view symbol_of(std::string_view topic, Channel channel) {
  const bool has_argument =
      channel == Channel::Book || channel == Channel::Best || channel == Channel::Kline;
  topic.remove_prefix(topic.find('.') + 1);
  if (has_argument) topic.remove_prefix(topic.find('.') + 1);
  return topic;
}

class BybitEntries : EntryDecoder {
 public:
  BybitEntries(const InstrumentTable& table, std::int64_t ts_init, const Subject& subject,
               MessageRecords& records)
      : EntryDecoder(table, ts_init, records), subject_(subject) {}

  std::int32_t decode() {
    Reader data(subject_.data);
    switch (subject_.channel) {
      case Channel::Book:
        if (choose(subject_.symbol)) book();
        break;
      case Channel::Best:
        if (choose(subject_.symbol)) best();
        break;
      case Channel::Ticker:
        if (choose(subject_.symbol)) ticker();
        break;
      case Channel::Trade:
        if (!data.array([&] { trade(data.skip()); })) records_.fail(MALFORMED);
        break;
      case Channel::Kline:
        if (choose(subject_.symbol) && !data.array([&] { kline(data.skip()); }))
          records_.fail(MALFORMED);
        break;
      case Channel::Liquidation:
        if (choose(subject_.symbol) && !data.array([&] { liquidation(data.skip()); }))
          records_.fail(MALFORMED);
        break;
      case Channel::Unknown:
        break;
    }
    return records_.keep();
  }

 private:
  std::int64_t message_time() {
    const bool engine = !subject_.engine_time.empty();
    Reader time(engine ? subject_.engine_time : subject_.time);
    return millis_time(time);
  }

  // `[["price","size"],...]`
  template <typename OnLevel>
  void levels(Reader& list, OnLevel on_level) {
    const bool is_list = list.array([&] { quoted_level(list, on_level); });
    if (!is_list) records_.fail(MALFORMED);
  }

  void book() {
    MarketRecord header =
        record_of(subject_.snapshot ? RecordKind::SnapshotHeader : RecordKind::DiffHeader);
    if (subject_.snapshot) flags_ = header.flags = FLAG_SNAPSHOT;
    header.price2 = -1;
    header.ts_event = message_time();
    MarketRecord* first = records_.add();
    const auto side = [&](Reader& list, RecordKind kind) {
      levels(list, [&](std::int64_t px, std::int64_t qty) { add_level(kind, px, qty); });
    };
    members(subject_.data, 7, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "b") return side(value, RecordKind::BidLevel), 1;
      if (key == "a") return side(value, RecordKind::AskLevel), 2;
      if (key == "u") return header.id = integer(value), 4;
      return 0;
    });
    close_book(first, header);
  }

  void best() {
    // The venue sends none; one would say only what changed.
    if (!subject_.snapshot) return;
    MarketRecord record = record_of(RecordKind::Bbo);
    record.ts_event = message_time();
    const auto side = [&](Reader& list, std::int64_t& px, std::int64_t& qty) {
      bool is_first = true;
      levels(list, [&](std::int64_t level_px, std::int64_t level_qty) {
        if (is_first) {
          px = level_px;
          qty = level_qty;
        }
        is_first = false;
      });
    };
    members(subject_.data, 7, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "b") return side(value, record.price, record.quantity), 1;
      if (key == "a") return side(value, record.price2, record.quantity2), 2;
      if (key == "u") return record.id = integer(value), 4;
      return 0;
    });
    put(record);
  }

  // What is told of a contract stands alone, each by itself; its quote does not, but that of an
  // option does, by names of its own. A side that is absent is 0.
  void ticker() {
    MarketRecord record = record_of(RecordKind::Bbo);
    record.ts_event = message_time();
    unsigned told = 0;
    DerivativeState state;
    members(subject_.data, 0, [&](std::string_view key, Reader& value) -> unsigned {
      if (!is_told(value)) return 0;
      if (key == "markPrice") return state.mark_price = measure(value), 16;
      if (key == "indexPrice") return state.index_price = measure(value), 32;
      // `openInterest` counts both sides.
      if (key == "singleOpenInterest") return state.open_interest = measure(value), 64;
      if (key == "fundingRate") return state.funding_rate = rate(value), 128;
      if (key == "nextFundingTime") return state.funding_at_millis = integer(value), 256;
      if (key == "fundingIntervalHour") return state.funding_interval_millis = hours(value), 512;
      unsigned bit = 0;
      if (key == "bidPrice") record.price = price(value), bit = 1;
      if (key == "bidSize") record.quantity = quantity(value), bit = 2;
      if (key == "askPrice") record.price2 = price(value), bit = 4;
      if (key == "askSize") record.quantity2 = quantity(value), bit = 8;
      told |= bit;
      return bit;
    });
    if (told == 15) put(record);
    put_derivative(state, record.ts_event);
  }

  std::int64_t hours(Reader& value) {
    const std::int64_t count = integer(value);
    if (count > 8784) records_.fail(OVERFLOW_VALUE);
    return count > 8784 ? 0 : count * 3600000;
  }

  // `S` is the side of the position: a long that was liquidated was bought.
  void liquidation(std::string_view entry) {
    Measure px;
    Measure qty;
    MarketRecord position{};
    members(entry, 15, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "S") return side(value, position), 1;
      if (key == "p") return px = measure(value), 2;
      if (key == "v") return qty = measure(value), 4;
      if (key == "T") return position.ts_event = millis_time(value), 8;
      return 0;
    });
    const bool is_short = (position.flags & FLAG_AGGRESSOR_SELL) != 0;
    put_liquidation(px, qty, !is_short, position.ts_event);
  }

  void trade(std::string_view entry) {
    std::string symbol;
    members(entry, 1, [&](std::string_view key, Reader& value) -> unsigned {
      return key == "s" ? (symbol = value.text(), 1) : 0;
    });
    if (records_.failure() != 0 || !choose(symbol)) return;
    MarketRecord record = record_of(RecordKind::Trade);
    members(entry, 31, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "S") return side(value, record), 1;
      if (key == "p") return record.price = price(value), 2;
      if (key == "v") return record.quantity = quantity(value), 4;
      if (key == "i") return record.id = number_or_none(value.text()), 8;
      if (key == "T") return record.ts_event = millis_time(value), 16;
      return 0;
    });
    put(record);
  }

  void side(Reader& value, MarketRecord& record) {
    const std::string_view taker = value.text();
    if (taker == "Sell") record.flags |= FLAG_AGGRESSOR_SELL;
    if (taker != "Sell" && taker != "Buy") records_.fail(MALFORMED);
  }

  // Ids are UUIDs, or digits of any length.
  static std::int64_t number_or_none(std::string_view text) {
    std::int64_t number = 0;
    const bool is_number = parse_decimal(text, 0, number) == DecimalError::None && number > 0;
    return is_number ? number : 0;
  }

  void kline(std::string_view entry) {
    MarketRecord prices = record_of(RecordKind::KlinePrices);
    MarketRecord volumes = record_of(RecordKind::KlineVolumes);
    std::int64_t start = 0;
    std::int64_t end = 0;
    members(entry, 255, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "start") return start = integer(value), 1;
      if (key == "end") return end = integer(value), 2;
      if (key == "open") return prices.price = price(value), 4;
      if (key == "high") return prices.quantity = price(value), 8;
      if (key == "low") return prices.price2 = price(value), 16;
      if (key == "close") return prices.quantity2 = price(value), 32;
      if (key == "volume") return volumes.price = quantity(value), 64;
      if (key == "confirm") {
        if (value.text() == "true") volumes.flags |= FLAG_CLOSED;
        return 128;
      }
      return 0;
    });
    if (end > LAST_MILLIS) return records_.fail(OVERFLOW_VALUE);
    if (end < start) return records_.fail(MALFORMED);
    // What takers bought and the number of trades are not told.
    volumes.quantity = -1;
    volumes.price2 = -1;
    put_bar(prices, volumes, start * 1000000, end - start + 1);
  }

  const Subject& subject_;
};

}  // namespace

std::int32_t decode_bybit(const InstrumentTable& table, std::string_view message,
                          std::int64_t ts_init, RecordSink& out) {
  const std::int32_t judged = judge_object(message);
  if (judged != 0) return judged;
  Reader root(message);
  Subject subject;
  root.object([&](std::string_view key) {
    if (key == "topic") {
      const std::string_view topic = root.text();
      subject.channel = channel_of(topic);
      subject.symbol = symbol_of(topic, subject.channel);
    } else if (key == "type") {
      subject.snapshot = root.text() == "snapshot";
    } else if (key == "data") {
      subject.data = root.skip();
    } else if (key == "cts") {
      subject.engine_time = root.skip();
    } else if (key == "ts") {
      subject.time = root.skip();
    } else {
      root.skip();
    }
  });
  // An answer to a subscription has no topic.
  if (subject.channel == Channel::Unknown) return UNKNOWN_EVENT;
  if (subject.data.empty() || subject.time.empty()) return MALFORMED;
  MessageRecords records(out);
  return BybitEntries(table, ts_init, subject, records).decode();
}

}  // namespace qd
