#pragma once

#include <cstddef>
#include <cstdint>

namespace qd {

// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78, RFC 3720 B.4) of `size` bytes; `seed` continues a running checksum.
std::uint32_t crc32c(const void* data, std::size_t size, std::uint32_t seed = 0) noexcept;

}  // namespace qd
