#include "journal/scan.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>

namespace qd::journal {

namespace {

constexpr std::size_t READ_AHEAD = 1U << 20;

bool is_end(const RecordHeader& header) noexcept {
  return header.length == 0 && header.crc == 0 && header.sequence == 0 && header.tag == 0;
}

bool all_zero(const std::uint8_t* bytes, std::size_t size) noexcept {
  return std::all_of(bytes, bytes + size, [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

int list_segments(const std::string& folder, std::vector<Segment>& segments) {
  std::error_code problem;
  std::filesystem::directory_iterator entries(std::filesystem::path(folder), problem);
  if (problem) return problem.value();
  for (; entries != std::filesystem::directory_iterator(); entries.increment(problem)) {
    if (problem) return problem.value();
    const std::string name = entries->path().filename().string();
    std::uint64_t number = 0;
    if (!name.starts_with("journal-") || !name.ends_with(".qdj")) continue;
    const auto parsed = std::from_chars(name.data() + 8, name.data() + name.size() - 4, number);
    if (parsed.ec != std::errc{} || segment_name(number) != name) continue;
    segments.push_back({entries->path().string(), number});
  }
  std::sort(segments.begin(), segments.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
  return 0;
}

namespace {

// What the header of a segment says, when it is a good one; errors show when it is read for good.
void describe(Segment& segment) {
  File file;
  if (file.open(segment.path, File::Mode::Read) != 0) return;
  std::array<std::uint8_t, sizeof(SegmentHeader) + sizeof(RecordHeader)> bytes{};
  std::size_t got = 0;
  if (file.read_at(bytes.data(), bytes.size(), 0, got) != 0) return;
  SegmentHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != MAGIC || header.crc != header_crc(header)) return;
  if (header.version != VERSION || header.number != segment.number) return;
  segment.ahead = header.first_sequence == 0;
  segment.has_header = !segment.ahead;
  segment.first_sequence = header.first_sequence;
  segment.supersedes = header.supersedes != 0;
  segment.chain = header.chain;
  RecordHeader record;
  std::memcpy(&record, bytes.data() + sizeof header, sizeof record);
  if (record.tag == tag_of(header.session, header.number)) segment.first_time = record.ts_init;
}

// Whether a file holds nothing but zeros, or is there no more.
bool is_blank(const std::string& path) {
  File file;
  if (const int error = file.open(path, File::Mode::Read); error != 0) return error == ENOENT;
  std::vector<std::uint8_t> part(READ_AHEAD);
  for (std::uint64_t at = 0;;) {
    std::size_t got = 0;
    if (file.read_at(part.data(), part.size(), at, got) != 0) return false;
    if (!all_zero(part.data(), got)) return false;
    if (got < part.size()) return true;
    at += got;
  }
}

// Whether nothing was begun in the last segment. A writer may be making it or taking it away while
// it is read here: what is blank no more has its header by now.
bool is_unbegun(Segment& segment) {
  if (segment.has_header) return false;
  if (segment.ahead || is_blank(segment.path)) return true;
  describe(segment);
  return segment.ahead;
}

}  // namespace

bool Scan::open(const std::string& folder, IoError& error, std::uint64_t from_segment) {
  if (const int number = list_segments(folder, segments_); number != 0) {
    error = {error_name(number), number, folder};
    return false;
  }
  std::erase_if(segments_, [&](const Segment& one) { return one.number < from_segment; });
  if (from_segment > 0 && (segments_.empty() || segments_[0].number != from_segment)) {
    const std::string path = folder + "/" + segment_name(from_segment);
    error = {"JOURNAL_DAMAGED", 0, path + " at 0: SEGMENT_MISSING"};
    return false;
  }
  for (Segment& segment : segments_) describe(segment);
  // Nothing in a segment is durable before its header is.
  while (!segments_.empty() && is_unbegun(segments_.back())) {
    unbegun_.push_back(segments_.back().path);
    segments_.pop_back();
  }
  std::uint64_t until = ~std::uint64_t{0};
  for (auto segment = segments_.rbegin(); segment != segments_.rend(); ++segment) {
    segment->until = until;
    if (segment->supersedes) until = std::min(until, segment->first_sequence - 1);
  }
  chain_.restart(Digest{}, 0);
  return true;
}

const Link* Scan::link_at(std::uint64_t sequence) const noexcept {
  const auto found = std::lower_bound(
      links_.begin(), links_.end(), sequence,
      [](const Link& link, std::uint64_t wanted) { return link.sequence < wanted; });
  return found != links_.end() && found->sequence == sequence ? &*found : nullptr;
}

void Scan::damage(std::uint64_t offset, std::string reason) {
  if (damages_.empty()) {
    const bool by_loss = !reason.starts_with("CHAIN") && !reason.starts_with("SEGMENT_VERSION");
    tear_ = {at_, has_header_ ? good_end_ : 0, good_sequence(), records_, good_chain(), by_loss};
  }
  damages_.push_back({segments_[at_].path, offset, std::move(reason)});
}

// Makes `wanted` bytes at the cursor available; false when the file ends before.
bool Scan::fill(std::size_t wanted) {
  const std::uint64_t have_until = buffer_offset_ + buffer_size_;
  if (offset_ >= buffer_offset_ && offset_ + wanted <= have_until) return true;
  if (offset_ + wanted > file_bytes_) return false;
  const std::size_t size = static_cast<std::size_t>(
      std::min<std::uint64_t>(std::max(wanted, READ_AHEAD), file_bytes_ - offset_));
  if (buffer_.size() < size) buffer_.resize(size);
  buffer_offset_ = offset_;
  buffer_size_ = 0;
  read_error_ = file_.read_at(buffer_.data(), size, offset_, buffer_size_);
  return read_error_ == 0 && buffer_size_ >= wanted;
}

bool Scan::begin_segment() {
  const Segment& segment = segments_[at_];
  if (at_ > 0 && segment.number != segments_[at_ - 1].number + 1) {
    damage(0, "SEGMENT_MISSING: number must be " + std::to_string(segments_[at_ - 1].number + 1) +
                  ", was " + std::to_string(segment.number));
    chain_known_ = false;
  }
  read_error_ = file_.open(segment.path, File::Mode::Read);
  if (read_error_ == 0) read_error_ = file_.size(file_bytes_);
  if (read_error_ != 0) return false;
  segment_open_ = true;
  torn_ = false;
  torn_end_ = 0;
  buffer_size_ = 0;
  offset_ = 0;
  segment_records_ = 0;
  good_end_ = 0;
  torn_bytes_ = 0;
  behind_tear_ = 0;
  has_header_ = false;
  header_ = SegmentHeader{};
  if (fill(sizeof header_)) std::memcpy(&header_, cursor(), sizeof header_);
  if (read_error_ != 0) return false;
  check_header();
  return true;
}

void Scan::check_header() {
  std::string reason;
  if (header_.magic != MAGIC)
    reason = "SEGMENT_HEADER: no magic";
  else if (header_.crc != header_crc(header_))
    reason = "SEGMENT_HEADER: checksum";
  else if (header_.version != VERSION)
    reason = "SEGMENT_VERSION: must be 1, was " + std::to_string(header_.version);
  else if (header_.first_sequence == 0)
    reason = "SEGMENT_NOT_BEGUN";
  else if (header_.number != segments_[at_].number)
    reason = "SEGMENT_NUMBER: the file bears another's name";
  if (!reason.empty()) {
    torn_ = true;
    torn_sequence_ = last_sequence_;
    torn_chain_ = chain_.next();
    offset_ = 0;
    torn_bytes_ = last_used_byte();
    damage(0, reason);
    chain_known_ = false;
    offset_ = file_bytes_;
    return;
  }
  has_header_ = true;
  proven_end_ = std::max(proven_end_, header_.durable_end);
  tag_ = tag_of(header_.session, header_.number);
  offset_ = sizeof header_;
  good_end_ = offset_;
  if (!first_segment_ && header_.first_sequence != last_sequence_ + 1) {
    damage(0, "SEQUENCE_GAP: first must be " + std::to_string(last_sequence_ + 1) + ", was " +
                  std::to_string(header_.first_sequence));
    chain_known_ = false;
  }
  if (!first_segment_ && chain_known_ && header_.chain != chain_.next())
    damage(0, "CHAIN_BROKEN before this segment");
  if (first_segment_ || header_.first_sequence > last_sequence_)
    last_sequence_ = header_.first_sequence - 1;
  chain_.restart(header_.chain, header_.first_sequence - 1);
  links_.push_back({header_.first_sequence - 1, header_.chain});
  chain_known_ = true;
  first_segment_ = false;
}

// Whether a whole record stands at the cursor; when not, `reason` says why.
bool Scan::record_at_cursor(bool in_order, const char*& reason) {
  RecordHeader header;
  reason = "RECORD_CUT";
  if (!fill(sizeof header)) return false;
  std::memcpy(&header, cursor(), sizeof header);
  reason = "RECORD_FOREIGN";
  if (header.tag != tag_) return false;
  reason = "RECORD_LENGTH";
  if (header.length > MAX_PAYLOAD) return false;
  reason = "RECORD_CUT";
  const std::size_t size = record_bytes(header.length);
  if (!fill(size)) return false;
  reason = "RECORD_CHECKSUM";
  if (header.crc != record_crc(cursor(), header.length)) return false;
  const std::size_t content = sizeof header + header.length;
  if (!all_zero(cursor() + content, size - content)) return false;
  reason = "RECORD_SEQUENCE";
  const std::uint64_t expected = last_sequence_ + (header.kind == CHAIN_KIND ? 0 : 1);
  return in_order ? header.sequence == expected : header.sequence >= expected;
}

void Scan::take_chain(const std::uint8_t* record) {
  ChainPayload payload;
  std::memcpy(&payload, record + sizeof(RecordHeader), sizeof payload);
  proven_end_ = std::max(proven_end_, payload.durable_end);
  if (chain_known_ && (payload.chain != chain_.next() || payload.bytes != chain_.bytes)) {
    damage(offset_, "CHAIN_BROKEN in the block before");
  }
  chain_.restart(payload.chain, last_sequence_);
  if (chain_known_) links_.push_back({last_sequence_, payload.chain});
  chain_known_ = true;
}

// The end of what is not zero from the cursor on, as a number of bytes.
std::uint64_t Scan::last_used_byte() {
  const std::uint64_t start = offset_;
  std::uint64_t used = 0;
  std::vector<std::uint8_t> part(READ_AHEAD);
  for (std::uint64_t at = start; at < file_bytes_;) {
    std::size_t got = 0;
    read_error_ = file_.read_at(part.data(), part.size(), at, got);
    if (read_error_ != 0 || got == 0) return used;
    for (std::size_t i = got; i > 0; --i) {
      if (part[i - 1] == 0) continue;
      used = at + i - start;
      break;
    }
    at += got;
  }
  return used;
}

// What stands at the cursor is no record: looks for the next one in this segment. Without one, this
// is its end.
bool Scan::recover_behind(const char* reason) {
  const bool last = at_ + 1 == segments_.size();
  const std::uint64_t broken_at = offset_;
  const char* ignored = nullptr;
  if (!torn_) {
    torn_bytes_ = last_used_byte();
    // A writer may have gone on since the buffer was read: what stands behind was written after
    // what stands here.
    buffer_size_ = 0;
    if (read_error_ == 0 && torn_bytes_ > 0 && record_at_cursor(true, ignored)) return true;
    if (read_error_ != 0) return false;
    torn_ = true;
    torn_end_ = broken_at + torn_bytes_;
    torn_sequence_ = last_sequence_;
    torn_chain_ = chain_.next();
  }
  for (offset_ += 8; offset_ + sizeof(RecordHeader) <= torn_end_; offset_ += 8) {
    if (!fill(sizeof(RecordHeader))) break;
    RecordHeader header;
    std::memcpy(&header, cursor(), sizeof header);
    if (header.tag != tag_ || header.length > MAX_PAYLOAD || !record_at_cursor(false, ignored))
      continue;
    const std::uint64_t until = segments_[at_].until;
    damage(broken_at, reason);
    chain_known_ = false;
    if (header.sequence > until) {
      last_sequence_ = until;
      return false;
    }
    last_sequence_ = header.sequence - (header.kind == CHAIN_KIND ? 0 : 1);
    return true;
  }
  if (read_error_ != 0) return false;
  // At the end of the last segment this is the torn tail of a crash, not damage.
  if (!last && torn_end_ > broken_at) damage(broken_at, reason);
  offset_ = file_bytes_;
  return false;
}

bool Scan::next(Record& record) {
  while (read_error_ == 0) {
    if (!segment_open_) {
      if (at_ == segments_.size()) return false;
      // All of it stands again in a later one; what was not even begun for sure was never durable.
      const Segment& segment = segments_[at_];
      const bool again = segment.until != ~std::uint64_t{0};
      if (again &&
          (segment.ahead || (segment.has_header && segment.first_sequence > segment.until))) {
        ++at_;
        continue;
      }
      if (!begin_segment()) return false;
    }
    if (has_header_ && last_sequence_ >= segments_[at_].until) {
      segment_open_ = false;
      ++at_;
      continue;
    }
    const char* reason = nullptr;
    bool found = false;
    if (offset_ + sizeof(RecordHeader) <= file_bytes_ && fill(sizeof(RecordHeader))) {
      RecordHeader header;
      std::memcpy(&header, cursor(), sizeof header);
      found = record_at_cursor(true, reason);
      if (!found && read_error_ == 0 && is_end(header)) reason = "RECORD_ZEROED";
      if (!found && read_error_ == 0) found = recover_behind(reason);
    } else if (offset_ < file_bytes_ && read_error_ == 0) {
      recover_behind("RECORD_CUT");
    }
    if (read_error_ != 0) return false;
    if (!found) {
      if (at_ + 1 == segments_.size()) return false;
      segment_open_ = false;
      ++at_;
      continue;
    }
    RecordHeader header;
    std::memcpy(&header, cursor(), sizeof header);
    const std::uint8_t* bytes = cursor();
    const std::size_t size = record_bytes(header.length);
    if (header.kind == CHAIN_KIND && header.length == sizeof(ChainPayload)) {
      take_chain(bytes);
      offset_ += size;
      if (!torn_) good_end_ = offset_;
      continue;
    }
    chain_.add(bytes, size, header.sequence);
    last_sequence_ = header.sequence;
    offset_ += size;
    ++records_;
    ++segment_records_;
    if (torn_)
      ++behind_tear_;
    else
      good_end_ = offset_;
    record = {header.sequence, header.kind,           header.schema,
              header.ts_init,  bytes + sizeof header, header.length};
    return true;
  }
  return false;
}

}  // namespace qd::journal
