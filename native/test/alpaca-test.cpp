// Alpaca's stock market data WebSocket: decoding.
#include "check.hpp"
#include "decoding.hpp"

namespace {

using namespace qd;
using qd::test::Decoded;

Decoded decode(const std::string& message) {
  static Decoder decoder({{"AMD", 3, 4, 6}, {"BRK.B", 4, 4, 6}}, Wire::Alpaca);
  return qd::test::decode_alone(decoder, message);
}

bool is(const MarketRecord& record, RecordKind kind) {
  return record.kind == static_cast<std::uint8_t>(kind);
}

const std::string FRAME =
    R"([{"T":"q","S":"AMD","bx":"U","bp":87.66,"bs":1,"ax":"Q","ap":87.68,"as":4,"c":["R"],"z":"C","t":"2021-02-22T15:51:45.335689322Z"},{"T":"t","S":"BRK.B","i":52983525034326,"x":"D","p":126.555,"s":100,"c":["@","I"],"z":"C","t":"2021-02-22T15:51:44.208Z"}])";

}  // namespace

TEST(alpaca_makes_of_a_quote_a_book_and_the_best_prices) {
  const auto [status, records] = decode(FRAME);
  CHECK_EQ(status, static_cast<std::int32_t>(RecordKind::SnapshotHeader));
  REQUIRE(records.size() == 5);
  CHECK(records[0].flags == FLAG_SNAPSHOT && records[0].quantity == 2);
  CHECK(records[0].instrument == 3 && records[0].quantity2 == 0);
  CHECK(is(records[1], RecordKind::BidLevel) && records[1].price == 876600);
  CHECK(is(records[2], RecordKind::AskLevel) && records[2].quantity == 4000000);
  CHECK_EQ(int{records[2].flags}, FLAG_SNAPSHOT | FLAG_LAST);
  CHECK_EQ(records[2].ts_event, std::int64_t{1614009105335689322});
  CHECK(is(records[3], RecordKind::Bbo) && records[3].flags == FLAG_LAST);
  CHECK(records[3].quantity == 1000000 && records[3].price2 == 876800);
  // The trade of the same frame: of another instrument, the aggressor not told.
  CHECK(is(records[4], RecordKind::Trade) && records[4].instrument == 4);
  CHECK_EQ(int{records[4].flags}, FLAG_LAST | FLAG_AGGRESSOR_UNKNOWN | FLAG_ID_UNORDERED);
  CHECK(records[4].id == 52983525034326 && records[4].price == 1265550);
  CHECK_EQ(records[4].ts_event, std::int64_t{1614009104208000000});
}

TEST(alpaca_quotes_that_lack_a_side) {
  const auto quoted = [](const std::string& prices) {
    return decode(R"([{"T":"q","S":"AMD",)" + prices + R"(,"t":"2021-02-22T15:51:45Z"}])").records;
  };
  const auto bid = quoted(R"("bp":87.66,"bs":1,"ap":0,"as":0)");
  REQUIRE(bid.size() == 3);
  CHECK(bid[0].quantity == 1 && is(bid[1], RecordKind::BidLevel));
  CHECK(bid[2].price == 876600 && bid[2].price2 == 0 && bid[2].quantity2 == 0);
  // A price without a size, a size without a price.
  const auto neither = quoted(R"("bp":87.66,"bs":0,"ap":0.0,"as":3)");
  REQUIRE(neither.size() == 2);
  CHECK(neither[0].quantity == 0 && neither[0].flags == (FLAG_SNAPSHOT | FLAG_LAST));
  CHECK(neither[1].price == 0 && neither[1].quantity2 == 0);
}

TEST(alpaca_bars_of_minutes_and_days) {
  const auto barred = [](const std::string& type) {
    return decode(
               R"([{"T":")" + type +
               R"(","S":"AMD","o":388.985,"h":389.13,"l":388.975,"c":389.12,"v":49378,"n":461,"vw":389.062639,"t":"2021-02-22T19:15:00Z"}])")
        .records;
  };
  for (const char* type : {"b", "u"}) {
    const auto bars = barred(type);
    REQUIRE(bars.size() == 2);
    CHECK(bars[0].price == 3889850 && bars[0].quantity == 3891300);
    CHECK(bars[0].price2 == 3889750 && bars[0].quantity2 == 3891200);
    CHECK(bars[0].id == 1614021300000 && bars[1].id == 1614021359999);
    CHECK(bars[1].price == 49378000000 && bars[1].quantity == -1 && bars[1].price2 == 461);
    CHECK_EQ(int{bars[1].flags}, FLAG_LAST | FLAG_CLOSED);
  }
  const auto days = barred("d");
  REQUIRE(days.size() == 2);
  CHECK(days[1].quantity2 == 86400000 && days[1].flags == FLAG_LAST);
}

