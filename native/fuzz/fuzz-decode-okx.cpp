#include "venue-target.hpp"

extern "C" int qd_fuzz_one(const std::uint8_t* data, std::size_t size) {
  static qd::Decoder decoder({{"BTC-USDT", 3, 1, 8}, {"BTC-USD-220527", 4, 1, 0}, {"X", 6, 15, 0}},
                             qd::Wire::Okx);
  qd::fuzz::check_venue(decoder, data, size);
  return 0;
}
