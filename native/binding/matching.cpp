#include "binding.hpp"
#include "matching/engine.hpp"

namespace qd::binding {

namespace {

using namespace qd::matching;

// A command is a row of numbers; JavaScript has checked that each is a safe integer.
enum Field : std::size_t {
  kAction,
  kOrderId,
  kSide,
  kType,
  kTimeInForce,
  kSelfTrade,
  kOwner,
  kPrice,
  kQuantity,
  kStopPrice,
  kQuoteHigh,
  kQuoteLow,
  kTargetId,
  kStride
};
enum Action { kSubmit = 0, kCancel = 1, kAmend = 2, kReplace = 3 };

constexpr std::size_t kEventColumns = 7;

std::int64_t whole(double value) { return static_cast<std::int64_t>(value); }

std::uint8_t code(double value) {
  return value < 0 || value > 254 ? 255 : static_cast<std::uint8_t>(value);
}

NewOrder order_of(const double* row) {
  NewOrder order;
  order.orderId = static_cast<std::uint64_t>(whole(row[kOrderId]));
  order.price = whole(row[kPrice]);
  order.quantity = whole(row[kQuantity]);
  order.stopPrice = whole(row[kStopPrice]);
  order.quoteAmount = whole(row[kQuoteHigh]) * 0x100000000 + whole(row[kQuoteLow]);
  order.owner = static_cast<std::uint32_t>(whole(row[kOwner]));
  order.side = static_cast<Side>(code(row[kSide]));
  order.type = static_cast<OrderType>(code(row[kType]));
  order.timeInForce = static_cast<TimeInForce>(code(row[kTimeInForce]));
  order.selfTrade = static_cast<SelfTrade>(code(row[kSelfTrade]));
  return order;
}

class MatchingCore : public Napi::ObjectWrap<MatchingCore> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports.Set("MatchingCore",
                DefineClass(env, "MatchingCore",
                            {InstanceMethod<&MatchingCore::bind>("bind"),
                             InstanceMethod<&MatchingCore::apply>("apply"),
                             InstanceMethod<&MatchingCore::set_state>("setState"),
                             InstanceMethod<&MatchingCore::top>("top"),
                             InstanceMethod<&MatchingCore::level_total>("levelTotal"),
                             InstanceMethod<&MatchingCore::queue_position>("queuePosition"),
                             InstanceMethod<&MatchingCore::leaves>("leaves"),
                             InstanceMethod<&MatchingCore::live_orders>("liveOrders"),
                             InstanceMethod<&MatchingCore::drain>("drainLevelChanges"),
                             InstanceMethod<&MatchingCore::copy_changes>("copyLevelChanges")}));
  }

