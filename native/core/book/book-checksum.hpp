#pragma once

#include <cstdint>

#include "book/l2-book.hpp"

namespace qd {

// How many more decimals a venue writes than the book's mantissas have.
struct WrittenZeros {
  int price = 0;
  int quantity = 0;
};
inline constexpr int MOST_WRITTEN_ZEROS = 15;

// Kraken's checksum of a book (spot WebSocket v2): CRC-32 over the ten best asks, then the ten best
// bids, each level its price and its quantity as the venue writes them without point and leading
// zeros: the digits of the mantissas, and the zeros behind them.
std::uint32_t kraken_checksum(const L2Book& book, WrittenZeros zeros) noexcept;

// OKX's checksum of a book (v5, until 2026-06-23; since then the venue sends 0): CRC-32 as a signed
// number over the 25 best bids and asks in turn, `price:size:price:size:...`, each number as short
// as it can be written. Scales are those of the mantissas, 0..15.
std::int32_t okx_checksum(const L2Book& book, int price_scale, int quantity_scale) noexcept;

}  // namespace qd
