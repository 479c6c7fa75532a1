#include <memory>

#include "binding.hpp"
#include "io-error.hpp"
#include "lock/folder-lock.hpp"

namespace qd::binding {

namespace {

class FolderLockCore : public Napi::ObjectWrap<FolderLockCore> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports.Set("FolderLockCore",
                DefineClass(env, "FolderLockCore",
                            {InstanceMethod<&FolderLockCore::acquire>("acquire"),
                             InstanceMethod<&FolderLockCore::release>("release")}));
  }

  explicit FolderLockCore(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<FolderLockCore>(info) {}

 private:
  // Undefined, or an error that also bears `pid`.
  Napi::Value acquire(const Napi::CallbackInfo& info) {
    IoError error;
    std::uint32_t holder = 0;
    if (lock_.acquire(info[0].As<Napi::String>(), holder, error)) return info.Env().Undefined();
    auto object = to_object(info.Env(), error).As<Napi::Object>();
    object.Set("pid", Napi::Number::New(info.Env(), holder));
    return object;
  }

  Napi::Value release(const Napi::CallbackInfo& info) {
    lock_.release();
    return info.Env().Undefined();
  }

  FolderLock lock_;
};

}  // namespace

void register_lock(Napi::Env env, Napi::Object exports) { FolderLockCore::define(env, exports); }

}  // namespace qd::binding
