#include "book/l2-book.hpp"
#include "decode-target.hpp"

// Depth updates, and the same bytes as a snapshot that is then applied to a book.
extern "C" int qd_fuzz_one(const std::uint8_t* data, std::size_t size) {
  using namespace qd;
  fuzz::check_decoding(data, size);
  static Decoder decoder({{"BTCUSDT", 3, 2, 8}});
  static L2Book book(64);
  std::vector<MarketRecord> out(256);
  RecordSink sink{out.data(), out.data() + out.size()};
  const std::int32_t status = decoder.decode_snapshot({data, size}, 3, 5, sink);
  const auto count = static_cast<std::size_t>(sink.next - out.data());
  if ((status < 0) != (count == 0)) std::abort();
  book.apply({out.data(), count});
  if (book.bids().size() > 64 || book.asks().size() > 64) std::abort();
  return 0;
}
