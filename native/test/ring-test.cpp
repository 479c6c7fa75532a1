#include "ring/ring.hpp"

#include <array>
#include <cstring>
#include <thread>
#include <vector>

#include "check.hpp"
#include "lock/process-identity.hpp"
#include "temporary-folder.hpp"

#if !defined(_WIN32)
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace {

using qd::RingRead;
using qd::RingReader;
using qd::RingWaiter;
using qd::RingWriter;
using qd::test::TemporaryFolder;

constexpr std::uint32_t LAYOUT = 77;

// Every word follows from the number, so that a record mixed from two shows itself.
struct Numbered {
  std::array<std::uint64_t, 8> words;
  explicit Numbered(std::uint64_t number = 0) {
    words[0] = number & 0xFFFFFFFFULL;
    for (std::size_t i = 1; i < 8; ++i) words[i] = number * 0x9E3779B97F4A7C15ULL + i;
  }
  bool is(std::uint64_t number) const { return words == Numbered(number).words; }
};
static_assert(sizeof(Numbered) == 64);

const std::uint8_t* bytes_of(const Numbered* records) {
  return reinterpret_cast<const std::uint8_t*>(records);
}

struct Sink {
  std::vector<Numbered> records = std::vector<Numbered>(4096);
  std::uint64_t next = 0;
  std::uint64_t received = 0;
  std::uint64_t lost = 0;
  std::uint64_t wrong = 0;
  std::uint64_t restarts = 0;

  RingRead take(RingReader& reader, std::uint64_t limit = 4096) {
    const RingRead result = reader.read(reinterpret_cast<std::uint8_t*>(records.data()), limit);
    next += result.lost;
    lost += result.lost;
    restarts += result.restarted ? 1 : 0;
    for (std::uint64_t i = 0; i < result.count; ++i) wrong += records[i].is(next++) ? 0 : 1;
    received += result.count;
    return result;
  }
};

void publish_numbers(RingWriter& writer, std::uint64_t from, std::uint64_t count,
                     std::uint64_t batch) {
  std::vector<Numbered> records(batch);
  for (std::uint64_t at = from; at < from + count;) {
    const std::uint64_t part = std::min(batch, from + count - at);
    for (std::uint64_t i = 0; i < part; ++i) records[i] = Numbered(at + i);
    writer.publish(bytes_of(records.data()), part);
    at += part;
  }
}

void created(RingWriter& writer, const std::string& path, std::uint64_t capacity) {
  qd::IoError error;
  if (!writer.create(path, capacity, LAYOUT, error))
    throw qd::test::Stopped(error.code + " " + error.detail);
}

void opened(RingReader& reader, const std::string& path, bool oldest = false) {
  qd::IoError error;
  if (!reader.open(path, LAYOUT, oldest, error))
    throw qd::test::Stopped(error.code + " " + error.detail);
}

}  // namespace

TEST(ring_gives_back_every_record_in_order) {
  TemporaryFolder folder;
  RingWriter writer;
  RingReader reader;
  created(writer, folder.file("r"), 256);
  opened(reader, folder.file("r"));
  Sink sink;
  qd::test::Random random(3);
  for (std::uint64_t sent = 0; sent < 20'000;) {
    const std::uint64_t part = 1 + random.below(60);
    publish_numbers(writer, sent, part, part);
    sent += part;
    while (sink.take(reader, 1 + random.below(40)).count > 0) {
    }
    CHECK_EQ(sink.received, sent);
  }
  CHECK_EQ(sink.lost + sink.wrong, 0U);
}

TEST(ring_tells_a_lapped_reader_exactly_what_it_lost) {
  TemporaryFolder folder;
  RingWriter writer;
  RingReader reader;
  created(writer, folder.file("r"), 1024);
  opened(reader, folder.file("r"));
  Sink sink;
  publish_numbers(writer, 0, 100, 10);
  sink.take(reader, 40);
  publish_numbers(writer, 100, 5000, 16);
  while (sink.take(reader).count > 0) {
  }
  CHECK_EQ(sink.received + sink.lost, 5100U);
  CHECK(sink.lost >= 5100 - 1024 - 40);
  CHECK(sink.received >= 512);
  CHECK_EQ(sink.wrong, 0U);
}

