#include "decode-target.hpp"

extern "C" int qd_fuzz_one(const std::uint8_t* data, std::size_t size) {
  qd::fuzz::check_decoding(data, size);
  return 0;
}
