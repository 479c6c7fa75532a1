#include "decode/instruments.hpp"

#include <algorithm>
#include <stdexcept>

namespace qd {
namespace {

constexpr std::size_t MAX_SYMBOL = 64;

struct Padded {
  std::uint8_t bytes[MAX_SYMBOL + text::TEXT_PADDING] = {};
};

Padded padded(std::string_view symbol) {
  Padded copy;
  std::memcpy(copy.bytes, symbol.data(), symbol.size());
  return copy;
}

}  // namespace

InstrumentTable::InstrumentTable(std::vector<DecodedInstrument> instruments)
    : instruments_(std::move(instruments)) {
  const std::size_t capacity = std::bit_ceil(std::max<std::size_t>(16, instruments_.size() * 4));
  slots_.resize(capacity);
  mask_ = capacity - 1;
  for (const auto& instrument : instruments_) {
    const std::string& symbol = instrument.symbol;
    if (symbol.empty() || symbol.size() > MAX_SYMBOL) {
      throw std::invalid_argument("symbol must have 1..64 bytes, was '" + symbol + "'");
    }
    if (find(std::string_view(symbol)) != nullptr)
      throw std::invalid_argument("symbol '" + symbol + "' is there twice");
    const Padded copy = padded(symbol);
    const auto [first, last] = ends_of(copy.bytes, symbol.size());
    std::size_t at = slot_of(first, last, symbol.size());
    while (slots_[at].instrument != nullptr) at = (at + 1) & mask_;
    slots_[at] = {first, last, symbol.size(), &instrument};
  }
}

const DecodedInstrument* InstrumentTable::find(std::string_view symbol) const noexcept {
  if (symbol.size() > MAX_SYMBOL) return nullptr;
  const Padded copy = padded(symbol);
  return find(copy.bytes, symbol.size());
}

const DecodedInstrument* InstrumentTable::by_index(std::uint16_t index) const noexcept {
  const auto found =
      std::find_if(instruments_.begin(), instruments_.end(),
                   [index](const DecodedInstrument& one) { return one.index == index; });
  return found == instruments_.end() ? nullptr : &*found;
}

}  // namespace qd
