// Command bytes run through the engine and the slow model, which must agree on every event and
// level.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "../test/matching-agreement.hpp"

namespace {

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool more() const { return at_ < size_; }
  std::uint8_t next() { return more() ? data_[at_++] : std::uint8_t{0}; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

// Small numbers make orders meet; now and then one from the edge of the range.
std::int64_t number(Bytes& bytes, std::int64_t scale) {
  const std::uint8_t byte = bytes.next();
  if (byte == 255) return qd::matching::kMaxMantissa - bytes.next();
  if (byte == 254) return -static_cast<std::int64_t>(bytes.next());
  if (byte == 253) return static_cast<std::int64_t>(bytes.next()) * 1000000 * scale;
  return static_cast<std::int64_t>(byte) * scale;
}

qd::matching::NewOrder order(Bytes& bytes) {
  using namespace qd::matching;
  NewOrder order;
  const std::uint8_t form = bytes.next();
  order.orderId = bytes.next();
  order.side = static_cast<Side>(form & 1);
  order.type = static_cast<OrderType>((form >> 1) & 7);
  order.timeInForce = static_cast<TimeInForce>((form >> 4) & 3);
  order.selfTrade = static_cast<SelfTrade>((form >> 6) & 3);
  order.owner = bytes.next() & 3;
  order.price = number(bytes, 2);
  order.quantity = number(bytes, 1);
  if (order.type >= OrderType::Stop) order.stopPrice = number(bytes, 2);
  if (order.type == OrderType::Market && order.quantity == 0)
    order.quoteAmount = number(bytes, 100);
  return order;
}

}  // namespace

extern "C" int qd_fuzz_one(const std::uint8_t* data, std::size_t size) {
  using namespace qd::matching;
  Bytes bytes(data, std::min<std::size_t>(size, 4096));
  qd::test::Agreement both({.tickSize = 2, .stepSize = 1, .windowTicks = 64, .expectedOrders = 4});
  while (bytes.more()) {
    const std::uint8_t action = bytes.next() & 15;
    const std::uint64_t id = action < 8 ? 0 : bytes.next();
    if (action < 8) {
      const NewOrder submitted = order(bytes);
      both.engine.submit(submitted);
      both.model.submit(submitted);
    } else if (action < 11) {
      both.engine.cancel(id);
      both.model.cancel(id);
    } else if (action < 13) {
      const std::int64_t leaves = number(bytes, 1);
      both.engine.amend(id, leaves);
      both.model.amend(id, leaves);
    } else if (action < 15) {
      const NewOrder replacement = order(bytes);
      both.engine.replace(id, replacement);
      both.model.replace(id, replacement);
    } else {
      const auto state = static_cast<MarketState>(id % 4 == 1 ? 1 : id % 4 == 2 ? 2 : 0);
      both.engine.set_state(state);
      both.model.state = state;
    }
    if (!both.events_agree() || !both.books_agree(id)) {
      std::fprintf(stderr, "%s\n", both.difference.c_str());
      std::abort();
    }
  }
  return 0;
}
