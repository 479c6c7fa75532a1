// The general reader: any legal JSON spelling of Binance's market messages. Slow, and the judge of
// every error.
#include <optional>

#include "decode/binance-derivatives.hpp"
#include "decode/decoder.hpp"
#include "decode/json.hpp"
#include "decode/times.hpp"

namespace qd {
namespace {

using json::Kind;
using json::Member;
using json::Value;
using Members = std::vector<Member>;

// Reads the fields of one event in a fixed order; the first failure is kept and the rest read as 0.
class Fields {
 public:
  Fields(const Members& members, const DecodedInstrument& instrument)
      : members_(members), instrument_(instrument) {}

  std::int32_t failure() const { return failure_; }
  void fail(DecodeStatus status) {
    if (failure_ == 0) failure_ = status;
  }

  std::int64_t integer(std::string_view key) {
    const Value* value = json::find(members_, key);
    if (value == nullptr || value->kind != Kind::Number) return failed(MALFORMED);
    if (value->text.find_first_not_of("0123456789") != std::string_view::npos)
      return failed(MALFORMED);
    std::int64_t number = 0;
    for (const char c : value->text) {
      if (number > (MAX_SAFE_INTEGER - (c - '0')) / 10) return failed(OVERFLOW_VALUE);
      number = number * 10 + (c - '0');
    }
    return number;
  }
  std::optional<std::int64_t> integer_if_there(std::string_view key) {
    if (json::find(members_, key) == nullptr) return std::nullopt;
    return integer(key);
  }

  std::int64_t price(std::string_view key) { return price_of(json::find(members_, key)); }
  std::int64_t quantity(std::string_view key) { return quantity_of(json::find(members_, key)); }

  std::int64_t price_of(const Value* value) {
    return decimal(value, instrument_.price_scale, PRICE_OFF_SCALE);
  }
  std::int64_t quantity_of(const Value* value) {
    const std::int64_t mantissa = decimal(value, instrument_.quantity_scale, QUANTITY_OFF_SCALE);
    return mantissa < 0 ? failed(MALFORMED) : mantissa;
  }

  bool boolean(std::string_view key) {
    const Value* value = json::find(members_, key);
    if (value == nullptr || (value->kind != Kind::True && value->kind != Kind::False)) {
      fail(MALFORMED);
      return false;
    }
    return value->kind == Kind::True;
  }

  // The matching engine's time `T` where the message has it, else the sender's `E`; 0 when neither
  // is required.
  std::int64_t event_nanos(bool required) {
    const auto sent = integer_if_there("E");
    const auto matched = integer_if_there("T");
    if (!sent && !matched) return required ? failed(MALFORMED) : 0;
    std::int64_t nanos = 0;
    if (!nanos_of(matched ? *matched : *sent, nanos)) return failed(OVERFLOW_VALUE);
    return nanos;
  }

  std::int64_t millis(std::string_view key) {
    std::int64_t value = 0;
    return millis_of(integer(key), value) ? value : failed(OVERFLOW_VALUE);
  }

  // The levels of `[["price","quantity"],..]`, each checked to hold two strings.
  std::vector<std::vector<Value>> levels(std::string_view key) {
    std::vector<std::vector<Value>> all;
    const Value* value = json::find(members_, key);
    if (value == nullptr || value->kind != Kind::Array) {
      fail(MALFORMED);
      return all;
    }
    for (const Value& level : json::elements(*value)) {
      if (level.kind == Kind::Array) all.push_back(json::elements(level));
      if (level.kind != Kind::Array || all.back().size() < 2) {
        fail(MALFORMED);
        return {};
      }
    }
    return all;
  }

 private:
  std::int64_t failed(DecodeStatus status) {
    fail(status);
    return 0;
  }

  std::int64_t decimal(const Value* value, int scale, DecodeStatus off_scale) {
    if (value == nullptr || value->kind != Kind::String) return failed(MALFORMED);
    std::int64_t mantissa = 0;
    switch (parse_decimal(json::unescaped(*value), scale, mantissa)) {
      case DecimalError::None:
        return mantissa;
      case DecimalError::Malformed:
        return failed(MALFORMED);
      case DecimalError::OffScale:
        return failed(off_scale);
      case DecimalError::Overflow:
        return failed(OVERFLOW_VALUE);
    }
    return 0;
  }

