#include "binding.hpp"
#include "risk/gate.hpp"

namespace qd::binding {

namespace {

using namespace qd::risk;

// The order block that JavaScript fills before a call; every field a safe integer.
enum OrderField : std::size_t {
  kOrderId,
  kReplaces,
  kInstrument,
  kAccount,
  kClient,
  kStrategy,
  kSell,
  kManual,
  kReduceOnly,
  kPrice,
  kQuantity,
  kNow,
  kSpent,
  kOrderFields
};

std::int64_t whole(double value) { return static_cast<std::int64_t>(value); }

std::uint32_t id(double value) { return static_cast<std::uint32_t>(value); }

class RiskGateCore : public Napi::ObjectWrap<RiskGateCore> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports.Set("RiskGateCore",
                DefineClass(env, "RiskGateCore",
                            {InstanceMethod<&RiskGateCore::configure>("configure"),
                             InstanceMethod<&RiskGateCore::define_instrument>("defineInstrument"),
                             InstanceMethod<&RiskGateCore::define_scope>("defineScope"),
                             InstanceMethod<&RiskGateCore::set_trading_state>("setTradingState"),
                             InstanceMethod<&RiskGateCore::set_armed>("setArmed"),
                             InstanceMethod<&RiskGateCore::set_balance>("setBalance"),
                             InstanceMethod<&RiskGateCore::on_quote>("onQuote"),
                             InstanceMethod<&RiskGateCore::check>("check"),
                             InstanceMethod<&RiskGateCore::on_submitted>("onSubmitted"),
                             InstanceMethod<&RiskGateCore::on_working_changed>("onWorkingChanged"),
                             InstanceMethod<&RiskGateCore::on_fill>("onFill"),
                             InstanceMethod<&RiskGateCore::on_done>("onDone"),
                             InstanceMethod<&RiskGateCore::exposure>("exposure"),
                             InstanceMethod<&RiskGateCore::working>("working"),
                             InstanceMethod<&RiskGateCore::available>("available"),
                             InstanceMethod<&RiskGateCore::tallies>("tallies"),
                             InstanceMethod<&RiskGateCore::restore>("restore")}));
  }

