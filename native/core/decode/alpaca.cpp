#include "decode/alpaca.hpp"

#include "decode/entry-decoder.hpp"

namespace qd {
namespace {

using json::Kind;
using json::Reader;

constexpr std::int64_t MINUTE_MILLIS = 60000;
constexpr std::int64_t DAY_MILLIS = 86400000;

class AlpacaEvents : EntryDecoder {
 public:
  AlpacaEvents(const InstrumentTable& table, std::int64_t ts_init, MessageRecords& records)
      : EntryDecoder(table, ts_init, records) {}

  std::int32_t decode(std::string_view message) {
    Reader frame(message);
    frame.array([&] { event(frame.skip()); });
    const std::int32_t kept = records_.keep();
    return kept == UNKNOWN_EVENT && strange_ ? std::int32_t{UNKNOWN_INSTRUMENT} : kept;
  }

 private:
  // Events have no order among their members: what it is and of whom comes first.
  void event(std::string_view entry) {
    char type = 0;
    bool named = false;
    bool known = false;
    members(entry, 0, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "T") {
        const std::string_view text = value.text();
        type = text.size() == 1 ? text[0] : '\0';
        return 1;
      }
      if (key == "S" && value.kind() == Kind::String) {
        const std::string_view symbol = value.text();
        named = true;
        known = knows(symbol) && choose(symbol);
        return 2;
      }
      return 0;
    });
    const bool is_market = type == 't' || type == 'q' || type == 'b' || type == 'u' || type == 'd';
    if (!is_market || records_.failure() != 0) return;
    if (!named) return records_.fail(MALFORMED);
    if (!known) {
      strange_ = true;
      return;
    }
    if (type == 't') return trade(entry);
    if (type == 'q') return quote(entry);
    bar(entry, type);
  }

  void trade(std::string_view entry) {
    MarketRecord record = record_of(RecordKind::Trade);
    record.flags |= FLAG_AGGRESSOR_UNKNOWN | FLAG_ID_UNORDERED;
    members(entry, 15, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "p") return record.price = price(value), 1;
      if (key == "s") return record.quantity = quantity(value), 2;
      if (key == "i") return record.id = integer(value), 4;
      if (key == "t") return record.ts_event = utc_time(value), 8;
      return 0;
    });
    put(record);
  }

  void quote(std::string_view entry) {
    MarketRecord best = record_of(RecordKind::Bbo);
    members(entry, 31, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "bp") return best.price = price(value), 1;
      if (key == "bs") return best.quantity = quantity(value), 2;
      if (key == "ap") return best.price2 = price(value), 4;
      if (key == "as") return best.quantity2 = quantity(value), 8;
      if (key == "t") return best.ts_event = utc_time(value), 16;
      return 0;
    });
    if (best.price == 0 || best.quantity == 0) best.price = best.quantity = 0;
    if (best.price2 == 0 || best.quantity2 == 0) best.price2 = best.quantity2 = 0;
    book(best);
    put(best);
  }

  void book(const MarketRecord& best) {
    flags_ = FLAG_SNAPSHOT;
    MarketRecord header = record_of(RecordKind::SnapshotHeader);
    header.ts_event = best.ts_event;
    MarketRecord* first = records_.add();
    if (best.quantity != 0) add_level(RecordKind::BidLevel, best.price, best.quantity);
    if (best.quantity2 != 0) add_level(RecordKind::AskLevel, best.price2, best.quantity2);
    close_book(first, header);
    flags_ = 0;
  }

  // A bar of a minute comes when the minute is over; a day's is told as it grows.
  void bar(std::string_view entry, char type) {
    MarketRecord prices = record_of(RecordKind::KlinePrices);
    MarketRecord volumes = record_of(RecordKind::KlineVolumes);
    std::int64_t start = 0;
    members(entry, 127, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "o") return prices.price = price(value), 1;
      if (key == "h") return prices.quantity = price(value), 2;
      if (key == "l") return prices.price2 = price(value), 4;
      if (key == "c") return prices.quantity2 = price(value), 8;
      if (key == "v") return volumes.price = quantity(value), 16;
      if (key == "n") return volumes.price2 = integer(value), 32;
      if (key == "t") return start = utc_time(value), 64;
      return 0;
    });
    // What takers bought is not told.
    volumes.quantity = -1;
    if (type != 'd') volumes.flags |= FLAG_CLOSED;
    put_bar(prices, volumes, start, type == 'd' ? DAY_MILLIS : MINUTE_MILLIS);
  }

  // An event was of an instrument that is not in the table.
  bool strange_ = false;
};

}  // namespace

std::int32_t decode_alpaca(const InstrumentTable& table, std::string_view message,
                           std::int64_t ts_init, RecordSink& out) {
  const std::int32_t judged = judge_value(message, Kind::Array);
  if (judged != 0) return judged;
  MessageRecords records(out);
  return AlpacaEvents(table, ts_init, records).decode(message);
}

}  // namespace qd
