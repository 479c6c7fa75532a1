#include "decode/binance-derivatives.hpp"

#include "decode/entry-decoder.hpp"

namespace qd {
namespace {

using json::Reader;

class BinanceDerivative : EntryDecoder {
 public:
  BinanceDerivative(const InstrumentTable& table, std::int64_t ts_init, MessageRecords& records)
      : EntryDecoder(table, ts_init, records) {}

  std::int32_t decode(std::string_view message) {
    std::string name;
    std::string symbol;
    std::string_view order;
    members(message, 0, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "e") return name = value.text(), 1;
      if (key == "s") return symbol = value.text(), 2;
      if (key == "o" && value.kind() == json::Kind::Object) return order = value.skip(), 4;
      return 0;
    });
    if (name == "markPriceUpdate") {
      if (choose(symbol)) mark_price(message);
    } else if (name == "forceOrder" && !order.empty()) {
      force_order(order);
    }
    return records_.keep();
  }

 private:
  // A contract that is delivered has no rate: an empty text.
  void mark_price(std::string_view message) {
    DerivativeState state;
    std::int64_t at = 0;
    members(message, 3, [&](std::string_view key, Reader& value) -> unsigned {
      if (!is_told(value)) return 0;
      if (key == "E") return at = millis_time(value), 1;
      if (key == "p") return state.mark_price = measure(value), 2;
      if (key == "i") return state.index_price = measure(value), 4;
      if (key == "r") return state.funding_rate = rate(value), 8;
      if (key == "T") return state.funding_at_millis = integer(value), 16;
      return 0;
    });
    put_derivative(state, at);
  }

  // `S` is the side of the order that ends the position.
  void force_order(std::string_view order) {
    std::string symbol;
    std::string side;
    Measure px;
    Measure qty;
    std::int64_t at = 0;
    members(order, 31, [&](std::string_view key, Reader& value) -> unsigned {
      if (key == "s") return symbol = value.text(), 1;
      if (key == "S") return side = value.text(), 2;
      if (key == "ap") return px = measure(value), 4;
      if (key == "z") return qty = measure(value), 8;
      if (key == "T") return at = millis_time(value), 16;
      return 0;
    });
    if (side != "SELL" && side != "BUY") records_.fail(MALFORMED);
    if (records_.failure() != 0 || !choose(symbol)) return;
    put_liquidation(px, qty, side == "SELL", at);
  }
};

}  // namespace

std::int32_t decode_binance_derivative(const InstrumentTable& table, std::string_view message,
                                       std::int64_t ts_init, RecordSink& out) {
  Reader root(message);
  bool wrapped = false;
  std::string_view data;
  root.object([&](std::string_view key) {
    if (key == "stream") wrapped = root.kind() == json::Kind::String;
    const bool is_data = key == "data" && root.kind() == json::Kind::Object;
    const std::string_view value = root.skip();
    if (is_data) data = value;
  });
  MessageRecords records(out);
  return BinanceDerivative(table, ts_init, records)
      .decode(wrapped && !data.empty() ? data : message);
}

}  // namespace qd
