#include <string>
#include <vector>

#include "check.hpp"
#include "decode/decoder.hpp"

namespace {

using qd::Decoder;
using qd::MarketRecord;
using qd::RecordKind;

Decoder decoder() {
  return Decoder({{"BTCUSDT", 3, 2, 8},
                  {"BNBBTC", 4, 8, 8},
                  {"BTCUSD_PERP", 5, 1, 0},
                  {"1000000MOGUSDT_240927", 6, 15, 9}});
}

struct Outcome {
  std::int32_t status = 0;
  std::vector<MarketRecord> records;
  bool operator==(const Outcome& other) const {
    return status == other.status && records.size() == other.records.size() &&
           std::memcmp(records.data(), other.records.data(),
                       records.size() * sizeof(MarketRecord)) == 0;
  }
};

// Both readers: what the fast one takes must be what the general one says.
Outcome decode(const Decoder& reader, const std::string& message, std::size_t room = 64) {
  std::vector<MarketRecord> out(room);
  qd::RecordSink sink{out.data(), out.data() + out.size()};
  std::string padded = message + std::string(qd::text::TEXT_PADDING, '"');
  const std::string_view text = std::string_view(padded).substr(0, message.size());
  Outcome general{reader.general(text, 77, sink), {}};
  general.records.assign(out.data(), sink.next);
  std::vector<MarketRecord> fast_out(room);
  qd::RecordSink fast_sink{fast_out.data(), fast_out.data() + fast_out.size()};
  Outcome fast{reader.fast({reinterpret_cast<const std::uint8_t*>(padded.data()), message.size()},
                           77, fast_sink),
               {}};
  fast.records.assign(fast_out.data(), fast_sink.next);
  if (fast.status >= 0 && !CHECK(fast == general)) std::cout << "  " << message << "\n";
  if (fast.status < 0) CHECK_EQ(fast.records.size(), std::size_t{0});
  if (general.status < 0) CHECK_EQ(general.records.size(), std::size_t{0});
  return general;
}

bool fast_takes(const Decoder& reader, const std::string& message) {
  std::vector<MarketRecord> out(64);
  qd::RecordSink sink{out.data(), out.data() + out.size()};
  const std::string padded = message + std::string(qd::text::TEXT_PADDING, '\0');
  return reader.fast({reinterpret_cast<const std::uint8_t*>(padded.data()), message.size()}, 77,
                     sink) >= 0;
}

const std::vector<std::string> VENUE_SPELLINGS{
    R"({"e":"trade","E":1672515782136,"s":"BNBBTC","t":12345,"p":"0.001","q":"100","T":1672515782137,"m":true,"M":true})",
    R"({"e":"trade","E":1672515782136,"s":"BNBBTC","t":12345,"p":"0.001","q":"100","b":88,"a":50,"T":1672515782137,"m":false,"M":true})",
    R"({"e":"aggTrade","E":1672515782136,"s":"BNBBTC","a":12345,"p":"0.001","q":"100","f":100,"l":105,"T":1672515782137,"m":true,"M":true})",
    R"({"e":"aggTrade","E":1672515782136,"a":5933014,"s":"BTCUSDT","p":"61234.50","q":"100","nq":"100","f":100,"l":105,"T":1672515782137,"m":true,"st":1})",
    R"({"u":400900217,"s":"BTCUSDT","b":"25.35000000","B":"31.21000000","a":"25.36000000","A":"40.66000000"})",
    R"({"e":"bookTicker","u":400900217,"E":1568014460893,"T":1568014460891,"s":"BTCUSDT","b":"25.35","B":"31.21","a":"25.36","A":"40.66","st":1,"ps":"BTCUSDT"})",
    R"({"u":1007198632021,"e":"bookTicker","s":"BTCUSD_PERP","ps":"BTCUSD","b":"61804.7","B":"35","a":"61804.8","A":"1645","T":1723161257465,"E":1723161257476})",
    R"({"e":"depthUpdate","E":1672515782136,"s":"BNBBTC","U":157,"u":160,"b":[["0.0024","10"]],"a":[["0.0026","100"]]})",
    R"({"e":"depthUpdate","E":1672515782136,"T":1672515782135,"s":"BTCUSD_PERP","ps":"BTCUSD","U":157,"u":160,"pu":149,"b":[],"a":[["1.0","100"],["1.1","0"]]})",
    R"({"e":"kline","E":1672515782136,"s":"BNBBTC","k":{"t":1672515780000,"T":1672515839999,"s":"BNBBTC","i":"1m","f":-1,"L":-1,"o":"0.0010","c":"0.0020","h":"0.0025","l":"0.0015","v":"1000","n":100,"x":true,"q":"1.0000","V":"500","Q":"0.500","B":"123456"}})",
    R"({"stream":"1000000mogusdt_240927@depth20@100ms","data":{"e":"depthUpdate","E":1672515782136,"s":"1000000MOGUSDT_240927","U":1,"u":2,"b":[],"a":[]}})"};

}  // namespace

