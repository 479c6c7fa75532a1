#include "decode/kraken.hpp"

#include "decode/entry-decoder.hpp"

namespace qd {
namespace {

using json::Kind;
using json::Reader;

enum class Channel : std::uint8_t { Unknown, Book, Trade, Ticker, Ohlc };

Channel channel_of(std::string_view name) {
  if (name == "book") return Channel::Book;
  if (name == "trade") return Channel::Trade;
  if (name == "ticker") return Channel::Ticker;
  if (name == "ohlc") return Channel::Ohlc;
  return Channel::Unknown;
}

// The entries of one message's `data`.
class KrakenEntries : EntryDecoder {
 public:
  KrakenEntries(const InstrumentTable& table, std::int64_t ts_init, bool snapshot,
                MessageRecords& records)
      : EntryDecoder(table, ts_init, records),
        book_kind_(snapshot ? RecordKind::SnapshotHeader : RecordKind::DiffHeader) {
    if (snapshot) flags_ = FLAG_SNAPSHOT;
  }

  std::int32_t decode(Channel channel, std::string_view data) {
    Reader list(data);
    const bool is_list = list.array([&] {
      const std::string_view entry = list.skip();
      if (find_instrument(entry)) one(channel, entry);
    });
    if (!is_list) records_.fail(MALFORMED);
    return records_.keep();
  }

 private:
  // An entry names its instrument first, but any order is legal.
  bool find_instrument(std::string_view entry) {
    bool found = false;
    members(entry, 1, [&](std::string_view key, Reader& value) -> unsigned {
      if (key != "symbol" || value.kind() != Kind::String) return 0;
      found = choose(value.text());
      return 1;
    });
    return found && records_.failure() == 0;
  }

  void one(Channel channel, std::string_view entry) {
    switch (channel) {
      case Channel::Book:
        return book(entry);
      case Channel::Trade:
        return trade(entry);
      case Channel::Ticker:
        return ticker(entry);
      case Channel::Ohlc:
        return ohlc(entry);
      case Channel::Unknown:
        return;
    }
  }

  void levels(Reader& list, RecordKind side) {
    const bool is_list = list.array([&] {
      std::int64_t px = 0;
      std::int64_t qty = 0;
      members(list, 3, [&](std::string_view key, Reader& value) -> unsigned {
        if (key == "price") return px = price(value), 1;
        if (key == "qty") return qty = quantity(value), 2;
        return 0;
      });
      add_level(side, px, qty);
    });
    if (!is_list) records_.fail(MALFORMED);
  }

  void book(std::string_view entry) {
    MarketRecord header = record_of(book_kind_);
    header.flags |= FLAG_CHECKSUM;
    header.price2 = -1;
    MarketRecord* first = records_.add();
    members(entry, 7, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "bids") return levels(value, RecordKind::BidLevel), 1;
      if (key == "asks") return levels(value, RecordKind::AskLevel), 2;
      if (key == "checksum") return checksum(value, header), 4;
      if (key == "timestamp") return header.ts_event = utc_time(value), 8;
      return 0;
    });
    close_book(first, header);
  }

  // Null in a snapshot that was recorded without one.
  void checksum(Reader& value, MarketRecord& header) {
    if (value.kind() == Kind::Null && book_kind_ == RecordKind::SnapshotHeader) {
      value.skip();
      header.flags &= static_cast<std::uint8_t>(~FLAG_CHECKSUM);
    } else {
      header.price = integer(value);
    }
  }

  void trade(std::string_view entry) {
    MarketRecord record = record_of(RecordKind::Trade);
    members(entry, 31, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "side") return taker_side(value, record), 1;
      if (key == "price") return record.price = price(value), 2;
      if (key == "qty") return record.quantity = quantity(value), 4;
      if (key == "trade_id") return record.id = integer(value), 8;
      if (key == "timestamp") return record.ts_event = utc_time(value), 16;
      return 0;
    });
    put(record);
  }

  void ticker(std::string_view entry) {
    MarketRecord record = record_of(RecordKind::Bbo);
    members(entry, 15, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "bid") return record.price = price(value), 1;
      if (key == "bid_qty") return record.quantity = quantity(value), 2;
      if (key == "ask") return record.price2 = price(value), 4;
      if (key == "ask_qty") return record.quantity2 = quantity(value), 8;
      if (key == "timestamp") return record.ts_event = utc_time(value), 16;
      return 0;
    });
    put(record);
  }

  // A bar has no word of being closed: it is when a later one begins.
  void ohlc(std::string_view entry) {
    MarketRecord prices = record_of(RecordKind::KlinePrices);
    MarketRecord volumes = record_of(RecordKind::KlineVolumes);
    std::int64_t begin = 0;
    std::int64_t minutes = 0;
    members(entry, 255, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "open") return prices.price = price(value), 1;
      if (key == "high") return prices.quantity = price(value), 2;
      if (key == "low") return prices.price2 = price(value), 4;
      if (key == "close") return prices.quantity2 = price(value), 8;
      if (key == "volume") return volumes.price = quantity(value), 16;
      if (key == "trades") return volumes.price2 = integer(value), 32;
      if (key == "interval") return minutes = integer(value), 64;
      if (key == "interval_begin") return begin = utc_time(value), 128;
      return 0;
    });
    // What takers bought is not told.
    volumes.quantity = -1;
    put_bar(prices, volumes, begin, minutes * 60000);
  }

  RecordKind book_kind_;
};

}  // namespace

std::int32_t decode_kraken(const InstrumentTable& table, std::string_view message,
                           std::int64_t ts_init, RecordSink& out) {
  const std::int32_t judged = judge_object(message);
  if (judged != 0) return judged;
  Reader root(message);
  Channel channel = Channel::Unknown;
  bool snapshot = false;
  std::string_view data;
  root.object([&](std::string_view key) {
    if (key == "channel") {
      channel = channel_of(root.text());
    } else if (key == "type") {
      snapshot = root.text() == "snapshot";
    } else if (key == "data") {
      data = root.skip();
    } else {
      root.skip();
    }
  });
  if (channel == Channel::Unknown) return UNKNOWN_EVENT;
  if (data.empty()) return MALFORMED;
  MessageRecords records(out);
  return KrakenEntries(table, ts_init, snapshot, records).decode(channel, data);
}

}  // namespace qd
