#include "ticks/segment.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ticks/segment-header.hpp"

namespace qd {

using ticks::MAX_ROWS;

bool TickSegmentWriter::open(const std::string& path, std::uint32_t kind_group,
                             TickRecovery& recovery, IoError& error) {
  File made;
  std::uint64_t size = 0;
  int number = made.open(path, File::Mode::OpenOrCreate);
  if (number == 0) number = made.try_lock();
  if (number == EWOULDBLOCK) {
    error = {"TICKS_IN_USE", number, path};
    return false;
  }
  if (number == 0) number = made.size(size);
  // A crash before the header was whole left nothing else.
  if (number == 0 && size < sizeof(TickSegmentHeader)) {
    TickSegmentHeader header{};
    header.magic = ticks::SEGMENT_MAGIC;
    header.version = ticks::SEGMENT_VERSION;
    header.kind_group = kind_group;
    header.crc = ticks::header_crc(header);
    number = made.write_at(&header, sizeof header, 0);
  }
  if (number != 0) {
    error = {error_name(number), number, path};
    return false;
  }
  TickIndex index;
  if (!index.open(path, File::Mode::Read, error)) return false;
  if (index.kind_group() != kind_group) {
    error = {"TICKS_GROUP", 0,
             "kinds must be " + std::to_string(index.kind_group()) + ", were " +
                 std::to_string(kind_group)};
    return false;
  }
  number = index.extend();
  std::uint64_t file_bytes = index.end() + index.torn_bytes();
  // A block that power loss tore can have its header and its length but not its content.
  while (number == 0 && index.size() > 0 && index.payload(index.size() - 1, number) == nullptr &&
         number == 0) {
    index.forget_last();
  }
  if (number == 0 && index.end() < file_bytes) number = made.truncate(index.end());
  if (number != 0) {
    error = {error_name(number), number, path};
    return false;
  }
  recovery = {index.rows(), file_bytes - index.end()};
  file_ = std::move(made);
  kind_group_ = kind_group;
  end_ = index.end();
  rows_ = index.rows();
  pending_.clear();
  return true;
}

int TickSegmentWriter::write_blocks(const MarketRecord* records, std::size_t count) {
  encoded_.clear();
  for (std::size_t at = 0; at < count; at += MAX_ROWS) {
    ticks::encode_block(records + at, std::min(MAX_ROWS, count - at), kind_group_, rows_ + at,
                        encoded_);
  }
  if (const int error = file_.write_at(encoded_.data(), encoded_.size(), end_); error != 0) {
    file_.truncate(end_);
    return error;
  }
  end_ += encoded_.size();
  rows_ += count;
  return 0;
}

int TickSegmentWriter::append(const MarketRecord* records, std::size_t count) {
  if (!file_.is_open()) return EBADF;
  const auto belongs = [&](const MarketRecord& record) {
    return record.kind < 32 && (kind_group_ >> record.kind & 1U) != 0;
  };
  if (!std::all_of(records, records + count, belongs)) return WRONG_KIND;
  pending_.insert(pending_.end(), records, records + count);
  const std::size_t whole = pending_.size() / MAX_ROWS * MAX_ROWS;
  if (whole == 0) return 0;
  if (const int error = write_blocks(pending_.data(), whole); error != 0) return error;
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(whole));
  return 0;
}

int TickSegmentWriter::flush() {
  if (!file_.is_open()) return EBADF;
  if (pending_.empty()) return 0;
  if (const int error = write_blocks(pending_.data(), pending_.size()); error != 0) return error;
  pending_.clear();
  return 0;
}

int TickSegmentWriter::sync() {
  const int error = flush();
  return error == 0 ? file_.sync_data() : error;
}

int TickSegmentWriter::close() {
  if (!file_.is_open()) return 0;
  const int error = flush();
  file_.close();
  return error;
}

bool TickSegmentReader::open(const std::string& path, bool forward, IoError& error) {
  forward_ = forward;
  return index_.open(path, File::Mode::Read, error);
}

