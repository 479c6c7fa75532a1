#include "ticks/segment.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "check.hpp"
#include "temporary-folder.hpp"
#include "ticks/bar-rows.hpp"

#if !defined(_WIN32)
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace {

using namespace qd;
using qd::test::Random;
using qd::test::TemporaryFolder;

constexpr std::uint32_t ALL_KINDS = 0x3FE;

// Numbers as columns have them: steady, walking, jumping, extreme.
std::int64_t number_of(Random& random, std::int64_t before, std::uint64_t style) {
  // Sums go round at the ends of the range.
  const auto plus = [&](std::uint64_t step) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(before) + step);
  };
  switch (style) {
    case 0:
      return before;
    case 1:
      return plus(1);
    case 2:
      return plus(random.below(200) - 100);
    case 3:
      return plus(random.below(50) * 1'000'000);
    case 4:
      return random.below(40) == 0 ? static_cast<std::int64_t>(random.next()) : before;
    case 5:
      return static_cast<std::int64_t>(random.next() >> random.below(64));
    default:
      return random.below(2) == 0 ? INT64_MIN : INT64_MAX;
  }
}

std::vector<MarketRecord> some_records(Random& random, std::size_t count,
                                       bool time_ascends = false) {
  std::uint64_t styles[8];
  for (auto& style : styles) style = random.below(7);
  std::vector<MarketRecord> records(count);
  MarketRecord at{};
  at.ts_init = 1'700'000'000'000'000'000;
  const bool mixed = random.below(2) == 0;
  for (auto& record : records) {
    at.kind = static_cast<std::uint8_t>(mixed ? 1 + random.below(9) : 1);
    at.flags = static_cast<std::uint8_t>(random.below(16));
    at.instrument = static_cast<std::uint16_t>(number_of(random, at.instrument, styles[0]));
    at.reserved = styles[1] == 5 ? static_cast<std::uint32_t>(random.next()) : 0;
    at.ts_event = number_of(random, at.ts_event, styles[1]);
    at.ts_init = time_ascends ? at.ts_init + static_cast<std::int64_t>(random.below(5000))
                              : number_of(random, at.ts_event, styles[2]);
    at.price = number_of(random, at.price, styles[3]);
    at.quantity = number_of(random, at.quantity, styles[4]);
    at.price2 = number_of(random, at.price2, styles[5]);
    at.quantity2 = number_of(random, at.quantity2, styles[6]);
    at.id = number_of(random, at.id, styles[7]);
    record = at;
  }
  return records;
}

bool same(const std::vector<MarketRecord>& a, const std::vector<MarketRecord>& b) {
  if (a.size() != b.size()) return false;
  return a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(MarketRecord)) == 0;
}

TickRecovery opened(TickSegmentWriter& writer, const std::string& path,
                    std::uint32_t kinds = ALL_KINDS) {
  TickRecovery recovery;
  IoError error;
  if (!writer.open(path, kinds, recovery, error))
    throw qd::test::Stopped(error.code + " " + error.detail);
  return recovery;
}

std::vector<MarketRecord> read_rest(TickSegmentReader& reader, std::size_t step = 777) {
  std::vector<MarketRecord> records;
  std::vector<MarketRecord> part(step);
  for (std::size_t got = reader.next(part.data(), step); got > 0;
       got = reader.next(part.data(), step)) {
    records.insert(records.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(got));
  }
  return records;
}

void open_reader(TickSegmentReader& reader, const std::string& path, bool forward = false) {
  IoError error;
  if (!reader.open(path, forward, error)) throw qd::test::Stopped(error.code);
}

