#pragma once

#include <cstddef>
#include <cstdint>

namespace qd {

// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78, RFC 3720 B.4) of `size` bytes; `seed`
// continues a running checksum. Uses the processor's instruction where it has one.
std::uint32_t crc32c(const void* data, std::size_t size, std::uint32_t seed = 0) noexcept;

// The portable variant: eight bytes a step from tables.
std::uint32_t crc32c_table(const void* data, std::size_t size, std::uint32_t seed) noexcept;

// The variant on the processor's instruction; may be called only where `crc32c_has_hardware()`.
std::uint32_t crc32c_hardware(const void* data, std::size_t size, std::uint32_t seed) noexcept;
bool crc32c_has_hardware() noexcept;

}  // namespace qd
