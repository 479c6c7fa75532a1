#include "venue-target.hpp"

extern "C" int qd_fuzz_one(const std::uint8_t* data, std::size_t size) {
  static qd::Decoder decoder({{"BTC-PERPETUAL", 3, 1, 0}, {"BTC-31DEC21-34000-P", 4, 4, 1}},
                             qd::Wire::Deribit);
  qd::fuzz::check_venue(decoder, data, size);
  return 0;
}
