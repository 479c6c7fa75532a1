#include "decode/okx.hpp"

#include "decode/entry-decoder.hpp"
#include "decode/times.hpp"

namespace qd {
namespace {

using json::Kind;
using json::Reader;

enum class Channel : std::uint8_t {
  Unknown,
  Book,
  Bbo,
  Trade,
  Ticker,
  Candle,
  MarkPrice,
  Index,
  Funding,
  OpenInterest,
  Liquidation
};

constexpr std::string_view CANDLE = "candle";

Channel channel_of(std::string_view name) {
  if (name == "books" || name == "books5" || name == "books-l2-tbt" || name == "books50-l2-tbt")
    return Channel::Book;
  if (name == "bbo-tbt") return Channel::Bbo;
  if (name == "trades" || name == "trades-all") return Channel::Trade;
  if (name == "tickers") return Channel::Ticker;
  if (name.starts_with(CANDLE)) return Channel::Candle;
  if (name == "mark-price") return Channel::MarkPrice;
  if (name == "index-tickers") return Channel::Index;
  if (name == "funding-rate") return Channel::Funding;
  if (name == "open-interest") return Channel::OpenInterest;
  if (name == "liquidation-orders") return Channel::Liquidation;
  return Channel::Unknown;
}

// What a message is about.
struct Subject {
  Channel channel = Channel::Unknown;
  // Of a bar, by its channel's name; 0 for none.
  std::int64_t interval_millis = 0;
  bool snapshot = false;
  std::string_view instrument;
};

// The entries of one message's `data`; its argument names the instrument of all.
class OkxEntries : EntryDecoder {
 public:
  OkxEntries(const InstrumentTable& table, std::int64_t ts_init, const Subject& subject,
             MessageRecords& records)
      : EntryDecoder(table, ts_init, records), subject_(subject) {
    if (subject.snapshot) flags_ = FLAG_SNAPSHOT;
  }

  std::int32_t decode(std::string_view data) {
    Reader list(data);
    if (subject_.channel == Channel::Liquidation) {
      bool known = false;
      if (!list.array([&] { known |= liquidations(list.skip()); })) records_.fail(MALFORMED);
      if (!known) records_.fail(UNKNOWN_INSTRUMENT);
    } else if (choose(subject_.instrument)) {
      if (!list.array([&] { one(list.skip()); })) records_.fail(MALFORMED);
    }
    return records_.keep();
  }

 private:
  void one(std::string_view entry) {
    switch (subject_.channel) {
      case Channel::Book:
        return book(entry);
      case Channel::Bbo:
        return bbo(entry);
      case Channel::Trade:
        return trade(entry);
      case Channel::Ticker:
        return ticker(entry);
      case Channel::Candle:
        return candle(entry);
      case Channel::MarkPrice:
      case Channel::Index:
      case Channel::Funding:
      case Channel::OpenInterest:
        return derivative(entry);
      case Channel::Liquidation:
      case Channel::Unknown:
        return;
    }
  }

  // `[["price","size",...],...]`
  template <typename OnLevel>
  void levels(Reader& list, OnLevel on_level) {
    const bool is_list = list.array([&] { quoted_level(list, on_level); });
    if (!is_list) records_.fail(MALFORMED);
  }

  std::int64_t signed_number(Reader& value) {
    const std::string_view text = value.text();
    return text.starts_with('-') ? -whole_number(text.substr(1)) : whole_number(text);
  }

  void book(std::string_view entry) {
    MarketRecord header =
        record_of(subject_.snapshot ? RecordKind::SnapshotHeader : RecordKind::DiffHeader);
    header.price2 = -1;
    MarketRecord* first = records_.add();
    const auto side = [&](Reader& list, RecordKind kind) {
      levels(list, [&](std::int64_t px, std::int64_t qty) { add_level(kind, px, qty); });
    };
    members(entry, 7, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "bids") return side(value, RecordKind::BidLevel), 1;
      if (key == "asks") return side(value, RecordKind::AskLevel), 2;
      if (key == "ts") return header.ts_event = millis_time(value), 4;
      if (key == "seqId") return header.id = signed_number(value), 8;
      if (key == "prevSeqId") return header.price2 = signed_number(value), 16;
      if (key == "checksum") return header.price = signed_number(value), 32;
      return 0;
    });
    if (header.price != 0) header.flags |= FLAG_CHECKSUM;
    close_book(first, header);
  }

