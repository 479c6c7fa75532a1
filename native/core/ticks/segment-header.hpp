#pragma once

#include "checksum/crc32c.hpp"
#include "ticks/segment.hpp"

namespace qd::ticks {

inline constexpr std::uint64_t SEGMENT_MAGIC = 0x31534B4349544451ULL;
inline constexpr std::uint32_t SEGMENT_VERSION = 1;

inline std::uint32_t header_crc(const TickSegmentHeader& header) noexcept {
  return crc32c(reinterpret_cast<const std::uint8_t*>(&header) + 16, sizeof header - 16);
}

}  // namespace qd::ticks
