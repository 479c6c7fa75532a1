// The market-data path: decoding batches of messages, and price-level books of 1,000 levels a side.
#include <map>
#include <memory>

#include "bench.hpp"
#include "book/l2-book.hpp"
#include "decode/decoder.hpp"
#include "messages.hpp"

namespace {

using namespace qd;
using namespace qd::bench;

constexpr std::size_t kMessages = 20000;
constexpr std::size_t kLevels = 25;
constexpr std::size_t kDepth = 20;
constexpr std::size_t kBatch = 16;
constexpr std::int64_t kBookLevels = 1000;

MarketRecord level(bool bid, std::int64_t price, std::int64_t quantity) {
  MarketRecord record{};
  record.kind = static_cast<std::uint8_t>(bid ? RecordKind::BidLevel : RecordKind::AskLevel);
  record.price = price;
  record.quantity = quantity;
  return record;
}

struct Updates {
  std::vector<MarketRecord> snapshot;
  std::vector<MarketRecord> levels;  // kLevels a message
  std::uint64_t hash = 0;
};

// A touch that walks by a tick a message, and levels around it: half of them within 30 ticks, the
// rest within 1,500; every other one is deleted.
Updates make_updates() {
  Random random(20261121);
  Updates updates;
  std::int64_t touch = 6000000;
  for (std::int64_t i = 1; i <= kBookLevels; ++i) {
    updates.snapshot.push_back(level(true, touch - i, i));
    updates.snapshot.push_back(level(false, touch + i, i));
  }
  InputHash hash;
  for (std::size_t message = 0; message < kMessages; ++message) {
    touch += static_cast<std::int64_t>(random.below(3)) - 1;
    for (std::size_t i = 0; i < kLevels; ++i) {
      const bool bid = i < kLevels / 2;
      const std::uint64_t reach = random.below(2) == 0 ? 30 : 1500;
      const auto away = static_cast<std::int64_t>(1 + random.below(reach));
      const auto quantity =
          random.below(2) == 0 ? 0 : static_cast<std::int64_t>(1 + random.below(1000000));
      updates.levels.push_back(level(bid, bid ? touch - away : touch + away, quantity));
      hash.add(static_cast<std::uint64_t>(updates.levels.back().price));
      hash.add(static_cast<std::uint64_t>(quantity));
    }
  }
  updates.hash = hash.value();
  return updates;
}

struct Top {
  double columns[4 * kDepth] = {};
  TopColumns out{columns, columns + kDepth, columns + 2 * kDepth, columns + 3 * kDepth, kDepth};
};

struct Maps {
  std::map<std::int64_t, std::int64_t, std::greater<>> bids;
  std::map<std::int64_t, std::int64_t> asks;

  void apply(const MarketRecord& record) {
    if (record.kind == static_cast<std::uint8_t>(RecordKind::BidLevel))
      set(bids, record);
    else
      set(asks, record);
  }
  void top(Top& top) const {
    top.out.bids = fill(bids, top.out.bid_prices, top.out.bid_quantities);
    top.out.asks = fill(asks, top.out.ask_prices, top.out.ask_quantities);
  }

