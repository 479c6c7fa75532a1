#include "binding.hpp"
#include "checksum/crc32c.hpp"

namespace qd::binding {

void register_checksum(Napi::Env env, Napi::Object exports) {
  exports.Set("crc32c", Napi::Function::New(env, [](const Napi::CallbackInfo& info) -> Napi::Value {
                auto bytes = info[0].As<Napi::Uint8Array>();
                return Napi::Number::New(info.Env(), crc32c(bytes.Data(), bytes.ByteLength()));
              }));
}

}  // namespace qd::binding
