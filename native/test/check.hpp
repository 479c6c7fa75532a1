#pragma once

// The tests' own harness: TEST registers a case, CHECK records a failure and goes on, REQUIRE ends
// the case.
#include <cstdint>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace qd::test {

struct Case {
  const char* name;
  void (*body)();
};

inline std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}

inline int& failures_of_current() {
  static int failures = 0;
  return failures;
}

struct Registration {
  Registration(const char* name, void (*body)()) { cases().push_back({name, body}); }
};

struct Stopped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <typename T>
std::string shown(const T& value) {
  std::ostringstream out;
  if constexpr (std::is_same_v<T, bool>) {
    out << (value ? "true" : "false");
  } else if constexpr (std::is_enum_v<T>) {
    out << static_cast<std::int64_t>(value);
  } else if constexpr (std::is_integral_v<T> && sizeof(T) == 1) {
    out << static_cast<int>(value);
  } else {
    out << value;
  }
  return out.str();
}

inline void fail(const char* file, int line, const std::string& what) {
  ++failures_of_current();
  std::cout << file << ":" << line << ": " << what << "\n";
}

template <typename A, typename B>
bool check_equal(const char* file, int line, const char* text, const A& actual, const B& expected) {
  if (actual == expected) return true;
  fail(file, line, std::string(text) + ": was " + shown(actual) + ", expected " + shown(expected));
  return false;
}

inline bool check_true(const char* file, int line, const char* text, bool holds) {
  if (!holds) fail(file, line, std::string(text) + " does not hold");
  return holds;
}

// A small deterministic generator (SplitMix64) for random sequences in tests.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  // A number in [0, limit); `limit` must not be 0.
  std::uint64_t below(std::uint64_t limit) { return next() % limit; }

 private:
  std::uint64_t state_;
};

}  // namespace qd::test

// The name is an identifier: TEST(book_keeps_levels_sorted) { ... }
#define TEST(name)                                                                \
  static void test_##name();                                                      \
  static const ::qd::test::Registration registration_##name(#name, &test_##name); \
  static void test_##name()

#define CHECK(condition) \
  ::qd::test::check_true(__FILE__, __LINE__, #condition, static_cast<bool>(condition))
#define CHECK_EQ(actual, expected) \
  ::qd::test::check_equal(__FILE__, __LINE__, #actual " == " #expected, (actual), (expected))
#define REQUIRE(condition)                                        \
  do {                                                            \
    if (!CHECK(condition)) throw ::qd::test::Stopped(#condition); \
  } while (false)
