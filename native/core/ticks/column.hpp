#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

// One column of a block: whole numbers as differences, divided by their greatest common divisor,
// packed in as few bits as pay off; the few that need more stand behind as exceptions. All
// arithmetic is modulo 2^64 and so exact.
namespace qd::ticks {

inline constexpr std::size_t MAX_ROWS = 4096;
// A decoder may read this far behind the bytes of a column.
inline constexpr std::size_t READ_SLACK = 16;

// Appends the encoding of `values`, `count` in 1..MAX_ROWS of them, to `out`.
void encode_column(const std::int64_t* values, std::size_t count, std::vector<std::uint8_t>& out);

// Decodes `count` values from `bytes` and moves it behind them; false when they cannot be an
// encoding. READ_SLACK bytes behind `end` must be readable; `values` needs room for `count`.
bool decode_column(const std::uint8_t*& bytes, const std::uint8_t* end, std::int64_t* values,
                   std::size_t count);

// Moves `bytes` behind a column of `count` values without decoding it.
bool skip_column(const std::uint8_t*& bytes, const std::uint8_t* end, std::size_t count);

}  // namespace qd::ticks
