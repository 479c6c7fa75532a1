#pragma once

#include <cstdint>
#include <string_view>

#include "decode/instruments.hpp"
#include "decode/record-sink.hpp"

namespace qd {

// A market message of Bybit's WebSocket v5 (orderbook.*, publicTrade, kline, tickers,
// allLiquidation) to records; a message may speak of several events. A book header's id is `u`, its
// price2 always -1: a change does not name the one before, whoever follows the book counts `u`.
// `orderbook.1` comes whole each time and is a quote. A ticker of linear and inverse contracts is
// no quote: its later messages name only what changed, and a quote of some of them would stand
// while the market moves. Trades have id 0 where the venue's is no number below 2^53. Times are the
// matching engine's where the message has them. Statuses: DecodeStatus; UNKNOWN_EVENT for
// everything else that is legal.
std::int32_t decode_bybit(const InstrumentTable& table, std::string_view message,
                          std::int64_t ts_init, RecordSink& out);

}  // namespace qd