TEST(ring_publishes_more_than_its_capacity_in_one_call) {
  TemporaryFolder folder;
  RingWriter writer;
  RingReader reader;
  created(writer, folder.file("r"), 64);
  opened(reader, folder.file("r"));
  publish_numbers(writer, 0, 1000, 1000);
  Sink sink;
  while (sink.take(reader).count > 0) {
  }
  CHECK_EQ(sink.received + sink.lost, 1000U);
  CHECK_EQ(sink.wrong, 0U);
}

TEST(ring_refuses_what_is_not_its_own) {
  TemporaryFolder folder;
  qd::IoError error;
  RingWriter writer;
  CHECK(!writer.create(folder.file("r"), 100, LAYOUT, error));
  CHECK_EQ(error.code, std::string("RING_CAPACITY"));
  created(writer, folder.file("r"), 128);
  RingWriter second;
  CHECK(!second.create(folder.file("r"), 128, LAYOUT, error));
  CHECK_EQ(error.code, std::string("RING_HAS_WRITER"));
  CHECK_EQ(error.os_error, static_cast<int>(qd::current_pid()));
  RingReader reader;
  CHECK(!reader.open(folder.file("r"), LAYOUT + 1, false, error));
  CHECK_EQ(error.code, std::string("RING_LAYOUT"));
  CHECK(!reader.open(folder.file("absent"), LAYOUT, false, error));
  CHECK_EQ(error.code, std::string("ENOENT"));
  qd::File garbage;
  garbage.open(folder.file("g"), qd::File::Mode::CreateNew);
  garbage.allocate(100'000);
  CHECK(!reader.open(folder.file("g"), LAYOUT, false, error));
  CHECK_EQ(error.code, std::string("RING_NOT_A_RING"));
}

TEST(ring_registers_sixty_four_readers_and_frees_a_closed_one) {
  TemporaryFolder folder;
  RingWriter writer;
  created(writer, folder.file("r"), 64);
  std::vector<RingReader> readers(64);
  for (auto& reader : readers) opened(reader, folder.file("r"));
  RingReader late;
  qd::IoError error;
  CHECK(!late.open(folder.file("r"), LAYOUT, false, error));
  CHECK_EQ(error.code, std::string("RING_READERS_FULL"));
  readers[17].close();
  opened(late, folder.file("r"));
}

TEST(ring_tells_readers_of_a_restarted_writer_at_the_exact_place) {
  TemporaryFolder folder;
  RingReader reader;
  Sink sink;
  {
    RingWriter writer;
    created(writer, folder.file("r"), 256);
    opened(reader, folder.file("r"));
    publish_numbers(writer, 0, 50, 7);
  }
  RingWriter writer;
  created(writer, folder.file("r"), 256);
  CHECK_EQ(writer.epoch(), 2U);
  publish_numbers(writer, 50, 20, 7);
  CHECK_EQ(sink.take(reader).count, 50U);
  CHECK_EQ(sink.restarts, 0U);
  CHECK(reader.readable());
  CHECK_EQ(sink.take(reader).count, 20U);
  CHECK_EQ(sink.restarts, 1U);
  CHECK_EQ(sink.wrong, 0U);
}

TEST(ring_tells_readers_of_a_replaced_file_once) {
  TemporaryFolder folder;
  RingReader reader;
  {
    RingWriter writer;
    created(writer, folder.file("r"), 256);
    opened(reader, folder.file("r"));
  }
  RingWriter writer;
  created(writer, folder.file("r"), 512);
  Sink sink;
  CHECK(reader.readable());
  CHECK(sink.take(reader).retired);
  CHECK(!reader.readable());
}

TEST(ring_wakes_a_sleeping_reader_and_stops) {
  TemporaryFolder folder;
  RingWriter writer;
  RingReader reader;
  created(writer, folder.file("r"), 64);
  opened(reader, folder.file("r"));
  Sink sink;
  std::atomic<std::uint64_t> seen{0};
  std::atomic<RingWaiter*> self{nullptr};
  RingWaiter waiter(reader, [&] {
    while (sink.take(reader).count > 0) {
    }
    seen.store(sink.received);
    seen.notify_all();
    self.load()->rearm();
  });
  self = &waiter;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    publish_numbers(writer, i, 1, 1);
    for (std::uint64_t now = seen.load(); now < i + 1; now = seen.load()) seen.wait(now);
  }
  waiter.stop();
  CHECK_EQ(sink.received, 2000U);
  CHECK_EQ(sink.wrong, 0U);
}

