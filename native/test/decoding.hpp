#pragma once

#include <string>
#include <vector>

#include "decode/decoder.hpp"

namespace qd::test {

// What became of one message.
struct Decoded {
  std::int32_t status = 0;
  std::vector<MarketRecord> records;
};

// Decodes a message alone, from memory of its exact size.
inline Decoded decode_alone(Decoder& decoder, const std::string& message, std::size_t room = 64) {
  const std::vector<std::uint8_t> bytes(message.begin(), message.end());
  std::vector<MarketRecord> out(room);
  const auto end = static_cast<std::uint32_t>(bytes.size());
  const std::int64_t ts_init = 77;
  Decoded decoded;
  const std::size_t count =
      decoder.decode(bytes, bytes.size(), {&end, 1}, {&ts_init, 1}, out, {&decoded.status, 1});
  decoded.records.assign(out.data(), out.data() + count);
  return decoded;
}

}  // namespace qd::test
