#pragma once

#include <string>
#include <string_view>

#include "decode/json.hpp"

namespace qd::json {

// Walks a text that `check` found valid, once and without copies. What is read next is a value:
// each call takes one. A member or an element that its visitor does not take must be skipped by it.
// TEXT_PADDING bytes behind the text must be readable, as they are behind what `text` gives.
class Reader {
 public:
  explicit Reader(std::string_view valid) noexcept : at_(valid.data()) { spaces(); }

  Kind kind() const noexcept { return kind_of(*at_); }

  // Calls `on_member(key)` before each member's value; false, and the value skipped, when it is no
  // object.
  template <typename OnMember>
  bool object(OnMember on_member) {
    return each(Kind::Object, [&] {
      const std::string_view key = text();
      spaces();
      ++at_;
      spaces();
      on_member(key);
    });
  }

  // Calls `on_element()` before each element; false, and the value skipped, when it is no array.
  template <typename OnElement>
  bool array(OnElement on_element) {
    return each(Kind::Array, on_element);
  }

  // A string without quotes and escapes, or any other scalar as it stands; good until the next
  // call.
  std::string_view text();
  // The text of any value with its brackets or quotes.
  std::string_view skip() noexcept;

  // Where it stands; who has read on without it brings it behind an element of an array.
  const char* at() const noexcept { return at_; }
  void go(const char* at) noexcept { at_ = at; }
  // The elements of an array from here on, whose end is taken.
  template <typename OnElement>
  void elements(OnElement on_element) {
    until(']', on_element);
  }

 private:
  template <typename OnEach>
  bool each(Kind wanted, OnEach on_each) {
    if (kind() != wanted) {
      skip();
      return false;
    }
    ++at_;
    until(wanted == Kind::Object ? '}' : ']', on_each);
    return true;
  }

  template <typename OnEach>
  void until(char end, OnEach on_each) {
    for (spaces(); *at_ != end; spaces()) {
      if (*at_ == ',') {
        ++at_;
        spaces();
      }
      on_each();
    }
    ++at_;
  }

  void spaces() noexcept {
    // Nothing else in a valid text is below a space.
    while (static_cast<unsigned char>(*at_ - 1) < ' ') ++at_;
  }

  const char* at_;
  std::string unescaped_;
};

}  // namespace qd::json
