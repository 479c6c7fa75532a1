#include <cerrno>
#include <thread>

#include "journal-writing.hpp"

using namespace qd;
using namespace qd::test;

namespace {

// Appends until `total` records stand, reviving the journal whenever it died; the times it died.
int append_reviving(Journal& journal, std::uint64_t total) {
  int deaths = 0;
  for (int tries = 0; journal.last_sequence() < total && tries < 20'000; ++tries) {
    if (append_next(journal) > 0) journal.request_sync();
    while (journal.dead() == 0 && journal.durable_sequence() < journal.last_sequence())
      std::this_thread::yield();
    if (journal.dead() == 0) continue;
    ++deaths;
    const std::uint64_t stood = journal.last_sequence();
    // Its next sync may have failed by the time this is looked at.
    while (journal.revive() != 0) ++deaths;
    CHECK_EQ(journal.last_sequence(), stood);
  }
  CHECK_EQ(journal.last_sequence(), total);
  return deaths;
}

void check_holds(const std::string& folder, std::uint64_t total) {
  const Reading reading = read_all(folder);
  CHECK_EQ(reading.records, total);
  CHECK_EQ(reading.wrong, 0U);
  CHECK(reading.damages.empty());
}

}  // namespace

TEST(journal_revived_after_a_failed_sync_has_every_record_again_in_a_new_file) {
  for (std::uint64_t nth = 1; nth <= 25; ++nth) {
    for (const std::uint64_t failures : {1U, 3U}) {
      TemporaryFolder folder;
      JournalOptions options = small_options();
      options.group_ms = 0;
      options.faults.fail_sync_at = nth;
      options.faults.sync_error = EIO;
      options.faults.sync_failures = failures;
      std::uint64_t total = 0;
      {
        Journal journal;
        opened(journal, folder.path(), options);
        int deaths = 0;
        while (deaths < static_cast<int>(failures) && total < 20'000)
          deaths += append_reviving(journal, total += 20);
        CHECK_EQ(deaths, static_cast<int>(failures));
        CHECK_EQ(journal.close(), 0);
        CHECK_EQ(journal.durable_sequence(), total);
      }
      check_holds(folder.path(), total);
      Journal again;
      CHECK_EQ(opened(again, folder.path(), small_options()).last_sequence, total);
      for (int i = 0; i < 5; ++i) CHECK(append_next(again) > 0);
      again.close();
      check_holds(folder.path(), total + 5);
    }
  }
}

TEST(journal_never_writes_to_a_file_whose_sync_failed) {
  TemporaryFolder folder;
  JournalOptions options = small_options();
  options.segment_bytes = 64 * 1024;
  options.faults.fail_sync_at = 2;
  options.faults.sync_error = EIO;
  Journal journal;
  opened(journal, folder.path(), options);
  append_until_dead(journal);
  const std::string path = folder.file(journal::segment_name(1));
  const auto before = contents(path);
  REQUIRE(journal.revive() == 0);
  for (int i = 0; i < 50; ++i) REQUIRE(append_next(journal) > 0);
  journal.close();
  CHECK(contents(path) == before);
  check_holds(folder.path(), journal.last_sequence());
}

TEST(journal_revived_after_a_write_that_could_not_be_wiped_goes_on) {
  for (std::uint64_t nth = 1; nth <= 20; ++nth) {
    TemporaryFolder folder;
    JournalOptions options = small_options();
    // The write, its wiping, and the first tries to write it all again.
    options.faults.fail_write_at = nth;
    options.faults.write_error = EIO;
    options.faults.short_bytes = 20;
    options.faults.write_failures = 4;
    Journal journal;
    opened(journal, folder.path(), options);
    CHECK(append_reviving(journal, 300) >= 1);
    journal.close();
    check_holds(folder.path(), 300);
  }
}

TEST(journal_that_cannot_sync_takes_no_more_than_its_bound) {
  TemporaryFolder folder;
  JournalOptions options = small_options();
  options.unsynced_bytes = 4096;
  options.group_ms = 60'000;
  Journal journal;
  opened(journal, folder.path(), options);
  std::int64_t result = 0;
  for (int i = 0; i < 10'000 && result >= 0; ++i) result = append_next(journal);
  CHECK_EQ(result, static_cast<std::int64_t>(Journal::SYNC_BEHIND));
  journal.request_sync();
  for (int i = 0; i < 1'000'000 && result < 0; ++i) result = append_next(journal);
  CHECK(result > 0);
  journal.close();
  check_holds(folder.path(), journal.last_sequence());
}

TEST(journal_read_from_a_segment_on_has_the_rest_and_the_same_chain) {
  TemporaryFolder folder;
  write_journal(folder.path(), 500);
  const Reading whole = read_all(folder.path());
  Scan scan;
  IoError error;
  REQUIRE(scan.open(folder.path(), error, 3));
  Record record;
  std::uint64_t first = 0;
  while (scan.next(record)) {
    CHECK(is_right(record));
    if (first == 0) first = record.sequence;
  }
  CHECK(scan.damages().empty());
  CHECK(first > 1);
  CHECK_EQ(scan.last_sequence(), 500U);
  CHECK(scan.chain() == whole.chain);
  const journal::Link* link = scan.link_at(first - 1);
  CHECK(link != nullptr && link->chain == scan.segments()[0].chain);
  CHECK(!scan.open(folder.path(), error, 99));
}
