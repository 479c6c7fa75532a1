#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <random>

#include "journal/journal.hpp"
#include "journal/scan.hpp"

namespace qd {

using namespace journal;

namespace {

// Copies `size` bytes from `offset` of one file into a new one.
int copy_range(const File& from, std::uint64_t offset, std::uint64_t size,
               const std::string& path) {
  File to;
  int error = to.open(path, File::Mode::OpenOrCreate);
  std::vector<std::uint8_t> part(1U << 20);
  for (std::uint64_t done = 0; error == 0 && done < size;) {
    std::size_t got = 0;
    const std::size_t wanted =
        size - done < part.size() ? static_cast<std::size_t>(size - done) : part.size();
    error = from.read_at(part.data(), wanted, offset + done, got);
    if (error != 0 || got == 0) break;
    error = to.write_at(part.data(), got, done);
    done += got;
  }
  return error == 0 ? to.sync_data() : error;
}

}  // namespace

bool Journal::open(const std::string& folder, const JournalOptions& options,
                   JournalRecovery& recovery, IoError& error) {
  if (options.segment_bytes < MIN_SEGMENT_BYTES || options.segment_bytes > MAX_SEGMENT_BYTES ||
      options.segment_bytes % 8 != 0) {
    error = {"JOURNAL_OPTIONS", 0,
             "segmentBytes must be a multiple of 8 in 4096..1073741824, was " +
                 std::to_string(options.segment_bytes)};
    return false;
  }
  options_ = options;
  folder_ = folder;
  std::error_code problem;
  std::filesystem::create_directories(std::filesystem::path(folder), problem);
  int number =
      problem ? problem.value() : lock_.open(folder + "/writer.lock", File::Mode::OpenOrCreate);
  if (number != 0) {
    error = {error_name(number), number, folder};
    return false;
  }
  number = lock_.try_lock();
  if (number != 0) {
    const bool held = number == EWOULDBLOCK;
    error = {held ? "JOURNAL_IN_USE" : error_name(number), number, folder};
    lock_.close();
    return false;
  }
  if (!recover(folder, recovery, error)) {
    lock_.close();
    return false;
  }
  appended_ = recovery.last_sequence;
  durable_ = recovery.last_sequence;
  current_ = std::make_shared<File>();
  number = create_segment(number_ + 1, *current_);
  if (number == 0) number = begin_segment(*current_, number_ + 1, recovery.last_sequence + 1);
  if (number != 0) {
    error = {error_name(number), number, folder};
    lock_.close();
    return false;
  }
  open_ = true;
  next_wanted_ = true;
  sync_thread_ = std::thread([this] { run_sync(); });
  allocate_thread_ = std::thread([this] { run_allocate(); });
  return true;
}

// Checks everything there is and cuts the torn tail of the last segment; what was cut stays beside
// it.
bool Journal::recover(const std::string& folder, JournalRecovery& recovery, IoError& error) {
  Scan scan;
  if (!scan.open(folder, error)) return false;
  Record record;
  while (scan.next(record)) {
  }
  const auto fail = [&](int number, const std::string& what) {
    error = {error_name(number), number, what};
    return false;
  };
  if (scan.read_error() != 0) return fail(scan.read_error(), folder);
  std::random_device entropy;
  for (auto& byte : session_) byte = static_cast<std::uint8_t>(entropy());
  chain_.restart(Digest{});
  if (scan.segments().empty()) return true;
  const Segment& last = scan.segments().back();
  for (const Damage& damage : scan.damages()) {
    // A header is written before the first record: one that is broken in front of records was not
    // torn by a crash.
    const bool in_tail = scan.last_has_header() ? damage.offset >= scan.good_end()
                                                : scan.torn_bytes() <= sizeof(SegmentHeader);
    if (damage.file == last.path && in_tail) continue;
    error = {"JOURNAL_DAMAGED", 0,
             damage.file + " at " + std::to_string(damage.offset) + ": " + damage.reason};
    return false;
  }
  recovery.last_sequence = scan.good_sequence();
  recovery.records = scan.records() - scan.records_behind_tear();
  recovery.cut_bytes = scan.torn_bytes();
  recovery.cut_records = scan.records_behind_tear();
  number_ = last.number;
  chain_.restart(scan.good_chain());
  if (scan.last_has_header()) session_ = scan.last_header().session;
  File file;
  if (const int number = file.open(last.path, File::Mode::ReadWrite); number != 0)
    return fail(number, last.path);
  if (recovery.cut_bytes > 0) {
    recovery.quarantine = last.path + ".torn-" + std::to_string(scan.good_end());
    const int number = copy_range(file, scan.good_end(), recovery.cut_bytes, recovery.quarantine);
    if (number != 0) return fail(number, recovery.quarantine);
  }
  if (!scan.last_has_header() || scan.records_in_last() == recovery.cut_records) {
    // Nothing in it is good: its number is used again.
    file.close();
    std::remove(last.path.c_str());
    --number_;
    return true;
  }
  int number = file.truncate(scan.good_end());
  if (number == 0) number = file.sync_data();
  return number == 0 || fail(number, last.path);
}

}  // namespace qd