void TickSegmentReader::leave_block() {
  ++block_;
  if (forward_) index_.forget_before(block_);
}

void TickSegmentReader::name_damage(const char* reason) {
  const auto& [offset, header] = index_[block_];
  index_.add_damage({offset, reason, header.first_ts_init, header.last_ts_init});
}

// Decodes the next good block; false at the present end, where the room of a block is given back:
// hundreds of readers stand there.
bool TickSegmentReader::load() {
  for (;; leave_block()) {
    if (block_ >= index_.size()) error_ = index_.extend();
    if (error_ != 0) return false;
    if (block_ >= index_.size()) {
      records_ = {};
      scratch_.reset();
      row_ = loaded_rows_ = 0;
      return false;
    }
    records_.resize(MAX_ROWS);
    if (scratch_ == nullptr) scratch_ = std::make_unique<ticks::Columns>();
    const ticks::BlockHeader& header = index_[block_].header;
    const std::uint8_t* payload = index_.payload(block_, error_);
    if (error_ != 0) return false;
    if (payload != nullptr && ticks::decode_block(header, payload, records_.data(), *scratch_))
      break;
    name_damage(payload == nullptr ? "BLOCK_CHECKSUM" : "BLOCK_ENCODING");
  }
  loaded_rows_ = index_[block_].header.rows;
  row_ = 0;
  leave_block();
  return true;
}

std::size_t TickSegmentReader::next(MarketRecord* into, std::size_t limit) {
  std::size_t count = 0;
  while (count < limit) {
    if (row_ == loaded_rows_ && !load()) break;
    const std::size_t part = std::min(limit - count, loaded_rows_ - row_);
    std::memcpy(into + count, records_.data() + row_, part * sizeof(MarketRecord));
    count += part;
    row_ += part;
  }
  return count;
}

void TickSegmentReader::seek(std::int64_t ts_init) {
  error_ = index_.extend();
  const auto& blocks = index_.blocks();
  const auto found = std::partition_point(
      blocks.begin(), blocks.end(),
      [&](const TickBlock& block) { return block.header.last_ts_init < ts_init; });
  block_ = static_cast<std::size_t>(found - blocks.begin());
  row_ = 0;
  loaded_rows_ = 0;
  while (load()) {
    const auto first =
        std::find_if(records_.begin(), records_.begin() + static_cast<std::ptrdiff_t>(loaded_rows_),
                     [&](const MarketRecord& record) { return record.ts_init >= ts_init; });
    row_ = static_cast<std::size_t>(first - records_.begin());
    if (row_ < loaded_rows_) return;
  }
}

void TickSegmentReader::pass() {
  error_ = index_.extend();
  block_ = index_.size();
  row_ = 0;
  loaded_rows_ = 0;
  if (forward_) index_.forget_before(block_);
}

void TickSegmentReader::verify() {
  const std::size_t block = block_;
  const std::size_t row = row_;
  const std::size_t loaded = loaded_rows_;
  block_ = 0;
  while (load()) {
  }
  // The decoded block is gone: read again where the caller stood.
  block_ = block;
  row_ = 0;
  loaded_rows_ = 0;
  if (loaded == 0) return;
  --block_;
  if (load()) row_ = row;
}

bool TickSegmentReader::next_columns(unsigned shared, unsigned values, ticks::Columns& columns) {
  for (;; leave_block()) {
    if (block_ >= index_.size()) error_ = index_.extend();
    if (error_ != 0 || block_ >= index_.size()) return false;
    const ticks::BlockHeader& header = index_[block_].header;
    const std::uint8_t* payload = index_.payload(block_, error_);
    if (error_ != 0) return false;
    if (payload != nullptr && ticks::decode_columns(header, payload, shared, values, columns))
      break;
    name_damage(payload == nullptr ? "BLOCK_CHECKSUM" : "BLOCK_ENCODING");
  }
  leave_block();
  return true;
}

}  // namespace qd
