#pragma once

#include <bit>
#include <cstdint>

#include "decode/instruments.hpp"
#include "decode/text.hpp"
#include "market/record.hpp"

// Readers of single values in the venue's own spelling. Each takes the first byte and gives the
// place behind the value, or nullptr for what it does not take. They may read TEXT_PADDING bytes
// from where they start.
namespace qd::scan {

using Cursor = const std::uint8_t*;
using text::load32;
using text::load64;
using text::Window;
using text::word;

// 1 to 15 digits without a leading zero; nullptr for anything else.
inline Cursor integer(Cursor p, std::int64_t& value) noexcept {
  const std::uint32_t others = text::non_digits16(p);
  if (others == 0) return nullptr;
  const auto digits = static_cast<unsigned>(std::countr_zero(others));
  if (digits == 0 || (digits > 1 && *p == '0')) return nullptr;
  const std::uint64_t head = load64(p) ^ text::ZEROS;
  if (digits <= 8) {
    value = static_cast<std::int64_t>(text::parse8(head << (64 - 8 * digits)));
    return p + digits;
  }
  const std::uint64_t tail = load64(p + digits - 8) ^ text::ZEROS;
  value = static_cast<std::int64_t>(text::parse8(head << (8 * (16 - digits))) * 100000000 +
                                    text::parse8(tail));
  return p + digits;
}

// The same for a time, which has 16 digits in microseconds.
inline Cursor time(Cursor p, std::int64_t& value) noexcept {
  if (text::non_digits16(p) != 0) return integer(p, value);
  if (*p == '0' || (p[16] >= '0' && p[16] <= '9')) return nullptr;
  const std::uint64_t head = text::parse8(load64(p) ^ text::ZEROS);
  const std::uint64_t tail = text::parse8(load64(p + 8) ^ text::ZEROS);
  value = static_cast<std::int64_t>(head * 100000000 + tail);
  return value <= MAX_SAFE_INTEGER ? p + 16 : nullptr;
}

inline Cursor skip_integer(Cursor p) noexcept {
  std::int64_t ignored = 0;
  return integer(*p == '-' ? p + 1 : p, ignored);
}

// Behind a string of at most 63 plain characters whose opening quote is at `p`.
inline Cursor skip_text(Cursor p) noexcept {
  if (*p++ != '"') return nullptr;
  for (int part = 0; part < 2; ++part, p += 32) {
    const Window window(p);
    const std::uint32_t quotes = window.equal('"');
    if ((window.special() & (quotes ^ (quotes - 1))) != 0) return nullptr;
    if (quotes != 0) return p + 1 + std::countr_zero(quotes);
  }
  return nullptr;
}

inline Cursor boolean(Cursor p, bool& value) noexcept {
  value = load32(p) == word("true");
  if (value) return p + 4;
  return load32(p) == word("fals") && p[4] == 'e' ? p + 5 : nullptr;
}

// A quoted decimal; `refused` is set when parse_decimal must decide.
inline Cursor decimal(Cursor p, const ScaleShape& scale, std::int64_t& mantissa,
                      std::uint64_t& refused) noexcept {
  const Window window(p + 1);
  const std::uint32_t quotes = window.equal('"');
  if (*p != '"' || quotes == 0) return nullptr;
  const Cursor end = p + 1 + std::countr_zero(quotes);
  const std::uint32_t points = window.equal('.') & (quotes ^ (quotes - 1));
  const Cursor point = points == 0 ? end : p + 1 + std::countr_zero(points);
  mantissa = fast_decimal(p + 1, point, end, scale, refused);
  return end + 1;
}

struct LevelWriter {
  MarketRecord* next;
  MarketRecord* end;
  std::uint64_t refused = 0;
};

// The quoted pair `P","Q"` whose first digit is at `p`; behind its closing quote.
inline Cursor level(Cursor p, const DecodedInstrument& instrument, MarketRecord& record,
                    std::uint64_t& refused) noexcept {
  const Window window(p);
  std::uint32_t quotes = window.equal('"');
  const std::uint32_t points = window.equal('.');
  const std::uint32_t in_price = quotes ^ (quotes - 1);
  const auto price_size = static_cast<unsigned>(std::countr_zero(quotes));
  quotes &= quotes - 1;
  if (quotes == 0) return nullptr;
  const auto open = static_cast<unsigned>(std::countr_zero(quotes));
  quotes &= quotes - 1;
  if (open != price_size + 2 || p[price_size + 1] != ',') return nullptr;
  const Cursor price_end = p + price_size;
  const std::uint32_t price_points = points & in_price;
  record.price = fast_decimal(p, price_points == 0 ? price_end : p + std::countr_zero(price_points),
                              price_end, instrument.price, refused);
  if (quotes == 0) return decimal(p + open, instrument.quantity, record.quantity, refused);
  const Cursor quantity_end = p + std::countr_zero(quotes);
  const std::uint32_t quantity_points = points & (quotes ^ (quotes - 1)) & ~in_price;
  record.quantity = fast_decimal(
      p + open + 1, quantity_points == 0 ? quantity_end : p + std::countr_zero(quantity_points),
      quantity_end, instrument.quantity, refused);
  return quantity_end + 1;
}

// `[["P","Q"],..]` at `p` to one record a level, each like `proto`.
inline Cursor levels(Cursor p, Cursor end, const DecodedInstrument& instrument,
                     const MarketRecord& proto, LevelWriter& out) noexcept {
  if (p[0] != '[') return nullptr;
  if (p[1] == ']') return p + 2;
  if (p[1] != '[' || p[2] != '"') return nullptr;
  p += 3;
  MarketRecord* next = out.next;
  MarketRecord* const limit = out.end;
  std::uint64_t refused = 0;
  for (;;) {
    if (p >= end || next == limit) return nullptr;
    *next = proto;
    p = level(p, instrument, *next, refused);
    if (p == nullptr) return nullptr;
    ++next;
    const std::uint32_t separator = load32(p);
    if (separator == word("],[\"")) {
      p += 4;
      continue;
    }
    if ((separator & 0xFFFFU) != (word("]]  ") & 0xFFFFU)) return nullptr;
    out.next = next;
    out.refused |= refused;
    return p + 2;
  }
}

}  // namespace qd::scan