std::vector<std::uint8_t> contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void replace(const std::string& path, const std::vector<std::uint8_t>& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

TEST(ticks_column_gives_back_any_numbers_of_any_length) {
  Random random(31);
  for (int round = 0; round < 3000; ++round) {
    const std::size_t count = 1 + random.below(round % 50 == 0 ? ticks::MAX_ROWS : 70);
    std::vector<std::int64_t> values(count);
    std::int64_t before = static_cast<std::int64_t>(random.next() >> random.below(64));
    const std::uint64_t style = random.below(7);
    for (auto& value : values) value = before = number_of(random, before, style);
    std::vector<std::uint8_t> bytes;
    ticks::encode_column(values.data(), count, bytes);
    const std::size_t size = bytes.size();
    CHECK(size <= count * 8 + 40);
    bytes.resize(size + ticks::READ_SLACK);
    std::vector<std::int64_t> back(count);
    const std::uint8_t* at = bytes.data();
    REQUIRE(ticks::decode_column(at, bytes.data() + size, back.data(), count));
    CHECK(back == values);
    CHECK(at == bytes.data() + size);
    at = bytes.data();
    REQUIRE(ticks::skip_column(at, bytes.data() + size, count));
    CHECK(at == bytes.data() + size);
  }
}

TEST(ticks_segment_gives_back_the_same_bytes_over_reopens) {
  Random random(41);
  for (int round = 0; round < 25; ++round) {
    TemporaryFolder folder;
    std::vector<MarketRecord> all;
    for (int session = 0; session < 3; ++session) {
      TickSegmentWriter writer;
      const auto recovery = opened(writer, folder.file("t"));
      CHECK_EQ(recovery.rows, all.size());
      CHECK_EQ(recovery.cut_bytes, 0U);
      for (std::uint64_t parts = random.below(6); parts > 0; --parts) {
        const auto records = some_records(random, random.below(3000));
        REQUIRE(writer.append(records.data(), records.size()) == 0);
        if (random.below(2) == 0) REQUIRE(writer.flush() == 0);
        all.insert(all.end(), records.begin(), records.end());
      }
      REQUIRE(writer.close() == 0);
      CHECK_EQ(writer.written_rows(), all.size());
    }
    TickSegmentReader reader;
    open_reader(reader, folder.file("t"));
    CHECK(same(read_rest(reader, 1 + random.below(5000)), all));
    CHECK(reader.index().damages().empty());
  }
}

TEST(ticks_reader_follows_a_growing_segment_and_sees_only_flushed_rows) {
  TemporaryFolder folder;
  Random random(43);
  TickSegmentWriter writer;
  opened(writer, folder.file("t"));
  TickSegmentReader reader;
  open_reader(reader, folder.file("t"));
  for (int round = 0; round < 20; ++round) {
    const auto records = some_records(random, 100);
    writer.append(records.data(), records.size());
    CHECK(read_rest(reader).empty());
    writer.flush();
    CHECK(same(read_rest(reader), records));
  }
}

TEST(ticks_seek_finds_the_first_record_at_or_after_a_time) {
  TemporaryFolder folder;
  Random random(47);
  const auto records = some_records(random, 20'000, true);
  TickSegmentWriter writer;
  opened(writer, folder.file("t"));
  writer.append(records.data(), records.size());
  writer.flush();
  TickSegmentReader reader;
  open_reader(reader, folder.file("t"));
  for (int round = 0; round < 200; ++round) {
    const std::int64_t time = records[random.below(records.size())].ts_init +
                              static_cast<std::int64_t>(random.below(3)) - 1;
    reader.seek(time);
    if (round % 10 == 0) reader.verify();
    MarketRecord got{};
    const std::size_t count = reader.next(&got, 1);
    const auto expected = std::find_if(records.begin(), records.end(),
                                       [&](const auto& record) { return record.ts_init >= time; });
    REQUIRE((count == 1) == (expected != records.end()));
    if (count == 1) CHECK(std::memcmp(&got, &*expected, sizeof got) == 0);
  }
  reader.seek(INT64_MAX);
  CHECK(read_rest(reader).empty());
  reader.seek(INT64_MIN);
  CHECK(same(read_rest(reader), records));
}

TEST(ticks_torn_tail_is_cut_at_every_byte_of_the_last_block) {
  TemporaryFolder folder;
  Random random(53);
  std::vector<MarketRecord> all;
  std::uint64_t last_start = 0;
  {
    TickSegmentWriter writer;
    opened(writer, folder.file("t"));
    for (int part = 0; part < 4; ++part) {
      last_start = std::filesystem::file_size(folder.file("t"));
      const auto records = some_records(random, 50);
      writer.append(records.data(), records.size());
      writer.flush();
      all.insert(all.end(), records.begin(), records.end());
    }
  }
  const auto good = contents(folder.file("t"));
  const std::vector<MarketRecord> kept(all.begin(), all.end() - 50);
  for (std::size_t at = last_start; at < good.size(); ++at) {
    for (int damage = 0; damage < 4; ++damage) {
      auto bytes = good;
      if (damage == 0) bytes.resize(at);
      if (damage == 1)
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), std::uint8_t{0});
      if (damage == 2) {
        for (std::size_t i = at; i < bytes.size(); ++i)
          bytes[i] = static_cast<std::uint8_t>(random.next());
      }
      if (damage == 3) bytes[at] ^= 16;
      replace(folder.file("t"), bytes);
      TickSegmentWriter writer;
      const auto recovery = opened(writer, folder.file("t"));
      TickSegmentReader reader;
      open_reader(reader, folder.file("t"));
      const auto got = read_rest(reader);
      CHECK(same(got, bytes == good ? all : kept));
      CHECK_EQ(recovery.rows, got.size());
      CHECK(reader.index().damages().empty());
    }
  }
}

