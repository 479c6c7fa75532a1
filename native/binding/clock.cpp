#include "clock/clock.hpp"

#include "binding.hpp"

namespace qd::binding {

void register_clock(Napi::Env env, Napi::Object exports) {
  exports.Set("monotonicNanos",
              Napi::Function::New(env, [](const Napi::CallbackInfo& info) -> Napi::Value {
                return Napi::BigInt::New(info.Env(), monotonic_nanos());
              }));
  exports.Set("wallNanos",
              Napi::Function::New(env, [](const Napi::CallbackInfo& info) -> Napi::Value {
                return Napi::BigInt::New(info.Env(), wall_nanos());
              }));
  exports.Set(
      "writeNanos", Napi::Function::New(env, [](const Napi::CallbackInfo& info) -> Napi::Value {
        std::int64_t* into =
            info[0].As<Napi::BigInt64Array>().Data() + info[1].As<Napi::Number>().Uint32Value();
        into[0] = monotonic_nanos();
        into[1] = wall_nanos();
        return info.Env().Undefined();
      }));
}

}  // namespace qd::binding
