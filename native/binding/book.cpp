#include "arrays.hpp"
#include "binding.hpp"
#include "book/book-checksum.hpp"
#include "book/l2-book.hpp"
#include "book/measures.hpp"

#include <limits>

namespace qd::binding {
namespace {

std::int64_t whole(const Napi::Value& value) { return value.As<Napi::Number>().Int64Value(); }

class L2BookCore : public Napi::ObjectWrap<L2BookCore> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports.Set("L2BookCore",
                DefineClass(env, "L2BookCore",
                            {InstanceMethod<&L2BookCore::apply>("apply"),
                             InstanceMethod<&L2BookCore::top>("top"),
                             InstanceMethod<&L2BookCore::apply_and_top>("applyAndTop"),
                             InstanceMethod<&L2BookCore::quantity_at>("quantityAt"),
                             InstanceMethod<&L2BookCore::depth_between>("depthBetween"),
                             InstanceMethod<&L2BookCore::state>("state"),
                             InstanceMethod<&L2BookCore::kraken_checksum>("krakenChecksum"),
                             InstanceMethod<&L2BookCore::okx_checksum>("okxChecksum"),
                             InstanceMethod<&L2BookCore::measure>("measure"),
                             InstanceMethod<&L2BookCore::watch_flow>("watchFlow"),
                             InstanceMethod<&L2BookCore::flow>("flow"),
                             InstanceMethod<&L2BookCore::clear>("clear")}));
  }

  // (maxLevels, tickSize)
  explicit L2BookCore(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<L2BookCore>(info),
        book_(static_cast<std::size_t>(whole(info[0])), whole(info[1])) {}

 private:
  // (record bytes, from, to) -> level records applied
  Napi::Value apply(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(apply_records(info)));
  }

  // (columns, depth) -> bids * 2^16 + asks; columns = bid prices, bid quantities, ask prices, ask
  // quantities
  Napi::Value top(const Napi::CallbackInfo& info) { return write_top(info, 0); }

  // (record bytes, from, to, columns, depth) -> as top
  Napi::Value apply_and_top(const Napi::CallbackInfo& info) {
    apply_records(info);
    return write_top(info, 3);
  }

  // (side 0 bids 1 asks, price)
  Napi::Value quantity_at(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(),
                             static_cast<double>(side(info).quantity_at(whole(info[1]))));
  }

  // (side, low, high)
  Napi::Value depth_between(const Napi::CallbackInfo& info) {
    return Napi::Number::New(
        info.Env(), static_cast<double>(side(info).depth_between(whole(info[1]), whole(info[2]))));
  }

  // (Float64Array of 6): bids, asks, crossed, last update id, dropped bids, dropped asks
  Napi::Value state(const Napi::CallbackInfo& info) {
    double* out = view_of(info.Env(), info[0]).as<double>().data();
    out[0] = static_cast<double>(book_.bids().size());
    out[1] = static_cast<double>(book_.asks().size());
    out[2] = book_.crossed() ? 1 : 0;
    out[3] = static_cast<double>(book_.last_update_id());
    out[4] = static_cast<double>(book_.bids().dropped());
    out[5] = static_cast<double>(book_.asks().dropped());
    return info.Env().Undefined();
  }

  // (zeros written behind a price, behind a quantity)
  Napi::Value kraken_checksum(const Napi::CallbackInfo& info) {
    const WrittenZeros zeros{static_cast<int>(whole(info[0])), static_cast<int>(whole(info[1]))};
    return Napi::Number::New(info.Env(), qd::kraken_checksum(book_, zeros));
  }

  // (price scale, quantity scale)
  Napi::Value okx_checksum(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), qd::okx_checksum(book_, static_cast<int>(whole(info[0])),
                                                          static_cast<int>(whole(info[1]))));
  }

  // (depths of imbalances, bands in bp, Float64Array) -> whether both sides have levels; then bid
  // price and quantity, ask price and quantity, mid, microprice, spread, slope of bids and of asks,
  // reach of both, the imbalances, and of each band bids and asks. NaN: not there.
  Napi::Value measure(const Napi::CallbackInfo& info) {
    const auto measures = qd::measure(book_);
    if (!measures) return Napi::Boolean::New(info.Env(), false);
    constexpr double NOT_THERE = std::numeric_limits<double>::quiet_NaN();
    double* out = view_of(info.Env(), info[2]).as<double>().data();
    const auto& [bid, ask, mid, microprice, spread] = *measures;
    for (const Level& best : {bid.best, ask.best}) {
      *out++ = static_cast<double>(best.price);
      *out++ = static_cast<double>(best.quantity);
    }
    *out++ = static_cast<double>(mid);
    *out++ = static_cast<double>(microprice);
    *out++ = spread.value_or(NOT_THERE);
    for (const auto& value : {bid.slope, ask.slope, bid.reach_bps, ask.reach_bps})
      *out++ = value.value_or(NOT_THERE);
    for (const double depth : view_of(info.Env(), info[0]).as<const double>())
      *out++ = imbalance(book_, static_cast<std::size_t>(depth)).value_or(NOT_THERE);
    for (const double bps : view_of(info.Env(), info[1]).as<const double>()) {
      const auto within = depth_within(book_, static_cast<std::int64_t>(bps));
      *out++ = within ? static_cast<double>(within->bids) : NOT_THERE;
      *out++ = within ? static_cast<double>(within->asks) : NOT_THERE;
    }
    return Napi::Boolean::New(info.Env(), true);
  }

  // (whether)
  Napi::Value watch_flow(const Napi::CallbackInfo& info) {
    book_.watch_flow(info[0].As<Napi::Boolean>().Value());
    return info.Env().Undefined();
  }

  // (now in microseconds, steps of 100 ms) -> quantity; 0 while the flow is not watched
  Napi::Value flow(const Napi::CallbackInfo& info) {
    const OrderFlow* flow = book_.flow();
    const auto sum = flow == nullptr ? 0 : flow->sum(whole(info[0]) * 1000, whole(info[1]));
    return Napi::Number::New(info.Env(), static_cast<double>(sum));
  }

  Napi::Value clear(const Napi::CallbackInfo& info) {
    book_.clear();
    return info.Env().Undefined();
  }

  const BookSide& side(const Napi::CallbackInfo& info) const {
    return whole(info[0]) == 0 ? book_.bids() : book_.asks();
  }

  std::size_t apply_records(const Napi::CallbackInfo& info) {
    const ArrayView bytes = view_of(info.Env(), info[0]);
    const auto from = static_cast<std::size_t>(whole(info[1]));
    const auto to = static_cast<std::size_t>(whole(info[2]));
    return book_.apply({static_cast<const MarketRecord*>(bytes.data) + from, to - from});
  }

  Napi::Value write_top(const Napi::CallbackInfo& info, std::size_t first) {
    double* columns = view_of(info.Env(), info[first]).as<double>().data();
    const auto depth = static_cast<std::size_t>(whole(info[first + 1]));
    TopColumns out{columns, columns + depth, columns + 2 * depth, columns + 3 * depth, depth};
    book_.top(out);
    return Napi::Number::New(info.Env(), static_cast<double>(out.bids * 65536 + out.asks));
  }

  L2Book book_;
};

}  // namespace

void register_book(Napi::Env env, Napi::Object exports) { L2BookCore::define(env, exports); }

}  // namespace qd::binding