TEST(decode_fast_reader_takes_every_venue_spelling_and_agrees) {
  const Decoder reader = decoder();
  for (const auto& message : VENUE_SPELLINGS) {
    for (const auto& spelled : {message, R"({"stream":"x@y","data":)" + message + "}"}) {
      const bool nested = message.starts_with("{\"stream\"") && spelled.size() != message.size();
      if (nested) continue;
      CHECK(decode(reader, spelled).status > 0);
      CHECK(fast_takes(reader, spelled));
    }
  }
}

TEST(decode_every_proper_prefix_is_truncated) {
  const Decoder reader = decoder();
  for (const auto& message : VENUE_SPELLINGS) {
    for (std::size_t size = 0; size < message.size(); ++size) {
      CHECK_EQ(decode(reader, message.substr(0, size)).status, std::int32_t{qd::TRUNCATED});
    }
    CHECK_EQ(decode(reader, message + "}").status, std::int32_t{qd::MALFORMED});
  }
}

TEST(decode_one_changed_byte_gives_the_same_answer_from_both_readers) {
  const Decoder reader = decoder();
  qd::test::Random random(11);
  const std::string letters = "\"\\{}[]:,.-+0123456789eEtTuUsbBaApqm \n\x01\xC3";
  for (const auto& message : VENUE_SPELLINGS) {
    for (std::size_t at = 0; at < message.size(); ++at) {
      for (int change = 0; change < 12; ++change) {
        std::string changed = message;
        const char letter = letters[random.below(letters.size())];
        const auto how = random.below(3);
        if (how == 0) changed[at] = letter;
        if (how == 1) changed.insert(at, 1, letter);
        if (how == 2) changed.erase(at, 1 + random.below(9));
        decode(reader, changed);
      }
    }
  }
}

TEST(decode_reads_the_fields_of_a_depth_update) {
  const auto outcome = decode(
      decoder(),
      R"({"e":"depthUpdate","E":1672515782136,"T":1672515782135,"s":"BTCUSDT","U":157,"u":160,"pu":149,"b":[["61737.63000000","0.5"]],"a":[["61838","0.00000000"]]})");
  REQUIRE(outcome.records.size() == 3);
  const MarketRecord& header = outcome.records[0];
  CHECK_EQ(header.kind, static_cast<std::uint8_t>(RecordKind::DiffHeader));
  CHECK_EQ(header.ts_event, 1672515782135000000);
  CHECK_EQ(header.ts_init, 77);
  CHECK_EQ(header.price, 157);
  CHECK_EQ(header.id, 160);
  CHECK_EQ(header.price2, 149);
  CHECK_EQ(header.quantity, 2);
  CHECK_EQ(outcome.records[1].price, 6173763);
  CHECK_EQ(outcome.records[1].quantity, 50000000);
  CHECK_EQ(outcome.records[2].price, 6183800);
  CHECK_EQ(outcome.records[2].flags, qd::FLAG_LAST);
}

TEST(decode_names_what_is_wrong) {
  const Decoder reader = decoder();
  const auto trade = [&](const std::string& price, const std::string& quantity,
                         const std::string& symbol = "BTCUSDT") {
    return decode(reader, R"({"e":"trade","E":1672515782136,"s":")" + symbol + R"(","t":1,"p":")" +
                              price + R"(","q":")" + quantity + R"(","T":1672515782136,"m":true})")
        .status;
  };
  CHECK_EQ(trade("1.25", "1"), 1);
  CHECK_EQ(trade("-1.25", "1"), 1);
  CHECK_EQ(trade("1.2500000000000000000000000", "0000000000000000001"), 1);
  CHECK_EQ(trade("1.251", "1"), std::int32_t{qd::PRICE_OFF_SCALE});
  CHECK_EQ(trade("1.25", "0.123456789"), std::int32_t{qd::QUANTITY_OFF_SCALE});
  CHECK_EQ(trade("90071992547409.91", "1"), 1);
  CHECK_EQ(trade("90071992547409.92", "1"), std::int32_t{qd::OVERFLOW_VALUE});
  CHECK_EQ(trade("-90071992547409.91", "1"), 1);
  CHECK_EQ(trade("1", "90071992.54740992"), std::int32_t{qd::OVERFLOW_VALUE});
  CHECK_EQ(trade("1", "90071992.54740991"), 1);
  for (const char* text :
       {"", "-", ".", "1.", ".5", "1e3", "+1", " 1", "1 ", "1,5", "0x1", "1.2.3", "--1"}) {
    CHECK_EQ(trade(text, "1"), std::int32_t{qd::MALFORMED});
  }
  CHECK_EQ(trade("1", "-1"), std::int32_t{qd::MALFORMED});
  CHECK_EQ(trade("1", "1", "ETHUSDT"), std::int32_t{qd::UNKNOWN_INSTRUMENT});
  CHECK_EQ(trade("1", "1", "BTC\\u0055SDT"), 1);
  CHECK_EQ(decode(reader, R"({"result":null,"id":1})").status, std::int32_t{qd::UNKNOWN_EVENT});
  CHECK_EQ(decode(reader, "[]").status, std::int32_t{qd::UNKNOWN_EVENT});
  CHECK_EQ(decode(reader, R"({"e":"trade","E":1e12,"s":"BTCUSDT","t":1,"p":"1","q":"1","m":true})")
               .status,
           std::int32_t{qd::MALFORMED});
  CHECK_EQ(decode(reader,
                  R"({"e":"trade","E":9223372036855,"s":"BTCUSDT","t":1,"p":"1","q":"1","m":true})")
               .status,
           std::int32_t{qd::OVERFLOW_VALUE});
  CHECK_EQ(decode(reader, VENUE_SPELLINGS[8], 2).status, std::int32_t{qd::OUT_FULL});
  CHECK_EQ(decode(reader, VENUE_SPELLINGS[8], 3).status, 3);
}

