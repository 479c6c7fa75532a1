// Marks, indices, funding, open interest and liquidations of every venue that has them.
#include <string>
#include <vector>

#include "check.hpp"
#include "decoding.hpp"

namespace {

using namespace qd;
using qd::test::Decoded;

Decoded decode(Wire wire, const std::string& message) {
  Decoder decoder({{"BTCUSDT", 3, 1, 3},
                   {"BTC-USDT-SWAP", 4, 1, 2},
                   {"BTC-PERPETUAL", 5, 1, 0},
                   {"IOST-USDT-SWAP", 6, 6, 0}},
                  wire);
  return qd::test::decode_alone(decoder, message);
}

struct Shown {
  RecordKind kind;
  std::int64_t price;
  std::int64_t quantity;
  std::int64_t price2;
  std::int64_t quantity2;
  std::int64_t id;
};

// Each is an event by itself, at the same time.
void check_all(const std::vector<MarketRecord>& records, std::int64_t ts_event,
               const std::vector<Shown>& shown) {
  REQUIRE(records.size() == shown.size());
  for (std::size_t i = 0; i < shown.size(); ++i) {
    CHECK_EQ(int{records[i].kind}, static_cast<int>(shown[i].kind));
    CHECK_EQ(records[i].ts_event, ts_event);
    CHECK((records[i].flags & FLAG_LAST) != 0);
    CHECK_EQ(records[i].price, shown[i].price);
    CHECK_EQ(records[i].quantity, shown[i].quantity);
    CHECK_EQ(records[i].price2, shown[i].price2);
    CHECK_EQ(records[i].quantity2, shown[i].quantity2);
    CHECK_EQ(records[i].id, shown[i].id);
  }
}

}  // namespace

TEST(a_number_with_decimals_of_its_own_is_exact_to_fifteen_digits_and_rounded_half_to_even) {
  const auto is = [](const std::string& text, int most, std::int64_t mantissa, int decimals) {
    Measure measure;
    CHECK(round_decimal(text, most, measure) == DecimalError::None);
    CHECK_EQ(measure.mantissa, mantissa);
    CHECK_EQ(measure.decimals, decimals);
  };
  is("11784.62659091", 15, 1178462659091, 8);
  is("11794.15000000", 15, 1179415, 2);
  is("007", 15, 7, 0);
  is("0.000", 15, 0, 0);
  is("-0.0000236017", 12, -236017, 10);
  is("0.0001875391284828", 12, 187539128, 12);
  is("0.5", 0, 0, 0);
  is("1.5", 0, 2, 0);
  is("2.5", 0, 2, 0);
  is("2.50000000000000000001", 0, 3, 0);
  is("-1.5", 0, -2, 0);
  is("123456789012.34567", 15, 123456789012346, 3);
  is("0.0028213400122472977", 15, 2821340012247, 15);
  is("9.9999999999999999", 15, 10, 0);
  is("999999999999999", 15, 999999999999999, 0);
  is("999999999999999.5", 15, 1000000000000000, 0);
  Measure measure;
  CHECK(round_decimal("1000000000000000", 15, measure) == DecimalError::Overflow);
  for (const char* wrong : {"", "-", ".5", "1.", "1e5", "1,5", "+1"})
    CHECK(round_decimal(wrong, 15, measure) == DecimalError::Malformed);
}

