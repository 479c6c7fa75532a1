// Any bytes as a tick block's payload, as a column, and as a segment file: answered, never
// believed.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "ticks/block.hpp"

extern "C" int qd_fuzz_one(const std::uint8_t* data, std::size_t size) {
  using namespace qd::ticks;
  if (size < 2) return 0;
  static const auto columns = std::make_unique<Columns>();
  static std::vector<qd::MarketRecord> records(MAX_ROWS);
  const std::size_t rows = 1 + (data[0] | (std::size_t{data[1]} << 8)) % MAX_ROWS;
  std::vector<std::uint8_t> bytes(data + 2, data + size);
  const std::size_t payload = bytes.size();
  bytes.resize(payload + READ_SLACK);

  BlockHeader header{};
  header.rows = static_cast<std::uint32_t>(rows);
  header.payload_bytes = static_cast<std::uint32_t>(payload);
  decode_columns(header, bytes.data(), ~0U, 0xF, *columns);
  if (decode_block(header, bytes.data(), records.data(), *columns)) {
    // What decodes is data: it must survive being encoded again.
    std::vector<std::uint8_t> again;
    encode_block(records.data(), rows, 0, 0, again);
    std::memcpy(&header, again.data(), sizeof header);
    std::vector<qd::MarketRecord> back(rows);
    again.resize(again.size() + READ_SLACK);
    if (!is_block_header(header) ||
        !decode_block(header, again.data() + sizeof header, back.data(), *columns))
      std::abort();
    if (std::memcmp(back.data(), records.data(), rows * sizeof(qd::MarketRecord)) != 0)
      std::abort();
  }

  // The bytes as numbers must come back through a column.
  const std::size_t count = std::min<std::size_t>(payload / 8, MAX_ROWS);
  if (count == 0) return 0;
  std::vector<std::int64_t> values(count);
  std::memcpy(values.data(), data + 2, count * 8);
  std::vector<std::uint8_t> column;
  encode_column(values.data(), count, column);
  const std::size_t end = column.size();
  column.resize(end + READ_SLACK);
  const std::uint8_t* at = column.data();
  std::vector<std::int64_t> back(count);
  if (!decode_column(at, column.data() + end, back.data(), count) || back != values) std::abort();
  return 0;
}
