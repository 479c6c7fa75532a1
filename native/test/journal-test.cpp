#include <atomic>
#include <cerrno>
#include <thread>

#include "journal-writing.hpp"

#if !defined(_WIN32)
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace qd;
using namespace qd::test;

TEST(journal_reads_back_what_was_appended_over_reopens) {
  TemporaryFolder folder;
  Random random(5);
  std::uint64_t total = 0;
  for (int round = 0; round < 12; ++round) {
    Journal journal;
    const auto recovery = opened(journal, folder.path(), small_options());
    CHECK_EQ(recovery.last_sequence, total);
    CHECK_EQ(recovery.records, total);
    CHECK_EQ(recovery.cut_bytes, 0U);
    for (std::uint64_t count = random.below(400); count > 0; --count) {
      ++total;
      REQUIRE(append_next(journal) == static_cast<std::int64_t>(total));
    }
    CHECK_EQ(journal.close(), 0);
    CHECK_EQ(journal.durable_sequence(), total);
  }
  const Reading reading = read_all(folder.path());
  CHECK_EQ(reading.records, total);
  CHECK_EQ(reading.wrong, 0U);
  CHECK(reading.damages.empty());
}

TEST(journal_batches_are_the_same_bytes_as_single_appends) {
  TemporaryFolder one;
  TemporaryFolder many;
  write_journal(one.path(), 900);
  {
    Journal journal;
    opened(journal, many.path(), small_options());
    for (std::uint64_t at = 1; at <= 900;) {
      std::vector<std::uint16_t> kinds, schemas;
      std::vector<std::int64_t> times;
      std::vector<std::uint32_t> lengths;
      std::vector<std::uint8_t> payloads;
      for (std::uint64_t end = std::min<std::uint64_t>(901, at + 130); at < end; ++at) {
        const auto payload = payload_of(at);
        kinds.push_back(static_cast<std::uint16_t>(at % 100));
        schemas.push_back(static_cast<std::uint16_t>(at % 7));
        times.push_back(time_of(at));
        lengths.push_back(static_cast<std::uint32_t>(payload.size()));
        payloads.insert(payloads.end(), payload.begin(), payload.end());
      }
      REQUIRE(journal.append_batch({kinds.size(), kinds.data(), schemas.data(), times.data(),
                                    lengths.data(), payloads.data()}) ==
              static_cast<std::int64_t>(at - 1));
    }
  }
  std::vector<journal::Segment> segments;
  journal::list_segments(one.path(), segments);
  CHECK(segments.size() > 3);
  const Reading a = read_all(one.path());
  const Reading b = read_all(many.path());
  CHECK_EQ(a.records, 900U);
  CHECK_EQ(b.records, 900U);
  CHECK_EQ(a.wrong + b.wrong, 0U);
}

TEST(journal_survives_a_tear_at_every_byte_of_its_last_block) {
  TemporaryFolder source;
  write_journal(source.path(), 60);
  const std::string name = journal::segment_name(1);
  const auto good = contents(source.file(name));
  // Where each record ends, from the reader itself, checked against the total.
  std::vector<std::size_t> ends;
  for (std::size_t at = sizeof(journal::SegmentHeader); at < good.size();) {
    journal::RecordHeader header;
    std::memcpy(&header, good.data() + at, sizeof header);
    at += journal::record_bytes(header.length);
    if (header.kind != journal::CHAIN_KIND) ends.push_back(at);
  }
  REQUIRE(ends.size() == 60 && good.size() > 3000);
  Random random(9);
  for (std::size_t at = good.size() - 1024; at < good.size(); ++at) {
    for (int damage = 0; damage < 4; ++damage) {
      auto bytes = good;
      if (damage == 0) bytes.resize(at);
      if (damage == 1)
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), std::uint8_t{0});
      if (damage == 2) {
        for (std::size_t i = at; i < bytes.size(); ++i)
          bytes[i] = static_cast<std::uint8_t>(random.next());
      }
      if (damage == 3) bytes[at] ^= static_cast<std::uint8_t>(1U << random.below(8));
      // Records before the first byte that differs stand; padding that is zeroed again does not
      // differ.
      const auto differs = std::mismatch(
          good.begin(), good.begin() + static_cast<std::ptrdiff_t>(bytes.size()), bytes.begin());
      const auto changed = static_cast<std::size_t>(differs.second - bytes.begin());
      const auto whole = static_cast<std::uint64_t>(
          std::count_if(ends.begin(), ends.end(), [&](std::size_t end) { return end <= changed; }));
      TemporaryFolder folder;
      replace(folder.file(name), bytes);
      {
        Journal journal;
        const auto recovery = opened(journal, folder.path(), small_options());
        CHECK_EQ(recovery.records, whole);
        CHECK_EQ(recovery.last_sequence, recovery.records);
        REQUIRE(append_next(journal) == static_cast<std::int64_t>(recovery.records + 1));
        if (recovery.cut_bytes > 0)
          CHECK_EQ(std::filesystem::file_size(recovery.quarantine), recovery.cut_bytes);
        else
          CHECK(recovery.quarantine.empty());
      }
      const Reading reading = read_all(folder.path());
      CHECK(reading.damages.empty());
      CHECK_EQ(reading.wrong, 0U);
      CHECK_EQ(reading.records, whole + 1);
    }
  }
}

