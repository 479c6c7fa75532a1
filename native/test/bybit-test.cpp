// Bybit's WebSocket v5: decoding.
#include <string>
#include <vector>

#include "check.hpp"
#include "decoding.hpp"

namespace {

using namespace qd;
using qd::test::Decoded;

Decoded decode(const std::string& message) {
  static Decoder decoder({{"BTCUSDT", 3, 2, 3}, {"BTC-6JAN23-17500-C", 4, 8, 2}}, Wire::Bybit);
  return qd::test::decode_alone(decoder, message);
}

const std::string DELTA =
    R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1687940967466,"data":{"s":"BTCUSDT","b":[["30247.20","30.028"],["30240.00","0"]],"a":[["30248.70","0"]],"u":177400507,"seq":66544703342},"cts":1687940967464})";

}  // namespace

TEST(bybit_decodes_books_with_their_ids) {
  const auto [status, records] = decode(DELTA);
  CHECK_EQ(status, static_cast<std::int32_t>(RecordKind::DiffHeader));
  REQUIRE(records.size() == 4);
  CHECK(records[0].id == 177400507 && records[0].price2 == -1 && records[0].quantity == 3);
  CHECK_EQ(int{records[0].flags}, 0);
  CHECK_EQ(records[0].ts_event, std::int64_t{1687940967464000000});
  CHECK(records[1].kind == static_cast<std::uint8_t>(RecordKind::BidLevel));
  CHECK(records[1].price == 3024720 && records[1].quantity == 30028);
  CHECK(records[3].price == 3024870 && records[3].quantity == 0 && records[3].id == 177400507);
  CHECK_EQ(int{records[3].flags}, int{FLAG_LAST});
  // Another order of members; a restart of the service.
  const auto whole = decode(
      R"({"data":{"u":1,"a":[],"b":[["16493.50","0.006"]],"s":"BTCUSDT"},"ts":7,"type":"snapshot","topic":"orderbook.200.BTCUSDT"})");
  REQUIRE(whole.records.size() == 2);
  CHECK_EQ(whole.status, static_cast<std::int32_t>(RecordKind::SnapshotHeader));
  CHECK(whole.records[0].id == 1 && whole.records[0].ts_event == 7000000);
  CHECK_EQ(int{whole.records[1].flags}, FLAG_SNAPSHOT | FLAG_LAST);
}

TEST(bybit_makes_quotes_of_the_first_level_and_of_tickers_that_are_whole) {
  const auto best = decode(
      R"({"topic":"orderbook.1.BTCUSDT","type":"snapshot","ts":5,"data":{"s":"BTCUSDT","b":[["27450.00","0.500"]],"a":[],"u":9,"seq":3}})");
  REQUIRE(best.records.size() == 1);
  CHECK_EQ(best.status, static_cast<std::int32_t>(RecordKind::Bbo));
  CHECK(best.records[0].price == 2745000 && best.records[0].quantity == 500);
  CHECK(best.records[0].price2 == 0 && best.records[0].quantity2 == 0 && best.records[0].id == 9);
  const auto option = decode(
      R"({"id":"t","topic":"tickers.BTC-6JAN23-17500-C","ts":1672917511074,"data":{"symbol":"BTC-6JAN23-17500-C","bidPrice":"0","bidSize":"0","askPrice":"10","askSize":"5.1"},"type":"snapshot"})");
  REQUIRE(option.records.size() == 1);
  CHECK(option.records[0].price == 0 && option.records[0].price2 == 1000000000);
  CHECK(option.records[0].quantity2 == 510 && option.records[0].instrument == 4);
  // What follows it says only what changed.
  const auto linear = decode(
      R"({"topic":"tickers.BTCUSDT","type":"snapshot","data":{"symbol":"BTCUSDT","bid1Price":"1","bid1Size":"1","ask1Price":"2","ask1Size":"1"},"ts":1})");
  CHECK_EQ(linear.status, std::int32_t{UNKNOWN_EVENT});
  const auto part = decode(
      R"({"topic":"orderbook.1.BTCUSDT","type":"delta","ts":5,"data":{"s":"BTCUSDT","b":[],"a":[["1","0"]],"u":10}})");
  CHECK_EQ(part.status, std::int32_t{UNKNOWN_EVENT});
}

