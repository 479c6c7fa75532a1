#pragma once

#include <cstdint>
#include <string_view>

#include "decode/instruments.hpp"
#include "decode/record-sink.hpp"

namespace qd {

// A market message of OKX's WebSocket v5 (books and its kinds, bbo-tbt, trades, trades-all,
// tickers, candle*, mark-price, index-tickers, funding-rate, open-interest, liquidation-orders) to
// records; a message may speak of several events. A book header's id is
// `seqId` and its price2 `prevSeqId`, 0 and -1 where the message has none; FLAG_CHECKSUM when it
// has a checksum that is not 0, the value the venue puts for none. Quantities are the venue's own:
// contracts for derivatives. Statuses: DecodeStatus; UNKNOWN_EVENT for everything else that is
// legal.
std::int32_t decode_okx(const InstrumentTable& table, std::string_view message,
                        std::int64_t ts_init, RecordSink& out);

}  // namespace qd
