// The ring between two processes: one way of a ping-pong of single records against a bare hop of a
// cache line in memory that the same two processes share.
#if !defined(_WIN32)

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <memory>
#include <new>

#include "bench.hpp"
#include "ring/ring.hpp"

namespace {

using namespace qd::bench;

constexpr std::uint64_t kRounds = 100'000;
constexpr std::uint64_t kRoundsASample = 1000;

// Runs `serve` in a child process while `drive` runs here.
template <typename Serve, typename Drive>
Samples with_child(Serve serve, Drive drive) {
  const pid_t child = fork();
  if (child < 0) std::abort();
  if (child == 0) {
    serve();
    _exit(0);
  }
  Samples samples;
  for (std::uint64_t from = 0; from < kRounds; from += kRoundsASample) {
    const double start = nanoseconds();
    for (std::uint64_t round = from + 1; round <= from + kRoundsASample; ++round) drive(round);
    samples.push_back((nanoseconds() - start) / (2.0 * static_cast<double>(kRoundsASample)));
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child || status != 0) std::abort();
  return samples;
}

struct Way {
  qd::RingWriter writer;
  qd::RingReader reader;
  explicit Way(const char* name) {
    qd::IoError error;
    const auto path = (std::filesystem::temp_directory_path() / name).string();
    if (!writer.create(path, 1024, 1, error) || !reader.open(path, 1, false, error)) std::abort();
    std::filesystem::remove(path);
  }
};

void wait_one(qd::RingReader& reader, std::uint8_t* record) {
  while (reader.read(record, 1).count == 0) {
  }
}

// `echoed` becomes the sum of what came back.
Samples ping_pong(std::uint64_t& echoed) {
  Way there("qd-bench-ring-processes-there");
  Way back("qd-bench-ring-processes-back");
  echoed = 0;
  const auto serve = [&] {
    alignas(64) std::uint8_t record[64]{};
    for (std::uint64_t i = 0; i < kRounds; ++i) {
      wait_one(there.reader, record);
      back.writer.publish(record, 1);
    }
  };
  alignas(64) std::uint8_t record[64]{};
  return with_child(serve, [&](std::uint64_t round) {
    std::memcpy(record + 8, &round, sizeof round);
    there.writer.publish(record, 1);
    wait_one(back.reader, record);
    std::uint64_t answer = 0;
    std::memcpy(&answer, record + 8, sizeof answer);
    echoed += answer;
  });
}

Samples bare_hop() {
  struct alignas(64) Line {
    std::atomic<std::uint64_t> value{0};
  };
  void* memory =
      mmap(nullptr, 2 * sizeof(Line), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  Line* lines = new (memory) Line[2];
  const auto serve = [&] {
    for (std::uint64_t round = 1; round <= kRounds; ++round) {
      while (lines[0].value.load(std::memory_order_acquire) != round) {
      }
      lines[1].value.store(round, std::memory_order_release);
    }
  };
  const Samples samples = with_child(serve, [&](std::uint64_t round) {
    lines[0].value.store(round, std::memory_order_release);
    while (lines[1].value.load(std::memory_order_acquire) != round) {
    }
  });
  munmap(memory, 2 * sizeof(Line));
  return samples;
}

}  // namespace

BENCH(ring_processes, "ring-processes") {
  auto echoed = std::make_shared<std::uint64_t>(0);
  return {"ns one way",
          "bare hop",
          kRounds,
          [=] { return ping_pong(*echoed); },
          [] { return bare_hop(); },
          [=] { return *echoed == kRounds * (kRounds + 1) / 2; }};
}

#endif