  // (tickSize, stepSize, windowTicks, firstTradeId, expectedOrders)
  explicit MatchingCore(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<MatchingCore>(info),
        engine_({whole(number(info, 0)), whole(number(info, 1)),
                 static_cast<std::uint32_t>(number(info, 2)),
                 static_cast<std::uint64_t>(number(info, 3)),
                 static_cast<std::uint32_t>(number(info, 4))}) {}

 private:
  static double number(const Napi::CallbackInfo& info, std::size_t index) {
    return info[index].As<Napi::Number>().DoubleValue();
  }

  // (kinds, reasons, sides, numbers): where events go; `numbers` holds seven columns. Copies the
  // events of the last batch.
  void bind(const Napi::CallbackInfo& info) {
    kinds_ = Napi::Persistent(info[0].As<Napi::Uint8Array>());
    reasons_ = Napi::Persistent(info[1].As<Napi::Uint8Array>());
    sides_ = Napi::Persistent(info[2].As<Napi::Uint8Array>());
    numbers_ = Napi::Persistent(info[3].As<Napi::Float64Array>());
    copy_events();
  }

  // (commands, count): runs the rows and returns how many events they gave; they are copied when
  // there is room.
  Napi::Value apply(const Napi::CallbackInfo& info) {
    const auto commands = info[0].As<Napi::Float64Array>();
    const auto count = static_cast<std::size_t>(number(info, 1));
    engine_.clear_events();
    const double* row = commands.Data();
    for (std::size_t index = 0; index < count; index += 1, row += kStride) run(row);
    copy_events();
    return Napi::Number::New(info.Env(), static_cast<double>(engine_.events().size()));
  }

  void run(const double* row) {
    const auto id = static_cast<std::uint64_t>(whole(row[kOrderId]));
    switch (static_cast<Action>(whole(row[kAction]))) {
      case kSubmit:
        return engine_.submit(order_of(row));
      case kCancel:
        return engine_.cancel(id);
      case kAmend:
        return engine_.amend(id, whole(row[kQuantity]));
      case kReplace:
        return engine_.replace(static_cast<std::uint64_t>(whole(row[kTargetId])), order_of(row));
    }
  }

  void copy_events() {
    const auto events = engine_.events();
    auto kindsArray = kinds_.Value();
    const std::size_t capacity = kindsArray.ElementLength();
    if (events.size() > capacity) return;
    std::uint8_t* kinds = kindsArray.Data();
    std::uint8_t* reasons = reasons_.Value().Data();
    std::uint8_t* sides = sides_.Value().Data();
    double* columns[kEventColumns];
    for (std::size_t column = 0; column < kEventColumns; column += 1) {
      columns[column] = numbers_.Value().Data() + column * capacity;
    }
    for (std::size_t index = 0; index < events.size(); index += 1) {
      const Event& event = events[index];
      kinds[index] = static_cast<std::uint8_t>(event.kind);
      reasons[index] = static_cast<std::uint8_t>(event.reason);
      sides[index] = static_cast<std::uint8_t>(event.side);
      columns[0][index] = static_cast<double>(event.orderId);
      columns[1][index] = static_cast<double>(event.makerOrderId);
      columns[2][index] = static_cast<double>(event.tradeId);
      columns[3][index] = static_cast<double>(event.price);
      columns[4][index] = static_cast<double>(event.quantity);
      columns[5][index] = static_cast<double>(event.leaves);
      columns[6][index] = static_cast<double>(event.makerLeaves);
    }
  }

  void set_state(const Napi::CallbackInfo& info) {
    engine_.set_state(static_cast<MarketState>(code(number(info, 0))));
  }

  // (side, depth, rows of price total orders) -> levels written
  Napi::Value top(const Napi::CallbackInfo& info) {
    const auto depth = static_cast<std::size_t>(number(info, 1));
    levels_.resize(depth);
    const std::size_t count =
        engine_.top(static_cast<Side>(code(number(info, 0))), depth, levels_.data());
    double* out = info[2].As<Napi::Float64Array>().Data();
    for (std::size_t index = 0; index < count; index += 1) {
      *out++ = static_cast<double>(levels_[index].price);
      *out++ = static_cast<double>(levels_[index].total);
      *out++ = static_cast<double>(levels_[index].orders);
    }
    return Napi::Number::New(info.Env(), static_cast<double>(count));
  }

  Napi::Value level_total(const Napi::CallbackInfo& info) {
    const std::int64_t total =
        engine_.level_total(static_cast<Side>(code(number(info, 0))), whole(number(info, 1)));
    return Napi::Number::New(info.Env(), static_cast<double>(total));
  }

  // (orderId, [quantityAhead, ordersAhead]) -> whether the order rests
  Napi::Value queue_position(const Napi::CallbackInfo& info) {
    QueuePosition position{};
    const bool found =
        engine_.queue_position(static_cast<std::uint64_t>(whole(number(info, 0))), position);
    double* out = info[1].As<Napi::Float64Array>().Data();
    out[0] = static_cast<double>(position.quantityAhead);
    out[1] = static_cast<double>(position.ordersAhead);
    return Napi::Boolean::New(info.Env(), found);
  }

  Napi::Value leaves(const Napi::CallbackInfo& info) {
    const std::int64_t left = engine_.leaves(static_cast<std::uint64_t>(whole(number(info, 0))));
    return Napi::Number::New(info.Env(), static_cast<double>(left));
  }

  Napi::Value live_orders(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), engine_.live_orders());
  }

  // (rows of side price total) -> how many changes; when they do not fit, `copyLevelChanges` takes
  // them in a larger block
  Napi::Value drain(const Napi::CallbackInfo& info) {
    drained_ = engine_.drain_level_changes();
    return copy_changes(info);
  }

  Napi::Value copy_changes(const Napi::CallbackInfo& info) {
    auto rows = info[0].As<Napi::Float64Array>();
    if (drained_.size() * 3 <= rows.ElementLength()) {
      double* out = rows.Data();
      for (const LevelChange& change : drained_) {
        *out++ = static_cast<double>(static_cast<std::uint8_t>(change.side));
        *out++ = static_cast<double>(change.price);
        *out++ = static_cast<double>(change.total);
      }
    }
    return Napi::Number::New(info.Env(), static_cast<double>(drained_.size()));
  }

  MatchingEngine engine_;
  std::vector<LevelView> levels_;
  std::span<const LevelChange> drained_;
  Napi::Reference<Napi::Uint8Array> kinds_;
  Napi::Reference<Napi::Uint8Array> reasons_;
  Napi::Reference<Napi::Uint8Array> sides_;
  Napi::Reference<Napi::Float64Array> numbers_;
};

}  // namespace

void register_matching(Napi::Env env, Napi::Object exports) { MatchingCore::define(env, exports); }

}  // namespace qd::binding
