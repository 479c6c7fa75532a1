#pragma once

#include <cstdint>
#include <string_view>

#include "decode/instruments.hpp"
#include "decode/record-sink.hpp"

namespace qd {

// A market message of Kraken's spot WebSocket v2 (book, trade, ticker, ohlc) to records; a message
// may speak of several events. A book header has FLAG_CHECKSUM and no ids. Prices and quantities
// are JSON numbers, read as text. Statuses: DecodeStatus; UNKNOWN_EVENT for everything else that is
// legal.
std::int32_t decode_kraken(const InstrumentTable& table, std::string_view message,
                           std::int64_t ts_init, RecordSink& out);

}  // namespace qd
