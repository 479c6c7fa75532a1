// Deribit's WebSocket v2: decoding, numbers with exponents among it.
#include <string>
#include <vector>

#include "check.hpp"
#include "decoding.hpp"

namespace {

using namespace qd;
using qd::test::Decoded;

Decoded decode(const std::string& message) {
  static Decoder decoder({{"BTC-PERPETUAL", 3, 1, 1}, {"BTC-31DEC21-34000-P", 4, 4, 1}},
                         Wire::Deribit);
  return qd::test::decode_alone(decoder, message);
}

std::string notification(const std::string& channel, const std::string& data) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":")" + channel +
         R"(","data":)" + data + "}}";
}

const std::string CHANGE = notification(
    "book.BTC-31DEC21-34000-P.raw",
    R"({"type":"change","timestamp":1626993721943,"prev_change_id":5,"instrument_name":"BTC-31DEC21-34000-P","change_id":6,"bids":[["delete",0.2325,0.0],["new",5.0e-4,0.1]],"asks":[["change",1.2E0,1e1]]})");

}  // namespace

TEST(deribit_decodes_books_with_their_ids_and_numbers_with_exponents) {
  const auto [status, records] = decode(CHANGE);
  CHECK_EQ(status, static_cast<std::int32_t>(RecordKind::DiffHeader));
  REQUIRE(records.size() == 4);
  CHECK(records[0].id == 6 && records[0].price2 == 5 && records[0].quantity == 3);
  CHECK_EQ(int{records[0].flags}, 0);
  CHECK(records[1].price == 2325 && records[1].quantity == 0 && records[1].id == 6);
  CHECK(records[2].price == 5 && records[2].quantity == 1);
  CHECK(records[3].price == 12000 && records[3].quantity == 100);
  const auto whole = decode(notification(
      "book.BTC-PERPETUAL.none.10.100ms",
      R"({"timestamp":1,"instrument_name":"BTC-PERPETUAL","change_id":9,"bids":[[42500.5,10.0]],"asks":[]})"));
  REQUIRE(whole.records.size() == 2);
  CHECK_EQ(whole.status, static_cast<std::int32_t>(RecordKind::SnapshotHeader));
  CHECK(whole.records[0].price2 == -1 && whole.records[1].price == 425005);
  CHECK_EQ(int{whole.records[1].flags}, FLAG_LAST | FLAG_SNAPSHOT);
}

TEST(deribit_decodes_trades_and_quotes) {
  const auto trades = decode(notification(
      "trades.BTC-PERPETUAL.100ms",
      R"([{"timestamp":1765531356452,"price":92294.5,"amount":10.0,"direction":"sell","instrument_name":"BTC-PERPETUAL","trade_seq":271252854,"trade_id":"403691824"},{"timestamp":1765531356453,"price":0.2325,"amount":0.5,"direction":"buy","instrument_name":"BTC-31DEC21-34000-P","trade_seq":7,"trade_id":"8"}])"));
  REQUIRE(trades.records.size() == 2);
  CHECK(trades.records[0].id == 271252854 && trades.records[0].quantity == 100);
  CHECK_EQ(int{trades.records[0].flags}, FLAG_LAST | FLAG_AGGRESSOR_SELL);
  CHECK(trades.records[1].price == 2325 && trades.records[1].instrument == 4);
  const auto quote = decode(notification(
      "ticker.BTC-PERPETUAL.100ms",
      R"({"timestamp":1,"instrument_name":"BTC-PERPETUAL","best_ask_price":92284.0,"best_bid_price":null,"best_ask_amount":186520.0,"best_bid_amount":0.0})"));
  REQUIRE(quote.records.size() == 1);
  CHECK(quote.records[0].price == 0 && quote.records[0].price2 == 922840);
}

TEST(deribit_names_what_is_wrong_and_leaves_no_record_behind) {
  const auto status_of = [](const std::string& from, const std::string& to) {
    std::string message = CHANGE;
    message.replace(message.find(from), from.size(), to);
    const Decoded outcome = decode(message);
    CHECK(outcome.records.empty());
    return outcome.status;
  };
  CHECK_EQ(status_of(R"(_name":"BTC-31)", R"(_name":"BTC-32)"), std::int32_t{UNKNOWN_INSTRUMENT});
  CHECK_EQ(status_of("5.0e-4", "5.5e-5"), std::int32_t{PRICE_OFF_SCALE});
  CHECK_EQ(status_of("1e1", "1e-2"), std::int32_t{QUANTITY_OFF_SCALE});
  CHECK_EQ(status_of("1e1", "1e20"), std::int32_t{OVERFLOW_VALUE});
  CHECK_EQ(status_of("1e1", "1e9999"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("1e1", R"("e-5")"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of(R"("change_id":6)", R"("change":6)"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of(",1e1]", "]"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("}}}", "}}"), std::int32_t{TRUNCATED});
  CHECK_EQ(status_of("book.", "perpetual."), std::int32_t{UNKNOWN_EVENT});
}
