#include "decode/entry-decoder.hpp"

#include <algorithm>
#include <string>

#include "decode/times.hpp"

namespace qd {

std::int32_t judge_object(std::string_view message) noexcept {
  switch (json::check(message)) {
    case json::Verdict::Truncated:
      return TRUNCATED;
    case json::Verdict::Malformed:
      return MALFORMED;
    case json::Verdict::Valid:
      break;
  }
  return json::Reader(message).kind() == json::Kind::Object ? 0 : UNKNOWN_EVENT;
}

MarketRecord EntryDecoder::record_of(RecordKind kind) const {
  MarketRecord record{};
  record.kind = static_cast<std::uint8_t>(kind);
  record.flags = flags_;
  record.instrument = instrument_->index;
  record.ts_init = ts_init_;
  return record;
}

namespace {

// A decimal with an exponent of up to three digits written without it; as it is when it is none.
std::string plain_decimal(std::string_view text) {
  const std::size_t mark = text.find_first_of("eE");
  std::string_view power = text.substr(mark + 1);
  const bool smaller = power.starts_with('-');
  if (smaller || power.starts_with('+')) power.remove_prefix(1);
  std::size_t exponent = 0;
  for (const char c : power) exponent = exponent * 10 + static_cast<std::size_t>(c - '0');
  const bool is_power =
      !power.empty() && power.size() <= 3 && power.find_first_not_of("0123456789") == power.npos;
  std::string_view number = text.substr(0, mark);
  const bool negative = number.starts_with('-');
  if (negative) number.remove_prefix(1);
  const std::size_t point = std::min(number.find('.'), number.size());
  if (!is_power || point == 0) return std::string(text);
  // All digits, with as many zeros around them as the point may move.
  std::string digits(smaller ? exponent : 0, '0');
  digits.append(number.substr(0, point));
  digits.append(number.substr(std::min(point + 1, number.size())));
  digits.append(smaller ? 0 : exponent, '0');
  const std::size_t at = smaller ? point : point + exponent;
  std::string plain(negative ? "-" : "");
  plain.append(digits, 0, at);
  if (at < digits.size()) plain.append(1, '.').append(digits, at);
  return plain;
}

}  // namespace

std::int64_t EntryDecoder::decimal(json::Reader& value, int scale, std::int32_t off_scale) {
  const json::Kind kind = value.kind();
  std::string_view text = value.text();
  std::string plain;
  if (text.find_first_of("eE") != std::string_view::npos) {
    plain = plain_decimal(text);
    text = plain;
  }
  if (kind != json::Kind::Number && kind != json::Kind::String) records_.fail(MALFORMED);
  std::int64_t mantissa = 0;
  switch (parse_decimal(text, scale, mantissa)) {
    case DecimalError::None:
      return mantissa;
    case DecimalError::Malformed:
      records_.fail(MALFORMED);
      return 0;
    case DecimalError::OffScale:
      records_.fail(off_scale);
      return 0;
    case DecimalError::Overflow:
      records_.fail(OVERFLOW_VALUE);
      return 0;
  }
  return 0;
}

std::int64_t EntryDecoder::price(json::Reader& value) {
  return decimal(value, instrument_->price_scale, PRICE_OFF_SCALE);
}

std::int64_t EntryDecoder::quantity(json::Reader& value) {
  const std::int64_t mantissa = decimal(value, instrument_->quantity_scale, QUANTITY_OFF_SCALE);
  if (mantissa < 0) records_.fail(MALFORMED);
  return mantissa;
}

std::int64_t EntryDecoder::whole_number(std::string_view text) {
  std::int64_t number = 0;
  const DecimalError error = parse_decimal(text, 0, number);
  if (error == DecimalError::Overflow) records_.fail(OVERFLOW_VALUE);
  if (error != DecimalError::None || number < 0) {
    records_.fail(MALFORMED);
    return 0;
  }
  return number;
}

std::int64_t EntryDecoder::millis_time(json::Reader& value) {
  std::int64_t nanos = 0;
  if (!nanos_of(integer(value), nanos)) records_.fail(OVERFLOW_VALUE);
  return nanos;
}

std::int64_t EntryDecoder::utc_time(json::Reader& value) {
  std::int64_t nanos = 0;
  const bool is_string = value.kind() == json::Kind::String;
  if (!rfc3339_nanos(value.text(), nanos) || !is_string) records_.fail(MALFORMED);
  return nanos;
}

void EntryDecoder::taker_side(json::Reader& value, MarketRecord& record) {
  const std::string_view text = value.text();
  if (text == "sell") record.flags |= FLAG_AGGRESSOR_SELL;
  if (text != "sell" && text != "buy") records_.fail(MALFORMED);
}

void EntryDecoder::put(const MarketRecord& record) {
  MarketRecord* place = records_.add();
  if (place == nullptr) return;
  *place = record;
  records_.close_event();
}

void EntryDecoder::put_bar(MarketRecord prices, MarketRecord volumes, std::int64_t open_nanos,
                           std::int64_t interval_millis) {
  prices.ts_event = volumes.ts_event = open_nanos;
  prices.id = open_nanos / 1000000;
  volumes.quantity2 = interval_millis;
  volumes.id = prices.id + interval_millis - 1;
  MarketRecord* place = records_.add();
  if (place != nullptr) *place = prices;
  put(volumes);
}

void EntryDecoder::add_level(RecordKind side, std::int64_t price, std::int64_t quantity) {
  MarketRecord* place = records_.add();
  if (place == nullptr) return;
  *place = record_of(side);
  place->price = price;
  place->quantity = quantity;
}

void EntryDecoder::close_book(MarketRecord* first, MarketRecord header) {
  if (records_.failure() != 0) return;
  MarketRecord* end = records_.end();
  header.quantity = end - first - 1;
  header.quantity2 = instrument_->depth;
  *first = header;
  for (MarketRecord* level = first + 1; level != end; ++level) {
    level->ts_event = header.ts_event;
    level->id = header.id;
  }
  records_.close_event();
}

}  // namespace qd
