#include "ticks/block.hpp"

#include <algorithm>
#include <cstring>

#include "checksum/crc32c.hpp"

namespace qd::ticks {
namespace {

constexpr std::size_t MAX_PAYLOAD = 1U << 20;
// How the receive time is written.
enum TimeMode : std::uint8_t { OWN = 0, SINCE_EVENT = 1 };

std::int64_t minus(std::int64_t a, std::int64_t b) noexcept {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

std::int64_t plus(std::int64_t a, std::int64_t b) noexcept {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

// The kinds that occur, in ascending order, with the number of their rows.
struct Kinds {
  std::array<std::uint16_t, 256> rows{};
  explicit Kinds(const std::int64_t* kinds, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) ++rows[static_cast<std::uint8_t>(kinds[i])];
  }
};

// Receive times follow exchange times closely or not at all: the shorter way is taken.
void encode_receive_times(const std::int64_t* event, const std::int64_t* init, std::size_t rows,
                          std::vector<std::uint8_t>& out) {
  std::int64_t latency[MAX_ROWS];
  for (std::size_t i = 0; i < rows; ++i) latency[i] = minus(init[i], event[i]);
  const std::size_t start = out.size();
  out.push_back(OWN);
  encode_column(init, rows, out);
  const std::size_t own = out.size();
  out.push_back(SINCE_EVENT);
  encode_column(latency, rows, out);
  const bool shorter = out.size() - own < own - start;
  if (shorter)
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(start),
              out.begin() + static_cast<std::ptrdiff_t>(own));
  else
    out.resize(own);
}

}  // namespace

void encode_block(const MarketRecord* records, std::size_t rows, std::uint32_t kind_group,
                  std::uint64_t first_row, std::vector<std::uint8_t>& out) {
  static thread_local std::unique_ptr<Columns> kept = std::make_unique<Columns>();
  Columns& columns = *kept;
  for (std::size_t i = 0; i < rows; ++i) {
    const MarketRecord& record = records[i];
    columns.shared[KIND][i] = record.kind;
    columns.shared[FLAGS][i] = record.flags;
    columns.shared[INSTRUMENT][i] = record.instrument;
    columns.shared[RESERVED][i] = record.reserved;
    columns.shared[TS_EVENT][i] = record.ts_event;
    columns.shared[TS_INIT][i] = record.ts_init;
    columns.shared[ID][i] = record.id;
  }
  const std::size_t start = out.size();
  out.resize(start + sizeof(BlockHeader));
  for (std::size_t column = 0; column < SHARED_COLUMNS; ++column) {
    if (column == TS_INIT)
      encode_receive_times(columns.shared[TS_EVENT].data(), columns.shared[TS_INIT].data(), rows,
                           out);
    else
      encode_column(columns.shared[column].data(), rows, out);
  }
  const Kinds kinds(columns.shared[KIND].data(), rows);
  for (std::size_t kind = 0; kind < kinds.rows.size(); ++kind) {
    if (kinds.rows[kind] == 0) continue;
    std::size_t count = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      if (records[i].kind != kind) continue;
      columns.values[PRICE][count] = records[i].price;
      columns.values[QUANTITY][count] = records[i].quantity;
      columns.values[PRICE2][count] = records[i].price2;
      columns.values[QUANTITY2][count++] = records[i].quantity2;
    }
    for (const auto& values : columns.values) encode_column(values.data(), count, out);
  }
  out.resize(start + ((out.size() - start + 7) & ~std::size_t{7}));
  BlockHeader header{};
  header.magic = BLOCK_MAGIC;
  header.payload_bytes = static_cast<std::uint32_t>(out.size() - start - sizeof header);
  header.payload_crc = crc32c(out.data() + start + sizeof header, header.payload_bytes);
  header.rows = static_cast<std::uint32_t>(rows);
  header.kind_group = kind_group;
  header.first_row = first_row;
  header.first_ts_event = records[0].ts_event;
  header.last_ts_event = records[rows - 1].ts_event;
  header.first_ts_init = records[0].ts_init;
  header.last_ts_init = records[rows - 1].ts_init;
  const auto& ids = columns.shared[ID];
  const auto [least, greatest] =
      std::minmax_element(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(rows));
  header.least_id = *least;
  header.greatest_id = *greatest;
  header.header_crc = crc32c(reinterpret_cast<const std::uint8_t*>(&header) + 8, sizeof header - 8);
  std::memcpy(out.data() + start, &header, sizeof header);
}

