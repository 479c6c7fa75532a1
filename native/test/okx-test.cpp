// OKX's WebSocket v5: decoding, and the checksum of a book against the venue's own example.
#include <string>
#include <vector>

#include "book/book-checksum.hpp"
#include "check.hpp"
#include "decoding.hpp"

namespace {

using namespace qd;
using qd::test::Decoded;

Decoded decode(const std::string& message) {
  static Decoder decoder({{"BTC-USDT", 3, 1, 8}, {"BTC-USD-220527", 4, 1, 0}}, Wire::Okx);
  return qd::test::decode_alone(decoder, message);
}

const std::string UPDATE =
    R"({"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[["8476.9","0","0","0"]],"bids":[["8476.8","1.5","0","2"]],"ts":"1597026383185","checksum":-855196043,"prevSeqId":123456,"seqId":123457}]})";

}  // namespace

TEST(okx_checksum_matches_the_example_of_the_venue) {
  L2Book book(100);
  const auto set = [&](RecordKind kind, std::int64_t price, std::int64_t quantity) {
    MarketRecord record{};
    record.kind = static_cast<std::uint8_t>(kind);
    record.price = price;
    record.quantity = quantity;
    book.apply({&record, 1});
  };
  // 3366.1:7:3366.8:9:3366:6:3368:8, here with more decimals than are written.
  set(RecordKind::BidLevel, 336610, 7000);
  set(RecordKind::BidLevel, 336600, 6000);
  set(RecordKind::AskLevel, 336680, 9000);
  set(RecordKind::AskLevel, 336800, 8000);
  CHECK_EQ(okx_checksum(book, 2, 3), std::int32_t{-1881014294});
  L2Book empty(10);
  CHECK_EQ(okx_checksum(empty, 2, 3), std::int32_t{0});
}

TEST(okx_decodes_books_with_their_ids_and_checksum) {
  const auto [status, records] = decode(UPDATE);
  CHECK_EQ(status, static_cast<std::int32_t>(RecordKind::DiffHeader));
  REQUIRE(records.size() == 3);
  CHECK(records[0].id == 123457 && records[0].price2 == 123456 && records[0].quantity == 2);
  CHECK(records[0].price == -855196043 && records[0].flags == FLAG_CHECKSUM);
  CHECK_EQ(records[0].ts_event, std::int64_t{1597026383185000000});
  CHECK(records[1].kind == static_cast<std::uint8_t>(RecordKind::AskLevel));
  CHECK(records[2].price == 84768 && records[2].quantity == 150000000);
  const auto old = decode(
      R"({"data":[{"bids":[],"asks":[],"ts":"1","checksum":0}],"action":"snapshot","arg":{"instId":"BTC-USD-220527","channel":"books"}})");
  REQUIRE(old.records.size() == 1);
  CHECK(old.records[0].flags == (FLAG_SNAPSHOT | FLAG_LAST) && old.records[0].price2 == -1);
}

TEST(okx_decodes_trades_quotes_and_bars) {
  const auto trade = decode(
      R"({"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","tradeId":"130639474","px":"42219.9","sz":"0.12060306","side":"sell","ts":"1630048897897","count":"3"}]})");
  REQUIRE(trade.records.size() == 1);
  CHECK(trade.records[0].id == 130639474 && trade.records[0].quantity == 12060306);
  CHECK_EQ(int{trade.records[0].flags}, FLAG_LAST | FLAG_AGGRESSOR_SELL);
  const auto quote = decode(
      R"({"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[{"askPx":"9999.9","askSz":"11","bidPx":"","bidSz":"","ts":"1597026383085"}]})");
  REQUIRE(quote.records.size() == 1);
  CHECK(quote.records[0].price == 0 && quote.records[0].price2 == 99999);
  const auto bar = decode(
      R"({"arg":{"channel":"candle1H","instId":"BTC-USDT"},"data":[["1629993600000","42500","48199.9","41006.1","41007","3587.41204591","1","1","1"]]})");
  REQUIRE(bar.records.size() == 2);
  CHECK(bar.records[0].id == 1629993600000 && bar.records[0].quantity2 == 410070);
  CHECK(bar.records[1].quantity2 == 3600000 && (bar.records[1].flags & FLAG_CLOSED) != 0);
}

TEST(okx_names_what_is_wrong_and_leaves_no_record_behind) {
  const auto status_of = [](const std::string& from, const std::string& to) {
    std::string message = UPDATE;
    message.replace(message.find(from), from.size(), to);
    const Decoded outcome = decode(message);
    CHECK(outcome.records.empty());
    return outcome.status;
  };
  CHECK_EQ(status_of("BTC-USDT", "BTC-XYZ"), std::int32_t{UNKNOWN_INSTRUMENT});
  CHECK_EQ(status_of("8476.9", "8476.91"), std::int32_t{PRICE_OFF_SCALE});
  CHECK_EQ(status_of("1.5", "1.500000001"), std::int32_t{QUANTITY_OFF_SCALE});
  CHECK_EQ(status_of("8476.8", "12345678901234567"), std::int32_t{OVERFLOW_VALUE});
  CHECK_EQ(status_of(R"("1.5")", "true"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of(R"(,"1.5","0","2")", ""), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("asks", "ask"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("}]}", "}]"), std::int32_t{TRUNCATED});
  CHECK_EQ(status_of("books", "price-limit"), std::int32_t{UNKNOWN_EVENT});
  CHECK_EQ(decode(R"({"event":"subscribe","arg":{"channel":"books","instId":"BTC-USDT"}})").status,
           std::int32_t{UNKNOWN_EVENT});
}
