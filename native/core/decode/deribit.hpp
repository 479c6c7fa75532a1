#pragma once

#include <cstdint>
#include <string_view>

#include "decode/instruments.hpp"
#include "decode/record-sink.hpp"

namespace qd {

// A market message of Deribit's WebSocket v2 (notifications of book.*, trades.*, ticker.*) to
// records; a message may speak of several events. A book header's id is `change_id` and its price2
// `prev_change_id`, -1 where there is none; a book that comes whole each time is a snapshot. A
// trade's id is `trade_seq`, which counts the instrument's trades. Quantities are the venue's own:
// USD for inverse futures. Statuses: DecodeStatus; UNKNOWN_EVENT for everything else that is legal.
std::int32_t decode_deribit(const InstrumentTable& table, std::string_view message,
                            std::int64_t ts_init, RecordSink& out);

}  // namespace qd
