#include <algorithm>
#include <cstring>

#include "checksum/crc32c.hpp"
#include "ticks/segment-header.hpp"
#include "ticks/segment.hpp"

namespace qd {

using ticks::BlockHeader;

bool TickIndex::open(const std::string& path, File::Mode mode, IoError& error) {
  int number = file_.open(path, mode);
  TickSegmentHeader header{};
  std::size_t got = 0;
  if (number == 0) number = file_.read_at(&header, sizeof header, 0, got);
  if (number != 0) {
    error = {error_name(number), number, path};
    return false;
  }
  if (got < sizeof header || header.magic != ticks::SEGMENT_MAGIC ||
      header.crc != ticks::header_crc(header)) {
    error = {"TICKS_NOT_A_SEGMENT", 0, path};
    return false;
  }
  if (header.version != ticks::SEGMENT_VERSION) {
    error = {"TICKS_VERSION", 0, "version must be 1, was " + std::to_string(header.version)};
    return false;
  }
  kind_group_ = header.kind_group;
  end_ = sizeof header;
  file_bytes_ = end_;
  return true;
}

bool TickIndex::header_at(std::uint64_t offset, BlockHeader& header, int& error) const {
  if (offset + sizeof header > file_bytes_) return false;
  std::size_t got = 0;
  error = file_.read_at(&header, sizeof header, offset, got);
  return error == 0 && got == sizeof header && ticks::is_block_header(header);
}

// The next place from `from` on where a block header stands; the file's end when there is none.
std::uint64_t TickIndex::find_header(std::uint64_t from, BlockHeader& header, int& error) const {
  std::vector<std::uint8_t> part(1U << 16);
  for (std::uint64_t at = from; at < file_bytes_; at += part.size()) {
    std::size_t got = 0;
    error = file_.read_at(part.data(), part.size(), at, got);
    if (error != 0) return file_bytes_;
    for (std::size_t i = 0; i + 8 <= got; i += 8) {
      std::uint32_t magic = 0;
      std::memcpy(&magic, part.data() + i, sizeof magic);
      if (magic == ticks::BLOCK_MAGIC && header_at(at + i, header, error)) return at + i;
    }
  }
  return file_bytes_;
}

int TickIndex::extend() {
  int error = file_.size(file_bytes_);
  file_bytes_ = std::max(file_bytes_, end_);
  while (error == 0 && end_ < file_bytes_) {
    BlockHeader header;
    if (!header_at(end_, header, error)) {
      if (error != 0) break;
      const std::uint64_t found = find_header(end_ + 8, header, error);
      if (error != 0 || found == file_bytes_) break;
      add_loss(end_, "BLOCK_HEADER: " + std::to_string(found - end_) + " bytes skipped", header);
      end_ = found;
      continue;
    }
    if (end_ + sizeof header + header.payload_bytes > file_bytes_) break;
    if (header.first_row != rows_) {
      add_loss(end_,
               "ROWS_MISSING: first row must be " + std::to_string(rows_) + ", was " +
                   std::to_string(header.first_row),
               header);
    }
    if (size() == 0) first_ts_init_ = header.first_ts_init;
    blocks_.push_back({end_, header});
    stored_rows_ += header.rows;
    rows_ = header.first_row + header.rows;
    end_ += sizeof header + header.payload_bytes;
  }
  return error;
}

std::int64_t TickIndex::last_ts_init() const noexcept {
  return blocks_.empty() ? forgotten_ts_init_ : blocks_.back().header.last_ts_init;
}

const std::uint8_t* TickIndex::payload(std::size_t number, int& error) {
  const TickBlock& block = (*this)[number];
  const std::size_t size = block.header.payload_bytes;
  if (buffer_.size() < size + ticks::READ_SLACK) buffer_.resize(size + ticks::READ_SLACK);
  std::size_t got = 0;
  error = file_.read_at(buffer_.data(), size, block.offset + sizeof(BlockHeader), got);
  const bool good =
      error == 0 && got == size && crc32c(buffer_.data(), size) == block.header.payload_crc;
  return good ? buffer_.data() : nullptr;
}

void TickIndex::forget_last() {
  end_ = blocks_.back().offset;
  rows_ = blocks_.back().header.first_row;
  stored_rows_ -= blocks_.back().header.rows;
  blocks_.pop_back();
}

void TickIndex::forget_before(std::size_t number) {
  for (; forgotten_ < number; ++forgotten_) {
    forgotten_ts_init_ = blocks_.front().header.last_ts_init;
    blocks_.pop_front();
  }
}

// What stood between the last block and this one is gone.
void TickIndex::add_loss(std::uint64_t offset, std::string reason, const BlockHeader& next) {
  const std::int64_t to = next.first_ts_init;
  add_damage({offset, std::move(reason), size() == 0 ? to : last_ts_init(), to});
}

void TickIndex::add_damage(TickDamage damage) {
  const auto known = [&](const TickDamage& other) { return other.offset == damage.offset; };
  if (std::none_of(damages_.begin(), damages_.end(), known)) damages_.push_back(std::move(damage));
}

}  // namespace qd
