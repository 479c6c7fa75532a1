#pragma once

#include <cstddef>
#include <cstdint>

namespace qd {

// CRC-32 of zip and Ethernet (IEEE 802.3, reflected polynomial 0xEDB88320), as venues put it over
// their books; `seed` continues a running checksum.
std::uint32_t crc32(const void* data, std::size_t size, std::uint32_t seed = 0) noexcept;

}  // namespace qd
