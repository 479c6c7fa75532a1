#include "decode/decoder.hpp"

#include <algorithm>

#include "decode/alpaca.hpp"
#include "decode/bybit.hpp"
#include "decode/coinbase.hpp"
#include "decode/deribit.hpp"
#include "decode/kraken.hpp"
#include "decode/okx.hpp"

namespace qd {

std::span<const std::uint8_t> Decoder::padded(std::span<const std::uint8_t> message) {
  if (scratch_.size() < message.size() + text::TEXT_PADDING) {
    scratch_.resize(std::bit_ceil(message.size() + text::TEXT_PADDING));
  }
  std::copy(message.begin(), message.end(), scratch_.begin());
  return {scratch_.data(), message.size()};
}

std::size_t Decoder::decode(std::span<const std::uint8_t> bytes, std::size_t readable,
                            std::span<const std::uint32_t> ends,
                            std::span<const std::int64_t> ts_init, std::span<MarketRecord> out,
                            std::span<std::int32_t> status) {
  RecordSink sink{out.data(), out.data() + out.size()};
  std::size_t start = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    auto message = bytes.subspan(start, ends[i] - start);
    if (ends[i] + text::TEXT_PADDING > readable) message = padded(message);
    start = ends[i];
    const std::string_view text(reinterpret_cast<const char*>(message.data()), message.size());
    std::int32_t verdict = UNKNOWN_EVENT;
    switch (wire_) {
      case Wire::Binance:
        verdict = fast(message, ts_init[i], sink);
        if (verdict < 0) verdict = general(text, ts_init[i], sink);
        break;
      case Wire::Kraken:
        verdict = decode_kraken(table_, text, ts_init[i], sink);
        break;
      case Wire::Okx:
        verdict = decode_okx(table_, text, ts_init[i], sink);
        break;
      case Wire::Deribit:
        verdict = decode_deribit(table_, text, ts_init[i], sink);
        break;
      case Wire::Coinbase:
        verdict = decode_coinbase(table_, text, ts_init[i], sink);
        break;
      case Wire::Bybit:
        verdict = decode_bybit(table_, text, ts_init[i], sink);
        break;
      case Wire::Alpaca:
        verdict = decode_alpaca(table_, text, ts_init[i], sink);
        break;
    }
    status[i] = verdict;
    if (verdict == OUT_FULL) {
      std::fill(status.begin() + static_cast<std::ptrdiff_t>(i), status.end(),
                std::int32_t{OUT_FULL});
      break;
    }
  }
  return static_cast<std::size_t>(sink.next - out.data());
}

std::int32_t Decoder::decode_snapshot(std::span<const std::uint8_t> bytes, std::uint16_t instrument,
                                      std::int64_t ts_init, RecordSink& out) {
  const DecodedInstrument* found = table_.by_index(instrument);
  if (found == nullptr) return UNKNOWN_INSTRUMENT;
  const auto message = padded(bytes);
  const std::int32_t verdict = fast_snapshot(message, *found, ts_init, out);
  if (verdict >= 0) return verdict;
  return general_snapshot({reinterpret_cast<const char*>(message.data()), message.size()}, *found,
                          ts_init, out);
}

}  // namespace qd
