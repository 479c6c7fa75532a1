#include "book/book-checksum.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "checksum/crc32.hpp"

namespace qd {
namespace {

constexpr std::size_t DEPTH = 10;
// Two numbers a level, of up to 16 digits and the zeros.
constexpr std::size_t MOST_TEXT = DEPTH * 2 * (16 + MOST_WRITTEN_ZEROS);

std::uint32_t with_side(const BookSide& side, WrittenZeros zeros, std::uint32_t seed) noexcept {
  std::array<double, DEPTH> prices;
  std::array<double, DEPTH> quantities;
  std::array<char, MOST_TEXT> text;
  const std::size_t count = side.top(DEPTH, prices.data(), quantities.data());
  char* end = text.data();
  const auto write = [&](double mantissa, int behind) {
    end = std::to_chars(end, text.data() + text.size(), static_cast<std::int64_t>(mantissa)).ptr;
    end = std::fill_n(end, behind, '0');
  };
  for (std::size_t i = 0; i < count; ++i) {
    write(prices[i], zeros.price);
    write(quantities[i], zeros.quantity);
  }
  return crc32(text.data(), static_cast<std::size_t>(end - text.data()), seed);
}

constexpr std::size_t OKX_DEPTH = 25;
// Of one number: 16 digits, a point, zeros in front.
constexpr std::size_t MOST_NUMBER = 16 + 2 + MOST_WRITTEN_ZEROS;

// A decimal without needless zeros.
char* write_shortest(char* out, std::int64_t mantissa, int scale) noexcept {
  while (scale > 0 && mantissa % 10 == 0) {
    mantissa /= 10;
    --scale;
  }
  std::array<char, 20> digits;
  char* end = std::to_chars(digits.data(), digits.data() + digits.size(), mantissa).ptr;
  const auto count = static_cast<int>(end - digits.data());
  if (scale == 0) return std::copy(digits.data(), end, out);
  if (count <= scale) {
    *out++ = '0';
    *out++ = '.';
    out = std::fill_n(out, scale - count, '0');
    return std::copy(digits.data(), end, out);
  }
  out = std::copy(digits.data(), end - scale, out);
  *out++ = '.';
  return std::copy(end - scale, end, out);
}

}  // namespace

std::uint32_t kraken_checksum(const L2Book& book, WrittenZeros zeros) noexcept {
  return with_side(book.bids(), zeros, with_side(book.asks(), zeros, 0));
}

std::int32_t okx_checksum(const L2Book& book, int price_scale, int quantity_scale) noexcept {
  struct Column {
    std::array<double, OKX_DEPTH> prices;
    std::array<double, OKX_DEPTH> quantities;
    std::size_t count = 0;
  };
  Column bids;
  Column asks;
  bids.count = book.bids().top(OKX_DEPTH, bids.prices.data(), bids.quantities.data());
  asks.count = book.asks().top(OKX_DEPTH, asks.prices.data(), asks.quantities.data());
  std::array<char, OKX_DEPTH * 4 * (MOST_NUMBER + 1)> text;
  char* end = text.data();
  for (std::size_t i = 0; i < OKX_DEPTH; ++i) {
    for (const Column* side : {&bids, &asks}) {
      if (i >= side->count) continue;
      if (end != text.data()) *end++ = ':';
      end = write_shortest(end, static_cast<std::int64_t>(side->prices[i]), price_scale);
      *end++ = ':';
      end = write_shortest(end, static_cast<std::int64_t>(side->quantities[i]), quantity_scale);
    }
  }
  return static_cast<std::int32_t>(crc32(text.data(), static_cast<std::size_t>(end - text.data())));
}

}  // namespace qd