TEST(journal_names_every_flipped_bit_of_older_segments) {
  TemporaryFolder folder;
  write_journal(folder.path(), 500);
  const std::string path = folder.file(journal::segment_name(2));
  const auto good = contents(path);
  Random random(21);
  for (int round = 0; round < 400; ++round) {
    auto bytes = good;
    const std::size_t at = random.below(bytes.size());
    bytes[at] ^= static_cast<std::uint8_t>(1U << random.below(8));
    replace(path, bytes);
    const Reading reading = read_all(folder.path());
    REQUIRE(!reading.damages.empty());
    CHECK(at < sizeof(journal::SegmentHeader) || reading.damages.size() == 1);
    CHECK_EQ(reading.damages[0].file, path);
    CHECK(reading.damages[0].offset <= at);
    CHECK_EQ(reading.wrong, 0U);
    CHECK(at < sizeof(journal::SegmentHeader) || reading.records >= 498);
    Journal journal;
    JournalRecovery recovery;
    IoError error;
    CHECK(!journal.open(folder.path(), small_options(), recovery, error));
    CHECK_EQ(error.code, std::string("JOURNAL_DAMAGED"));
  }
}

TEST(journal_notices_lost_swapped_and_stale_segments_and_a_rewritten_past) {
  TemporaryFolder folder;
  write_journal(folder.path(), 500);
  const auto path = [&](std::uint64_t number) {
    return folder.file(journal::segment_name(number));
  };
  const auto second = contents(path(2));
  const auto third = contents(path(3));
  std::filesystem::remove(path(2));
  CHECK(!read_all(folder.path()).damages.empty());
  replace(path(2), third);
  replace(path(3), second);
  CHECK(!read_all(folder.path()).damages.empty());
  replace(path(3), third);
  CHECK(!read_all(folder.path()).damages.empty());
  replace(path(2), second);
  CHECK(read_all(folder.path()).damages.empty());
  // A forger who fixes the record's own checksum still breaks the chain.
  auto forged = second;
  const std::size_t at = sizeof(journal::SegmentHeader);
  journal::RecordHeader header;
  std::memcpy(&header, forged.data() + at, sizeof header);
  header.ts_init += 1;
  std::memcpy(forged.data() + at, &header, sizeof header);
  header.crc = journal::record_crc(forged.data() + at, header.length);
  std::memcpy(forged.data() + at, &header, sizeof header);
  replace(path(2), forged);
  const Reading reading = read_all(folder.path());
  REQUIRE(reading.damages.size() == 1);
  CHECK(reading.damages[0].reason.starts_with("CHAIN_BROKEN"));
}

TEST(journal_is_dead_after_a_failed_sync_and_never_lives_again) {
  TemporaryFolder folder;
  JournalOptions options = small_options();
  options.faults.fail_sync_at = 2;
  options.faults.sync_error = EIO;
  Journal journal;
  opened(journal, folder.path(), options);
  append_until_dead(journal);
  CHECK_EQ(journal.dead(), static_cast<std::int64_t>(Journal::SYNC_FAILED));
  CHECK_EQ(journal.os_error(), EIO);
  const std::uint64_t durable = journal.durable_sequence();
  for (int i = 0; i < 10; ++i) {
    CHECK_EQ(append_next(journal), static_cast<std::int64_t>(Journal::SYNC_FAILED));
    journal.request_sync();
  }
  CHECK_EQ(journal.durable_sequence(), durable);
  CHECK_EQ(journal.close(), EIO);
}

