#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "decode/instruments.hpp"
#include "decode/json-reader.hpp"
#include "decode/record-sink.hpp"

namespace qd {

// 0 when `message` is legal JSON of this kind; else TRUNCATED, MALFORMED, or UNKNOWN_EVENT for
// another value.
std::int32_t judge_value(std::string_view message, json::Kind wanted) noexcept;
inline std::int32_t judge_object(std::string_view message) noexcept {
  return judge_value(message, json::Kind::Object);
}

// What a message says of a derivative; what it does not say is empty.
struct DerivativeState {
  std::optional<Measure> mark_price;
  std::optional<Measure> index_price;
  std::optional<Measure> open_interest;
  // At RATE_SCALE.
  std::optional<std::int64_t> funding_rate;
  std::int64_t funding_at_millis = 0;
  std::int64_t funding_interval_millis = 0;
};

// What wires share that send lists of entries: reads an entry's fields by json::Reader and makes
// records of them. The first failure is kept; what is read after it is 0.
class EntryDecoder {
 protected:
  EntryDecoder(const InstrumentTable& table, std::int64_t ts_init, MessageRecords& records)
      : records_(records), table_(table), ts_init_(ts_init) {}

  // The instrument that the following entries are of; false, and a failure, when there is none.
  bool choose(std::string_view symbol) {
    instrument_ = table_.find(symbol);
    if (instrument_ == nullptr) records_.fail(UNKNOWN_INSTRUMENT);
    return instrument_ != nullptr;
  }

  bool knows(std::string_view symbol) const { return table_.find(symbol) != nullptr; }
  bool chosen() const noexcept { return instrument_ != nullptr; }

  MarketRecord record_of(RecordKind kind) const;
  // Decimals of the instrument: JSON numbers, or strings that hold one.
  std::int64_t price(json::Reader& value);
  std::int64_t quantity(json::Reader& value);
  // Numbers with decimals of their own, likewise.
  Measure measure(json::Reader& value);
  // At RATE_SCALE, likewise.
  std::int64_t rate(json::Reader& value);
  // Venues leave out what there is not by null or an empty text. Does not take the value.
  static bool is_told(json::Reader value) {
    return value.kind() != json::Kind::Null && !value.text().empty();
  }
  // Whole numbers from 0, likewise.
  std::int64_t integer(json::Reader& value) { return whole_number(value.text()); }
  std::int64_t whole_number(std::string_view text);
  // Milliseconds since the epoch, as nanoseconds.
  std::int64_t millis_time(json::Reader& value);
  // `YYYY-MM-DDThh:mm:ss[.digits]Z`, as nanoseconds.
  std::int64_t utc_time(json::Reader& value);
  // `buy` or `sell`, the taker's; marks the record.
  void taker_side(json::Reader& value, MarketRecord& record);

  // Reads an object's members by `on_member(key, value) -> bit`, 0 when it is none it knows; all
  // `needed` bits must come.
  template <typename OnMember>
  void members(std::string_view entry, unsigned needed, OnMember on_member) {
    json::Reader reader(entry);
    members(reader, needed, on_member);
  }

  // The same where a reader stands, which takes the object.
  template <typename OnMember>
  void members(json::Reader& reader, unsigned needed, OnMember on_member) {
    unsigned seen = 0;
    const bool is_object = reader.object([&](std::string_view key) {
      const unsigned bit = on_member(key, reader);
      if (bit == 0) reader.skip();
      seen |= bit;
    });
    if (!is_object || (seen & needed) != needed) records_.fail(MALFORMED);
  }

  // Reads `["price","size",...]` and gives both; what else is in it is left out.
  template <typename OnLevel>
  void quoted_level(json::Reader& list, OnLevel on_level) {
    std::int64_t px = 0;
    std::int64_t qty = 0;
    if (quoted_pair(list, px, qty)) return on_level(px, qty);
    std::size_t at = 0;
    const bool is_level = list.array([&] {
      if (at == 0) {
        px = price(list);
      } else if (at == 1) {
        qty = quantity(list);
      } else {
        list.skip();
      }
      ++at;
    });
    if (!is_level || at < 2) records_.fail(MALFORMED);
    on_level(px, qty);
  }

  // Adds a record that is an event by itself, or ends one.
  void put(const MarketRecord& record);
  // Adds a bar of two records that opens at `open_nanos`; what a venue does not tell of its volumes
  // is -1 and set before.
  void put_bar(MarketRecord prices, MarketRecord volumes, std::int64_t open_nanos,
               std::int64_t interval_millis);
  // Adds a record for each thing that is told.
  void put_derivative(const DerivativeState& state, std::int64_t ts_event);
  void put_liquidation(const Measure& price, const Measure& quantity, bool is_long,
                       std::int64_t ts_event);
  void add_level(RecordKind side, std::int64_t price, std::int64_t quantity);
  // Writes the header in front of the levels added since `first` was, and closes the event.
  void close_book(MarketRecord* first, MarketRecord header);

  MessageRecords& records_;
  // Put on every record.
  std::uint8_t flags_ = 0;

 private:
  // The number as a decimal without an exponent; `plain` keeps it where it is another text.
  std::string_view decimal_text(json::Reader& value, std::string& plain);
  // Takes a level whose numbers need no second look; false, and nothing taken, of any other.
  bool quoted_pair(json::Reader& list, std::int64_t& px, std::int64_t& qty) const noexcept;
  // Keeps the failure that an error is.
  void fail_decimal(DecimalError error, std::int32_t off_scale);
  std::int64_t decimal(json::Reader& value, const ScaleShape& shape, int scale,
                       std::int32_t off_scale);

  const InstrumentTable& table_;
  std::int64_t ts_init_;
  const DecodedInstrument* instrument_ = nullptr;
};

}  // namespace qd
