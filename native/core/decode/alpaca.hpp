#pragma once

#include <cstdint>
#include <string_view>

#include "decode/instruments.hpp"
#include "decode/record-sink.hpp"

namespace qd {

// A frame of Alpaca's stock market data WebSocket v2, an array of events of several instruments, to
// records: trades (t), quotes (q), bars of a minute and their corrections (b, u), bars of a day
// (d). The venue has no depth: a quote gives a snapshot of a book of one level a side and the best
// prices; a side without a price or a size is absent. Nobody tells the aggressor of a trade, and
// its id tells it apart from others of its time but counts nothing. Other events of a frame, and
// those of instruments that are not in the table, are passed over. Statuses: DecodeStatus; of a
// frame without records UNKNOWN_INSTRUMENT when an event was of one, else UNKNOWN_EVENT.
std::int32_t decode_alpaca(const InstrumentTable& table, std::string_view message,
                           std::int64_t ts_init, RecordSink& out);

}  // namespace qd
