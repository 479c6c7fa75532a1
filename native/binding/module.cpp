// The addon's entry: each unit of the binding adds its functions to `exports`.
#include "binding.hpp"

namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  qd::binding::register_book(env, exports);
  qd::binding::register_checksum(env, exports);
  qd::binding::register_decode(env, exports);
  qd::binding::register_ring(env, exports);
  qd::binding::register_journal(env, exports);
  qd::binding::register_clock(env, exports);
  qd::binding::register_histogram(env, exports);
  qd::binding::register_lock(env, exports);
  qd::binding::register_ticks(env, exports);
  qd::binding::register_matching(env, exports);
  qd::binding::register_risk(env, exports);
  qd::binding::register_study(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(quarterdeck, init)