  // (order block, wide block): the blocks live as long as the gate and are never transferred.
  explicit RiskGateCore(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<RiskGateCore>(info),
        orderBlock_(Napi::Persistent(info[0].As<Napi::Float64Array>())),
        wideBlock_(Napi::Persistent(info[1].As<Napi::BigInt64Array>())),
        row_(orderBlock_.Value().Data()),
        wide_(wideBlock_.Value().Data()) {}

 private:
  static double number(const Napi::CallbackInfo& info, std::size_t index) {
    return info[index].As<Napi::Number>().DoubleValue();
  }

  OrderRequest order() const {
    OrderRequest order;
    order.orderId = static_cast<std::uint64_t>(whole(row_[kOrderId]));
    order.replaces = static_cast<std::uint64_t>(whole(row_[kReplaces]));
    order.instrument = id(row_[kInstrument]);
    order.account = id(row_[kAccount]);
    order.client = id(row_[kClient]);
    order.strategy = id(row_[kStrategy]);
    order.sell = row_[kSell] != 0;
    order.manual = row_[kManual] != 0;
    order.reduceOnly = row_[kReduceOnly] != 0;
    order.price = whole(row_[kPrice]);
    order.quantity = whole(row_[kQuantity]);
    order.now = whole(row_[kNow]);
    order.spent = whole(row_[kSpent]);
    return order;
  }

  Wide wide(std::size_t pair) const {
    return {wide_[pair * 2], static_cast<std::uint64_t>(wide_[pair * 2 + 1])};
  }

  void put(std::size_t pair, Wide value) {
    wide_[pair * 2] = value.high;
    wide_[pair * 2 + 1] = static_cast<std::int64_t>(value.low);
  }

  void configure(const Napi::CallbackInfo& info) {
    gate_.configure({whole(number(info, 0)), whole(number(info, 1))});
  }

  // (instrument, terms); the smallest notional in the first wide
  Napi::Value define_instrument(const Napi::CallbackInfo& info) {
    const double* in = info[1].As<Napi::Float64Array>().Data();
    InstrumentTerms terms;
    terms.tickSize = whole(in[0]);
    terms.minPrice = whole(in[1]);
    terms.maxPrice = whole(in[2]);
    terms.stepSize = whole(in[3]);
    terms.minQuantity = whole(in[4]);
    terms.maxQuantity = whole(in[5]);
    terms.notionalMultiplier = whole(in[6]);
    terms.venue = id(in[7]);
    terms.baseAsset = id(in[8]);
    terms.quoteAsset = id(in[9]);
    terms.baseMultiplier = whole(in[10]);
    terms.quoteMultiplier = whole(in[11]);
    terms.collarBps = whole(in[12]);
    terms.passiveCollarBps = whole(in[13]);
    terms.collarAgainstMid = in[14] != 0;
    terms.minNotional = wide(0);
    return Napi::Boolean::New(info.Env(), gate_.define_instrument(id(number(info, 0)), terms));
  }

  // (kind, id, limits): quantities below 0 are unlimited; notionals in the two wides
  Napi::Value define_scope(const Napi::CallbackInfo& info) {
    const double* in = info[2].As<Napi::Float64Array>().Data();
    const auto limit = [&](std::size_t field) {
      return in[field] < 0 ? kUnlimited : whole(in[field]);
    };
    Limits limits;
    limits.maxOrderQuantity = limit(0);
    limits.maxPosition = limit(1);
    limits.maxOpenOrders = limit(2);
    limits.rateCount = id(in[3]);
    limits.rateWindow = whole(in[4]);
    limits.maxOrderNotional = wide(0);
    limits.maxWorkingNotional = wide(1);
    const auto kind = static_cast<ScopeKind>(id(number(info, 0)));
    return Napi::Boolean::New(info.Env(), gate_.define_scope(kind, id(number(info, 1)), limits));
  }

  void set_trading_state(const Napi::CallbackInfo& info) {
    gate_.set_trading_state(id(number(info, 0)), static_cast<TradingState>(id(number(info, 1))));
  }

  void set_armed(const Napi::CallbackInfo& info) {
    gate_.set_armed(id(number(info, 0)), number(info, 1) != 0);
  }

  void set_balance(const Napi::CallbackInfo& info) {
    gate_.set_balance(id(number(info, 0)), id(number(info, 1)), wide(0));
  }

  void on_quote(const Napi::CallbackInfo& info) {
    gate_.on_quote(id(number(info, 0)), whole(number(info, 1)), whole(number(info, 2)),
                   whole(number(info, 3)));
  }

  // -> reason + 256 x scope; limit and value seen in the two wides
  Napi::Value check(const Napi::CallbackInfo& info) {
    const Verdict verdict = gate_.check(order());
    if (verdict.reason != Reason::Ok) {
      put(0, verdict.limit);
      put(1, verdict.seen);
    }
    const auto reason = static_cast<std::uint32_t>(verdict.reason);
    return Napi::Number::New(info.Env(), reason + 256 * static_cast<std::uint32_t>(verdict.scope));
  }

  Napi::Value on_submitted(const Napi::CallbackInfo& info) {
    return Napi::Boolean::New(info.Env(), gate_.on_submitted(order()));
  }

  Napi::Value on_working_changed(const Napi::CallbackInfo& info) {
    const auto orderId = static_cast<std::uint64_t>(whole(number(info, 0)));
    return Napi::Boolean::New(info.Env(), gate_.on_working_changed(orderId, whole(number(info, 1)),
                                                                   whole(number(info, 2))));
  }

  // (fee asset); the fill in the order block, the fee in the first wide
  Napi::Value on_fill(const Napi::CallbackInfo& info) {
    return Napi::Boolean::New(info.Env(), gate_.on_fill(order(), id(number(info, 0)), wide(0)));
  }

  Napi::Value on_done(const Napi::CallbackInfo& info) {
    return Napi::Boolean::New(info.Env(),
                              gate_.on_done(static_cast<std::uint64_t>(whole(number(info, 0)))));
  }

  // (kind, id, instrument, [position, workingBuy, workingSell])
  void exposure(const Napi::CallbackInfo& info) {
    const Exposure exposure = gate_.exposure(static_cast<ScopeKind>(id(number(info, 0))),
                                             id(number(info, 1)), id(number(info, 2)));
    double* out = info[3].As<Napi::Float64Array>().Data();
    out[0] = static_cast<double>(exposure.position);
    out[1] = static_cast<double>(exposure.workingBuy);
    out[2] = static_cast<double>(exposure.workingSell);
  }

  // (kind, id) -> open orders; working notional in the first wide
  Napi::Value working(const Napi::CallbackInfo& info) {
    const auto kind = static_cast<ScopeKind>(id(number(info, 0)));
    put(0, gate_.working_notional(kind, id(number(info, 1))));
    return Napi::Number::New(info.Env(),
                             static_cast<double>(gate_.open_orders(kind, id(number(info, 1)))));
  }

  // (account, asset): in the first wide
  void available(const Napi::CallbackInfo& info) {
    put(0, gate_.available(id(number(info, 0)), id(number(info, 1))));
  }

  Napi::Value tallies(const Napi::CallbackInfo& info) {
    const std::vector<std::int64_t> tallies = gate_.tallies();
    auto out = Napi::BigInt64Array::New(info.Env(), tallies.size());
    std::copy(tallies.begin(), tallies.end(), out.Data());
    return out;
  }

  Napi::Value restore(const Napi::CallbackInfo& info) {
    const auto in = info[0].As<Napi::BigInt64Array>();
    return Napi::Boolean::New(info.Env(), gate_.restore({in.Data(), in.ElementLength()}));
  }

  RiskGate gate_;
  Napi::Reference<Napi::Float64Array> orderBlock_;
  Napi::Reference<Napi::BigInt64Array> wideBlock_;
  double* row_;
  std::int64_t* wide_;
};

}  // namespace

void register_risk(Napi::Env env, Napi::Object exports) { RiskGateCore::define(env, exports); }

}  // namespace qd::binding