TEST(journal_answers_a_failed_write_by_code_and_keeps_no_part_of_it) {
  for (const int error : {ENOSPC, EIO, EROFS}) {
    for (std::uint64_t nth = 1; nth <= 30; ++nth) {
      for (const std::size_t part :
           {std::size_t{0}, std::size_t{1}, std::size_t{31}, std::size_t{40}}) {
        TemporaryFolder folder;
        JournalOptions options = small_options();
        options.faults.fail_write_at = nth;
        options.faults.write_error = error;
        options.faults.short_bytes = part;
        std::uint64_t good = 0;
        int refused = 0;
        {
          Journal journal;
          opened(journal, folder.path(), options);
          for (int i = 0; i < 40; ++i) {
            const std::int64_t result = append_next(journal);
            if (result > 0)
              CHECK_EQ(static_cast<std::uint64_t>(result), ++good);
            else
              CHECK_EQ(result, static_cast<std::int64_t>(Journal::WRITE_FAILED));
            refused += result > 0 ? 0 : 1;
          }
          CHECK_EQ(refused, 1);
          CHECK_EQ(journal.os_error(), error);
        }
        const Reading reading = read_all(folder.path());
        CHECK_EQ(reading.records, good);
        CHECK_EQ(reading.wrong, 0U);
        CHECK(reading.damages.empty());
      }
    }
  }
}

TEST(journal_carries_on_a_short_write_that_is_no_error) {
  TemporaryFolder folder;
  JournalOptions options = small_options();
  options.faults.fail_write_at = 5;
  options.faults.short_bytes = 17;
  {
    Journal journal;
    opened(journal, folder.path(), options);
    for (int i = 0; i < 40; ++i) CHECK(append_next(journal) > 0);
  }
  CHECK_EQ(read_all(folder.path()).records, 40U);
}

TEST(journal_that_cannot_wipe_a_failed_write_is_dead) {
  TemporaryFolder folder;
  JournalOptions options = small_options();
  options.faults.fail_write_at = 3;
  options.faults.write_error = EIO;
  options.faults.short_bytes = 20;
  options.faults.writes_stay_broken = true;
  {
    Journal journal;
    opened(journal, folder.path(), options);
    CHECK(append_next(journal) == 1 && append_next(journal) == 2);
    CHECK_EQ(append_next(journal), static_cast<std::int64_t>(Journal::WRITE_BROKEN));
    CHECK_EQ(append_next(journal), static_cast<std::int64_t>(Journal::WRITE_BROKEN));
  }
  Journal journal;
  CHECK_EQ(opened(journal, folder.path(), small_options()).last_sequence, 2U);
}

TEST(journal_reports_a_full_disk_early_and_recovers_when_space_returns) {
  TemporaryFolder folder;
  JournalOptions options = small_options();
  options.faults.fail_allocate_at = 1;
  options.faults.allocate_error = ENOSPC;
  options.faults.allocate_failures = 3;
  Journal journal;
  opened(journal, folder.path(), options);
  std::int64_t result = append_next(journal);
  while (result > 0) result = append_next(journal);
  CHECK_EQ(result, static_cast<std::int64_t>(Journal::NO_SEGMENT));
  CHECK_EQ(journal.os_error(), ENOSPC);
  CHECK(journal.last_sequence() > 50);
  while (result < 0) result = append_next(journal);
  CHECK(!journal.starved());
  journal.close();
  const Reading reading = read_all(folder.path());
  CHECK_EQ(reading.records, journal.last_sequence());
  CHECK(reading.damages.empty());
}

TEST(journal_cuts_behind_the_last_record_to_keep_and_deletes_nothing) {
  constexpr std::uint64_t TOTAL = 700;
  for (std::uint64_t keep = 0; keep <= TOTAL; keep += keep < 3 ? 1 : 37) {
    TemporaryFolder folder;
    write_journal(folder.path(), TOTAL / 2);
    {
      Journal journal;
      opened(journal, folder.path(), small_options());
      while (journal.last_sequence() < TOTAL) REQUIRE(append_next(journal) > 0);
      journal.close();
    }
    JournalOptions options = small_options();
    options.keep_until = keep;
    Journal journal;
    const JournalRecovery recovery = opened(journal, folder.path(), options);
    CHECK_EQ(recovery.last_sequence, keep);
    CHECK_EQ(recovery.records, keep);
    CHECK_EQ(recovery.cut_records, TOTAL - keep);
    std::uint64_t aside = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      const std::string name = entry.path().filename().string();
      if (name.find(".torn-") != std::string::npos) aside += entry.file_size();
    }
    CHECK(aside >= (TOTAL - keep) * sizeof(journal::RecordHeader));
    for (int i = 0; i < 300; ++i) REQUIRE(append_next(journal) > 0);
    REQUIRE(journal.close() == 0);
    const Reading reading = read_all(folder.path());
    CHECK_EQ(reading.records, keep + 300);
    CHECK_EQ(reading.wrong, 0U);
    CHECK(reading.damages.empty());
    CHECK_EQ(reading.torn, 0U);
  }
}

