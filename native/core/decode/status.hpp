#pragma once

#include <cstdint>

namespace qd {

// What became of a message: a RecordKind (>= 0), or one of these. The numbers are part of the
// TypeScript contract.
enum DecodeStatus : std::int32_t {
  MALFORMED = -1,           // not JSON, or a field of the event is missing or of the wrong type
  TRUNCATED = -2,           // legal so far, but it ends too early
  UNKNOWN_INSTRUMENT = -3,  // its symbol is not in the decoder's table
  PRICE_OFF_SCALE = -4,     // a price has a non-zero digit beyond the instrument's scale
  QUANTITY_OFF_SCALE = -5,
  OVERFLOW_VALUE = -6,  // a number whose mantissa or nanoseconds do not fit
  UNKNOWN_EVENT = -7,   // legal JSON that is no market event (acknowledgements, other channels)
  OUT_FULL = -8,        // no room for its records: drain and decode again from this message
};

}  // namespace qd
