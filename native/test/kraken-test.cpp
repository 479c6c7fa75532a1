// Kraken's spot WebSocket v2: decoding, and the checksum of a book against the venue's own
// examples.
#include <string>
#include <vector>

#include "book/book-checksum.hpp"
#include "check.hpp"
#include "checksum/crc32.hpp"
#include "decode/times.hpp"
#include "decoding.hpp"

namespace {

using namespace qd;
using qd::test::Decoded;

Decoded decode(const std::string& message, std::size_t room = 64) {
  static Decoder decoder({{"BTC/USD", 3, 2, 8}, {"KSM/BTC", 4, 8, 8}}, Wire::Kraken);
  return qd::test::decode_alone(decoder, message, room);
}

MarketRecord level(RecordKind kind, std::int64_t price, std::int64_t quantity) {
  MarketRecord record{};
  record.kind = static_cast<std::uint8_t>(kind);
  record.price = price;
  record.quantity = quantity;
  return record;
}

const std::string BOOK =
    R"({"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[{"price":105944.20,"qty":0.25000000}],"asks":[{"price":105944.30,"qty":0.00000000}],"checksum":2114181697,"timestamp":"2023-10-06T17:35:55.440295Z"}]})";

}  // namespace

TEST(crc32_matches_the_check_value_of_the_catalogue) {
  CHECK_EQ(crc32("123456789", 9), 0xCBF43926U);
  CHECK_EQ(crc32("6789", 4, crc32("12345", 5)), 0xCBF43926U);
  CHECK_EQ(crc32(nullptr, 0), 0U);
}

TEST(kraken_checksum_matches_the_examples_of_the_venue) {
  const std::vector<std::pair<std::int64_t, std::int64_t>> asks{
      {452852, 100000},   {452864, 154571953}, {452866, 154571109}, {452896, 154560911},
      {452902, 15890660}, {452918, 154553491}, {452947, 4454749},   {452961, 35380000},
      {452975, 9945542},  {452995, 18772827}};
  const std::vector<std::pair<std::int64_t, std::int64_t>> bids{
      {452835, 10000000},  {452834, 154582015}, {452821, 10000000}, {452810, 10000000},
      {452803, 154592586}, {452790, 7990000},   {452776, 3310103},  {452775, 30000000},
      {452773, 154602737}, {452766, 15445238}};
  L2Book book(1000);
  std::vector<MarketRecord> records;
  for (const auto& [price, quantity] : asks)
    records.push_back(level(RecordKind::AskLevel, price, quantity));
  for (const auto& [price, quantity] : bids)
    records.push_back(level(RecordKind::BidLevel, price, quantity));
  // Levels behind the tenth do not count.
  records.push_back(level(RecordKind::AskLevel, 500000, 1));
  book.apply(records);
  CHECK_EQ(kraken_checksum(book, {}), 3310070434U);

  // The older example, written with five and eight decimals; here at a scale that lacks a zero.
  L2Book coarse(1000);
  for (std::int64_t i = 0; i < 10; ++i) {
    const MarketRecord ask = level(RecordKind::AskLevel, 5005 + 5 * i, 5);
    coarse.apply({&ask, 1});
  }
  for (const std::int64_t price : {5000, 4995, 4990, 4980, 4975, 4970, 4965, 4960, 4955, 4950}) {
    const MarketRecord bid = level(RecordKind::BidLevel, price, 5);
    coarse.apply({&bid, 1});
  }
  CHECK_EQ(kraken_checksum(coarse, {0, 2}), 974947235U);
}