 private:
  template <typename Side>
  static void set(Side& side, const MarketRecord& record) {
    if (record.quantity == 0)
      side.erase(record.price);
    else
      side[record.price] = record.quantity;
  }
  template <typename Side>
  static std::size_t fill(const Side& side, double* prices, double* quantities) {
    std::size_t rank = 0;
    for (const auto& [price, quantity] : side) {
      if (rank == kDepth) break;
      prices[rank] = static_cast<double>(price);
      quantities[rank++] = static_cast<double>(quantity);
    }
    return rank;
  }
};

// Ten messages a sample, in nanoseconds a level; a hash of every top makes the two comparable.
template <typename Apply, typename ReadTop>
Samples run_book(const Updates& updates, std::uint64_t& result, Apply apply, ReadTop read_top) {
  InputHash hash;
  Samples samples;
  Top top;
  constexpr std::size_t step = kLevels * 10;
  for (std::size_t at = 0; at + step <= updates.levels.size(); at += step) {
    const double start = nanoseconds();
    for (std::size_t message = 0; message < 10; ++message) {
      apply(std::span(updates.levels).subspan(at + message * kLevels, kLevels));
      read_top(top);
    }
    samples.push_back((nanoseconds() - start) / static_cast<double>(step));
    for (const double value : top.columns) hash.add(static_cast<std::uint64_t>(value));
  }
  result = hash.value();
  return samples;
}

std::string price_text(Random& random) {
  return decimal(6000000 + random.below(500000), 100, 2) + "000000";
}
std::string quantity_text(Random& random) {
  return decimal(random.below(1000000000), 100000000, 8);
}

std::string trade_text(Random& random, std::size_t at) {
  const std::string price = price_text(random);
  const std::string quantity = quantity_text(random);
  return trade_message(at, price, quantity, random.below(2) == 0);
}

std::string depth_text(Random& random, std::size_t at) {
  const auto side = [&](std::size_t count) {
    std::vector<LevelText> levels(count);
    for (LevelText& level : levels) {
      level.price = price_text(random);
      level.quantity = quantity_text(random);
    }
    return levels;
  };
  const auto bids = side(kLevels / 2);
  return depth_message(at, bids, side(kLevels - kLevels / 2));
}

Messages make_messages(std::string (*one)(Random&, std::size_t)) {
  Random random(20261121);
  Messages messages;
  for (std::size_t i = 0; i < 2000; ++i) messages.add(one(random, i));
  return messages;
}

Workload decoding(std::string (*one)(Random&, std::size_t)) {
  auto messages = std::make_shared<Messages>(make_messages(one));
  auto decoder = std::make_shared<Decoder>(std::vector<DecodedInstrument>{{"BTCUSDT", 0, 2, 8}});
  auto own = std::make_shared<std::uint64_t>(0);
  auto base = std::make_shared<std::uint64_t>(0);
  auto out = std::make_shared<std::vector<MarketRecord>>(kBatch * (kLevels + 1));
  const auto hash_of = [out](InputHash& hash, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) hash.add(static_cast<std::uint64_t>((*out)[i].price));
  };
  const auto fast = [=] {
    Samples samples;
    InputHash hash;
    std::vector<std::int32_t> status(kBatch);
    std::vector<std::uint32_t> ends(kBatch);
    for (std::size_t at = 0; at < messages->ends.size(); at += kBatch) {
      const std::uint32_t from = at == 0 ? 0 : messages->ends[at - 1];
      for (std::size_t i = 0; i < kBatch; ++i) ends[i] = messages->ends[at + i] - from;
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(messages->text.data()) + from;
      const double start = nanoseconds();
      const std::size_t count =
          decoder->decode({bytes, ends.back()}, messages->text.size() - from, ends,
                          std::span(messages->ts_init).subspan(at, kBatch), *out, status);
      samples.push_back((nanoseconds() - start) / kBatch);
      hash_of(hash, count);
    }
    *own = hash.value();
    return samples;
  };
  const auto general = [=] {
    Samples samples;
    InputHash hash;
    for (std::size_t at = 0; at < messages->ends.size(); ++at) {
      const std::uint32_t from = at == 0 ? 0 : messages->ends[at - 1];
      RecordSink sink{out->data(), out->data() + out->size()};
      const double start = nanoseconds();
      decoder->general(std::string_view(messages->text).substr(from, messages->ends[at] - from), 0,
                       sink);
      samples.push_back(nanoseconds() - start);
      hash_of(hash, static_cast<std::size_t>(sink.next - out->data()));
    }
    *base = hash.value();
    return samples;
  };
  return {"ns/message", "general reader", messages->hash.value(),
          fast,         general,          [=] { return *own == *base; }};
}

}  // namespace

BENCH(book_levels, "book-1000") {
  auto updates = std::make_shared<Updates>(make_updates());
  auto own = std::make_shared<std::uint64_t>(0);
  auto base = std::make_shared<std::uint64_t>(0);
  const auto run = [=] {
    L2Book book(20000);
    book.apply(updates->snapshot);
    return run_book(
        *updates, *own, [&](std::span<const MarketRecord> records) { book.apply(records); },
        [&](Top& top) { book.top(top.out); });
  };
  const auto run_maps = [=] {
    Maps maps;
    for (const MarketRecord& record : updates->snapshot) maps.apply(record);
    return run_book(
        *updates, *base,
        [&](std::span<const MarketRecord> records) {
          for (const MarketRecord& record : records) maps.apply(record);
        },
        [&](Top& top) { maps.top(top); });
  };
  return {"ns/level", "sorted maps", updates->hash, run, run_maps, [=] { return *own == *base; }};
}

BENCH(decode_trade, "decode-aggtrade") { return decoding(&trade_text); }

BENCH(decode_depth, "decode-depth25") { return decoding(&depth_text); }