// Found with QD_SEED=20240842 of the fuzz suite: the fast reader took the key for `u`.
TEST(decode_refuses_a_key_with_a_nul_behind_its_letter) {
  std::string text = R"({"u":5,"s":"BTCUSDT","b":"1.00","B":"2","a":"3.00","A":"4"})";
  CHECK_EQ(decode(decoder(), text).status, 2);
  text.insert(text.find("\":"), 1, '\0');
  CHECK_EQ(decode(decoder(), text).status, std::int32_t{qd::MALFORMED});
}

TEST(decode_batch_stops_at_the_first_message_without_room) {
  Decoder reader = decoder();
  std::string bytes;
  std::vector<std::uint32_t> ends;
  for (const std::size_t which : {0, 7, 0}) {
    bytes += VENUE_SPELLINGS[which];
    ends.push_back(static_cast<std::uint32_t>(bytes.size()));
  }
  const std::vector<std::int64_t> ts_init{1, 2, 3};
  std::vector<MarketRecord> out(3);
  std::vector<std::int32_t> status(3);
  const std::span<const std::uint8_t> text(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                           bytes.size());
  CHECK_EQ(reader.decode(text, text.size(), ends, ts_init, out, status), std::size_t{1});
  CHECK_EQ(status[0], 1);
  CHECK_EQ(status[1], std::int32_t{qd::OUT_FULL});
  CHECK_EQ(status[2], std::int32_t{qd::OUT_FULL});
}

TEST(decode_snapshot_of_both_spellings) {
  Decoder reader = decoder();
  for (
      const std::string message :
      {R"({"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[["0.0026","100"]]})",
       R"({"stream":"bnbbtc@depth5","data":{"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[["0.0026","100"]]}})",
       R"({ "asks":[["0.0026","100"]], "bids":[["0.0024","10"]], "lastUpdateId":160 })"}) {
    std::vector<MarketRecord> out(3);
    qd::RecordSink sink{out.data(), out.data() + 3};
    const std::span<const std::uint8_t> text(reinterpret_cast<const std::uint8_t*>(message.data()),
                                             message.size());
    CHECK_EQ(reader.decode_snapshot(text, 4, 5, sink), 4);
    REQUIRE(sink.room() == 0);
    CHECK_EQ(out[0].id, 160);
    CHECK_EQ(out[0].flags, qd::FLAG_SNAPSHOT);
    CHECK_EQ(out[1].price, 240000);
    CHECK_EQ(out[2].flags, static_cast<std::uint8_t>(qd::FLAG_SNAPSHOT | qd::FLAG_LAST));
    CHECK_EQ(out[2].quantity, 10000000000);
    CHECK_EQ(reader.decode_snapshot(text, 9, 5, sink), std::int32_t{qd::UNKNOWN_INSTRUMENT});
    CHECK_EQ(reader.decode_snapshot(text, 4, 5, sink), std::int32_t{qd::OUT_FULL});
  }
}

TEST(decode_table_finds_each_of_many_symbols_and_refuses_twins) {
  std::vector<qd::DecodedInstrument> many;
  for (int i = 0; i < 3000; ++i)
    many.emplace_back(std::to_string(i) + "USDT", static_cast<std::uint16_t>(i), 2, 2);
  const qd::InstrumentTable table(many);
  for (const auto& one : many) {
    const auto* found = table.find(std::string_view(one.symbol));
    REQUIRE(found != nullptr);
    CHECK_EQ(found->index, one.index);
    CHECK(table.find(std::string_view(one.symbol + "X")) == nullptr);
  }
  many.push_back(many.front());
  bool refused = false;
  try {
    const qd::InstrumentTable twins(many);
  } catch (const std::invalid_argument&) {
    refused = true;
  }
  CHECK(refused);
}
