#pragma once

#include <cstdint>
#include <string_view>

#include "decode/instruments.hpp"
#include "decode/record-sink.hpp"

namespace qd {

// A market message of Coinbase's Advanced Trade WebSocket (l2_data, market_trades, ticker,
// ticker_batch, candles) to records; a message may speak of several events. The id of a book header
// is `sequence_num`, which counts the messages of the connection, whatever their channel; price2 is
// -1. The side of a trade is taken for the maker's, as this venue has always meant it (its
// documentation does not say). Statuses: DecodeStatus; UNKNOWN_EVENT for everything else that is
// legal.
std::int32_t decode_coinbase(const InstrumentTable& table, std::string_view message,
                             std::int64_t ts_init, RecordSink& out);

}  // namespace qd