TEST(binance_tells_mark_index_funding_and_liquidations) {
  const auto mark = decode(
      Wire::Binance,
      R"({"e":"markPriceUpdate","E":1562305380000,"s":"BTCUSDT","p":"11794.15000000","i":"11784.62659091","P":"11784.25641265","r":"0.00038167","T":1562306400000,"st":1})");
  CHECK_EQ(mark.status, static_cast<std::int32_t>(RecordKind::MarkPrice));
  check_all(mark.records, 1562305380000000000,
            {{RecordKind::MarkPrice, 1179415, 0, 2, 0, 0},
             {RecordKind::IndexPrice, 1178462659091, 0, 8, 0, 0},
             {RecordKind::FundingRate, 381670000, 0, 0, 0, 1562306400000}});
  const auto delivered = decode(
      Wire::Binance,
      R"({"stream":"btcusdt@markPrice","data":{"e":"markPriceUpdate","E":1,"s":"BTCUSDT","p":"1.5","i":"","r":"","T":0}})");
  check_all(delivered.records, 1000000, {{RecordKind::MarkPrice, 15, 0, 1, 0, 0}});
  const auto forced = decode(
      Wire::Binance,
      R"({"e":"forceOrder","E":1568014460893,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"0.014","p":"9910","ap":"9910.12345678","X":"FILLED","l":"0.014","z":"0.014","T":1568014460893}})");
  check_all(forced.records, 1568014460893000000,
            {{RecordKind::Liquidation, 991012345678, 14, 8, 3, 0}});
  CHECK((forced.records[0].flags & FLAG_AGGRESSOR_SELL) != 0);
  CHECK_EQ(decode(Wire::Binance, R"({"e":"markPriceUpdate","E":1,"s":"XYZ","p":"1"})").status,
           std::int32_t{UNKNOWN_INSTRUMENT});
  CHECK_EQ(decode(Wire::Binance, R"({"e":"markPriceUpdate","E":1,"s":"BTCUSDT","p":"1x"})").status,
           std::int32_t{MALFORMED});
  CHECK_EQ(decode(Wire::Binance, R"({"e":"forceOrder","E":1,"o":{"s":"BTCUSDT"}})").status,
           std::int32_t{MALFORMED});
  CHECK_EQ(decode(Wire::Binance, R"({"e":"forceOrder","E":1})").status,
           std::int32_t{UNKNOWN_EVENT});
}

TEST(okx_tells_each_on_a_channel_of_its_own) {
  const auto funding = decode(
      Wire::Okx,
      R"({"arg":{"channel":"funding-rate","instId":"BTC-USDT-SWAP"},"data":[{"fundingRate":"0.0001875391284828","fundingTime":"1700726400000","instId":"BTC-USDT-SWAP","nextFundingRate":"","nextFundingTime":"1700755200000","ts":"1700724675402"}]})");
  check_all(funding.records, 1700724675402000000,
            {{RecordKind::FundingRate, 187539128, 28800000, 0, 0, 1700726400000}});
  const auto mark = decode(
      Wire::Okx,
      R"({"arg":{"channel":"mark-price","instId":"BTC-USDT-SWAP"},"data":[{"instType":"SWAP","instId":"BTC-USDT-SWAP","markPx":"42310.65","ts":"1630049139746"}]})");
  check_all(mark.records, 1630049139746000000, {{RecordKind::MarkPrice, 4231065, 0, 2, 0, 0}});
  const auto index = decode(
      Wire::Okx,
      R"({"arg":{"channel":"index-tickers","instId":"BTCUSDT"},"data":[{"instId":"BTCUSDT","idxPx":"0.1","high24h":"0.5","ts":"1597026383085"}]})");
  check_all(index.records, 1597026383085000000, {{RecordKind::IndexPrice, 1, 0, 1, 0, 0}});
  const auto interest = decode(
      Wire::Okx,
      R"({"arg":{"channel":"open-interest","instId":"BTC-USDT-SWAP"},"data":[{"instId":"BTC-USDT-SWAP","instType":"SWAP","oi":"2216113.01","oiCcy":"22161.1301","oiUsd":"1939251795.54","ts":"1743041250440"}]})");
  check_all(interest.records, 1743041250440000000,
            {{RecordKind::OpenInterest, 0, 221611301, 0, 2, 0}});
  const std::string liquidations =
      R"({"arg":{"channel":"liquidation-orders","instType":"SWAP"},"data":[{"details":[{"bkLoss":"0","bkPx":"1","posSide":"short","side":"buy","sz":"1","ts":"1"}],"instId":"NOBODY-ASKED"},{"details":[{"bkLoss":"0","bkPx":"0.007831","ccy":"","posSide":"short","side":"buy","sz":"13","ts":"1692266434010"}],"instFamily":"IOST-USDT","instId":"IOST-USDT-SWAP","instType":"SWAP","uly":"IOST-USDT"}]})";
  const auto forced = decode(Wire::Okx, liquidations);
  check_all(forced.records, 1692266434010000000, {{RecordKind::Liquidation, 7831, 13, 6, 0, 0}});
  CHECK((forced.records[0].flags & FLAG_AGGRESSOR_SELL) == 0 && forced.records[0].instrument == 6);
  std::string nobody = liquidations;
  nobody.replace(nobody.find("IOST-USDT-SWAP"), 4, "ELSE");
  CHECK_EQ(decode(Wire::Okx, nobody).status, std::int32_t{UNKNOWN_INSTRUMENT});
}