TEST(alpaca_reads_numbers_from_their_text) {
  const auto traded = [](const std::string& price, const std::string& size) {
    return decode(R"([{"t":"2021-02-22T15:51:44.208Z","s":)" + size + R"(,"p":)" + price +
                  R"(,"i":7,"S":"AMD","T":"t"}])");
  };
  CHECK_EQ(traded("1e-4", "1E2").records.at(0).price, std::int64_t{1});
  CHECK_EQ(traded("1e-4", "1E2").records.at(0).quantity, std::int64_t{100000000});
  CHECK_EQ(traded("1e-05", "1").status, std::int32_t{PRICE_OFF_SCALE});
  CHECK_EQ(traded("1265550e-4", "0.000001").records.at(0).price, std::int64_t{1265550});
  // 0.1 + 0.2 of a double would be refused; so is what no double tells from 0.3.
  CHECK_EQ(traded("0.30000000000000004", "1").status, std::int32_t{PRICE_OFF_SCALE});
  CHECK_EQ(traded("1", "1e-7").status, std::int32_t{QUANTITY_OFF_SCALE});
  CHECK_EQ(traded("1e400", "1").status, std::int32_t{OVERFLOW_VALUE});
  CHECK_EQ(traded("1", "-1").status, std::int32_t{MALFORMED});
}

TEST(alpaca_passes_over_what_is_no_market_event_or_of_nobody_known) {
  const std::string status =
      R"({"T":"s","S":"AMD","sc":"H","sm":"Halt","t":"2021-02-22T15:51:44Z"})";
  const std::string foreign =
      R"({"T":"t","S":"XYZ","i":1,"p":1,"s":1,"t":"2021-02-22T15:51:44.208Z"})";
  const std::string trade =
      R"({"T":"t","S":"AMD","i":1,"p":1,"s":1,"t":"2021-02-22T15:51:44.208Z"})";
  CHECK_EQ(decode("[" + status + "," + foreign + "," + trade + "]").records.size(), std::size_t{1});
  CHECK_EQ(decode("[" + foreign + "]").status, std::int32_t{UNKNOWN_INSTRUMENT});
  CHECK_EQ(decode("[" + status + "]").status, std::int32_t{UNKNOWN_EVENT});
  CHECK_EQ(decode(R"([{"T":"success","msg":"connected"}])").status, std::int32_t{UNKNOWN_EVENT});
  CHECK_EQ(decode("[]").status, std::int32_t{UNKNOWN_EVENT});
  CHECK_EQ(decode(R"({"something":"new"})").status, std::int32_t{UNKNOWN_EVENT});
}

TEST(alpaca_names_what_is_wrong_and_leaves_no_record_behind) {
  const auto status_of = [](const std::string& from, const std::string& to) {
    std::string message = FRAME;
    message.replace(message.find(from), from.size(), to);
    const Decoded decoded = decode(message);
    CHECK(decoded.records.empty());
    return decoded.status;
  };
  CHECK_EQ(status_of("126.555", "126.55555"), std::int32_t{PRICE_OFF_SCALE});
  CHECK_EQ(status_of("126.555", "1265550000000000000"), std::int32_t{OVERFLOW_VALUE});
  CHECK_EQ(status_of("126.555", "null"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("\"bp\"", "\"xp\""), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("\"S\":\"AMD\"", "\"S\":5"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("2021-02-22T15:51:44.208Z", "yesterday"), std::int32_t{MALFORMED});
  CHECK_EQ(decode(FRAME.substr(0, FRAME.size() - 1)).status, std::int32_t{TRUNCATED});
  CHECK_EQ(decode("[5]").status, std::int32_t{MALFORMED});
}
