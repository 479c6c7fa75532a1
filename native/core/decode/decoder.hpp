#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "decode/instruments.hpp"
#include "decode/record-sink.hpp"
#include "decode/status.hpp"
#include "market/record.hpp"

namespace qd {

// Whose messages are decoded. The numbers are part of the TypeScript contract.
enum class Wire : std::uint8_t {
  Binance = 0,
  Kraken = 1,
  Okx = 2,
  Deribit = 3,
  Coinbase = 4,
  Bybit = 5,
  Alpaca = 6
};

// A venue's market messages to records. Of Binance (spot, USD-M, COIN-M; raw or in the
// combined-stream wrapper) the fast reader takes the venue's own spelling; whatever it does not
// take the general reader decides, and both give the same answer.
class Decoder {
 public:
  explicit Decoder(std::vector<DecodedInstrument> instruments, Wire wire = Wire::Binance)
      : table_(std::move(instruments)), wire_(wire) {}

  // Decodes messages `bytes[ends[i-1], ends[i])`; writes what became of each to `status`. After the
  // first OUT_FULL every later message is OUT_FULL too, so that order is kept. `ends` must not
  // decrease nor pass `bytes`. `readable` >= bytes.size() bytes may be read from bytes.data().
  // Returns the records written.
  std::size_t decode(std::span<const std::uint8_t> bytes, std::size_t readable,
                     std::span<const std::uint32_t> ends, std::span<const std::int64_t> ts_init,
                     std::span<MarketRecord> out, std::span<std::int32_t> status);

  // A depth snapshot `{"lastUpdateId":..,"bids":..,"asks":..}`, which does not name its instrument.
  std::int32_t decode_snapshot(std::span<const std::uint8_t> bytes, std::uint16_t instrument,
                               std::int64_t ts_init, RecordSink& out);

  // The two readers alone, for tests that compare them. Both need TEXT_PADDING readable bytes
  // behind the message; `fast` answers UNKNOWN_EVENT for everything that is not its own.
  std::int32_t fast(std::span<const std::uint8_t> message, std::int64_t ts_init,
                    RecordSink& out) const noexcept;
  std::int32_t general(std::string_view message, std::int64_t ts_init, RecordSink& out) const;

 private:
  std::int32_t fast_snapshot(std::span<const std::uint8_t> message,
                             const DecodedInstrument& instrument, std::int64_t ts_init,
                             RecordSink& out) const noexcept;
  std::int32_t general_snapshot(std::string_view message, const DecodedInstrument& instrument,
                                std::int64_t ts_init, RecordSink& out) const;
  std::span<const std::uint8_t> padded(std::span<const std::uint8_t> message);

  InstrumentTable table_;
  Wire wire_;
  std::vector<std::uint8_t> scratch_;
};

}  // namespace qd