TEST(ticks_damaged_blocks_are_named_and_skipped) {
  TemporaryFolder folder;
  Random random(59);
  std::vector<std::vector<MarketRecord>> parts;
  {
    TickSegmentWriter writer;
    opened(writer, folder.file("t"));
    for (int part = 0; part < 5; ++part) {
      parts.push_back(some_records(random, 60));
      writer.append(parts.back().data(), 60);
      writer.flush();
    }
  }
  TickSegmentReader intact;
  open_reader(intact, folder.file("t"));
  read_rest(intact);
  const auto blocks = intact.index().blocks();
  const auto good = contents(folder.file("t"));
  for (int round = 0; round < 500; ++round) {
    auto bytes = good;
    const std::size_t at = 64 + random.below(blocks[4].offset - 64);
    bytes[at] ^= static_cast<std::uint8_t>(1U << random.below(8));
    std::size_t broken = 0;
    while (broken < 3 && blocks[broken + 1].offset <= at) ++broken;
    std::vector<MarketRecord> expected;
    for (std::size_t part = 0; part < 5; ++part) {
      if (part != broken) expected.insert(expected.end(), parts[part].begin(), parts[part].end());
    }
    replace(folder.file("t"), bytes);
    TickSegmentReader reader;
    open_reader(reader, folder.file("t"));
    CHECK(same(read_rest(reader), expected));
    REQUIRE(!reader.index().damages().empty());
    CHECK_EQ(reader.index().damages()[0].offset, blocks[broken].offset);
  }
}

// What a reader tells of a segment by its blocks.
std::string told_by(const TickIndex& index) {
  std::string text =
      std::to_string(index.size()) + " blocks, " + std::to_string(index.stored_rows()) + " rows, " +
      std::to_string(index.first_ts_init()) + " to " + std::to_string(index.last_ts_init());
  for (const TickDamage& damage : index.damages()) {
    text += "; " + damage.reason + " at " + std::to_string(damage.offset) + " between " +
            std::to_string(damage.from_ts_init) + " and " + std::to_string(damage.to_ts_init);
  }
  return text;
}

TEST(ticks_a_reader_that_only_goes_forward_keeps_no_block_it_passed_and_tells_the_same) {
  Random random(61);
  for (int round = 0; round < 200; ++round) {
    TemporaryFolder folder;
    {
      TickSegmentWriter writer;
      opened(writer, folder.file("t"));
      for (std::uint64_t part = random.below(7); part > 0; --part) {
        const auto records = some_records(random, 1 + random.below(80), true);
        writer.append(records.data(), records.size());
        writer.flush();
      }
    }
    auto bytes = contents(folder.file("t"));
    if (random.below(2) == 0 && bytes.size() > sizeof(TickSegmentHeader)) {
      const std::size_t at =
          sizeof(TickSegmentHeader) + random.below(bytes.size() - sizeof(TickSegmentHeader));
      bytes[at] ^= static_cast<std::uint8_t>(1U << random.below(8));
    }
    TickSegmentReader usual;
    TickSegmentReader forward;
    TickSegmentReader passing;
    bool first = true;
    // The file grows while it is read.
    for (std::size_t size : {bytes.size() / 3, bytes.size()}) {
      size = std::max(size, sizeof(TickSegmentHeader));
      replace(folder.file("t"), {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)});
      if (first) {
        first = false;
        open_reader(usual, folder.file("t"));
        open_reader(forward, folder.file("t"), true);
        open_reader(passing, folder.file("t"), true);
      }
      CHECK(same(read_rest(forward), read_rest(usual)));
      CHECK(forward.index().blocks().empty());
      CHECK_EQ(told_by(forward.index()), told_by(usual.index()));
      passing.pass();
      CHECK(passing.index().blocks().empty());
      CHECK_EQ(passing.index().size(), usual.index().size());
      CHECK_EQ(passing.index().last_ts_init(), usual.index().last_ts_init());
      CHECK(read_rest(passing).empty());
    }
  }
}

