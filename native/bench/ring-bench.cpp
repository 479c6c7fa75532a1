// The ring: one way of a ping-pong of single records against a bare hop of a cache line between the
// same two threads, and records published in batches of 16 and read by another thread against a
// plain copy of as many bytes.
#include <atomic>
#include <cstring>
#include <filesystem>
#include <memory>
#include <thread>

#include "bench.hpp"
#include "ring/ring.hpp"

namespace {

using namespace qd::bench;

constexpr int kRounds = 200'000;
constexpr int kRoundsASample = 1000;
constexpr std::uint64_t kRecords = 8'000'000;
constexpr std::uint64_t kBatch = 16;

struct Pair {
  qd::RingWriter writer;
  qd::RingReader reader;
  explicit Pair(const char* name, std::uint64_t capacity) {
    qd::IoError error;
    const auto path = (std::filesystem::temp_directory_path() / name).string();
    if (!writer.create(path, capacity, 1, error) || !reader.open(path, 1, false, error))
      std::abort();
    std::filesystem::remove(path);
  }
};

void wait_one(qd::RingReader& reader, std::uint8_t* record) {
  while (reader.read(record, 1).count == 0) {
  }
}

Samples ping_pong(Pair& there, Pair& back) {
  alignas(64) std::uint8_t answer[64]{};
  std::thread other([&] {
    alignas(64) std::uint8_t record[64]{};
    for (int i = 0; i < kRounds; ++i) {
      wait_one(there.reader, record);
      back.writer.publish(record, 1);
    }
  });
  Samples samples;
  for (int i = 0; i < kRounds; i += kRoundsASample) {
    const double start = nanoseconds();
    for (int round = 0; round < kRoundsASample; ++round) {
      there.writer.publish(answer, 1);
      wait_one(back.reader, answer);
    }
    samples.push_back((nanoseconds() - start) / (2.0 * kRoundsASample));
  }
  other.join();
  return samples;
}

Samples bare_hop() {
  struct alignas(64) Line {
    std::atomic<int> value{0};
  };
  const auto lines = std::make_unique<Line[]>(2);
  std::thread other([&] {
    for (int i = 1; i <= kRounds; ++i) {
      while (lines[0].value.load(std::memory_order_acquire) != i) {
      }
      lines[1].value.store(i, std::memory_order_release);
    }
  });
  Samples samples;
  for (int i = 0; i < kRounds; i += kRoundsASample) {
    const double start = nanoseconds();
    for (int round = 1; round <= kRoundsASample; ++round) {
      lines[0].value.store(i + round, std::memory_order_release);
      while (lines[1].value.load(std::memory_order_acquire) != i + round) {
      }
    }
    samples.push_back((nanoseconds() - start) / (2.0 * kRoundsASample));
  }
  other.join();
  return samples;
}

// The writer keeps within half the ring of the reader, so that nothing is lost.
Samples batched(Pair& pair, std::uint64_t& received) {
  std::atomic<std::uint64_t> done{0};
  received = 0;
  const double start = nanoseconds();
  std::thread other([&] {
    std::vector<std::uint8_t> records(64 * 256);
    std::uint64_t seen = 0;
    while (seen < kRecords) {
      const auto got = pair.reader.read(records.data(), 256);
      seen += got.count + got.lost;
      received += got.count;
      if (got.count > 0) done.store(seen, std::memory_order_release);
    }
  });
  std::vector<std::uint8_t> batch(64 * kBatch);
  std::uint64_t known = 0;
  for (std::uint64_t sent = 0; sent < kRecords; sent += kBatch) {
    while (sent > known + pair.reader.capacity() / 2) known = done.load(std::memory_order_acquire);
    pair.writer.publish(batch.data(), kBatch);
  }
  other.join();
  return {(nanoseconds() - start) / static_cast<double>(kRecords)};
}

Samples plain_copy() {
  std::vector<std::uint8_t> from(64 * 8192, 1);
  std::vector<std::uint8_t> into(64 * 8192);
  const double start = nanoseconds();
  for (std::uint64_t at = 0; at < kRecords; at += 8192) {
    std::memcpy(into.data(), from.data(), from.size());
    keep(into.data());
  }
  return {(nanoseconds() - start) / static_cast<double>(kRecords)};
}

}  // namespace

BENCH(ring_ping_pong, "ring-ping-pong") {
  auto there = std::make_shared<Pair>("qd-bench-ring-there", 1024);
  auto back = std::make_shared<Pair>("qd-bench-ring-back", 1024);
  return {"ns one way",
          "bare hop",
          kRounds,
          [=] { return ping_pong(*there, *back); },
          [] { return bare_hop(); },
          [] { return true; }};
}

BENCH(ring_batched, "ring-batched") {
  auto pair = std::make_shared<Pair>("qd-bench-ring-batched", 16384);
  auto received = std::make_shared<std::uint64_t>(0);
  return {"ns/record",
          "memcpy",
          kRecords,
          [=] { return batched(*pair, *received); },
          [] { return plain_copy(); },
          [=] { return *received == kRecords; }};
}
