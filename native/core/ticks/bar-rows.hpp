#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "ticks/segment.hpp"

// The bars of a segment: two records each, prices then volumes.
namespace qd::ticks {

// One bar as it leaves the core: its opening in milliseconds since the epoch, prices and volume as
// mantissas. All are safe integers.
struct BarRow {
  double open_ms;
  double open;
  double high;
  double low;
  double close;
  double volume;
};

// Joins what the reader has from where it stands into bars of `interval_ms`, oldest first; how many
// were written, never more than `rows` has room for. A bar without a trade has prices only by
// courtesy: beside one with trades they count for nothing.
std::size_t join_bars(TickSegmentReader& reader, std::int64_t interval_ms, std::span<BarRow> rows);

}  // namespace qd::ticks
