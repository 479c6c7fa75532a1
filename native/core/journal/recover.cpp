#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <random>

#include "journal/journal.hpp"
#include "journal/scan.hpp"

namespace qd {

using namespace journal;

namespace {

constexpr std::uint64_t WHOLE = ~std::uint64_t{0};

// The end of what is not zero.
int used_bytes(const File& file, std::uint64_t& used) {
  std::vector<std::uint8_t> part(1U << 20);
  used = 0;
  for (std::uint64_t at = 0;;) {
    std::size_t got = 0;
    if (const int error = file.read_at(part.data(), part.size(), at, got); error != 0) return error;
    for (std::size_t i = got; i > 0; --i) {
      if (part[i - 1] == 0) continue;
      used = at + i;
      break;
    }
    if (got < part.size()) return 0;
    at += got;
  }
}

// Where what is cut from a segment at `offset` is kept: numbers of segments are used again.
std::string quarantine_of(const std::string& path, std::uint64_t offset) {
  const std::string name = path + ".torn-" + std::to_string(offset);
  std::string free = name;
  for (int i = 2; std::filesystem::exists(free); ++i) free = name + "-" + std::to_string(i);
  return free;
}

// Copies `size` bytes from `offset` of one file into a new one.
int copy_range(const File& from, std::uint64_t offset, std::uint64_t size,
               const std::string& path) {
  File to;
  remove_file(path);
  int error = to.open(path, File::Mode::CreateNew);
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
  const std::uint64_t first = recovery.last_sequence + 1;
  number = create_segment(folder + "/" + segment_name(number_ + 1), number_ + 1, *current_);
  if (number == 0) number = write_header(*current_, number_ + 1, first);
  if (number != 0) {
    error = {error_name(number), number, folder};
    lock_.close();
    return false;
  }
  durable_link_ = {recovery.last_sequence, chain_.next()};
  segment_begun(number_ + 1, first);
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
  if (!scan.open(folder, error, options_.from_segment)) return false;
  Record record;
  const std::uint64_t wanted = options_.keep_until;
  Tear wanted_end;
  bool sound = wanted == 0;
  while (scan.next(record)) {
    if (record.sequence != wanted) continue;
    wanted_end = scan.here();
    sound = scan.damages().empty();
  }
  const auto fail = [&](int number, const std::string& what) {
    error = {error_name(number), number, what};
    return false;
  };
  if (scan.read_error() != 0) return fail(scan.read_error(), folder);
  for (const std::string& path : scan.unbegun()) {
    if (const int number = set_aside(path, recovery); number != 0) return fail(number, path);
  }
  std::random_device entropy;
  for (auto& byte : session_) byte = static_cast<std::uint8_t>(entropy());
  chain_.restart(Digest{}, 0);
  if (scan.segments().empty()) return true;
  if (sound && scan.last_sequence() > wanted) return cut_tear(scan, wanted_end, recovery, error);
  const Segment& last = scan.segments().back();
  for (const Damage& damage : scan.damages()) {
    // A header is written before the first record: one that is broken in front of records was not
    // torn by a crash.
    const bool in_tail = scan.last_has_header() ? damage.offset >= scan.good_end()
                                                : scan.torn_bytes() <= sizeof(SegmentHeader);
    if (damage.file == last.path && in_tail) continue;
    const Tear& tear = scan.tear();
    if (tear.by_loss && scan.proven_end() <= tear.sequence + 1) {
      return cut_tear(scan, tear, recovery, error);
    }
    error = {"JOURNAL_DAMAGED", 0,
             damage.file + " at " + std::to_string(damage.offset) + ": " + damage.reason};
    return false;
  }
  recovery.last_sequence = scan.good_sequence();
  recovery.records = scan.records() - scan.records_behind_tear();
  recovery.cut_bytes = scan.torn_bytes();
  recovery.cut_records = scan.records_behind_tear();
  number_ = last.number;
  chain_.restart(scan.good_chain(), scan.good_sequence());
  if (scan.last_has_header()) session_ = scan.last_header().session;
  File file;
  if (const int number = file.open(last.path, File::Mode::ReadWrite); number != 0)
    return fail(number, last.path);
  if (recovery.cut_bytes > 0) {
    recovery.quarantine = quarantine_of(last.path, scan.good_end());
    const int number = copy_range(file, scan.good_end(), recovery.cut_bytes, recovery.quarantine);
    if (number != 0) return fail(number, recovery.quarantine);
  }
  file.close();
  const bool empty = !scan.last_has_header() || scan.records_in_last() == recovery.cut_records;
  const std::size_t kept = scan.segments().size() - (empty ? 1 : 0);
  if (const int number = keep(scan, kept, empty ? WHOLE : scan.good_end()); number != 0)
    return fail(number, last.path);
  if (!empty) return true;
  // Nothing in it is good: its number is used again.
  supersede_ = last.supersedes;
  --number_;
  const int number = remove_file(last.path);
  return number == 0 || fail(number, last.path);
}

// Power was lost while more than one segment was not synced, and what came first is what is gone:
// the rest cannot follow on nothing, and none of it was durable.
bool Journal::cut_tear(const Scan& scan, const Tear& tear, JournalRecovery& recovery,
                       IoError& error) {
  const auto& segments = scan.segments();
  const bool keeps_part = tear.offset > sizeof(SegmentHeader);
  const auto fail = [&](int number, const std::string& what) {
    error = {error_name(number), number, what};
    return false;
  };
  recovery.last_sequence = tear.sequence;
  recovery.records = tear.records;
  recovery.cut_records = scan.records() - tear.records;
  for (std::size_t i = segments.size(); i > tear.segment + (keeps_part ? 1 : 0); --i) {
    const std::string& path = segments[i - 1].path;
    if (const int number = set_aside(path, recovery); number != 0) return fail(number, path);
  }
  const std::size_t kept = tear.segment + (keeps_part ? 1 : 0);
  if (keeps_part) {
    const std::string& path = segments[tear.segment].path;
    recovery.quarantine = quarantine_of(path, tear.offset);
    File file;
    int number = file.open(path, File::Mode::Read);
    if (number == 0) number = copy_range(file, tear.offset, WHOLE, recovery.quarantine);
    if (number != 0) return fail(number, recovery.quarantine);
  }
  if (const int number = keep(scan, kept, keeps_part ? tear.offset : WHOLE); number != 0)
    return fail(number, folder_);
  number_ = kept == 0 ? 0 : segments[kept - 1].number;
  chain_.restart(tear.chain, tear.sequence);
  supersede_ = true;
  return true;
}

// Takes a segment out of the journal; what is written in it stays beside it.
int Journal::set_aside(const std::string& path, JournalRecovery& recovery) {
  File file;
  if (const int error = file.open(path, File::Mode::Read); error != 0) return error;
  std::uint64_t used = 0;
  if (const int error = used_bytes(file, used); error != 0) return error;
  file.close();
  if (used <= sizeof(SegmentHeader)) return remove_file(path);
  recovery.cut_bytes += used;
  recovery.quarantine = quarantine_of(path, 0);
  return rename_file(path, recovery.quarantine);
}

// What the process before wrote and never synced stands in the system's memory, where a failed sync
// may have left it for lost: of the first `kept` segments those not known to be durable are copied
// into new files, of the last one `bytes`.
int Journal::keep(const Scan& scan, std::size_t kept, std::uint64_t bytes) {
  const auto& segments = scan.segments();
  const std::uint64_t proven = scan.proven_end();
  for (std::size_t i = kept; i > 0; --i) {
    const bool last = i == kept;
    if (!last && (proven == 0 || segments[i].first_sequence <= proven)) break;
    if (!segments[i - 1].has_header) continue;
    const int error = rewrite(segments[i - 1].path, last ? bytes : WHOLE);
    if (error != 0) return error;
  }
  return 0;
}

// Puts a synced copy of the first `bytes` of a file in its place.
int Journal::rewrite(const std::string& path, std::uint64_t bytes) {
  const std::string fresh = path + ".new";
  remove_file(fresh);
  File from;
  int error = from.open(path, File::Mode::Read);
  std::uint64_t size = 0;
  if (error == 0) error = from.size(size);
  if (error == 0) error = copy_range(from, 0, std::min(bytes, size), fresh);
  from.close();
  return error == 0 ? rename_file(fresh, path) : error;
}

}  // namespace qd