TEST(journal_sets_two_cuts_at_one_place_aside_in_two_files) {
  TemporaryFolder folder;
  write_journal(folder.path(), 50);
  std::string files[2];
  for (std::string& file : files) {
    JournalOptions options = small_options();
    options.keep_until = 0;
    Journal journal;
    file = opened(journal, folder.path(), options).quarantine;
    REQUIRE(append_next(journal) == 1);
    REQUIRE(journal.close() == 0);
  }
  CHECK(files[0] != files[1]);
  CHECK(std::filesystem::exists(files[0]));
  CHECK(std::filesystem::exists(files[1]));
}

TEST(journal_refuses_options_sizes_kinds_and_a_second_writer) {
  TemporaryFolder folder;
  JournalRecovery recovery;
  IoError error;
  Journal journal;
  JournalOptions options = small_options();
  options.segment_bytes = 100;
  CHECK(!journal.open(folder.path(), options, recovery, error));
  CHECK_EQ(error.code, std::string("JOURNAL_OPTIONS"));
  opened(journal, folder.path(), small_options());
  Journal second;
  CHECK(!second.open(folder.path(), small_options(), recovery, error));
  CHECK_EQ(error.code, std::string("JOURNAL_IN_USE"));
  const std::vector<std::uint8_t> large(16 * 1024);
  CHECK_EQ(journal.append(1, 1, 0, large.data(), 16 * 1024),
           static_cast<std::int64_t>(Journal::TOO_LARGE));
  CHECK_EQ(journal.append(0xFFFF, 1, 0, large.data(), 8),
           static_cast<std::int64_t>(Journal::KIND_RESERVED));
  journal.close();
  CHECK_EQ(append_next(journal), static_cast<std::int64_t>(Journal::CLOSED));
}

TEST(journal_is_read_without_damage_while_its_segments_are_made_and_taken_away) {
  auto options = small_options();
  options.segment_bytes = 4 * 1024;
  std::vector<std::string> damages;
  for (int round = 0; round < 60; ++round) {
    TemporaryFolder folder;
    std::atomic<bool> writing = true;
    std::thread writer([&] {
      Journal journal;
      opened(journal, folder.path(), options);
      while (journal.last_sequence() < 300 && append_next(journal) > 0) {
      }
      journal.close();
      writing = false;
    });
    while (writing) {
      Scan scan;
      IoError error;
      REQUIRE(scan.open(folder.path(), error));
      Record record;
      while (scan.next(record)) {
      }
      if (scan.read_error() != 0) damages.push_back(error_name(scan.read_error()));
      for (const auto& damage : scan.damages()) damages.push_back(damage.reason);
    }
    writer.join();
  }
  const std::string first = damages.empty() ? "" : damages.front();
  CHECK_EQ(first, "");
}

#if !defined(_WIN32)

TEST(journal_keeps_every_acknowledged_record_of_a_killed_writer) {
  for (int round = 0; round < 10; ++round) {
    TemporaryFolder folder;
    int told[2];
    REQUIRE(::pipe(told) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
      Journal journal;
      opened(journal, folder.path(), small_options());
      for (;;) {
        const std::int64_t sequence = append_next(journal);
        if (::write(told[1], &sequence, 8) != 8) ::_exit(1);
      }
    }
    ::close(told[1]);
    std::int64_t acknowledged = 0;
    for (int i = 0; i < 500 + round * 37; ++i) REQUIRE(::read(told[0], &acknowledged, 8) == 8);
    ::kill(child, SIGKILL);
    while (::read(told[0], &acknowledged, 8) == 8) {
    }
    ::close(told[0]);
    ::waitpid(child, nullptr, 0);
    Journal journal;
    const auto recovery = opened(journal, folder.path(), small_options());
    CHECK(recovery.last_sequence >= static_cast<std::uint64_t>(acknowledged));
    CHECK(recovery.last_sequence <= static_cast<std::uint64_t>(acknowledged) + 1);
    const Reading reading = read_all(folder.path());
    CHECK_EQ(reading.records, recovery.last_sequence);
    CHECK_EQ(reading.wrong, 0U);
  }
}

#endif
