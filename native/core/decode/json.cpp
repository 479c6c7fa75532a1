#include "decode/json.hpp"

#include <bit>

#include "decode/text.hpp"

namespace qd::json {
namespace {

bool is_space(char c) {
  return static_cast<unsigned char>(c) <= ' ' && (c == ' ' || c == '\t' || c == '\n' || c == '\r');
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Walks a text; the first thing wrong ends the walk with a verdict.
class Walker {
 public:
  explicit Walker(std::string_view text) noexcept : text_(text) {}

  Verdict verdict() const noexcept { return verdict_; }
  std::size_t at() const noexcept { return at_; }
  bool at_end() const noexcept { return at_ == text_.size(); }

  void spaces() noexcept {
    while (!at_end() && is_space(text_[at_])) ++at_;
  }

  bool value(int depth) noexcept {
    if (at_end()) return stop(Verdict::Truncated);
    switch (text_[at_]) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return string();
      case 't':
        return literal("true");
      case 'f':
        return literal("false");
      case 'n':
        return literal("null");
      default:
        return number();
    }
  }

  bool string() noexcept {
    if (!expect('"')) return false;
    while (text_.size() - at_ >= WINDOW) {
      const text::Window window(cursor());
      const std::uint32_t found = window.equal('"') | window.special();
      at_ += found == 0 ? WINDOW : static_cast<std::size_t>(std::countr_zero(found));
      if (found == 0) continue;
      if (text_[at_] != '"') break;
      ++at_;
      return true;
    }
    while (!at_end()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return stop(Verdict::Malformed);
      if (c == '\\' && !escape()) return false;
    }
    return stop(Verdict::Truncated);
  }

  bool expect(char c) noexcept {
    if (at_end()) return stop(Verdict::Truncated);
    if (text_[at_] != c) return stop(Verdict::Malformed);
    ++at_;
    return true;
  }

  bool stop(Verdict verdict) noexcept {
    verdict_ = verdict;
    return false;
  }

 private:
  // Bytes that are read at a time.
  static constexpr std::size_t WINDOW = 32;
  static constexpr std::size_t DIGITS = 16;

  const std::uint8_t* cursor() const noexcept {
    return reinterpret_cast<const std::uint8_t*>(text_.data()) + at_;
  }

  bool escape() noexcept {
    if (at_end()) return stop(Verdict::Truncated);
    const char c = text_[at_++];
    if (std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) return true;
    if (c != 'u') return stop(Verdict::Malformed);
    for (int i = 0; i < 4; ++i) {
      if (at_end()) return stop(Verdict::Truncated);
      if (hex_value(text_[at_++]) < 0) return stop(Verdict::Malformed);
    }
    return true;
  }

  bool literal(std::string_view word) noexcept {
    for (const char c : word) {
      if (!expect(c)) return false;
    }
    return true;
  }

  bool digits() noexcept {
    if (at_end()) return stop(Verdict::Truncated);
    if (!is_digit(text_[at_])) return stop(Verdict::Malformed);
    if (text_.size() - at_ >= DIGITS) {
      const std::uint32_t others = text::non_digits16(cursor());
      at_ += others == 0 ? DIGITS : static_cast<std::size_t>(std::countr_zero(others));
      if (others != 0) return true;
    }
    while (!at_end() && is_digit(text_[at_])) ++at_;
    return true;
  }

  bool number() noexcept {
    if (text_[at_] == '-') ++at_;
    if (!at_end() && text_[at_] == '0') {
      ++at_;
    } else if (!digits()) {
      return false;
    }
    if (!at_end() && text_[at_] == '.') {
      ++at_;
      if (!digits()) return false;
    }
    if (!at_end() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (!at_end() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (!digits()) return false;
    }
    return true;
  }

  bool object(int depth) noexcept {
    if (depth >= MAX_DEPTH) return stop(Verdict::Malformed);
    ++at_;
    spaces();
    if (!at_end() && text_[at_] == '}') return expect('}');
    for (;;) {
      spaces();
      if (!string()) return false;
      spaces();
      if (!expect(':')) return false;
      spaces();
      if (!value(depth + 1)) return false;
      spaces();
      if (at_end() || text_[at_] != ',') return expect('}');
      ++at_;
    }
  }

  bool array(int depth) noexcept {
    if (depth >= MAX_DEPTH) return stop(Verdict::Malformed);
    ++at_;
    spaces();
    if (!at_end() && text_[at_] == ']') return expect(']');
    for (;;) {
      spaces();
      if (!value(depth + 1)) return false;
      spaces();
      if (at_end() || text_[at_] != ',') return expect(']');
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Verdict verdict_ = Verdict::Valid;
};

// The value that begins `text` after spaces; `text` is moved behind it. Only for text known to be
// valid.
Value take_value(std::string_view& text) {
  Walker walker(text);
  walker.spaces();
  const std::size_t start = walker.at();
  walker.value(0);
  const Value value{kind_of(text[start]), text.substr(start, walker.at() - start)};
  text.remove_prefix(walker.at());
  return value;
}

// Skips spaces and one `mark` where it stands next; false when nothing is left.
bool take_mark(std::string_view& text, char mark) {
  Walker walker(text);
  walker.spaces();
  text.remove_prefix(walker.at());
  if (!text.empty() && text.front() == mark) text.remove_prefix(1);
  return !text.empty();
}

std::string_view inside(std::string_view brackets) {
  return brackets.substr(1, brackets.size() - 2);
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto push = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return push(code);
  if (code < 0x800) {
    push(0xC0 | (code >> 6));
  } else if (code < 0x10000) {
    push(0xE0 | (code >> 12));
    push(0x80 | ((code >> 6) & 0x3F));
  } else {
    push(0xF0 | (code >> 18));
    push(0x80 | ((code >> 12) & 0x3F));
    push(0x80 | ((code >> 6) & 0x3F));
  }
  push(0x80 | (code & 0x3F));
}

std::uint32_t code_unit(std::string_view hex) {
  std::uint32_t code = 0;
  for (const char c : hex.substr(0, 4)) code = code * 16 + static_cast<std::uint32_t>(hex_value(c));
  return code;
}

char simple_escape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

}  // namespace

Verdict check(std::string_view text) noexcept {
  Walker walker(text);
  walker.spaces();
  if (!walker.value(0)) return walker.verdict();
  walker.spaces();
  return walker.at_end() ? Verdict::Valid : Verdict::Malformed;
}

Value root(std::string_view text) { return take_value(text); }

std::vector<Member> members(const Value& object) {
  std::vector<Member> all;
  std::string_view rest = inside(object.text);
  while (take_mark(rest, ',')) {
    Member member{unescaped(take_value(rest)), {}};
    take_mark(rest, ':');
    member.value = take_value(rest);
    all.push_back(std::move(member));
  }
  return all;
}

const Value* find(const std::vector<Member>& members, std::string_view key) {
  for (auto member = members.rbegin(); member != members.rend(); ++member) {
    if (member->key == key) return &member->value;
  }
  return nullptr;
}

std::vector<Value> elements(const Value& array) {
  std::vector<Value> all;
  std::string_view rest = inside(array.text);
  while (take_mark(rest, ',')) all.push_back(take_value(rest));
  return all;
}

std::string unescaped(const Value& string) {
  const std::string_view raw = inside(string.text);
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      out.push_back(raw[i]);
      continue;
    }
    if (raw[++i] != 'u') {
      out.push_back(simple_escape(raw[i]));
      continue;
    }
    std::uint32_t code = code_unit(raw.substr(i + 1));
    i += 4;
    const bool high = code >= 0xD800 && code < 0xDC00;
    if (high && raw.substr(i + 1, 2) == "\\u") {
      const std::uint32_t low = code_unit(raw.substr(i + 3));
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        i += 6;
      }
    }
    append_utf8(out, code);
  }
  return out;
}

}  // namespace qd::json
