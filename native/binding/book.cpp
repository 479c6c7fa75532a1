#include "arrays.hpp"
#include "binding.hpp"
#include "book/book-checksum.hpp"
#include "book/l2-book.hpp"

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

  // (depth)

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