TEST(kraken_book_forgets_what_is_beyond_the_depth_of_its_header) {
  L2Book book(100);
  std::vector<MarketRecord> message{level(RecordKind::SnapshotHeader, 0, 40)};
  message.front().quantity2 = 5;
  for (std::int64_t i = 1; i <= 20; ++i) {
    message.push_back(level(RecordKind::BidLevel, 1000 - i, i));
    message.push_back(level(RecordKind::AskLevel, 1000 + i, i));
  }
  const std::span<const MarketRecord> records(message);
  // A message may come in two runs: it ends with its last level.
  book.apply(records.first(30));
  CHECK_EQ(book.asks().size(), std::size_t{14});
  book.apply(records.subspan(30));
  CHECK_EQ(book.bids().size(), std::size_t{5});
  CHECK_EQ(book.asks().quantity_at(1005), std::int64_t{5});
  CHECK_EQ(book.asks().quantity_at(1006), std::int64_t{0});
  CHECK_EQ(book.bids().dropped() + book.asks().dropped(), std::uint64_t{0});
  // What a better level pushes out is there again when that one goes in the same message.
  std::vector<MarketRecord> change{level(RecordKind::DiffHeader, 0, 2),
                                   level(RecordKind::AskLevel, 1000, 7),
                                   level(RecordKind::AskLevel, 1000, 0)};
  change.front().quantity2 = 5;
  book.apply(change);
  CHECK_EQ(book.asks().quantity_at(1005), std::int64_t{5});
}

TEST(kraken_decodes_a_book_update) {
  const auto [status, records] = decode(BOOK);
  CHECK_EQ(status, static_cast<std::int32_t>(RecordKind::DiffHeader));
  REQUIRE(records.size() == 3);
  CHECK(records[0].price == 2114181697 && records[0].quantity == 2 && records[0].price2 == -1);
  CHECK_EQ(int{records[0].flags}, int{FLAG_CHECKSUM});
  CHECK_EQ(records[0].ts_event, std::int64_t{1696613755440295000});
  CHECK(records[1].price == 10594420 && records[1].quantity == 25000000);
  CHECK(records[2].price == 10594430 && records[2].quantity == 0);
  CHECK_EQ(int{records[2].flags}, int{FLAG_LAST});
  CHECK(records[1].ts_event == records[0].ts_event && records[1].instrument == 3);
}

TEST(kraken_takes_members_in_any_order_with_any_spelling) {
  const auto [status, records] = decode(
      R"( { "data" : [ { "timestamp":"2023-10-06T17:35:55Z", "checksum" : 7, "more":[{"a":"}"}], "asks" : [ ],
         "bids":[{"qty":1.5,"price":2},{"price":3.00,"qty":0,"x":null}], "symbol":"BTC\/USD" } ],
         "channel":"bo\u006fk", "type":"snapshot" } )");
  CHECK_EQ(status, static_cast<std::int32_t>(RecordKind::SnapshotHeader));
  REQUIRE(records.size() == 3);
  CHECK(records[0].price == 7 && (records[0].flags & FLAG_SNAPSHOT) != 0);
  CHECK(records[1].price == 200 && records[1].quantity == 150000000);
  CHECK(records[2].price == 300 && records[2].quantity == 0);
}

TEST(kraken_takes_a_snapshot_that_was_recorded_without_a_checksum) {
  std::string message = BOOK;
  message.replace(message.find("2114181697"), 10, "null");
  CHECK_EQ(decode(message).status, std::int32_t{MALFORMED});
  message.replace(message.find("update"), 6, "snapshot");
  const Decoded snapshot = decode(message);
  REQUIRE(snapshot.records.size() == 3);
  CHECK(snapshot.records[0].price == 0 && snapshot.records[0].flags == FLAG_SNAPSHOT);
}

