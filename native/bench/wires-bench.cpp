// Books of every venue from their bytes: the same changes in each venue's spelling, against
// Binance's.
#include <array>
#include <initializer_list>
#include <memory>
#include <string_view>

#include "bench.hpp"
#include "decode/decoder.hpp"
#include "messages.hpp"

namespace {

using namespace qd;
using namespace qd::bench;

constexpr std::size_t kMessages = 2000;
constexpr std::size_t kLevels = 20;
constexpr std::size_t kBatch = 16;

using Side = std::vector<LevelText>;
using Spelling = std::string (*)(std::size_t at, const Side& bids, const Side& asks);

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

// Each level between these texts, apart by commas.
std::string listed(const Side& levels, std::string_view before, std::string_view between,
                   std::string_view behind) {
  std::string text;
  for (const LevelText& level : levels) {
    if (!text.empty()) text += ',';
    text += joined({before, level.price, between, level.quantity, behind});
  }
  return text;
}

std::string kraken(std::size_t at, const Side& bids, const Side& asks) {
  const auto list = [](const Side& side) {
    return listed(side, R"({"price":)", R"(,"qty":)", "}");
  };
  return joined({R"({"channel":"book","type":"update","data":[{"symbol":"BTCUSDT","bids":[)",
                 list(bids), R"(],"asks":[)", list(asks), R"(],"checksum":)",
                 std::to_string(2114181697 + at),
                 R"(,"timestamp":"2023-10-06T17:35:55.440295Z"}]})"});
}

std::string okx(std::size_t at, const Side& bids, const Side& asks) {
  const auto list = [](const Side& side) {
    return listed(side, R"([")", R"(",")", R"(","0","3"])");
  };
  return joined({R"({"arg":{"channel":"books","instId":"BTCUSDT"},"action":"update",)",
                 R"("data":[{"asks":[)", list(asks), R"(],"bids":[)", list(bids),
                 R"(],"ts":"1597026383185","checksum":-855196043,"prevSeqId":)", std::to_string(at),
                 R"(,"seqId":)", std::to_string(at + 1), "}]}"});
}

std::string deribit(std::size_t at, const Side& bids, const Side& asks) {
  const auto list = [](const Side& side) { return listed(side, R"(["change",)", ",", "]"); };
  return joined({R"({"jsonrpc":"2.0","method":"subscription","params":{)",
                 R"("channel":"book.BTCUSDT.raw","data":{"type":"change",)",
                 R"("timestamp":1626993721943,"prev_change_id":)", std::to_string(at),
                 R"(,"instrument_name":"BTCUSDT","change_id":)", std::to_string(at + 1),
                 R"(,"bids":[)", list(bids), R"(],"asks":[)", list(asks), "]}}}"});
}

std::string coinbase(std::size_t at, const Side& bids, const Side& asks) {
  const auto list = [](const Side& side, std::string_view name) {
    const std::string before = joined(
        {R"({"side":")", name, R"(","event_time":"2026-04-07T14:30:01.456789Z","price_level":")"});
    return listed(side, before, R"(","new_quantity":")", R"("})");
  };
  return joined({R"({"channel":"l2_data","client_id":"",)",
                 R"("timestamp":"2026-04-07T14:30:01.456789Z","sequence_num":)", std::to_string(at),
                 R"(,"events":[{"type":"update","product_id":"BTCUSDT","updates":[)",
                 list(bids, "bid"), ",", list(asks, "offer"), "]}]}"});
}

std::string bybit(std::size_t at, const Side& bids, const Side& asks) {
  const auto list = [](const Side& side) { return listed(side, R"([")", R"(",")", R"("])"); };
  return joined({R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1687940967466,)",
                 R"("data":{"s":"BTCUSDT","b":[)", list(bids), R"(],"a":[)", list(asks),
                 R"(],"u":)", std::to_string(at + 2),
                 R"(,"seq":66544703342},"cts":1687940967464})"});
}

struct Decoding {
  Messages messages;
  Decoder decoder;
  // Of the levels of all messages: prices and quantities, each times its place.
  std::uint64_t result = 0;

  Decoding(Wire wire, Spelling spelling) : decoder({DecodedInstrument{"BTCUSDT", 0, 2, 8}}, wire) {
    Random random(20261121);
    const auto side = [&] {
      Side levels(kLevels / 2);
      for (LevelText& level : levels) {
        level.price = decimal(6000000 + random.below(500000), 100, 2);
        level.quantity = decimal(random.below(1000000000), 100000000, 8);
      }
      return levels;
    };
    for (std::size_t at = 0; at < kMessages; ++at) {
      const Side bids = side();
      messages.add(spelling(at, bids, side()));
    }
  }

  // Nanoseconds a byte, a sample a batch.
  Samples run() {
    Samples samples;
    std::vector<MarketRecord> out(kBatch * (kLevels + 1));
    std::array<std::int32_t, kBatch> status{};
    std::array<std::uint32_t, kBatch> ends{};
    InputHash sums;
    for (std::size_t at = 0; at < messages.ends.size(); at += kBatch) {
      const std::uint32_t from = messages.start(at);
      for (std::size_t i = 0; i < kBatch; ++i) ends[i] = messages.ends[at + i] - from;
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(messages.text.data()) + from;
      const double start = nanoseconds();
      const std::size_t count =
          decoder.decode({bytes, ends.back()}, messages.text.size() - from, ends,
                         std::span(messages.ts_init).subspan(at, kBatch), out, status);
      samples.push_back((nanoseconds() - start) / ends.back());
      sums.add(levels_of(std::span(out).first(count)));
    }
    result = sums.value();
    return samples;
  }

 private:
  // The same whichever side a venue tells first.
  static std::uint64_t levels_of(std::span<const MarketRecord> records) {
    std::uint64_t sum = 0;
    for (const MarketRecord& record : records) {
      const auto kind = static_cast<RecordKind>(record.kind);
      if (kind != RecordKind::BidLevel && kind != RecordKind::AskLevel) continue;
      sum +=
          static_cast<std::uint64_t>(record.price) * static_cast<std::uint64_t>(record.quantity) +
          record.kind;
    }
    return sum;
  }
};

Workload against_binance(Wire wire, Spelling spelling) {
  auto own = std::make_shared<Decoding>(wire, spelling);
  auto base = std::make_shared<Decoding>(Wire::Binance, &depth_message);
  return {"ns/byte",
          "Binance depthUpdate, a byte",
          own->messages.hash.value(),
          [own] { return own->run(); },
          [base] { return base->run(); },
          [own, base] { return own->result == base->result; }};
}

}  // namespace

BENCH(wire_kraken, "decode-wire-kraken") { return against_binance(Wire::Kraken, &kraken); }
BENCH(wire_okx, "decode-wire-okx") { return against_binance(Wire::Okx, &okx); }
BENCH(wire_deribit, "decode-wire-deribit") { return against_binance(Wire::Deribit, &deribit); }
BENCH(wire_coinbase, "decode-wire-coinbase") { return against_binance(Wire::Coinbase, &coinbase); }
BENCH(wire_bybit, "decode-wire-bybit") { return against_binance(Wire::Bybit, &bybit); }