TEST(bybit_decodes_trades_and_bars) {
  const auto trades = decode(
      R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1672304486868,"data":[{"T":1672304486865,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50","L":"PlusTick","i":"20f43950-d8dd-5b31-9112-a178eb6023af","BT":false,"seq":1783284617},{"T":1672304486866,"s":"BTCUSDT","S":"Sell","v":"1","p":"16578.5","i":"2290000000061666327"},{"T":1672304486866,"s":"BTCUSDT","S":"Sell","v":"1","p":"16578.5","i":"4611"}]})");
  REQUIRE(trades.records.size() == 3);
  CHECK(trades.records[0].price == 1657850 && trades.records[0].quantity == 1);
  CHECK_EQ(trades.records[0].ts_event, std::int64_t{1672304486865000000});
  CHECK_EQ(int{trades.records[0].flags}, int{FLAG_LAST});
  CHECK_EQ(int{trades.records[1].flags}, FLAG_LAST | FLAG_AGGRESSOR_SELL);
  // Of three ids one is a number that TypeScript holds exactly.
  CHECK(trades.records[0].id == 0 && trades.records[1].id == 0 && trades.records[2].id == 4611);
  const auto bar = decode(
      R"({"topic":"kline.5.BTCUSDT","data":[{"start":1672324800000,"end":1672325099999,"interval":"5","open":"16649.5","close":"16677","high":"16677.25","low":"16608","volume":"2.081","turnover":"34666.4005","confirm":true,"timestamp":1672324988882}],"ts":1672324988882,"type":"snapshot"})");
  REQUIRE(bar.records.size() == 2);
  CHECK(bar.records[0].price == 1664950 && bar.records[0].quantity == 1667725);
  CHECK(bar.records[0].price2 == 1660800 && bar.records[0].quantity2 == 1667700);
  CHECK(bar.records[0].id == 1672324800000 && bar.records[1].id == 1672325099999);
  CHECK(bar.records[1].price == 2081 && bar.records[1].quantity2 == 300000);
  CHECK_EQ(int{bar.records[1].flags}, FLAG_LAST | FLAG_CLOSED);
}

TEST(bybit_names_what_is_wrong_and_leaves_no_record_behind) {
  const auto status_of = [](const std::string& from, const std::string& to) {
    std::string message = DELTA;
    message.replace(message.find(from), from.size(), to);
    const Decoded outcome = decode(message);
    CHECK(outcome.records.empty());
    return outcome.status;
  };
  CHECK_EQ(status_of("50.BTCUSDT", "50.XYZ"), std::int32_t{UNKNOWN_INSTRUMENT});
  CHECK_EQ(status_of("30247.20", "30247.201"), std::int32_t{PRICE_OFF_SCALE});
  CHECK_EQ(status_of("30.028", "30.0281"), std::int32_t{QUANTITY_OFF_SCALE});
  CHECK_EQ(status_of("30248.70", "12345678901234567"), std::int32_t{OVERFLOW_VALUE});
  CHECK_EQ(status_of(R"("30.028")", "true"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of(R"("u")", R"("v")"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of(R"("data")", R"("date")"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("177400507", "-1"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("464}", "464"), std::int32_t{TRUNCATED});
  CHECK_EQ(status_of("orderbook.50", "orderbook.rpi"), std::int32_t{UNKNOWN_EVENT});
  CHECK_EQ(decode(R"({"success":true,"ret_msg":"subscribe","op":"subscribe"})").status,
           std::int32_t{UNKNOWN_EVENT});
}
