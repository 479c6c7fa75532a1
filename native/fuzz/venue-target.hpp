#pragma once

#include <cstdlib>
#include <cstring>
#include <vector>

#include "book/book-checksum.hpp"
#include "decode/decoder.hpp"

namespace qd::fuzz {

// Decodes the input twice, from memory of its exact size and with other bytes behind it: both must
// say the same, and a failed message leaves nothing behind. What was decoded goes through a book.
inline void check_venue(Decoder& decoder, const std::uint8_t* data, std::size_t size) {
  static std::vector<MarketRecord> exact_out(256);
  static std::vector<MarketRecord> padded_out(256);
  const std::vector<std::uint8_t> exact(data, data + size);
  std::vector<std::uint8_t> padded = exact;
  padded.resize(size + text::TEXT_PADDING, '7');
  const auto end = static_cast<std::uint32_t>(size);
  const std::int64_t ts_init = 5;
  std::int32_t exact_status = 0;
  std::int32_t padded_status = 0;
  const std::size_t count =
      decoder.decode(exact, size, {&end, 1}, {&ts_init, 1}, exact_out, {&exact_status, 1});
  const std::size_t again = decoder.decode({padded.data(), size}, padded.size(), {&end, 1},
                                           {&ts_init, 1}, padded_out, {&padded_status, 1});
  if (exact_status != padded_status || count != again) std::abort();
  if ((exact_status < 0) != (count == 0)) std::abort();
  if (std::memcmp(exact_out.data(), padded_out.data(), count * sizeof(MarketRecord)) != 0)
    std::abort();
  L2Book book(100);
  book.apply({exact_out.data(), count});
  kraken_checksum(book, {2, 0});
  okx_checksum(book, 2, 15);
}

}  // namespace qd::fuzz
