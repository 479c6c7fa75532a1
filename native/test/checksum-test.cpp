#include <array>
#include <cstring>
#include <numeric>
#include <string_view>
#include <vector>

#include "check.hpp"
#include "checksum/crc32c.hpp"

namespace {

using Crc = std::uint32_t (*)(const void*, std::size_t, std::uint32_t) noexcept;

// RFC 3720 B.4 and the usual check value of the catalogue of CRCs.
void check_vectors(Crc crc) {
  CHECK_EQ(crc("123456789", 9, 0), 0xE3069283U);
  std::array<std::uint8_t, 32> bytes{};
  CHECK_EQ(crc(bytes.data(), 32, 0), 0x8A9136AAU);
  bytes.fill(0xFF);
  CHECK_EQ(crc(bytes.data(), 32, 0), 0x62A8AB43U);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  CHECK_EQ(crc(bytes.data(), 32, 0), 0x46DD794EU);
  for (std::size_t i = 0; i < 32; ++i) bytes[i] = static_cast<std::uint8_t>(31 - i);
  CHECK_EQ(crc(bytes.data(), 32, 0), 0x113FDB5CU);
  const std::array<std::uint8_t, 48> iscsi_read{
      0x01, 0xC0, 0, 0,    0, 0, 0, 0,    0,    0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0,
      0,    0,    0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0,    0};
  CHECK_EQ(crc(iscsi_read.data(), 48, 0), 0xD9963A56U);
  CHECK_EQ(crc(nullptr, 0, 0), 0U);
}

}  // namespace

TEST(crc32c_table_matches_rfc_3720) { check_vectors(&qd::crc32c_table); }

TEST(crc32c_dispatched_matches_rfc_3720) { check_vectors(&qd::crc32c); }

TEST(crc32c_hardware_matches_rfc_3720_where_present) {
  if (qd::crc32c_has_hardware()) check_vectors(&qd::crc32c_hardware);
}

TEST(crc32c_variants_agree_on_every_length_offset_and_split) {
  qd::test::Random random(7);
  std::vector<std::uint8_t> bytes(3000);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  for (int round = 0; round < 2000; ++round) {
    const std::size_t offset = random.below(64);
    const std::size_t size = random.below(bytes.size() - offset);
    const std::size_t split = size == 0 ? 0 : random.below(size);
    const auto* data = bytes.data() + offset;
    const auto whole = qd::crc32c_table(data, size, 0);
    CHECK_EQ(qd::crc32c(data, size), whole);
    CHECK_EQ(qd::crc32c(data + split, size - split, qd::crc32c(data, split)), whole);
  }
}
