#include "arrays.hpp"
#include "binding.hpp"
#include "checksum/crc32c.hpp"

namespace qd::binding {

void register_checksum(Napi::Env env, Napi::Object exports) {
  // (bytes, seed) -> checksum
  exports.Set("crc32c", Napi::Function::New(env, [](const Napi::CallbackInfo& info) -> Napi::Value {
                const ArrayView bytes = view_of(info.Env(), info[0]);
                const std::uint32_t seed =
                    info.Length() > 1 ? info[1].As<Napi::Number>().Uint32Value() : 0;
                return Napi::Number::New(info.Env(), crc32c(bytes.data, bytes.length, seed));
              }));
}

}  // namespace qd::binding
