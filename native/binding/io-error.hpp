#pragma once

#include <napi.h>

#include "file/file.hpp"

namespace qd::binding {

// The plain object JavaScript gets for a failed operation.
inline Napi::Value to_object(Napi::Env env, const IoError& error) {
  auto object = Napi::Object::New(env);
  object.Set("code", error.code);
  object.Set("osError", error.os_error);
  object.Set("detail", error.detail);
  return object;
}

}  // namespace qd::binding
