#include "venue-target.hpp"

extern "C" int qd_fuzz_one(const std::uint8_t* data, std::size_t size) {
  static qd::Decoder decoder({{"AMD", 3, 4, 6}, {"BRK.B", 4, 4, 6}}, qd::Wire::Alpaca);
  qd::fuzz::check_venue(decoder, data, size);
  return 0;
}
