#pragma once

#include <napi.h>

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

namespace qd::binding {

// Calls one JavaScript function from any thread; calls that come before the loop ran it are one
// call.
class Notifier {
 public:
  // `after` runs on the loop's thread when the function has returned. A notifier that does not
  // `hold_loop` lets the process end.
  Notifier(Napi::Env env, Napi::Function callback, bool hold_loop, std::function<void()> after)
      : state_(std::make_shared<State>(std::move(after))),
        function_(Napi::ThreadSafeFunction::New(env, callback, "quarterdeck", 0, 1)) {
    if (!hold_loop) function_.Unref(env);
  }
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;
  // No other thread may be in `notify`. A call that is under way to the loop is dropped.
  ~Notifier() {
    state_->closed = true;
    function_.Release();
  }

  void notify() {
    if (state_->pending.exchange(true)) return;
    auto state = state_;
    const napi_status status =
        function_.NonBlockingCall([state](Napi::Env env, Napi::Function callback) {
          state->pending = false;
          if (state->closed) return;
          try {
            callback.Call({});
          } catch (const Napi::Error& error) {
            napi_fatal_exception(env, error.Value());
          }
          if (!state->closed) state->after();
        });
    if (status != napi_ok) state_->pending = false;
  }

 private:
  struct State {
    explicit State(std::function<void()> then) : after(std::move(then)) {}
    std::atomic<bool> pending{false};
    bool closed = false;  // of the loop's thread only
    std::function<void()> after;
  };

  std::shared_ptr<State> state_;
  Napi::ThreadSafeFunction function_;
};

}  // namespace qd::binding
