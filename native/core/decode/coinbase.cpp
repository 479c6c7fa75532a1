#include "decode/coinbase.hpp"

#include "decode/entry-decoder.hpp"
#include "decode/times.hpp"

namespace qd {
namespace {

using json::Kind;
using json::Reader;

enum class Channel : std::uint8_t { Unknown, Book, Trade, Ticker, Candle };

Channel channel_of(std::string_view name) {
  if (name == "l2_data") return Channel::Book;
  if (name == "market_trades") return Channel::Trade;
  if (name == "ticker" || name == "ticker_batch") return Channel::Ticker;
  if (name == "candles") return Channel::Candle;
  return Channel::Unknown;
}

// The channel's bars are all this long.
constexpr std::int64_t CANDLE_MILLIS = 300000;

// What a message says before its events.
struct Head {
  Channel channel = Channel::Unknown;
  std::int64_t sequence = -1;
  std::int64_t time = -1;
};

class CoinbaseEvents : EntryDecoder {
 public:
  CoinbaseEvents(const InstrumentTable& table, std::int64_t ts_init, const Head& head,
                 MessageRecords& records)
      : EntryDecoder(table, ts_init, records), head_(head) {}

  void decode(std::string_view event) {
    bool snapshot = false;
    std::string_view list;
    members(event, 2, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "type") return snapshot = value.text() == "snapshot", 1;
      if (key == list_name()) return list = value.skip(), 2;
      if (key == "product_id" && head_.channel == Channel::Book) return choose(value.text()), 4;
      return 0;
    });
    if (records_.failure() != 0) return;
    flags_ = snapshot ? FLAG_SNAPSHOT : 0;
    if (head_.channel == Channel::Book) {
      book(list, snapshot);
      return;
    }
    Reader entries(list);
    if (!entries.array([&] { one(entries.skip()); })) records_.fail(MALFORMED);
  }

 private:
  std::string_view list_name() const {
    switch (head_.channel) {
      case Channel::Book:
        return "updates";
      case Channel::Trade:
        return "trades";
      case Channel::Ticker:
        return "tickers";
      default:
        return "candles";
    }
  }

  void book(std::string_view list, bool snapshot) {
    if (!chosen()) return records_.fail(MALFORMED);
    MarketRecord header = record_of(snapshot ? RecordKind::SnapshotHeader : RecordKind::DiffHeader);
    header.id = head_.sequence;
    header.price2 = -1;
    header.ts_event = head_.time;
    MarketRecord* first = records_.add();
    Reader updates(list);
    const bool is_list = updates.array([&] { level(updates); });
    if (!is_list) records_.fail(MALFORMED);
    close_book(first, header);
  }

  void level(Reader& entry) {
    RecordKind side = RecordKind::BidLevel;
    std::int64_t px = 0;
    std::int64_t qty = 0;
    members(entry, 7, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "side") {
        const std::string_view text = value.text();
        side = text == "bid" ? RecordKind::BidLevel : RecordKind::AskLevel;
        if (text != "bid" && text != "offer") records_.fail(MALFORMED);
        return 1;
      }
      if (key == "price_level") return px = price(value), 2;
      if (key == "new_quantity") return qty = quantity(value), 4;
      return 0;
    });
    add_level(side, px, qty);
  }

  // An entry names its instrument; its numbers are read after that is known.
  void one(std::string_view entry) {
    members(entry, 1, [&](std::string_view key, Reader& value) -> unsigned {
      return key == "product_id" ? (choose(value.text()), 1) : 0;
    });
    if (records_.failure() != 0) return;
    if (head_.channel == Channel::Trade) trade(entry);
    if (head_.channel == Channel::Ticker) ticker(entry);
    if (head_.channel == Channel::Candle) candle(entry);
  }

  void trade(std::string_view entry) {
    MarketRecord record = record_of(RecordKind::Trade);
    members(entry, 31, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "side") {
        const std::string_view maker = value.text();
        if (maker == "BUY") record.flags |= FLAG_AGGRESSOR_SELL;
        if (maker != "BUY" && maker != "SELL") records_.fail(MALFORMED);
        return 1;
      }
      if (key == "price") return record.price = price(value), 2;
      if (key == "size") return record.quantity = quantity(value), 4;
      if (key == "trade_id") return record.id = integer(value), 8;
      if (key == "time") return record.ts_event = utc_time(value), 16;
      return 0;
    });
    put(record);
  }

  void ticker(std::string_view entry) {
    MarketRecord record = record_of(RecordKind::Bbo);
    record.id = head_.sequence;
    record.ts_event = head_.time;
    members(entry, 15, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "best_bid") return record.price = price(value), 1;
      if (key == "best_bid_quantity") return record.quantity = quantity(value), 2;
      if (key == "best_ask") return record.price2 = price(value), 4;
      if (key == "best_ask_quantity") return record.quantity2 = quantity(value), 8;
      return 0;
    });
    put(record);
  }

  // A bar has no word of being closed: it is when a later one begins.
  void candle(std::string_view entry) {
    MarketRecord prices = record_of(RecordKind::KlinePrices);
    MarketRecord volumes = record_of(RecordKind::KlineVolumes);
    std::int64_t start = 0;
    members(entry, 63, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "start") return start = integer(value), 1;
      if (key == "open") return prices.price = price(value), 2;
      if (key == "high") return prices.quantity = price(value), 4;
      if (key == "low") return prices.price2 = price(value), 8;
      if (key == "close") return prices.quantity2 = price(value), 16;
      if (key == "volume") return volumes.price = quantity(value), 32;
      return 0;
    });
    if (start > LAST_MILLIS / 1000) return records_.fail(OVERFLOW_VALUE);
    // What takers bought and the number of trades are not told.
    volumes.quantity = -1;
    volumes.price2 = -1;
    put_bar(prices, volumes, start * 1000000000, CANDLE_MILLIS);
  }

  const Head& head_;
};

// `channel`, `sequence_num` and `timestamp` of a message, and its `events`.
class CoinbaseMessage : EntryDecoder {
 public:
  CoinbaseMessage(const InstrumentTable& table, std::int64_t ts_init, MessageRecords& records)
      : EntryDecoder(table, ts_init, records) {}

  std::string_view read(std::string_view message, Head& head) {
    std::string_view events;
    members(message, 0, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "channel") return head.channel = channel_of(value.text()), 1;
      if (key == "sequence_num") return head.sequence = integer(value), 2;
      if (key == "timestamp") return head.time = utc_time(value), 4;
      if (key == "events") return events = value.skip(), 8;
      return 0;
    });
    return events;
  }
};

}  // namespace

std::int32_t decode_coinbase(const InstrumentTable& table, std::string_view message,
                             std::int64_t ts_init, RecordSink& out) {
  const std::int32_t judged = judge_object(message);
  if (judged != 0) return judged;
  Head head;
  MessageRecords records(out);
  const std::string_view events = CoinbaseMessage(table, ts_init, records).read(message, head);
  if (head.channel == Channel::Unknown) return UNKNOWN_EVENT;
  if (events.empty() || head.sequence < 0 || head.time < 0) records.fail(MALFORMED);
  if (records.failure() != 0) return records.failure();
  CoinbaseEvents decoder(table, ts_init, head, records);
  Reader list(events);
  if (!list.array([&] { decoder.decode(list.skip()); })) records.fail(MALFORMED);
  return records.keep();
}

}  // namespace qd