TEST(deribit_tells_them_with_the_quote_and_marks_trades_that_were_forced) {
  const auto ticker = decode(
      Wire::Deribit,
      R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":"ticker.BTC-PERPETUAL.100ms","data":{"timestamp":1765541474086,"state":"open","stats":{"high":93612.0,"volume":11897.27},"index_price":92263.55,"instrument_name":"BTC-PERPETUAL","open_interest":1132329370.0,"mark_price":92281.78,"interest_value":0.0028213400122472977,"best_ask_price":92284.0,"best_bid_price":92283.5,"best_ask_amount":186520.0,"best_bid_amount":117660.0,"current_funding":1.742e-5,"funding_8h":0.00001742}}})");
  CHECK_EQ(ticker.status, static_cast<std::int32_t>(RecordKind::Bbo));
  check_all(ticker.records, 1765541474086000000,
            {{RecordKind::Bbo, 922835, 117660, 922840, 186520, 0},
             {RecordKind::MarkPrice, 9228178, 0, 2, 0, 0},
             {RecordKind::IndexPrice, 9226355, 0, 2, 0, 0},
             {RecordKind::FundingRate, 17420000, 28800000, 0, 0, 0},
             {RecordKind::OpenInterest, 0, 1132329370, 0, 0, 0}});
  const auto trades = decode(
      Wire::Deribit,
      R"({"params":{"channel":"trades.BTC-PERPETUAL.raw","data":[{"timestamp":1,"price":1.0,"amount":10.0,"direction":"sell","instrument_name":"BTC-PERPETUAL","trade_seq":5,"liquidation":"T"}]}})");
  REQUIRE(trades.records.size() == 1);
  CHECK_EQ(int{trades.records[0].flags}, FLAG_LAST | FLAG_AGGRESSOR_SELL | FLAG_LIQUIDATION);
}

TEST(bybit_tells_what_changed_each_by_itself) {
  const auto whole = decode(
      Wire::Bybit,
      R"({"topic":"tickers.BTCUSDT","type":"snapshot","data":{"symbol":"BTCUSDT","markPrice":"17217.33","indexPrice":"17227.36","openInterest":"68744.761","singleOpenInterest":"34372.3805","nextFundingTime":"1673280000000","fundingRate":"-0.000212","bid1Price":"17215.50","bid1Size":"84.489","ask1Price":"17216.00","ask1Size":"83.020","fundingIntervalHour":"8"},"cs":24987956059,"ts":1673272861686})");
  check_all(whole.records, 1673272861686000000,
            {{RecordKind::MarkPrice, 1721733, 0, 2, 0, 0},
             {RecordKind::IndexPrice, 1722736, 0, 2, 0, 0},
             {RecordKind::FundingRate, -212000000, 28800000, 0, 0, 1673280000000},
             {RecordKind::OpenInterest, 0, 343723805, 0, 4, 0}});
  const auto part = decode(
      Wire::Bybit,
      R"({"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","markPrice":"17217.4","fundingRate":""},"ts":2})");
  check_all(part.records, 2000000, {{RecordKind::MarkPrice, 172174, 0, 1, 0, 0}});
  const auto forced = decode(
      Wire::Bybit,
      R"({"topic":"allLiquidation.BTCUSDT","type":"snapshot","ts":1739502303204,"data":[{"T":1739502302929,"s":"BTCUSDT","S":"Sell","v":"20000","p":"0.04499"},{"T":1739502302929,"s":"BTCUSDT","S":"Buy","v":"1.5","p":"7"}]})");
  check_all(
      forced.records, 1739502302929000000,
      {{RecordKind::Liquidation, 4499, 20000, 5, 0, 0}, {RecordKind::Liquidation, 7, 15, 0, 1, 0}});
  // The side of the position: the first was short, the second long.
  CHECK((forced.records[0].flags & FLAG_AGGRESSOR_SELL) == 0);
  CHECK((forced.records[1].flags & FLAG_AGGRESSOR_SELL) != 0);
}
