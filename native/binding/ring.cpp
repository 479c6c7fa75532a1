#include "ring/ring.hpp"

#include <memory>

#include "binding.hpp"
#include "io-error.hpp"
#include "notifier.hpp"

namespace qd::binding {

namespace {

class RingWriterCore : public Napi::ObjectWrap<RingWriterCore> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports.Set("RingWriterCore",
                DefineClass(env, "RingWriterCore",
                            {InstanceMethod<&RingWriterCore::create>("create"),
                             InstanceMethod<&RingWriterCore::publish>("publish"),
                             InstanceMethod<&RingWriterCore::position>("position"),
                             InstanceMethod<&RingWriterCore::epoch>("epoch"),
                             InstanceMethod<&RingWriterCore::close>("close")}));
  }

  explicit RingWriterCore(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<RingWriterCore>(info) {}

 private:
  Napi::Value create(const Napi::CallbackInfo& info) {
    writer_ = std::make_unique<RingWriter>();
    IoError error;
    if (writer_->create(info[0].As<Napi::String>(),
                        static_cast<std::uint64_t>(info[1].ToNumber().Int64Value()),
                        info[2].ToNumber().Uint32Value(), error)) {
      return info.Env().Undefined();
    }
    writer_.reset();
    return to_object(info.Env(), error);
  }

  Napi::Value publish(const Napi::CallbackInfo& info) {
    writer_->publish(info[0].As<Napi::Uint8Array>().Data(),
                     info[1].As<Napi::Number>().Uint32Value());
    return info.Env().Undefined();
  }

  Napi::Value position(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(writer_->head()));
  }

  Napi::Value epoch(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(writer_->epoch()));
  }

  Napi::Value close(const Napi::CallbackInfo& info) {
    writer_.reset();
    return info.Env().Undefined();
  }

  std::unique_ptr<RingWriter> writer_;
};

class RingReaderCore : public Napi::ObjectWrap<RingReaderCore> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports.Set("RingReaderCore",
                DefineClass(env, "RingReaderCore",
                            {InstanceMethod<&RingReaderCore::open>("open"),
                             InstanceMethod<&RingReaderCore::read>("read"),
                             InstanceMethod<&RingReaderCore::listen>("listen"),
                             InstanceMethod<&RingReaderCore::position>("position"),
                             InstanceMethod<&RingReaderCore::close>("close")}));
  }

  explicit RingReaderCore(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<RingReaderCore>(info) {}
  ~RingReaderCore() override { stop(); }

 private:
  Napi::Value open(const Napi::CallbackInfo& info) {
    reader_ = std::make_unique<RingReader>();
    IoError error;
    if (reader_->open(info[0].As<Napi::String>(), info[1].ToNumber().Uint32Value(),
                      info[2].ToBoolean(), error)) {
      return info.Env().Undefined();
    }
    reader_.reset();
    return to_object(info.Env(), error);
  }

  // Records go to the first argument; lost, restarted and retired to the third; the count is
  // returned.
  Napi::Value read(const Napi::CallbackInfo& info) {
    const RingRead result = reader_->read(info[0].As<Napi::Uint8Array>().Data(),
                                          info[1].As<Napi::Number>().Uint32Value());
    double* status = info[2].As<Napi::Float64Array>().Data();
    status[0] = static_cast<double>(result.lost);
    status[1] = result.restarted ? 1 : 0;
    status[2] = result.retired ? 1 : 0;
    return Napi::Number::New(info.Env(), static_cast<double>(result.count));
  }

  Napi::Value listen(const Napi::CallbackInfo& info) {
    stop_listening();
    notifier_ = std::make_unique<Notifier>(info.Env(), info[0].As<Napi::Function>(), true,
                                           [this] { waiter_->rearm(); });
    waiter_ = std::make_unique<RingWaiter>(*reader_, [this] { notifier_->notify(); });
    // The thread must be gone before the environment is, however that ends.
    if (!hooked_) napi_add_env_cleanup_hook(env_ = info.Env(), &RingReaderCore::on_cleanup, this);
    hooked_ = true;
    return info.Env().Undefined();
  }

  Napi::Value position(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(reader_->position()));
  }

  Napi::Value close(const Napi::CallbackInfo& info) {
    stop();
    return info.Env().Undefined();
  }

  static void on_cleanup(void* self) {
    auto* core = static_cast<RingReaderCore*>(self);
    core->hooked_ = false;
    core->stop_listening();
  }

  void stop_listening() {
    if (waiter_) waiter_->stop();
    notifier_.reset();
    waiter_.reset();
  }

  void stop() {
    if (hooked_) napi_remove_env_cleanup_hook(env_, &RingReaderCore::on_cleanup, this);
    hooked_ = false;
    stop_listening();
    reader_.reset();
  }

  std::unique_ptr<RingReader> reader_;
  std::unique_ptr<Notifier> notifier_;
  std::unique_ptr<RingWaiter> waiter_;
  napi_env env_ = nullptr;
  bool hooked_ = false;
};

}  // namespace

void register_ring(Napi::Env env, Napi::Object exports) {
  RingWriterCore::define(env, exports);
  RingReaderCore::define(env, exports);
}

}  // namespace qd::binding
