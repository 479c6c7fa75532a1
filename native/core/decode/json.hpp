#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qd::json {

enum class Kind : std::uint8_t { Object, Array, String, Number, True, False, Null };
enum class Verdict : std::uint8_t { Valid, Malformed, Truncated };

// A value of a text that `check` found valid. `text` spans it with its brackets or quotes.
struct Value {
  Kind kind = Kind::Null;
  std::string_view text;
};

struct Member {
  std::string key;
  Value value;
};

inline constexpr int MAX_DEPTH = 64;

// The kind of the value that begins so; only for text known to be valid.
inline Kind kind_of(char first) noexcept {
  switch (first) {
    case '{':
      return Kind::Object;
    case '[':
      return Kind::Array;
    case '"':
      return Kind::String;
    case 't':
      return Kind::True;
    case 'f':
      return Kind::False;
    case 'n':
      return Kind::Null;
    default:
      return Kind::Number;
  }
}
// Whether `text` is one JSON value (RFC 8259; bytes above 0x7F in strings are not examined; at most
// MAX_DEPTH deep).
Verdict check(std::string_view text) noexcept;

// The root of a valid text.
Value root(std::string_view text);
// The members of an object in their order; a key may be there twice.
std::vector<Member> members(const Value& object);
// The last member of that name, as JSON.parse would have it; nullptr when there is none.
const Value* find(const std::vector<Member>& members, std::string_view key);
std::vector<Value> elements(const Value& array);
// A string without its quotes and escapes, in UTF-8.
std::string unescaped(const Value& string);

}  // namespace qd::json
