#include "ticks/bar-rows.hpp"

#include <algorithm>
#include <array>

namespace qd::ticks {

namespace {

constexpr std::size_t BATCH = 512;

void join(BarRow& into, const BarRow& bar) {
  if (bar.volume == 0) return;
  if (into.volume == 0) {
    const double open_ms = into.open_ms;
    into = bar;
    into.open_ms = open_ms;
    return;
  }
  into.high = std::max(into.high, bar.high);
  into.low = std::min(into.low, bar.low);
  into.close = bar.close;
  into.volume += bar.volume;
}

}  // namespace

std::size_t join_bars(TickSegmentReader& reader, std::int64_t interval_ms, std::span<BarRow> rows) {
  std::array<MarketRecord, BATCH> records;
  std::size_t count = 0;
  BarRow bar{};
  while (const std::size_t read = reader.next(records.data(), BATCH)) {
    for (std::size_t i = 0; i < read; ++i) {
      const MarketRecord& record = records[i];
      if (record.kind == static_cast<std::uint8_t>(RecordKind::KlinePrices)) {
        bar = {static_cast<double>(record.id - record.id % interval_ms),
               static_cast<double>(record.price),
               static_cast<double>(record.quantity),
               static_cast<double>(record.price2),
               static_cast<double>(record.quantity2),
               0};
        continue;
      }
      bar.volume = static_cast<double>(record.price);
      if (count > 0 && rows[count - 1].open_ms == bar.open_ms) {
        join(rows[count - 1], bar);
      } else {
        if (count == rows.size()) return count;
        rows[count] = bar;
        ++count;
      }
    }
  }
  return count;
}

}  // namespace qd::ticks
