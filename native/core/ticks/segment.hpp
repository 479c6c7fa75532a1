#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "file/file.hpp"
#include "ticks/block.hpp"

// A tick segment is a file: a header and blocks one after the other, each written by one positional
// write. Readers see whole blocks only, also while it grows.
namespace qd {

struct TickSegmentHeader {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t crc;         // of everything after it
  std::uint32_t kind_group;  // a bit for each kind of record that belongs here
  std::array<std::uint8_t, 44> reserved;
};
static_assert(sizeof(TickSegmentHeader) == 64);

struct TickDamage {
  std::uint64_t offset = 0;
  std::string reason;
  // Times of receipt between which the lost rows lie: those of the block that is damaged, else
  // those of its neighbours, of the next one alone at the beginning.
  std::int64_t from_ts_init = 0;
  std::int64_t to_ts_init = 0;
};

// Where a block lies and what it holds.
struct TickBlock {
  std::uint64_t offset = 0;
  ticks::BlockHeader header{};
};

// The blocks of a segment by their headers; grows with the file.
class TickIndex {
 public:
  // Codes: TICKS_NOT_A_SEGMENT, TICKS_VERSION, or the system's.
  bool open(const std::string& path, File::Mode mode, IoError& error);
  // Takes in what was appended since; 0 or the system's number.
  int extend();
  File& file() noexcept { return file_; }
  std::uint32_t kind_group() const noexcept { return kind_group_; }
  // Those that are not forgotten.
  const std::deque<TickBlock>& blocks() const noexcept { return blocks_; }
  // All blocks, with those that are forgotten; their rows; times of receipt, 0 without a block.
  std::size_t size() const noexcept { return forgotten_ + blocks_.size(); }
  std::uint64_t stored_rows() const noexcept { return stored_rows_; }
  std::int64_t first_ts_init() const noexcept { return first_ts_init_; }
  std::int64_t last_ts_init() const noexcept;
  const TickBlock& operator[](std::size_t number) const { return blocks_[number - forgotten_]; }
  const std::vector<TickDamage>& damages() const noexcept { return damages_; }
  // Where the last whole block ends, and what lies behind it.
  std::uint64_t end() const noexcept { return end_; }
  std::uint64_t torn_bytes() const noexcept { return file_bytes_ - end_; }
  std::uint64_t rows() const noexcept { return rows_; }
  // One for each place, however often it is read.
  void add_damage(TickDamage damage);
  // Verified payload of block `number` with slack behind it, or nullptr when it is damaged (`error`
  // 0) or unreadable.
  const std::uint8_t* payload(std::size_t number, int& error);
  void forget_last();
  // Keeps of the blocks before this one nothing but their sums.
  void forget_before(std::size_t number);

 private:
  bool header_at(std::uint64_t offset, ticks::BlockHeader& header, int& error) const;
  std::uint64_t find_header(std::uint64_t from, ticks::BlockHeader& header, int& error) const;
  void add_loss(std::uint64_t offset, std::string reason, const ticks::BlockHeader& next);

  File file_;
  std::uint32_t kind_group_ = 0;
  std::uint64_t file_bytes_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t stored_rows_ = 0;
  std::int64_t first_ts_init_ = 0;
  std::int64_t forgotten_ts_init_ = 0;
  std::size_t forgotten_ = 0;
  std::deque<TickBlock> blocks_;
  std::vector<TickDamage> damages_;
  std::vector<std::uint8_t> buffer_;
};

struct TickRecovery {
  std::uint64_t rows = 0;
  std::uint64_t cut_bytes = 0;
};

// The one writer of a segment.
class TickSegmentWriter {
 public:
  static constexpr int WRONG_KIND = -1;

  // Creates the segment or goes on behind its last whole block. Codes: those of TickIndex,
  // TICKS_IN_USE, TICKS_GROUP.
  bool open(const std::string& path, std::uint32_t kind_group, TickRecovery& recovery,
            IoError& error);
  // Takes records over; full blocks are written. 0, WRONG_KIND (nothing was taken), or the system's
  // number: then what is not `written_rows` is kept and tried again with the next call.
  int append(const MarketRecord* records, std::size_t count);
  // Writes what was taken over as a shorter block; then all of it survives the death of the
  // process.
  int flush();
  // Flushes and syncs.
  int sync();
  int close();
  // Rows in the file, those of earlier openings included.
  std::uint64_t written_rows() const noexcept { return rows_; }

 private:
  int write_blocks(const MarketRecord* records, std::size_t count);

  File file_;
  std::uint32_t kind_group_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t rows_ = 0;
  std::vector<MarketRecord> pending_;
  std::vector<std::uint8_t> encoded_;
};

// Reads a segment from its first record on, also while it is written. One that only goes forward
// forgets the blocks it has passed, and can neither seek nor verify: it does not grow with the
// file.
class TickSegmentReader {
 public:
  bool open(const std::string& path, bool forward, IoError& error);
  // Copies up to `limit` records; 0 at the present end, a later call sees what was appended.
  std::size_t next(MarketRecord* into, std::size_t limit);
  // Goes to the first record received at `ts_init` or later (receive times do not go back within a
  // segment).
  void seek(std::int64_t ts_init);
  // Goes to the present end.
  void pass();
  // Checks every block.
  void verify();
  // The next block's columns (see `decode_columns`) instead of its records; false at the end.
  bool next_columns(unsigned shared, unsigned values, ticks::Columns& columns);
  // Takes in what was appended since, for `index`.
  void extend() { error_ = index_.extend(); }
  const TickIndex& index() const noexcept { return index_; }
  int read_error() const noexcept { return error_; }

 private:
  bool load();
  void leave_block();
  void name_damage(const char* reason);

  TickIndex index_;
  bool forward_ = false;
  std::size_t block_ = 0;
  std::size_t row_ = 0;
  std::size_t loaded_rows_ = 0;
  std::vector<MarketRecord> records_;
  std::unique_ptr<ticks::Columns> scratch_;
  int error_ = 0;
};

}  // namespace qd
