#pragma once

// Binance messages as the venue spells them, for the workloads that start at the wire.
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "bench.hpp"

namespace qd::bench {

// Messages one behind the other, as a socket delivers them.
struct Messages {
  std::string text;
  std::vector<std::uint32_t> ends;
  std::vector<std::int64_t> ts_init;
  InputHash hash;

  void add(const std::string& message) {
    for (const char c : message) hash.add(static_cast<std::uint8_t>(c));
    ts_init.push_back(static_cast<std::int64_t>(ends.size()));
    text += message;
    ends.push_back(static_cast<std::uint32_t>(text.size()));
  }
  std::uint32_t start(std::size_t at) const noexcept { return at == 0 ? 0 : ends[at - 1]; }
};

struct LevelText {
  std::string price;
  std::string quantity;
};

inline std::string decimal(std::uint64_t mantissa, std::uint64_t unit, int digits) {
  char text[48];
  std::snprintf(text, sizeof text, "%llu.%0*llu", static_cast<unsigned long long>(mantissa / unit),
                digits, static_cast<unsigned long long>(mantissa % unit));
  return text;
}

inline std::string trade_message(std::size_t at, const std::string& price,
                                 const std::string& quantity, bool maker) {
  const auto id = std::to_string(3000000000ULL + at * 2);
  const auto time = std::to_string(1723161255208ULL + at);
  std::string text = R"({"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":)" + time;
  text += R"(,"s":"BTCUSDT","a":)" + id + R"(,"p":")" + price + R"(","q":")" + quantity;
  text += R"(","f":)" + id + R"(,"l":)" + id + R"(,"T":)" + time;
  return text + R"(,"m":)" + (maker ? "true" : "false") + R"(,"M":true}})";
}

inline std::string depth_message(std::size_t at, const std::vector<LevelText>& bids,
                                 const std::vector<LevelText>& asks) {
  const auto side = [](const std::vector<LevelText>& levels) {
    std::string text;
    for (const LevelText& level : levels) {
      text += text.empty() ? "[\"" : ",[\"";
      text += level.price + "\",\"" + level.quantity + "\"]";
    }
    return text;
  };
  std::string text = R"({"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":)";
  text += std::to_string(1723161255208ULL + at) + R"(,"s":"BTCUSDT","U":)";
  text += std::to_string(50093239189ULL + at * 10) + R"(,"u":)";
  text += std::to_string(50093239198ULL + at * 10) + R"(,"b":[)" + side(bids);
  return text + R"(],"a":[)" + side(asks) + "]}}";
}

}  // namespace qd::bench