TEST(ring_never_hands_out_a_torn_record_to_a_lapped_thread) {
  TemporaryFolder folder;
  RingWriter writer;
  RingReader reader;
  created(writer, folder.file("r"), 64);
  opened(reader, folder.file("r"));
  constexpr std::uint64_t TOTAL = 400'000;
  std::thread thread([&] { publish_numbers(writer, 0, TOTAL, 5); });
  Sink sink;
  while (sink.received + sink.lost < TOTAL) sink.take(reader, 16);
  thread.join();
  CHECK_EQ(sink.wrong, 0U);
  CHECK_EQ(sink.received + sink.lost, TOTAL);
}

#if !defined(_WIN32)

TEST(ring_file_is_the_owners_alone) {
  TemporaryFolder folder;
  RingWriter writer;
  created(writer, folder.file("r"), 64);
  struct stat status {};
  REQUIRE(::stat(folder.file("r").c_str(), &status) == 0);
  CHECK_EQ(static_cast<unsigned>(status.st_mode & 0777U), 0600U);
  CHECK(static_cast<std::uint64_t>(status.st_blocks) * 512 >=
        static_cast<std::uint64_t>(status.st_size));
}

TEST(ring_carries_two_million_records_between_processes_without_loss) {
  TemporaryFolder folder;
  const std::string path = folder.file("r");
  RingWriter writer;
  created(writer, path, 65536);
  constexpr std::uint64_t TOTAL = 2'000'000;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    RingReader reader;
    qd::IoError error;
    if (!reader.open(path, LAYOUT, true, error)) ::_exit(2);
    Sink sink;
    while (sink.received + sink.lost < TOTAL) {
      if (sink.take(reader).count == 0) reader.wait(100);
      // The writer keeps within half a ring of this count.
      if (::write(ready[1], &sink.received, 8) != 8) ::_exit(3);
    }
    ::_exit(sink.wrong == 0 && sink.lost == 0 ? 0 : 1);
  }
  ::close(ready[1]);
  std::uint64_t acknowledged = 0;
  for (std::uint64_t sent = 0; sent < TOTAL; sent += 16) {
    while (sent > acknowledged + 32'000) REQUIRE(::read(ready[0], &acknowledged, 8) == 8);
    publish_numbers(writer, sent, 16, 16);
  }
  while (::read(ready[0], &acknowledged, 8) == 8) {
  }
  ::close(ready[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK_EQ(WEXITSTATUS(status), 0);
}

TEST(ring_reclaims_the_place_of_a_dead_reader) {
  TemporaryFolder folder;
  const std::string path = folder.file("r");
  RingWriter writer;
  created(writer, path, 64);
  const pid_t child = ::fork();
  if (child == 0) {
    auto* readers = new std::vector<RingReader>(64);
    qd::IoError error;
    for (auto& reader : *readers) {
      if (!reader.open(path, LAYOUT, false, error)) ::_exit(1);
    }
    ::_exit(0);  // without closing them
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  RingReader reader;
  opened(reader, path);
  publish_numbers(writer, 0, 3, 3);
  Sink sink;
  CHECK_EQ(sink.take(reader).count, 3U);
}

TEST(ring_survives_its_writer_killed_in_the_middle) {
  TemporaryFolder folder;
  const std::string path = folder.file("r");
  {
    RingWriter writer;
    created(writer, path, 1024);
  }
  for (int round = 0; round < 20; ++round) {
    RingReader reader;
    opened(reader, path, true);
    const pid_t child = ::fork();
    if (child == 0) {
      RingWriter writer;
      qd::IoError error;
      if (!writer.create(path, 1024, LAYOUT, error)) ::_exit(1);
      for (std::uint64_t sent = 0;; sent += 16) publish_numbers(writer, sent, 16, 16);
    }
    Sink sink;
    while (sink.restarts == 0) sink.take(reader);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    RingWriter writer;
    created(writer, path, 1024);
    const std::uint64_t epoch_start = writer.head();
    publish_numbers(writer, 1'000'000'000, 100, 10);
    std::vector<Numbered> records(4096);
    std::uint64_t after = 0;
    bool restarted = false;
    while (after < 100) {
      const RingRead got = reader.read(reinterpret_cast<std::uint8_t*>(records.data()), 4096);
      restarted = restarted || got.restarted;
      if (restarted) {
        for (std::uint64_t i = 0; i < got.count; ++i) CHECK(records[i].is(1'000'000'000 + after++));
      }
      if (got.count == 0 && !got.restarted && got.lost == 0) break;
    }
    CHECK_EQ(after, 100U);
    CHECK_EQ(reader.position(), epoch_start + 100);
  }
}

#endif