TEST(ticks_refuses_what_does_not_belong) {
  TemporaryFolder folder;
  TickRecovery recovery;
  IoError error;
  TickSegmentWriter writer;
  opened(writer, folder.file("t"), 1U << 1);
  TickSegmentWriter second;
  CHECK(!second.open(folder.file("t"), 1U << 1, recovery, error));
  CHECK_EQ(error.code, std::string("TICKS_IN_USE"));
  MarketRecord record{};
  record.kind = 2;
  CHECK_EQ(writer.append(&record, 1), TickSegmentWriter::WRONG_KIND);
  writer.close();
  CHECK(!second.open(folder.file("t"), 1U << 2, recovery, error));
  CHECK_EQ(error.code, std::string("TICKS_GROUP"));
  replace(folder.file("g"), std::vector<std::uint8_t>(500, 7));
  TickSegmentReader reader;
  CHECK(!reader.open(folder.file("g"), false, error));
  CHECK_EQ(error.code, std::string("TICKS_NOT_A_SEGMENT"));
}

TEST(ticks_joins_bars_of_a_segment_to_longer_ones_and_never_past_the_room_given) {
  constexpr std::int64_t MINUTE = 60'000;
  TemporaryFolder folder;
  {
    TickSegmentWriter writer;
    opened(writer, folder.file("t"), (1U << 7) | (1U << 8));
    for (std::int64_t i = 0; i < 7; ++i) {
      MarketRecord prices{};
      prices.kind = 7;
      prices.price = 100 + i;
      prices.quantity = 110 + i;
      prices.price2 = 90 + i;
      prices.quantity2 = 105 + i;
      prices.id = i * MINUTE;
      MarketRecord volumes{};
      volumes.kind = 8;
      // The first and the fourth traded nothing.
      volumes.price = i % 3 == 0 ? 0 : 10 * i;
      CHECK_EQ(writer.append(&prices, 1), 0);
      CHECK_EQ(writer.append(&volumes, 1), 0);
    }
    writer.close();
  }
  const auto joined = [&](std::size_t room) {
    TickSegmentReader reader;
    open_reader(reader, folder.file("t"));
    std::vector<ticks::BarRow> rows(room);
    rows.resize(ticks::join_bars(reader, 3 * MINUTE, rows));
    return rows;
  };
  const auto rows = joined(8);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].open_ms == 0 && rows[0].open == 101 && rows[0].high == 112);
  CHECK(rows[0].low == 91 && rows[0].close == 107 && rows[0].volume == 30);
  CHECK(rows[1].open_ms == 3 * MINUTE && rows[1].open == 104 && rows[1].volume == 90);
  CHECK(rows[2].open_ms == 6 * MINUTE && rows[2].close == 111 && rows[2].volume == 0);
  CHECK(joined(2).size() == 2 && joined(0).empty());
}

#if !defined(_WIN32)

TEST(ticks_keeps_every_flushed_batch_of_a_killed_writer) {
  TemporaryFolder folder;
  int told[2];
  REQUIRE(::pipe(told) == 0);
  const auto batch = [](std::uint64_t number) {
    Random random(number);
    return some_records(random, 100);
  };
  const pid_t child = ::fork();
  if (child == 0) {
    TickSegmentWriter writer;
    opened(writer, folder.file("t"));
    for (std::uint64_t number = 1;; ++number) {
      const auto records = batch(number);
      if (writer.append(records.data(), records.size()) != 0 || writer.flush() != 0) ::_exit(1);
      if (::write(told[1], &number, 8) != 8) ::_exit(1);
    }
  }
  ::close(told[1]);
  std::uint64_t acknowledged = 0;
  while (acknowledged < 300) REQUIRE(::read(told[0], &acknowledged, 8) == 8);
  ::kill(child, SIGKILL);
  while (::read(told[0], &acknowledged, 8) == 8) {
  }
  ::close(told[0]);
  ::waitpid(child, nullptr, 0);
  TickSegmentWriter writer;
  const auto recovery = opened(writer, folder.file("t"));
  CHECK(recovery.rows >= acknowledged * 100);
  TickSegmentReader reader;
  open_reader(reader, folder.file("t"));
  const auto got = read_rest(reader);
  REQUIRE(got.size() == recovery.rows && got.size() % 100 == 0);
  for (std::uint64_t number = 1; number <= got.size() / 100; ++number) {
    const auto expected = batch(number);
    CHECK(std::memcmp(got.data() + (number - 1) * 100, expected.data(),
                      100 * sizeof(MarketRecord)) == 0);
  }
}

#endif
