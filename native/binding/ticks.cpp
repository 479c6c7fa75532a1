#include <memory>

#include "arrays.hpp"
#include "binding.hpp"
#include "io-error.hpp"
#include "ticks/bar-rows.hpp"
#include "ticks/segment-header.hpp"
#include "ticks/segment.hpp"

namespace qd::binding {

namespace {

Napi::Number number(Napi::Env env, std::uint64_t value) {
  return Napi::Number::New(env, static_cast<double>(value));
}

class TickWriterCore : public Napi::ObjectWrap<TickWriterCore> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports.Set("TickWriterCore",
                DefineClass(env, "TickWriterCore",
                            {InstanceMethod<&TickWriterCore::open>("open"),
                             InstanceMethod<&TickWriterCore::append>("append"),
                             InstanceMethod<&TickWriterCore::flush>("flush"),
                             InstanceMethod<&TickWriterCore::sync>("sync"),
                             InstanceMethod<&TickWriterCore::written_rows>("writtenRows"),
                             InstanceMethod<&TickWriterCore::close>("close")}));
  }

  explicit TickWriterCore(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<TickWriterCore>(info) {}

 private:
  Napi::Value open(const Napi::CallbackInfo& info) {
    TickRecovery recovery;
    IoError error;
    if (!writer_.open(info[0].As<Napi::String>(), info[1].ToNumber().Uint32Value(), recovery,
                      error)) {
      return to_object(info.Env(), error);
    }
    auto found = Napi::Object::New(info.Env());
    found.Set("rows", number(info.Env(), recovery.rows));
    found.Set("cutBytes", number(info.Env(), recovery.cut_bytes));
    return found;
  }

  Napi::Value append(const Napi::CallbackInfo& info) {
    const auto* records =
        reinterpret_cast<const MarketRecord*>(info[0].As<Napi::Uint8Array>().Data());
    return Napi::Number::New(info.Env(),
                             writer_.append(records, info[1].As<Napi::Number>().Uint32Value()));
  }

  Napi::Value flush(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), writer_.flush());
  }
  Napi::Value sync(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), writer_.sync());
  }
  Napi::Value written_rows(const Napi::CallbackInfo& info) {
    return number(info.Env(), writer_.written_rows());
  }
  Napi::Value close(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), writer_.close());
  }

  TickSegmentWriter writer_;
};

class TickReaderCore : public Napi::ObjectWrap<TickReaderCore> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports.Set("TickReaderCore",
                DefineClass(env, "TickReaderCore",
                            {InstanceMethod<&TickReaderCore::open>("open"),
                             InstanceMethod<&TickReaderCore::next>("next"),
                             InstanceMethod<&TickReaderCore::join_bars>("joinBars"),
                             InstanceMethod<&TickReaderCore::seek>("seek"),
                             InstanceMethod<&TickReaderCore::pass>("pass"),
                             InstanceMethod<&TickReaderCore::verify>("verify"),
                             InstanceMethod<&TickReaderCore::stats>("stats"),
                             InstanceMethod<&TickReaderCore::close>("close")}));
  }

  explicit TickReaderCore(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<TickReaderCore>(info) {}

 private:
  Napi::Value open(const Napi::CallbackInfo& info) {
    reader_ = std::make_unique<TickSegmentReader>();
    path_ = info[0].As<Napi::String>();
    IoError error;
    if (reader_->open(path_, info[1].As<Napi::Boolean>().Value(), error))
      return info.Env().Undefined();
    return to_object(info.Env(), error);
  }

  // The count copied, or minus the system's number.
  Napi::Value next(const Napi::CallbackInfo& info) {
    auto* into = reinterpret_cast<MarketRecord*>(info[0].As<Napi::Uint8Array>().Data());
    const std::size_t count = reader_->next(into, info[1].As<Napi::Number>().Uint32Value());
    if (count == 0 && reader_->read_error() != 0)
      return Napi::Number::New(info.Env(), -reader_->read_error());
    return number(info.Env(), count);
  }

  // The count written, or minus the system's number.
  Napi::Value join_bars(const Napi::CallbackInfo& info) {
    const ArrayView out = view_of(info.Env(), info[1]);
    const std::span<ticks::BarRow> rows{static_cast<ticks::BarRow*>(out.data),
                                        out.length / (sizeof(ticks::BarRow) / sizeof(double))};
    const std::size_t count =
        ticks::join_bars(*reader_, info[0].As<Napi::Number>().Int64Value(), rows);
    if (reader_->read_error() != 0) return Napi::Number::New(info.Env(), -reader_->read_error());
    return number(info.Env(), count);
  }

  Napi::Value seek(const Napi::CallbackInfo& info) {
    bool lossless = false;
    reader_->seek(info[0].As<Napi::BigInt>().Int64Value(&lossless));
    return info.Env().Undefined();
  }

  Napi::Value pass(const Napi::CallbackInfo& info) {
    reader_->pass();
    return info.Env().Undefined();
  }

  Napi::Value verify(const Napi::CallbackInfo& info) {
    reader_->verify();
    return info.Env().Undefined();
  }

  Napi::Value stats(const Napi::CallbackInfo& info) {
    const auto env = info.Env();
    reader_->extend();
    const TickIndex& index = reader_->index();
    const std::uint64_t rows = index.stored_rows();
    auto result = Napi::Object::New(env);
    result.Set("version", Napi::Number::New(env, ticks::SEGMENT_VERSION));
    result.Set("kindGroup", number(env, index.kind_group()));
    result.Set("blocks", number(env, index.size()));
    result.Set("rows", number(env, rows));
    result.Set("rawBytes", number(env, rows * sizeof(MarketRecord)));
    result.Set("storedBytes", number(env, index.end()));
    result.Set("tornBytes", number(env, index.torn_bytes()));
    const auto time = [&](std::int64_t value) { return Napi::BigInt::New(env, value); };
    result.Set("firstTsInitNanos", time(index.first_ts_init()));
    result.Set("lastTsInitNanos", time(index.last_ts_init()));
    auto damages = Napi::Array::New(env);
    for (std::size_t i = 0; i < index.damages().size(); ++i) {
      const TickDamage& damage = index.damages()[i];
      auto object = Napi::Object::New(env);
      object.Set("file", path_);
      object.Set("offset", number(env, damage.offset));
      object.Set("reason", damage.reason);
      object.Set("fromNanos", time(damage.from_ts_init));
      object.Set("toNanos", time(damage.to_ts_init));
      damages.Set(static_cast<std::uint32_t>(i), object);
    }
    result.Set("damages", damages);
    return result;
  }

  Napi::Value close(const Napi::CallbackInfo& info) {
    reader_.reset();
    return info.Env().Undefined();
  }

  std::unique_ptr<TickSegmentReader> reader_;
  std::string path_;
};

}  // namespace

void register_ticks(Napi::Env env, Napi::Object exports) {
  TickWriterCore::define(env, exports);
  TickReaderCore::define(env, exports);
}

}  // namespace qd::binding
