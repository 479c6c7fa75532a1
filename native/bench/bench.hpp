#pragma once

// The harness of the native benchmarks. A workload prepares its input once and is then run in turns
// with its own baseline; each run gives samples in nanoseconds a unit.
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace qd::bench {

using Samples = std::vector<double>;

// FNV-1a over the bytes of what a workload is fed: equal hashes, equal work.
class InputHash {
 public:
  void add(std::uint64_t value) noexcept {
    for (int shift = 0; shift < 64; shift += 8)
      hash_ = (hash_ ^ ((value >> shift) & 0xff)) * 0x100000001B3ULL;
  }
  std::uint64_t value() const noexcept { return hash_; }

 private:
  std::uint64_t hash_ = 0xCBF29CE484222325ULL;
};

// A small deterministic generator (SplitMix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() noexcept {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t limit) noexcept { return next() % limit; }

 private:
  std::uint64_t state_;
};

struct Workload {
  std::string unit;  // what one sample is the cost of, such as "ns/op"
  std::string baseline;
  std::uint64_t inputHash = 0;
  std::function<Samples()> run;
  std::function<Samples()> runBaseline;
  std::function<bool()> check;  // whether the last two runs came to the same result
};

struct Entry {
  const char* name;
  Workload (*prepare)();
};

inline std::vector<Entry>& entries() {
  static std::vector<Entry> all;
  return all;
}

struct Registration {
  Registration(const char* name, Workload (*prepare)()) { entries().push_back({name, prepare}); }
};

inline double nanoseconds() noexcept {
  return static_cast<double>(std::chrono::steady_clock::now().time_since_epoch().count());
}

// Keeps a value from being computed away.
template <typename T>
inline void keep(const T& value) noexcept {
#if defined(__GNUC__)
  asm volatile("" : : "r,m"(value) : "memory");
#else
  static volatile const T* sink;
  sink = &value;
#endif
}

}  // namespace qd::bench

// BENCH(name, "shown-name") { return Workload{...}; }
#define BENCH(name, shown)                                                                \
  static ::qd::bench::Workload bench_##name();                                            \
  static const ::qd::bench::Registration bench_registration_##name(shown, &bench_##name); \
  static ::qd::bench::Workload bench_##name()