  void bbo(std::string_view entry) {
    MarketRecord record = record_of(RecordKind::Bbo);
    members(entry, 7, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "bids") return best(value, record.price, record.quantity), 1;
      if (key == "asks") return best(value, record.price2, record.quantity2), 2;
      if (key == "ts") return record.ts_event = millis_time(value), 4;
      if (key == "seqId") return record.id = signed_number(value), 8;
      return 0;
    });
    put(record);
  }

  void best(Reader& list, std::int64_t& px, std::int64_t& qty) {
    levels(list, [&](std::int64_t level_px, std::int64_t level_qty) {
      px = level_px;
      qty = level_qty;
    });
  }

  void trade(std::string_view entry) {
    MarketRecord record = record_of(RecordKind::Trade);
    members(entry, 31, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "side") return taker_side(value, record), 1;
      if (key == "px") return record.price = price(value), 2;
      if (key == "sz") return record.quantity = quantity(value), 4;
      if (key == "tradeId") return record.id = integer(value), 8;
      if (key == "ts") return record.ts_event = millis_time(value), 16;
      return 0;
    });
    put(record);
  }

  // A side that is absent is empty text.
  void ticker(std::string_view entry) {
    MarketRecord record = record_of(RecordKind::Bbo);
    const auto there = [](Reader value) { return !value.text().empty(); };
    members(entry, 31, [&](std::string_view key, Reader& value) -> unsigned {
      const bool side = key == "bidPx" || key == "bidSz" || key == "askPx" || key == "askSz";
      if (side && !there(value)) {
        value.skip();
        return key == "bidPx" ? 1 : key == "bidSz" ? 2 : key == "askPx" ? 4 : 8;
      }
      if (key == "bidPx") return record.price = price(value), 1;
      if (key == "bidSz") return record.quantity = quantity(value), 2;
      if (key == "askPx") return record.price2 = price(value), 4;
      if (key == "askSz") return record.quantity2 = quantity(value), 8;
      if (key == "ts") return record.ts_event = millis_time(value), 16;
      return 0;
    });
    put(record);
  }

  // `["ts","o","h","l","c","vol","volCcy","volCcyQuote","confirm"]`
  void candle(std::string_view entry) {
    MarketRecord prices = record_of(RecordKind::KlinePrices);
    MarketRecord volumes = record_of(RecordKind::KlineVolumes);
    std::int64_t* const fields[] = {&prices.price, &prices.quantity, &prices.price2,
                                    &prices.quantity2};
    std::size_t at = 0;
    Reader list(entry);
    const bool is_list = list.array([&] {
      if (at == 0) {
        prices.ts_event = millis_time(list);
      } else if (at <= 4) {
        *fields[at - 1] = price(list);
      } else if (at == 5) {
        volumes.price = quantity(list);
      } else if (at == 8 && list.text() == "1") {
        volumes.flags |= FLAG_CLOSED;
      } else if (at != 8) {
        list.skip();
      }
      ++at;
    });
    if (!is_list || at < 9 || subject_.interval_millis == 0) records_.fail(MALFORMED);
    // What takers bought and the number of trades are not told.
    volumes.quantity = -1;
    volumes.price2 = -1;
    put_bar(prices, volumes, prices.ts_event, subject_.interval_millis);
  }

  // Each channel has members of one kind; an index is that of the instrument of its name.
  void derivative(std::string_view entry) {
    DerivativeState state;
    std::int64_t at = 0;
    std::int64_t next_funding = 0;
    members(entry, 3, [&](std::string_view key, Reader& value) -> unsigned {
      if (!is_told(value)) return 0;
      if (key == "ts") return at = millis_time(value), 1;
      if (key == "markPx") return state.mark_price = measure(value), 2;
      if (key == "idxPx") return state.index_price = measure(value), 2;
      if (key == "oi") return state.open_interest = measure(value), 2;
      if (key == "fundingRate") return state.funding_rate = rate(value), 2;
      if (key == "fundingTime") return state.funding_at_millis = integer(value), 4;
      if (key == "nextFundingTime") return next_funding = integer(value), 8;
      return 0;
    });
    if (next_funding > state.funding_at_millis && state.funding_at_millis > 0)
      state.funding_interval_millis = next_funding - state.funding_at_millis;
    put_derivative(state, at);
  }

  // One instrument of all of a type, and its orders; false when nobody asked for that one.
  bool liquidations(std::string_view entry) {
    std::string symbol;
    std::string_view details;
    members(entry, 3, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "instId") return symbol = value.text(), 1;
      if (key == "details") return details = value.skip(), 2;
      return 0;
    });
    if (records_.failure() != 0) return true;
    if (!knows(symbol) || !choose(symbol)) return false;
    Reader list(details);
    if (!list.array([&] { liquidation(list.skip()); })) records_.fail(MALFORMED);
    return true;
  }

  // `side` is that of the order that ends the position.
  void liquidation(std::string_view entry) {
    Measure px;
    Measure qty;
    MarketRecord order{};
    members(entry, 15, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "bkPx") return px = measure(value), 1;
      if (key == "sz") return qty = measure(value), 2;
      if (key == "side") return taker_side(value, order), 4;
      if (key == "ts") return order.ts_event = millis_time(value), 8;
      return 0;
    });
    put_liquidation(px, qty, (order.flags & FLAG_AGGRESSOR_SELL) != 0, order.ts_event);
  }

  const Subject& subject_;
};

// `1m`, `1H`, `1D`, `1W`, with `utc` where a day begins at 00:00 UTC and not at 16:00; 0 for
// others.
std::int64_t candle_millis(std::string_view name) {
  if (name.ends_with("utc")) name.remove_suffix(3);
  std::string lower(name);
  if (!lower.empty() && lower.back() != 'M') lower.back() = static_cast<char>(lower.back() | 0x20);
  return interval_millis(lower, 0, -1);
}

}  // namespace

std::int32_t decode_okx(const InstrumentTable& table, std::string_view message,
                        std::int64_t ts_init, RecordSink& out) {
  const std::int32_t judged = judge_object(message);
  if (judged != 0) return judged;
  Reader root(message);
  Subject subject;
  std::string instrument;
  std::string_view data;
  root.object([&](std::string_view key) {
    if (key == "arg") {
      Reader argument(root.skip());
      argument.object([&](std::string_view name) {
        const std::string_view text = argument.text();
        if (name == "instId") instrument = text;
        if (name != "channel") return;
        subject.channel = channel_of(text);
        if (subject.channel == Channel::Candle)
          subject.interval_millis = candle_millis(text.substr(CANDLE.size()));
      });
    } else if (key == "action") {
      subject.snapshot = root.text() == "snapshot";
    } else if (key == "data") {
      data = root.skip();
    } else {
      root.skip();
    }
  });
  // An answer to a subscription has no data.
  if (subject.channel == Channel::Unknown || data.empty()) return UNKNOWN_EVENT;
  subject.instrument = instrument;
  MessageRecords records(out);
  return OkxEntries(table, ts_init, subject, records).decode(data);
}

}  // namespace qd
