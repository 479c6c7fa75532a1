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

bool Scan::open(const std::string& folder, IoError& error) {
  if (const int number = list_segments(folder, segments_); number != 0) {
    error = {error_name(number), number, folder};
    return false;
  }
  chain_.restart(Digest{});
  return true;
}

void Scan::damage(std::uint64_t offset, std::string reason) {
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
  const bool last = at_ + 1 == segments_.size();
  const char* reason = nullptr;
  if (header_.magic != MAGIC)
    reason = "SEGMENT_HEADER: no magic";
  else if (header_.crc != header_crc(header_))
    reason = "SEGMENT_HEADER: checksum";
  else if (header_.version != VERSION)
    reason = "SEGMENT_VERSION: must be 1";
  else if (header_.number != segments_[at_].number)
    reason = "SEGMENT_NUMBER: the file bears another's name";
  if (reason != nullptr) {
    torn_ = true;
    torn_sequence_ = last_sequence_;
    torn_chain_ = chain_.next();
    offset_ = 0;
    torn_bytes_ = last_used_byte();
    // An allocated segment that was never begun is zero; only the last may be so.
    if (!last || torn_bytes_ != 0) damage(0, reason);
    chain_known_ = false;
    offset_ = file_bytes_;
    return;
  }
  has_header_ = true;
  tag_ = tag_of(header_);
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
  chain_.restart(header_.chain);
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
  if (chain_known_ && (payload.chain != chain_.next() || payload.bytes != chain_.bytes)) {
    damage(offset_, "CHAIN_BROKEN in the block before");
  }
  chain_.restart(payload.chain);
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
    damage(broken_at, reason);
    chain_known_ = false;
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
      if (at_ == segments_.size() || !begin_segment()) return false;
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
