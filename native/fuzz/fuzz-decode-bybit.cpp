#include "venue-target.hpp"

extern "C" int qd_fuzz_one(const std::uint8_t* data, std::size_t size) {
  static qd::Decoder decoder(
      {{"BTCUSDT", 3, 2, 3}, {"BTC-6JAN23-17500-C", 4, 8, 2}, {"X", 6, 15, 0}}, qd::Wire::Bybit);
  qd::fuzz::check_venue(decoder, data, size);
  return 0;
}
