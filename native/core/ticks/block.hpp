#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "market/record.hpp"
#include "ticks/column.hpp"

namespace qd::ticks {

inline constexpr std::uint32_t BLOCK_MAGIC = 0x424B5451;

// In front of each block; both checksums are CRC-32C.
struct BlockHeader {
  std::uint32_t magic;
  std::uint32_t header_crc;  // of everything after it
  std::uint32_t payload_crc;
  std::uint32_t payload_bytes;  // a multiple of 8
  std::uint32_t rows;
  std::uint32_t kind_group;
  std::uint64_t first_row;  // of the segment: a lost block shows
  std::int64_t first_ts_event;
  std::int64_t last_ts_event;
  std::int64_t first_ts_init;
  std::int64_t last_ts_init;
  std::int64_t least_id;
  std::int64_t greatest_id;
};
static_assert(sizeof(BlockHeader) == 80);

// The columns of a block. Shared ones have a value for every row; value columns stand apart for
// each kind of record, in the order of its rows, so that book headers do not disturb the levels
// between them.
enum Shared : std::size_t {
  KIND,
  FLAGS,
  INSTRUMENT,
  RESERVED,
  TS_EVENT,
  TS_INIT,
  ID,
  SHARED_COLUMNS
};
enum Value : std::size_t { PRICE, QUANTITY, PRICE2, QUANTITY2, VALUE_COLUMNS };

// Room for one decoded block.
struct Columns {
  std::array<std::array<std::int64_t, MAX_ROWS>, SHARED_COLUMNS> shared;
  std::array<std::array<std::int64_t, MAX_ROWS>, VALUE_COLUMNS> values;
  std::size_t rows = 0;
};

// The bytes of a block of `rows` (1..MAX_ROWS) records, header included, appended to `out`.
void encode_block(const MarketRecord* records, std::size_t rows, std::uint32_t kind_group,
                  std::uint64_t first_row, std::vector<std::uint8_t>& out);

// Whether `header` can be one: magic, checksum, bounds.
bool is_block_header(const BlockHeader& header) noexcept;

// The records of a block whose header and checksum were verified; false when the payload is no
// encoding. READ_SLACK bytes behind the payload must be readable. `scratch` is overwritten.
bool decode_block(const BlockHeader& header, const std::uint8_t* payload, MarketRecord* records,
                  Columns& scratch);

// Only the columns named in the bit sets; value columns only where all rows are of one kind
// (`false` otherwise).
bool decode_columns(const BlockHeader& header, const std::uint8_t* payload, unsigned shared,
                    unsigned values, Columns& columns);

}  // namespace qd::ticks