  const Members& members_;
  const DecodedInstrument& instrument_;
  std::int32_t failure_ = 0;
};

MarketRecord record_of(RecordKind kind, const DecodedInstrument& instrument, std::int64_t ts_init) {
  MarketRecord record{};
  record.kind = static_cast<std::uint8_t>(kind);
  record.flags = FLAG_LAST;
  record.instrument = instrument.index;
  record.ts_init = ts_init;
  return record;
}

std::int32_t emit(const Fields& fields, const MarketRecord* records, std::size_t count,
                  RecordSink& out) {
  if (fields.failure() != 0) return fields.failure();
  if (out.room() < count) return OUT_FULL;
  for (std::size_t i = 0; i < count; ++i) *out.next++ = records[i];
  return records[0].kind;
}

std::int32_t trade(Fields& fields, std::string_view id, MarketRecord record, RecordSink& out) {
  record.ts_event = fields.event_nanos(true);
  record.id = fields.integer(id);
  record.price = fields.price("p");
  record.quantity = fields.quantity("q");
  if (fields.boolean("m")) record.flags |= FLAG_AGGRESSOR_SELL;
  return emit(fields, &record, 1, out);
}

std::int32_t book_ticker(Fields& fields, MarketRecord record, RecordSink& out) {
  record.ts_event = fields.event_nanos(false);
  record.id = fields.integer("u");
  record.price = fields.price("b");
  record.quantity = fields.quantity("B");
  record.price2 = fields.price("a");
  record.quantity2 = fields.quantity("A");
  return emit(fields, &record, 1, out);
}

// Header and levels; the header's quantity and every level's fields but price, quantity and kind
// are set here.
std::int32_t book(Fields& fields, MarketRecord header, std::string_view bids_key,
                  std::string_view asks_key, RecordSink& out) {
  const auto bids = fields.levels(bids_key);
  const auto asks = fields.levels(asks_key);
  if (fields.failure() != 0) return fields.failure();
  const std::size_t count = bids.size() + asks.size();
  if (out.room() < count + 1) return OUT_FULL;
  header.quantity = static_cast<std::int64_t>(count);
  if (count > 0) header.flags = static_cast<std::uint8_t>(header.flags & ~FLAG_LAST);
  MarketRecord* next = out.next;
  *next++ = header;
  const auto write = [&](const std::vector<std::vector<Value>>& levels, RecordKind kind) {
    for (const auto& level : levels) {
      MarketRecord record = header;
      record.kind = static_cast<std::uint8_t>(kind);
      record.price2 = 0;
      record.price = fields.price_of(&level[0]);
      record.quantity = fields.quantity_of(&level[1]);
      *next++ = record;
    }
  };
  write(bids, RecordKind::BidLevel);
  write(asks, RecordKind::AskLevel);
  if (fields.failure() != 0) return fields.failure();
  next[-1].flags |= FLAG_LAST;
  out.next = next;
  return header.kind;
}

std::int32_t depth_update(Fields& fields, MarketRecord header, RecordSink& out) {
  header.ts_event = fields.event_nanos(true);
  header.price = fields.integer("U");
  header.id = fields.integer("u");
  header.price2 = fields.integer_if_there("pu").value_or(-1);
  return book(fields, header, "b", "a", out);
}

std::int32_t kline(Fields& outer, const Members& members, const DecodedInstrument& instrument,
                   MarketRecord record, RecordSink& out) {
  record.ts_event = outer.event_nanos(true);
  const Value* bar_value = json::find(members, "k");
  if (bar_value == nullptr || bar_value->kind != Kind::Object) outer.fail(MALFORMED);
  if (outer.failure() != 0) return outer.failure();
  const Members bar_members = json::members(*bar_value);
  Fields bar(bar_members, instrument);
  MarketRecord prices = record;
  MarketRecord volumes = record;
  prices.flags = 0;
  volumes.kind = static_cast<std::uint8_t>(RecordKind::KlineVolumes);
  prices.id = bar.millis("t");
  volumes.id = bar.millis("T");
  const Value* interval = json::find(bar_members, "i");
  if (interval == nullptr || interval->kind != Kind::String) bar.fail(MALFORMED);
  if (bar.failure() != 0) return bar.failure();
  const std::string name = json::unescaped(*interval);
  volumes.quantity2 = interval_millis(name, prices.id, volumes.id);
  if (volumes.quantity2 == 0) bar.fail(MALFORMED);
  prices.price = bar.price("o");
  prices.quantity = bar.price("h");
  prices.price2 = bar.price("l");
  prices.quantity2 = bar.price("c");
  volumes.price = bar.quantity("v");
  volumes.quantity = bar.quantity("V");
  volumes.price2 = bar.integer("n");
  if (bar.boolean("x")) volumes.flags |= FLAG_CLOSED;
  const MarketRecord both[] = {prices, volumes};
  return emit(bar, both, 2, out);
}

// The members of the event: of `data` in the combined-stream wrapper, else of the message itself.
std::int32_t payload_of(std::string_view message, Members& payload) {
  const json::Verdict verdict = json::check(message);
  if (verdict == json::Verdict::Truncated) return TRUNCATED;
  if (verdict == json::Verdict::Malformed) return MALFORMED;
  const Value root = json::root(message);
  if (root.kind != Kind::Object) return UNKNOWN_EVENT;
  payload = json::members(root);
  const Value* stream = json::find(payload, "stream");
  const Value* data = json::find(payload, "data");
  if (stream != nullptr && stream->kind == Kind::String && data != nullptr &&
      data->kind == Kind::Object) {
    payload = json::members(Value(*data));
  }
  return 0;
}

enum class Event : std::uint8_t { Unknown, Trade, AggTrade, BookTicker, Depth, Kline };

Event event_of(const Members& payload) {
  const Value* name = json::find(payload, "e");
  if (name == nullptr) {
    for (const char* key : {"u", "s", "b", "B", "a", "A"}) {
      if (json::find(payload, key) == nullptr) return Event::Unknown;
    }
    return Event::BookTicker;
  }
  if (name->kind != Kind::String) return Event::Unknown;
  const std::string text = json::unescaped(*name);
  if (text == "trade") return Event::Trade;
  if (text == "aggTrade") return Event::AggTrade;
  if (text == "bookTicker") return Event::BookTicker;
  if (text == "depthUpdate") return Event::Depth;
  if (text == "kline") return Event::Kline;
  return Event::Unknown;
}

}  // namespace

std::int32_t Decoder::general(std::string_view message, std::int64_t ts_init,
                              RecordSink& out) const {
  Members payload;
  const std::int32_t failure = payload_of(message, payload);
  if (failure != 0) return failure;
  const Event event = event_of(payload);
  if (event == Event::Unknown) return decode_binance_derivative(table_, message, ts_init, out);
  const Value* symbol = json::find(payload, "s");
  if (symbol == nullptr || symbol->kind != Kind::String) return MALFORMED;
  const DecodedInstrument* instrument = table_.find(json::unescaped(*symbol));
  if (instrument == nullptr) return UNKNOWN_INSTRUMENT;
  Fields fields(payload, *instrument);
  switch (event) {
    case Event::Trade:
      return trade(fields, "t", record_of(RecordKind::Trade, *instrument, ts_init), out);
    case Event::AggTrade:
      return trade(fields, "a", record_of(RecordKind::Trade, *instrument, ts_init), out);
    case Event::BookTicker:
      return book_ticker(fields, record_of(RecordKind::Bbo, *instrument, ts_init), out);
    case Event::Depth:
      return depth_update(fields, record_of(RecordKind::DiffHeader, *instrument, ts_init), out);
    case Event::Kline:
      return kline(fields, payload, *instrument,
                   record_of(RecordKind::KlinePrices, *instrument, ts_init), out);
    case Event::Unknown:
      break;
  }
  return UNKNOWN_EVENT;
}

std::int32_t Decoder::general_snapshot(std::string_view message,
                                       const DecodedInstrument& instrument, std::int64_t ts_init,
                                       RecordSink& out) const {
  Members payload;
  const std::int32_t failure = payload_of(message, payload);
  if (failure != 0) return failure;
  if (json::find(payload, "lastUpdateId") == nullptr) return UNKNOWN_EVENT;
  Fields fields(payload, instrument);
  MarketRecord header = record_of(RecordKind::SnapshotHeader, instrument, ts_init);
  header.flags |= FLAG_SNAPSHOT;
  header.ts_event = fields.event_nanos(false);
  header.id = fields.integer("lastUpdateId");
  return book(fields, header, "bids", "asks", out);
}

}  // namespace qd
