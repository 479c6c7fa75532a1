#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <span>

// Typed arrays by one Node-API call each: the wrapper classes make several.
namespace qd::binding {

struct ArrayView {
  void* data = nullptr;
  std::size_t length = 0;  // elements
  std::size_t to_buffer_end =
      0;  // bytes of the array's buffer from `data` on; only by view_with_rest_of

  template <typename T>
  std::span<T> as() const {
    return {static_cast<T*>(data), length};
  }
};

// The value must be a typed array; JavaScript has checked it.
inline ArrayView view_of(napi_env env, napi_value value) {
  ArrayView view;
  if (napi_get_typedarray_info(env, value, nullptr, &view.length, &view.data, nullptr, nullptr) !=
      napi_ok) {
    throw Napi::TypeError::New(env, "a typed array was expected");
  }
  return view;
}

// The same for bytes that are read by whole words: with what the buffer has behind them.
inline ArrayView view_with_rest_of(napi_env env, napi_value value) {
  ArrayView view;
  napi_value buffer = nullptr;
  std::size_t offset = 0;
  std::size_t buffer_bytes = 0;
  if (napi_get_typedarray_info(env, value, nullptr, &view.length, &view.data, &buffer, &offset) !=
      napi_ok) {
    throw Napi::TypeError::New(env, "a typed array was expected");
  }
  view.to_buffer_end = view.length;
  if (napi_get_arraybuffer_info(env, buffer, nullptr, &buffer_bytes) == napi_ok)
    view.to_buffer_end = buffer_bytes - offset;
  return view;
}

}  // namespace qd::binding