TEST(kraken_decodes_trades_quotes_and_bars) {
  const auto trades = decode(
      R"({"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"sell","price":105944.20,"qty":0.00027625,"ord_type":"limit","trade_id":10218208,"timestamp":"2023-10-06T17:35:55.440295Z"},{"symbol":"KSM/BTC","side":"buy","price":0.00755800,"qty":1.00000000,"ord_type":"market","trade_id":8,"timestamp":"2023-10-06T17:35:56Z"}]})");
  REQUIRE(trades.records.size() == 2);
  CHECK(trades.records[0].id == 10218208 && trades.records[0].quantity == 27625);
  CHECK_EQ(int{trades.records[0].flags}, FLAG_LAST | FLAG_AGGRESSOR_SELL);
  CHECK(trades.records[1].price == 755800 && trades.records[1].flags == FLAG_LAST);
  const auto quotes = decode(
      R"({"channel":"ticker","type":"snapshot","data":[{"symbol":"BTC/USD","bid":105944.20,"bid_qty":2.5,"ask":105944.30,"ask_qty":3.2,"last":105899.40,"volume":163.28908096,"vwap":105904.39279}]})");
  REQUIRE(quotes.records.size() == 1);
  CHECK(quotes.records[0].price2 == 10594430 && quotes.records[0].quantity2 == 320000000);
  const auto bars = decode(
      R"({"channel":"ohlc","type":"update","data":[{"symbol":"BTC/USD","interval":1,"interval_begin":"2023-10-04T16:25:00.000000000Z","open":106038.2,"high":106044.3,"low":106038.1,"close":106040.1,"volume":30927.68,"vwap":106039.6,"trades":12,"timestamp":"2023-10-04T16:26:00.000000Z"}]})");
  REQUIRE(bars.records.size() == 2);
  CHECK(bars.records[0].id == 1696436700000 && bars.records[0].quantity == 10604430);
  CHECK(bars.records[1].price2 == 12 && bars.records[1].quantity2 == 60000);
}

TEST(kraken_names_what_is_wrong_and_leaves_no_record_behind) {
  const auto status_of = [](std::string from, const std::string& to) {
    std::string message = BOOK;
    message.replace(message.find(from), from.size(), to);
    const Decoded outcome = decode(message);
    CHECK(outcome.records.empty());
    return outcome.status;
  };
  CHECK_EQ(status_of("BTC/USD", "BTC/XYZ"), std::int32_t{UNKNOWN_INSTRUMENT});
  CHECK_EQ(status_of("105944.20", "105944.201"), std::int32_t{PRICE_OFF_SCALE});
  CHECK_EQ(status_of("0.25000000", "0.250000001"), std::int32_t{QUANTITY_OFF_SCALE});
  CHECK_EQ(status_of("105944.30", "1059443000000000000"), std::int32_t{OVERFLOW_VALUE});
  CHECK_EQ(status_of("0.25000000", "-0.25"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("105944.30", "null"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("checksum", "checksums"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("2023-10-06T", "2023-10-06 "), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("}]}", "}]"), std::int32_t{TRUNCATED});
  CHECK_EQ(status_of("\"data\"", "data"), std::int32_t{MALFORMED});
  CHECK_EQ(status_of("book", "level3"), std::int32_t{UNKNOWN_EVENT});
  CHECK_EQ(decode(R"({"channel":"heartbeat"})").status, std::int32_t{UNKNOWN_EVENT});
  CHECK_EQ(decode(BOOK, 2).status, std::int32_t{OUT_FULL});
}

TEST(rfc3339_times_are_exact_and_others_refused) {
  std::int64_t nanos = 0;
  REQUIRE(rfc3339_nanos("1970-01-01T00:00:00Z", nanos));
  CHECK_EQ(nanos, std::int64_t{0});
  REQUIRE(rfc3339_nanos("2024-02-29T23:59:59.999999999Z", nanos));
  CHECK_EQ(nanos, std::int64_t{1709251199999999999});
  REQUIRE(rfc3339_nanos("2000-03-01T00:00:00.5Z", nanos));
  CHECK_EQ(nanos, std::int64_t{951868800500000000});
  for (const char* text : {"", "2024-02-29T23:59:59", "2024-13-01T00:00:00Z",
                           "1969-01-01T00:00:00Z", "2024-01-01T00:00:00.Z", "2024-01-01T24:00:00Z",
                           "2024-01-0aT00:00:00Z", "2024-01-01T00:00:00.1234567890Z"}) {
    CHECK(!rfc3339_nanos(text, nanos));
  }
}
