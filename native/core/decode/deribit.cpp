#include "decode/deribit.hpp"

#include "decode/entry-decoder.hpp"

namespace qd {
namespace {

using json::Kind;
using json::Reader;

enum class Channel : std::uint8_t { Unknown, Book, Trade, Ticker };

Channel channel_of(std::string_view name) {
  if (name.starts_with("book.")) return Channel::Book;
  if (name.starts_with("trades.")) return Channel::Trade;
  if (name.starts_with("ticker.")) return Channel::Ticker;
  return Channel::Unknown;
}

// What is said of an entry before it is read: the members may come in any order.
struct Head {
  bool named = false;
  bool whole = true;
};

class DeribitEntry : EntryDecoder {
 public:
  DeribitEntry(const InstrumentTable& table, std::int64_t ts_init, MessageRecords& records)
      : EntryDecoder(table, ts_init, records) {}

  void decode(Channel channel, std::string_view entry) {
    Head head;
    members(entry, 0, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "instrument_name" && value.kind() == Kind::String) {
        head.named = true;
        choose(value.text());
        return 1;
      }
      if (key == "type") return head.whole = value.text() != "change", 1;
      return 0;
    });
    if (!head.named) records_.fail(MALFORMED);
    if (records_.failure() != 0) return;
    if (channel == Channel::Book) book(entry, head.whole);
    if (channel == Channel::Trade) trade(entry);
    if (channel == Channel::Ticker) ticker(entry);
  }

 private:
  // `[["new",price,amount],...]`, or `[[price,amount],...]` in books that come whole.
  void levels(Reader& list, RecordKind side) {
    const bool is_list = list.array([&] {
      std::int64_t px = 0;
      std::int64_t qty = 0;
      unsigned numbers = 0;
      const bool is_level = list.array([&] {
        if (list.kind() == Kind::String) {
          list.skip();
        } else if (numbers == 0) {
          px = price(list);
          ++numbers;
        } else {
          qty = quantity(list);
          ++numbers;
        }
      });
      if (!is_level || numbers != 2) records_.fail(MALFORMED);
      add_level(side, px, qty);
    });
    if (!is_list) records_.fail(MALFORMED);
  }

  void book(std::string_view entry, bool whole) {
    MarketRecord header = record_of(whole ? RecordKind::SnapshotHeader : RecordKind::DiffHeader);
    if (whole) flags_ = header.flags = FLAG_SNAPSHOT;
    header.price2 = -1;
    MarketRecord* first = records_.add();
    members(entry, 15, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "bids") return levels(value, RecordKind::BidLevel), 1;
      if (key == "asks") return levels(value, RecordKind::AskLevel), 2;
      if (key == "timestamp") return header.ts_event = millis_time(value), 4;
      if (key == "change_id") return header.id = integer(value), 8;
      if (key == "prev_change_id" && value.kind() != Kind::Null)
        return header.price2 = integer(value), 16;
      return 0;
    });
    close_book(first, header);
  }

  void trade(std::string_view entry) {
    MarketRecord record = record_of(RecordKind::Trade);
    members(entry, 31, [&](std::string_view key, Reader& value) -> unsigned {
      // Whose: the maker's, the taker's or both.
      if (key == "liquidation" && is_told(value)) {
        value.skip();
        record.flags |= FLAG_LIQUIDATION;
        return 32;
      }
      if (key == "direction") return taker_side(value, record), 1;
      if (key == "price") return record.price = price(value), 2;
      if (key == "amount") return record.quantity = quantity(value), 4;
      if (key == "trade_seq") return record.id = integer(value), 8;
      if (key == "timestamp") return record.ts_event = millis_time(value), 16;
      return 0;
    });
    put(record);
  }

  // A side that is absent is 0, or null. Funding is continuous; the rate is that of eight hours.
  void ticker(std::string_view entry) {
    MarketRecord record = record_of(RecordKind::Bbo);
    DerivativeState state;
    state.funding_interval_millis = 8 * 3600000;
    const auto number = [&](Reader& value, std::int64_t& into, bool is_price) {
      if (value.kind() == Kind::Null) {
        value.skip();
      } else {
        into = is_price ? price(value) : quantity(value);
      }
    };
    members(entry, 31, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "best_bid_price") return number(value, record.price, true), 1;
      if (key == "best_bid_amount") return number(value, record.quantity, false), 2;
      if (key == "best_ask_price") return number(value, record.price2, true), 4;
      if (key == "best_ask_amount") return number(value, record.quantity2, false), 8;
      if (key == "timestamp") return record.ts_event = millis_time(value), 16;
      if (!is_told(value)) return 0;
      if (key == "mark_price") return state.mark_price = measure(value), 32;
      if (key == "index_price") return state.index_price = measure(value), 64;
      if (key == "open_interest") return state.open_interest = measure(value), 128;
      if (key == "current_funding") return state.funding_rate = rate(value), 256;
      return 0;
    });
    put(record);
    put_derivative(state, record.ts_event);
  }
};

}  // namespace

std::int32_t decode_deribit(const InstrumentTable& table, std::string_view message,
                            std::int64_t ts_init, RecordSink& out) {
  const std::int32_t judged = judge_object(message);
  if (judged != 0) return judged;
  Reader root(message);
  Channel channel = Channel::Unknown;
  std::string_view data;
  root.object([&](std::string_view key) {
    if (key != "params") {
      root.skip();
      return;
    }
    Reader params(root.skip());
    params.object([&](std::string_view name) {
      if (name == "channel") {
        channel = channel_of(params.text());
      } else {
        const std::string_view value = params.skip();
        if (name == "data") data = value;
      }
    });
  });
  if (channel == Channel::Unknown) return UNKNOWN_EVENT;
  if (data.empty()) return MALFORMED;
  MessageRecords records(out);
  DeribitEntry entry(table, ts_init, records);
  Reader list(data);
  if (channel != Channel::Trade) {
    entry.decode(channel, data);
  } else if (!list.array([&] { entry.decode(channel, list.skip()); })) {
    records.fail(MALFORMED);
  }
  return records.keep();
}

}  // namespace qd
