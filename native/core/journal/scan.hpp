#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "file/file.hpp"
#include "journal/format.hpp"

namespace qd::journal {

// A place where the journal is not what was written.
struct Damage {
  std::string file;
  std::uint64_t offset = 0;
  std::string reason;
};

// A record; `payload` is valid until the next call.
struct Record {
  std::uint64_t sequence = 0;
  std::uint16_t kind = 0;
  std::uint16_t schema = 0;
  std::int64_t ts_init = 0;
  const std::uint8_t* payload = nullptr;
  std::uint32_t length = 0;
};

// A segment, with what its header says when it has a good one.
struct Segment {
  std::string path;
  std::uint64_t number = 0;
  bool has_header = false;
  // Its header says that it is allocated and not begun.
  bool ahead = false;
  std::uint64_t first_sequence = 0;
  // Of its first record; 0 when there is none.
  std::int64_t first_time = 0;
  bool supersedes = false;
  Digest chain{};
  // What it holds behind this sequence stands again in a later segment.
  std::uint64_t until = ~std::uint64_t{0};
};

// The segments of a folder in order; 0 or the operating system's error number.
int list_segments(const std::string& folder, std::vector<Segment>& segments);

// The first damage, and what stood before it.
struct Tear {
  std::size_t segment = 0;  // index
  std::uint64_t offset = 0;
  std::uint64_t sequence = 0;
  std::uint64_t records = 0;
  Digest chain{};
  // A loss of power may have made it; a chain that is broken in whole records was not torn.
  bool by_loss = false;
};

// Reads a journal from its first record to the end, checking everything; goes on behind damage and
// lists it.
class Scan {
 public:
  // From `from_segment` on; fails with JOURNAL_DAMAGED when that one is not there. 0: from the
  // first that is there.
  bool open(const std::string& folder, IoError& error, std::uint64_t from_segment = 0);
  // The next record; false at the end (or at a read error, see `read_error`).
  bool next(Record& record);

  std::uint64_t records() const noexcept { return records_; }
  std::uint64_t last_sequence() const noexcept { return last_sequence_; }
  Digest chain() const noexcept { return chain_.next(); }
  const std::vector<Damage>& damages() const noexcept { return damages_; }
  const std::vector<Segment>& segments() const noexcept { return segments_; }
  // Files behind the last segment that were allocated and never begun.
  const std::vector<std::string>& unbegun() const noexcept { return unbegun_; }
  int read_error() const noexcept { return read_error_; }
  // The end of a block at `sequence`, of what was read so far.
  const Link* link_at(std::uint64_t sequence) const noexcept;

  // Of the first of `damages`.
  const Tear& tear() const noexcept { return tear_; }
  // Behind the record that `next` gave last; of use while there is no damage.
  Tear here() const noexcept {
    return {at_, good_end_, last_sequence_, records_, chain_.next(), true};
  }
  // One more than the highest sequence that a header or a chain record says is durable; 0: none
  // does.
  std::uint64_t proven_end() const noexcept { return proven_end_; }

  // Of the last segment, once `next` has returned false.
  bool last_has_header() const noexcept { return has_header_; }
  const SegmentHeader& last_header() const noexcept { return header_; }
  std::uint64_t records_in_last() const noexcept { return segment_records_; }
  // Where its good prefix ends, how many bytes behind that are not zero-filled, and how many whole
  // records among them.
  std::uint64_t good_end() const noexcept { return good_end_; }
  std::uint64_t torn_bytes() const noexcept { return torn_bytes_; }
  std::uint64_t records_behind_tear() const noexcept { return behind_tear_; }
  // The state at the good end of the last segment.
  std::uint64_t good_sequence() const noexcept { return torn_ ? torn_sequence_ : last_sequence_; }
  Digest good_chain() const noexcept { return torn_ ? torn_chain_ : chain_.next(); }

 private:
  bool begin_segment();
  void check_header();
  bool fill(std::size_t wanted);
  bool record_at_cursor(bool in_order, const char*& reason);
  void take_chain(const std::uint8_t* record);
  bool recover_behind(const char* reason);
  std::uint64_t last_used_byte();
  void damage(std::uint64_t offset, std::string reason);
  const std::uint8_t* cursor() const noexcept {
    return buffer_.data() + (offset_ - buffer_offset_);
  }

  std::vector<Segment> segments_;
  std::size_t at_ = 0;
  File file_;
  std::uint64_t file_bytes_ = 0;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t buffer_offset_ = 0;
  std::size_t buffer_size_ = 0;
  std::uint64_t offset_ = 0;
  SegmentHeader header_{};
  std::uint32_t tag_ = 0;
  bool segment_open_ = false;
  bool has_header_ = false;
  bool first_segment_ = true;
  bool chain_known_ = true;
  bool torn_ = false;
  Chain chain_;
  std::uint64_t records_ = 0;
  std::uint64_t segment_records_ = 0;
  std::uint64_t last_sequence_ = 0;
  std::uint64_t good_end_ = 0;
  std::uint64_t torn_bytes_ = 0;
  std::uint64_t torn_end_ = 0;
  std::uint64_t behind_tear_ = 0;
  std::uint64_t torn_sequence_ = 0;
  Digest torn_chain_{};
  Tear tear_;
  std::uint64_t proven_end_ = 0;
  std::vector<std::string> unbegun_;
  std::vector<Link> links_;
  std::vector<Damage> damages_;
  int read_error_ = 0;
};

}  // namespace qd::journal
