#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "decode/decimal.hpp"

namespace qd {

// One instrument as the venue names it. Scales are 0..MAX_SCALE; `book_depth` are the levels a side
// that the venue speaks of, 0 where it deletes what it no longer sends.
struct DecodedInstrument {
  DecodedInstrument(std::string venue_symbol, std::uint16_t table_index, int price_digits,
                    int quantity_digits, int book_depth = 0)
      : symbol(std::move(venue_symbol)),
        index(table_index),
        price_scale(price_digits),
        quantity_scale(quantity_digits),
        depth(book_depth),
        price(price_digits),
        quantity(quantity_digits) {}

  std::string symbol;
  std::uint16_t index;
  int price_scale;
  int quantity_scale;
  int depth;
  ScaleShape price;
  ScaleShape quantity;
};

// Symbol text -> instrument: open addressing over a hash of the first and last eight bytes.
class InstrumentTable {
 public:
  // Symbols must be distinct and not empty; throws std::invalid_argument naming the one that is
  // not.
  explicit InstrumentTable(std::vector<DecodedInstrument> instruments);
  InstrumentTable(InstrumentTable&&) = default;
  InstrumentTable(const InstrumentTable&) = delete;

  // nullptr when unknown. `symbol` must have TEXT_PADDING readable bytes.
  const DecodedInstrument* find(const std::uint8_t* symbol, std::size_t size) const noexcept {
    const auto [first, last] = ends_of(symbol, size);
    for (std::size_t at = slot_of(first, last, size);; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (slot.instrument == nullptr) return nullptr;
      if (slot.first == first && slot.last == last && slot.size == size &&
          (size <= 16 || std::memcmp(slot.instrument->symbol.data(), symbol, size) == 0)) {
        return slot.instrument;
      }
    }
  }
  const DecodedInstrument* find(std::string_view symbol) const noexcept;
  const DecodedInstrument* by_index(std::uint16_t index) const noexcept;

 private:
  struct Slot {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::size_t size = 0;
    const DecodedInstrument* instrument = nullptr;
  };
  struct Ends {
    std::uint64_t first;
    std::uint64_t last;
  };

  // The first and the last eight bytes (overlapping when there are fewer than 16): with the size
  // they fix up to 16.
  static Ends ends_of(const std::uint8_t* symbol, std::size_t size) noexcept {
    const std::uint64_t first = text::load64(symbol);
    if (size >= 8) return {first, text::load64(symbol + size - 8)};
    const std::uint64_t kept = size == 0 ? 0 : first & (~std::uint64_t{0} >> (64 - 8 * size));
    return {kept, kept};
  }
  std::size_t slot_of(std::uint64_t first, std::uint64_t last, std::size_t size) const noexcept {
    const std::uint64_t mixed =
        (first * 0x9E3779B97F4A7C15ULL) ^ (last * 0xC2B2AE3D27D4EB4FULL) ^ size;
    return static_cast<std::size_t>((mixed * 0x9E3779B97F4A7C15ULL) >> 32) & mask_;
  }

  std::vector<DecodedInstrument> instruments_;
  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
};

}  // namespace qd
