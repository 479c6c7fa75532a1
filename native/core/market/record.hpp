#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace qd {

// What a record says; the meaning of the value fields follows the kind. Mirrored in
// compute/market-record.ts.
enum class RecordKind : std::uint8_t {
  Trade = 1,  // price, quantity, id = trade id, 0 where the venue's is no number
  Bbo = 2,    // bid in price/quantity, ask in price2/quantity2 (0/0 = side absent), id = update id
  // id = last update id, price = first, price2 = previous or -1, quantity = levels that follow,
  // quantity2 = levels a side the venue speaks of: after them the others are forgotten (0 = all)
  DiffHeader = 3,
  SnapshotHeader = 4,  // id = update id, quantity and quantity2 likewise
  BidLevel = 5,        // price, absolute quantity (0 deletes), id = update id
  AskLevel = 6,
  KlinePrices =
      7,  // open, high, low, close in price, quantity, price2, quantity2; id = open time ms
  KlineVolumes = 8,  // base volume, taker buy base volume, trades, interval ms; id = close time ms
  BookStatus = 9,    // price: 0 live, 1 stale, 2 resyncing; quantity: reason code
  // Of derivatives. Their numbers have decimals of their own, not those of the instrument: they are
  // finer than its tick.
  MarkPrice = 10,    // price at price2 decimals: what the venue values positions by
  IndexPrice = 11,   // price at price2 decimals: of what it is derived from
  FundingRate = 12,  // price = the rate that longs pay at RATE_SCALE decimals, as it stands for the
                     // period that ends at id (ms; 0: funding is continuous, or not told) and
                     // lasts quantity ms (0: not told)
  OpenInterest = 13,  // quantity at quantity2 decimals, in the unit of trades, one side
  Liquidation = 14,   // price at price2 decimals, the bankruptcy price or the average fill as the
                      // venue has it; quantity at quantity2 decimals; FLAG_AGGRESSOR_SELL: a long
};

// Decimals of rates. Finer ones, and numbers beyond 15 digits, are rounded half to even.
inline constexpr int RATE_SCALE = 12;

inline constexpr std::uint8_t FLAG_LAST = 1;  // last record of its message
inline constexpr std::uint8_t FLAG_SNAPSHOT = 2;
inline constexpr std::uint8_t FLAG_AGGRESSOR_SELL = 4;
inline constexpr std::uint8_t FLAG_CLOSED = 8;
// A book header whose `price` is the venue's checksum of the book after it, not an update id.
inline constexpr std::uint8_t FLAG_CHECKSUM = 16;
// A trade that ended a position by force.
inline constexpr std::uint8_t FLAG_LIQUIDATION = 32;
// Of a trade: nobody told whose side the aggressor was on.
inline constexpr std::uint8_t FLAG_AGGRESSOR_UNKNOWN = 64;
// Of a trade: its id tells it apart from others of its time, but neither orders nor counts them.
inline constexpr std::uint8_t FLAG_ID_UNORDERED = 128;

// One market event in 64 bytes, little-endian, the same in rings, buffers and files. Times are UTC
// nanoseconds; tsEvent is 0 when the venue sent no time.
struct MarketRecord {
  std::uint8_t kind;
  std::uint8_t flags;
  std::uint16_t instrument;  // index in the process's instrument table
  std::uint32_t reserved;    // 0
  std::int64_t ts_event;
  std::int64_t ts_init;
  std::int64_t price;
  std::int64_t quantity;
  std::int64_t price2;
  std::int64_t quantity2;
  std::int64_t id;
};

static_assert(sizeof(MarketRecord) == 64);
static_assert(std::is_trivially_copyable_v<MarketRecord> &&
              std::is_standard_layout_v<MarketRecord>);
static_assert(offsetof(MarketRecord, flags) == 1 && offsetof(MarketRecord, instrument) == 2);
static_assert(offsetof(MarketRecord, ts_event) == 8 && offsetof(MarketRecord, ts_init) == 16);
static_assert(offsetof(MarketRecord, price) == 24 && offsetof(MarketRecord, quantity) == 32);
static_assert(offsetof(MarketRecord, price2) == 40 && offsetof(MarketRecord, quantity2) == 48);
static_assert(offsetof(MarketRecord, id) == 56);

inline constexpr std::int64_t MAX_SAFE_INTEGER =
    9007199254740991;  // 2^53 - 1: exact in JavaScript too

}  // namespace qd