bool is_block_header(const BlockHeader& header) noexcept {
  return header.magic == BLOCK_MAGIC && header.rows > 0 && header.rows <= MAX_ROWS &&
         header.payload_bytes % 8 == 0 && header.payload_bytes <= MAX_PAYLOAD &&
         header.header_crc ==
             crc32c(reinterpret_cast<const std::uint8_t*>(&header) + 8, sizeof header - 8);
}

namespace {

bool decode_shared(const std::uint8_t*& at, const std::uint8_t* end, unsigned wanted,
                   Columns& columns) {
  for (std::size_t column = 0; column < SHARED_COLUMNS; ++column) {
    std::uint8_t mode = OWN;
    if (column == TS_INIT) {
      if (at >= end || *at > SINCE_EVENT) return false;
      mode = *at++;
    }
    auto* values = columns.shared[column].data();
    if ((wanted & (1U << column)) == 0) {
      if (!skip_column(at, end, columns.rows)) return false;
      continue;
    }
    if (!decode_column(at, end, values, columns.rows)) return false;
    if (mode == OWN) continue;
    const auto& event = columns.shared[TS_EVENT];
    for (std::size_t i = 0; i < columns.rows; ++i) values[i] = plus(values[i], event[i]);
  }
  return true;
}

}  // namespace

bool decode_block(const BlockHeader& header, const std::uint8_t* payload, MarketRecord* records,
                  Columns& scratch) {
  const std::uint8_t* at = payload;
  const std::uint8_t* end = payload + header.payload_bytes;
  scratch.rows = header.rows;
  if (!decode_shared(at, end, ~0U, scratch)) return false;
  const auto& shared = scratch.shared;
  for (std::size_t i = 0; i < scratch.rows; ++i) {
    MarketRecord& record = records[i];
    record.kind = static_cast<std::uint8_t>(shared[KIND][i]);
    record.flags = static_cast<std::uint8_t>(shared[FLAGS][i]);
    record.instrument = static_cast<std::uint16_t>(shared[INSTRUMENT][i]);
    record.reserved = static_cast<std::uint32_t>(shared[RESERVED][i]);
    record.ts_event = shared[TS_EVENT][i];
    record.ts_init = shared[TS_INIT][i];
    record.id = shared[ID][i];
  }
  const Kinds kinds(shared[KIND].data(), scratch.rows);
  for (std::size_t kind = 0; kind < kinds.rows.size(); ++kind) {
    const std::size_t count = kinds.rows[kind];
    if (count == 0) continue;
    for (auto& values : scratch.values) {
      if (!decode_column(at, end, values.data(), count)) return false;
    }
    std::size_t from = 0;
    for (std::size_t i = 0; i < scratch.rows; ++i) {
      MarketRecord& record = records[i];
      if (record.kind != kind) continue;
      record.price = scratch.values[PRICE][from];
      record.quantity = scratch.values[QUANTITY][from];
      record.price2 = scratch.values[PRICE2][from];
      record.quantity2 = scratch.values[QUANTITY2][from++];
    }
  }
  return true;
}

bool decode_columns(const BlockHeader& header, const std::uint8_t* payload, unsigned shared,
                    unsigned values, Columns& columns) {
  const std::uint8_t* at = payload;
  const std::uint8_t* end = payload + header.payload_bytes;
  columns.rows = header.rows;
  // Receive times may stand on exchange times.
  if ((shared & (1U << TS_INIT)) != 0) shared |= 1U << TS_EVENT;
  if (!decode_shared(at, end, shared | (1U << KIND), columns)) return false;
  const auto& kinds = columns.shared[KIND];
  const auto kinds_end = kinds.begin() + static_cast<std::ptrdiff_t>(columns.rows);
  if (values != 0 &&
      !std::all_of(kinds.begin(), kinds_end, [&](std::int64_t kind) { return kind == kinds[0]; }))
    return false;
  for (std::size_t column = 0; values >> column != 0; ++column) {
    auto* into = columns.values[column].data();
    const bool wanted = ((values >> column) & 1U) != 0;
    if (wanted ? !decode_column(at, end, into, columns.rows) : !skip_column(at, end, columns.rows))
      return false;
  }
  return true;
}

}  // namespace qd::ticks
