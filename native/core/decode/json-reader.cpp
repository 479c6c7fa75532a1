#include "decode/json-reader.hpp"

namespace qd::json {
namespace {

bool ends_scalar(char c) noexcept {
  return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\n' || c == '\r' ||
         c == '\0';
}

}  // namespace

void Reader::skip_string() noexcept {
  for (++at_; *at_ != '"'; ++at_) {
    if (*at_ == '\\') ++at_;
  }
  ++at_;
}

std::string_view Reader::text() {
  const char* start = at_;
  if (kind() != Kind::String) return skip();
  skip_string();
  const std::string_view whole(start, static_cast<std::size_t>(at_ - start));
  const std::string_view content = whole.substr(1, whole.size() - 2);
  if (content.find('\\') == std::string_view::npos) return content;
  unescaped_ = unescaped(Value{Kind::String, whole});
  return unescaped_;
}

std::string_view Reader::skip() noexcept {
  const char* start = at_;
  int depth = 0;
  do {
    switch (*at_) {
      case '"':
        skip_string();
        break;
      case '{':
      case '[':
        ++depth;
        ++at_;
        break;
      case '}':
      case ']':
        --depth;
        ++at_;
        break;
      default:
        if (depth > 0) {
          ++at_;
        } else {
          while (!ends_scalar(*at_)) ++at_;
        }
    }
  } while (depth > 0);
  return {start, static_cast<std::size_t>(at_ - start)};
}

}  // namespace qd::json
