#include "venue-target.hpp"

extern "C" int qd_fuzz_one(const std::uint8_t* data, std::size_t size) {
  static qd::Decoder decoder({{"BTC/USD", 3, 2, 8}, {"KSM/BTC", 4, 8, 8}, {"X", 6, 15, 0}},
                             qd::Wire::Kraken);
  qd::fuzz::check_venue(decoder, data, size);
  return 0;
}
