#include "decode/entry-decoder.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <string>

#include "decode/scan.hpp"
#include "decode/times.hpp"

namespace qd {

std::int32_t judge_value(std::string_view message, json::Kind wanted) noexcept {
  switch (json::check(message)) {
    case json::Verdict::Truncated:
      return TRUNCATED;
    case json::Verdict::Malformed:
      return MALFORMED;
    case json::Verdict::Valid:
      break;
  }
  return json::Reader(message).kind() == wanted ? 0 : UNKNOWN_EVENT;
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

// The text itself, or, of one with an exponent, `plain`.
std::string_view without_exponent(std::string_view text, std::string& plain) {
  if (text.find_first_of("eE") == std::string_view::npos) return text;
  plain = plain_decimal(text);
  return plain;
}

// False of what only parse_decimal can tell.
bool fast_decimal(std::string_view text, const ScaleShape& shape, std::int64_t& mantissa) noexcept {
  constexpr std::size_t MOST = 17;
  if (text.size() > MOST) return false;
  const auto* start = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto* end = start + text.size();
  const std::uint32_t points = text::Window(start).equal('.') & ((1U << text.size()) - 1);
  const auto* point = points == 0 ? end : start + std::countr_zero(points);
  std::uint64_t refused = 0;
  mantissa = qd::fast_decimal(start, point, end, shape, refused);
  return refused == 0;
}

}  // namespace

std::string_view EntryDecoder::decimal_text(json::Reader& value, std::string& plain) {
  const json::Kind kind = value.kind();
  if (kind != json::Kind::Number && kind != json::Kind::String) records_.fail(MALFORMED);
  return without_exponent(value.text(), plain);
}

void EntryDecoder::fail_decimal(DecimalError error, std::int32_t off_scale) {
  if (error == DecimalError::Malformed) records_.fail(MALFORMED);
  if (error == DecimalError::OffScale) records_.fail(off_scale);
  if (error == DecimalError::Overflow) records_.fail(OVERFLOW_VALUE);
}

std::int64_t EntryDecoder::decimal(json::Reader& value, const ScaleShape& shape, int scale,
                                   std::int32_t off_scale) {
  const json::Kind kind = value.kind();
  if (kind != json::Kind::Number && kind != json::Kind::String) records_.fail(MALFORMED);
  const std::string_view text = value.text();
  std::int64_t mantissa = 0;
  if (fast_decimal(text, shape, mantissa)) return mantissa;
  std::string plain;
  const DecimalError error = parse_decimal(without_exponent(text, plain), scale, mantissa);
  fail_decimal(error, off_scale);
  return error == DecimalError::None ? mantissa : 0;
}

bool EntryDecoder::quoted_pair(json::Reader& list, std::int64_t& px,
                               std::int64_t& qty) const noexcept {
  const char* const at = list.at();
  if (at[0] != '[' || at[1] != '"') return false;
  MarketRecord pair{};
  std::uint64_t refused = 0;
  const std::uint8_t* behind =
      scan::level(reinterpret_cast<const std::uint8_t*>(at) + 2, *instrument_, pair, refused);
  if (behind == nullptr || refused != 0) return false;
  if (*behind != ',' && *behind != ']') return false;
  list.go(reinterpret_cast<const char*>(behind));
  list.elements([&] { list.skip(); });
  px = pair.price;
  qty = pair.quantity;
  return true;
}

Measure EntryDecoder::measure(json::Reader& value) {
  std::string plain;
  Measure measure;
  fail_decimal(round_decimal(decimal_text(value, plain), MAX_SCALE, measure), MALFORMED);
  return measure;
}

std::int64_t EntryDecoder::rate(json::Reader& value) {
  std::string plain;
  Measure rate;
  fail_decimal(round_decimal(decimal_text(value, plain), RATE_SCALE, rate), MALFORMED);
  const std::int64_t unit = POWERS_OF_TEN[static_cast<std::size_t>(RATE_SCALE - rate.decimals)];
  if (std::abs(rate.mantissa) <= MAX_SAFE_INTEGER / unit) return rate.mantissa * unit;
  records_.fail(OVERFLOW_VALUE);
  return 0;
}

std::int64_t EntryDecoder::price(json::Reader& value) {
  return decimal(value, instrument_->price, instrument_->price_scale, PRICE_OFF_SCALE);
}

std::int64_t EntryDecoder::quantity(json::Reader& value) {
  const std::int64_t mantissa =
      decimal(value, instrument_->quantity, instrument_->quantity_scale, QUANTITY_OFF_SCALE);
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

void EntryDecoder::put_derivative(const DerivativeState& state, std::int64_t ts_event) {
  const auto record_at = [&](RecordKind kind) {
    MarketRecord record = record_of(kind);
    record.ts_event = ts_event;
    return record;
  };
  const auto put_price = [&](RecordKind kind, const std::optional<Measure>& price) {
    if (!price) return;
    MarketRecord record = record_at(kind);
    record.price = price->mantissa;
    record.price2 = price->decimals;
    put(record);
  };
  put_price(RecordKind::MarkPrice, state.mark_price);
  put_price(RecordKind::IndexPrice, state.index_price);
  if (state.funding_rate) {
    MarketRecord record = record_at(RecordKind::FundingRate);
    record.price = *state.funding_rate;
    record.quantity = state.funding_interval_millis;
    record.id = state.funding_at_millis;
    put(record);
  }
  if (state.open_interest) {
    MarketRecord record = record_at(RecordKind::OpenInterest);
    record.quantity = state.open_interest->mantissa;
    record.quantity2 = state.open_interest->decimals;
    put(record);
  }
}

void EntryDecoder::put_liquidation(const Measure& price, const Measure& quantity, bool is_long,
                                   std::int64_t ts_event) {
  MarketRecord record = record_of(RecordKind::Liquidation);
  if (is_long) record.flags |= FLAG_AGGRESSOR_SELL;
  record.ts_event = ts_event;
  record.price = price.mantissa;
  record.price2 = price.decimals;
  record.quantity = quantity.mantissa;
  record.quantity2 = quantity.decimals;
  put(record);
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
