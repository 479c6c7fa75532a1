// Tick segments: generated trades appended and flushed in batches of 1,000, and price, quantity and
// instrument columns summed as a VWAP; the baselines write and sum the raw 64-byte records.
#include <cstring>
#include <filesystem>
#include <memory>

#include "bench.hpp"
#include "ticks/segment.hpp"

namespace {

using namespace qd::bench;

constexpr std::size_t kRows = 1'000'000;
constexpr std::size_t kBatch = 1000;
constexpr std::uint32_t kTrades = 1U << 1;

struct Input {
  std::vector<qd::MarketRecord> trades;
  std::string path = (std::filesystem::temp_directory_path() / "qd-bench-ticks").string();
  std::uint64_t hash = 0;
  double notional = 0;
  double scanned = 0;
  Input() {
    Random random(12);
    InputHash sum;
    qd::MarketRecord at{};
    at.kind = 1;
    at.ts_event = 1'700'000'000'000'000'000;
    at.price = 6'500'000;
    for (std::size_t i = 0; i < kRows; ++i) {
      if (random.below(3) != 0)
        at.ts_event += static_cast<std::int64_t>(random.below(40)) * 1'000'000;
      at.ts_init = at.ts_event + 2'000'000 + static_cast<std::int64_t>(random.below(300'000));
      at.price += static_cast<std::int64_t>(random.below(9)) - 4;
      at.quantity = static_cast<std::int64_t>(1 + (random.next() >> (44 + random.below(16))));
      at.flags = static_cast<std::uint8_t>(1 + 4 * random.below(2));
      at.id += 1;
      sum.add(static_cast<std::uint64_t>(at.price ^ at.quantity ^ at.ts_init));
      notional += static_cast<double>(at.price) * static_cast<double>(at.quantity);
      trades.push_back(at);
    }
    hash = sum.value();
  }
  ~Input() { std::filesystem::remove(path); }
};

Samples write_segment(Input& input, std::size_t batch) {
  std::filesystem::remove(input.path);
  qd::TickSegmentWriter writer;
  qd::TickRecovery recovery;
  qd::IoError error;
  if (!writer.open(input.path, kTrades, recovery, error)) std::abort();
  Samples samples;
  for (std::size_t at = 0; at < kRows; at += batch) {
    const double start = nanoseconds();
    if (writer.append(input.trades.data() + at, std::min(batch, kRows - at)) != 0 ||
        writer.flush() != 0)
      std::abort();
    samples.push_back((nanoseconds() - start) / static_cast<double>(batch));
  }
  return samples;
}

Samples write_raw(const Input& input) {
  const std::string path = input.path + ".raw";
  qd::File file;
  file.open(path, qd::File::Mode::OpenOrCreate);
  Samples samples;
  for (std::size_t at = 0; at < kRows; at += kBatch) {
    const double start = nanoseconds();
    file.write_at(input.trades.data() + at, kBatch * 64, at * 64);
    samples.push_back((nanoseconds() - start) / kBatch);
  }
  std::filesystem::remove(path);
  return samples;
}

Samples scan_segment(Input& input) {
  using namespace qd::ticks;
  static const auto columns = std::make_unique<Columns>();
  qd::TickSegmentReader reader;
  qd::IoError error;
  if (!reader.open(input.path, false, error)) std::abort();
  double notional = 0;
  const double start = nanoseconds();
  while (reader.next_columns(1U << INSTRUMENT, (1U << PRICE) | (1U << QUANTITY), *columns)) {
    const auto& prices = columns->values[PRICE];
    const auto& quantities = columns->values[QUANTITY];
    for (std::size_t i = 0; i < columns->rows; ++i)
      notional += static_cast<double>(prices[i]) * static_cast<double>(quantities[i]);
  }
  input.scanned = notional;
  return {(nanoseconds() - start) / kRows};
}

Samples scan_raw(const Input& input) {
  double notional = 0;
  const double start = nanoseconds();
  for (const auto& trade : input.trades)
    notional += static_cast<double>(trade.price) * static_cast<double>(trade.quantity);
  keep(notional);
  return {(nanoseconds() - start) / kRows};
}

}  // namespace

BENCH(ticks_write, "ticks-write") {
  auto input = std::make_shared<Input>();
  return {"ns/row",
          "raw write",
          input->hash,
          [=] { return write_segment(*input, kBatch); },
          [=] { return write_raw(*input); },
          [=] { return std::filesystem::file_size(input->path) < kRows * 16; }};
}

BENCH(ticks_scan, "ticks-scan") {
  auto input = std::make_shared<Input>();
  write_segment(*input, qd::ticks::MAX_ROWS);
  return {"ns/row",
          "raw records",
          input->hash,
          [=] { return scan_segment(*input); },
          [=] { return scan_raw(*input); },
          [=] { return input->scanned == input->notional; }};
}

// Bytes, not time: what a row costs on disk, against the record as it is in memory.
BENCH(ticks_size, "ticks-size") {
  auto input = std::make_shared<Input>();
  return {"B/row",
          "raw record",
          input->hash,
          [=] {
            write_segment(*input, kBatch);
            const auto bytes = static_cast<double>(std::filesystem::file_size(input->path));
            return Samples{bytes / kRows};
          },
          [] { return Samples{64.0}; },
          [=] {
            scan_segment(*input);
            return input->scanned == input->notional;
          }};
}
