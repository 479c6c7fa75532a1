#pragma once

#include <cstdlib>
#include <string>
#include <vector>

#include "decode/decoder.hpp"

namespace qd::fuzz {

// Decodes the input as a batch of one from memory of its exact size, and through each reader; ends
// the process when the readers disagree or a failed message left records behind.
inline void check_decoding(const std::uint8_t* data, std::size_t size) {
  static Decoder decoder(
      {{"BTCUSDT", 3, 2, 8}, {"BNBBTC", 4, 8, 8}, {"BTCUSD_PERP", 5, 1, 0}, {"X", 6, 15, 0}});
  const std::vector<std::uint8_t> exact(data, data + size);
  std::vector<std::uint8_t> padded = exact;
  padded.resize(size + text::TEXT_PADDING, '"');
  static std::vector<MarketRecord> fast_out(256);
  static std::vector<MarketRecord> general_out(256);
  static std::vector<MarketRecord> batch_out(256);
  RecordSink fast_sink{fast_out.data(), fast_out.data() + fast_out.size()};
  RecordSink general_sink{general_out.data(), general_out.data() + general_out.size()};
  const std::int32_t fast = decoder.fast({padded.data(), size}, 5, fast_sink);
  const std::int32_t general =
      decoder.general({reinterpret_cast<const char*>(padded.data()), size}, 5, general_sink);
  const std::uint32_t end = static_cast<std::uint32_t>(size);
  const std::int64_t ts_init = 5;
  std::int32_t status = 0;
  const std::size_t written =
      decoder.decode(exact, exact.size(), {&end, 1}, {&ts_init, 1}, batch_out, {&status, 1});
  const auto count = static_cast<std::size_t>(general_sink.next - general_out.data());
  const auto bytes = count * sizeof(MarketRecord);
  if (status != general || written != count || (general < 0 && count != 0)) std::abort();
  if (std::memcmp(batch_out.data(), general_out.data(), bytes) != 0) std::abort();
  if (fast < 0) {
    if (fast_sink.next != fast_out.data()) std::abort();
    return;
  }
  if (fast != general || static_cast<std::size_t>(fast_sink.next - fast_out.data()) != count)
    std::abort();
  if (std::memcmp(fast_out.data(), general_out.data(), bytes) != 0) std::abort();
}

}  // namespace qd::fuzz
