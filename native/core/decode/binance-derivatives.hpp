#pragma once

#include <cstdint>
#include <string_view>

#include "decode/instruments.hpp"
#include "decode/record-sink.hpp"

namespace qd {

// `markPriceUpdate` and `forceOrder` of Binance USD-M and COIN-M, raw or in the combined-stream
// wrapper, in a legal JSON object, to records. Of liquidations the venue sends the largest of a
// second only; the price is their average fill. Statuses: DecodeStatus; UNKNOWN_EVENT for
// everything else.
std::int32_t decode_binance_derivative(const InstrumentTable& table, std::string_view message,
                                       std::int64_t ts_init, RecordSink& out);

}  // namespace qd
