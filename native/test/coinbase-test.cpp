// Coinbase's Advanced Trade WebSocket: decoding.
#include "check.hpp"
#include "decoding.hpp"

namespace {

using namespace qd;
using qd::test::Decoded;

Decoded decode(const std::string& message) {
  static Decoder decoder({{"BTC-USD", 3, 2, 8}, {"SKL-BTC", 4, 8, 1}}, Wire::Coinbase);
  return qd::test::decode_alone(decoder, message);
}

const std::string BOOK =
    R"({"channel":"l2_data","client_id":"","timestamp":"2026-04-07T14:30:01.456789Z","sequence_num":17,"events":[{"type":"update","product_id":"BTC-USD","updates":[{"side":"offer","event_time":"2026-04-07T14:30:01.4Z","price_level":"68901.00","new_quantity":"0.00000000"},{"side":"bid","price_level":"68900.5","new_quantity":"1.5"}]},{"type":"snapshot","product_id":"SKL-BTC","updates":[]}]})";

}  // namespace

TEST(coinbase_decodes_the_books_of_one_message) {
  const auto [status, records] = decode(BOOK);
  CHECK_EQ(status, static_cast<std::int32_t>(RecordKind::DiffHeader));
  REQUIRE(records.size() == 4);
  CHECK(records[0].id == 17 && records[0].price2 == -1 && records[0].quantity == 2);
  CHECK(records[0].flags == 0 && records[2].flags == FLAG_LAST);
  CHECK(records[1].kind == static_cast<std::uint8_t>(RecordKind::AskLevel));
  CHECK(records[1].price == 6890100 && records[1].quantity == 0);
  CHECK(records[2].price == 6890050 && records[2].quantity == 150000000);
  CHECK_EQ(records[2].ts_event, std::int64_t{1775572201456789000});
  CHECK(records[3].kind == static_cast<std::uint8_t>(RecordKind::SnapshotHeader));
  CHECK(records[3].instrument == 4 && records[3].flags == (FLAG_SNAPSHOT | FLAG_LAST));
}

TEST(coinbase_decodes_trades_quotes_and_bars) {
  const auto trades = decode(
      R"({"channel":"market_trades","timestamp":"2026-04-07T14:30:02Z","sequence_num":5,"events":[{"type":"update","trades":[{"trade_id":"995098700","product_id":"BTC-USD","price":"68900.50","size":"0.00150000","side":"BUY","time":"2026-04-07T14:30:02.789012Z"},{"trade_id":"8","product_id":"SKL-BTC","price":"0.00001303","size":"7.5","side":"SELL","time":"2026-04-07T14:30:03Z"}]}]})");
  REQUIRE(trades.records.size() == 2);
  // The maker bought: the taker sold.
  CHECK_EQ(int{trades.records[0].flags}, FLAG_LAST | FLAG_AGGRESSOR_SELL);
  CHECK(trades.records[0].id == 995098700 && trades.records[0].quantity == 150000);
  CHECK(trades.records[1].price == 1303 && trades.records[1].flags == FLAG_LAST);
  const auto quotes = decode(
      R"({"channel":"ticker","timestamp":"2026-04-07T14:30:02Z","sequence_num":12,"events":[{"type":"snapshot","tickers":[{"type":"ticker","product_id":"BTC-USD","price":"68900.50","best_bid":"68900.00","best_bid_quantity":"1.5","best_ask":"68901.00","best_ask_quantity":"0.5"}]}]})");
  REQUIRE(quotes.records.size() == 1);
  CHECK(quotes.records[0].price2 == 6890100 && quotes.records[0].id == 12);
  const auto bars = decode(
      R"({"channel":"candles","timestamp":"2026-04-07T14:30:02Z","sequence_num":3,"events":[{"type":"update","candles":[{"start":"1775521800","high":"68950.00","low":"68850.00","open":"68900.00","close":"68920.50","volume":"42.15","product_id":"BTC-USD"}]}]})");
  REQUIRE(bars.records.size() == 2);
  CHECK(bars.records[0].id == 1775521800000 && bars.records[0].quantity2 == 6892050);
  CHECK(bars.records[1].id == 1775522099999 && bars.records[1].price == 4215000000);
}

TEST(coinbase_names_what_is_wrong_and_leaves_no_record_behind) {
  const auto status_of = [](const std::string& from, const std::string& to) {
    std::string message = BOOK;
    message.replace(message.find(from), from.size(), to);
    const Decoded decoded = decode(message);
    CHECK(decoded.records.empty());
    return decoded.status;
  };
  CHECK_EQ(status_of("SKL-BTC", "SKL-XYZ"), std::int32_t{UNKNOWN_INSTRUMENT});
  CHECK_EQ(status_of("68901.00", "68901.001"), std::int32_t{PRICE_OFF_SCALE});
  CHECK_EQ(status_of("\"1.5\"", "\"1.500000001\""), std::int32_t{QUANTITY_OFF_SCALE});
  CHECK_EQ(status_of("68900.5", "689000000000000000"), std::int32_t{OVERFLOW_VALUE});
  CHECK_EQ(status_of("\"bid\"", "\"ask\""), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("updates", "update"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("sequence_num", "sequence"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("2026-04-07T14:30:01.456789Z", "yesterday"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("[]}]}", "[]}]"), std::int32_t{TRUNCATED});
  CHECK_EQ(status_of("l2_data", "user"), std::int32_t{UNKNOWN_EVENT});
}
