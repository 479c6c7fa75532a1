#include "decode/json-reader.hpp"

#include <array>
#include <bit>

#include "decode/text.hpp"

namespace qd::json {
namespace {

using text::Window;

constexpr auto ENDS_SCALAR = [] {
  std::array<bool, 256> ends{};
  for (const char c : {',', '}', ']', ' ', '\t', '\n', '\r', '\0'})
    ends[static_cast<unsigned char>(c)] = true;
  return ends;
}();

Window window_at(const char* at) noexcept {
  return Window(reinterpret_cast<const std::uint8_t*>(at));
}

// Behind the string that begins at `at`; `plain` when it has no escape.
const char* behind_string(const char* at, bool& plain) noexcept {
  plain = true;
  for (++at;;) {
    const Window window = window_at(at);
    const std::uint32_t found = window.equal('"') | window.equal('\\');
    if (found == 0) {
      at += 32;
      continue;
    }
    at += std::countr_zero(found);
    if (*at == '"') return at + 1;
    plain = false;
    at += 2;
  }
}

// Behind the brackets that open at `at`, byte by byte.
const char* behind_brackets_with_escapes(const char* at) noexcept {
  int depth = 0;
  bool ignored = false;
  do {
    if (*at == '"') {
      at = behind_string(at, ignored);
      continue;
    }
    if (*at == '{' || *at == '[') ++depth;
    if (*at == '}' || *at == ']') --depth;
    ++at;
  } while (depth > 0);
  return at;
}

// The same, 32 bytes at a time: what lies in strings is told by the quotes before it.
const char* behind_brackets(const char* start) noexcept {
  int depth = 0;
  std::uint32_t inside = 0;
  for (const char* at = start;; at += 32) {
    const Window window = window_at(at);
    const std::uint32_t strings = text::prefix_xor(window.equal('"')) ^ inside;
    std::uint32_t closing = window.closing() & ~strings;
    std::uint32_t opening = window.opening() & ~strings;
    if (window.equal('\\') != 0) return behind_brackets_with_escapes(start);
    inside = 0U - (strings >> 31);
    if (text::count_bits(closing) < depth) {
      depth += text::count_bits(opening) - text::count_bits(closing);
      continue;
    }
    while (closing != 0) {
      const std::uint32_t before = closing & (0U - closing);
      depth += text::count_bits(opening & (before - 1)) - 1;
      if (depth == 0) return at + std::countr_zero(closing) + 1;
      opening &= ~(before - 1);
      closing &= closing - 1;
    }
    depth += text::count_bits(opening);
  }
}

}  // namespace

std::string_view Reader::text() {
  const char* start = at_;
  if (kind() != Kind::String) return skip();
  bool plain = false;
  at_ = behind_string(at_, plain);
  const std::string_view whole(start, static_cast<std::size_t>(at_ - start));
  if (plain) return whole.substr(1, whole.size() - 2);
  unescaped_ = unescaped(Value{Kind::String, whole});
  const std::size_t size = unescaped_.size();
  unescaped_.append(text::TEXT_PADDING, '\0');
  return std::string_view(unescaped_).substr(0, size);
}

std::string_view Reader::skip() noexcept {
  const char* start = at_;
  bool ignored = false;
  switch (*at_) {
    case '"':
      at_ = behind_string(at_, ignored);
      break;
    case '{':
    case '[':
      at_ = behind_brackets(at_);
      break;
    default:
      while (!ENDS_SCALAR[static_cast<unsigned char>(*at_)]) ++at_;
  }
  return {start, static_cast<std::size_t>(at_ - start)};
}

}  // namespace qd::json
