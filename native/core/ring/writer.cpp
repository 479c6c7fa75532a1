#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>

#include "lock/process-identity.hpp"
#include "ring/doorbell.hpp"
#include "ring/ring.hpp"

namespace qd {

using namespace ring;

namespace {

bool has_living_reader(const Header& header) noexcept {
  for (const auto& reader : header.readers) {
    if (process_runs(reader.owner.load())) return true;
  }
  return false;
}

IoError io_error(int number, const std::string& path) { return {error_name(number), number, path}; }

}  // namespace

bool RingWriter::create(const std::string& path, std::uint64_t capacity, std::uint32_t layout_hash,
                        IoError& error) {
  if (!std::has_single_bit(capacity) || capacity < MIN_CAPACITY || capacity > MAX_CAPACITY) {
    error = {"RING_CAPACITY", 0,
             "capacity must be a power of two 64..16777216, was " + std::to_string(capacity)};
    return false;
  }
  if (const int number = file_.open(path, File::Mode::OpenOrCreate); number != 0) {
    error = io_error(number, path);
    return false;
  }
  std::uint64_t size = 0;
  if (const int number = file_.size(size); number != 0) {
    error = io_error(number, path);
    return false;
  }
  if (const int number = file_.try_lock(); number != 0) {
    std::uint32_t pid = 0;
    if (size >= HEADER_BYTES && mapping_.open(file_, HEADER_BYTES) == 0) {
      pid = reinterpret_cast<const Header*>(mapping_.base())->writer_pid.load();
    }
    error = {"RING_HAS_WRITER", static_cast<int>(pid), path};
    return false;
  }
  mask_ = capacity - 1;
  shift_ = static_cast<unsigned>(std::countr_zero(capacity));
  bool known = size >= HEADER_BYTES;
  if (known) {
    if (const int number = mapping_.open(file_, static_cast<std::size_t>(size)); number != 0) {
      error = io_error(number, path);
      return false;
    }
    header_ = reinterpret_cast<Header*>(mapping_.base());
    known = header_->magic.load() == MAGIC && header_->version == VERSION;
  }
  if (known && header_->capacity == capacity && header_->slot_bytes == SLOT_BYTES &&
      header_->layout_hash == layout_hash && size == file_bytes(capacity) &&
      has_living_reader(*header_)) {
    slots_ = reinterpret_cast<Slot*>(mapping_.base() + HEADER_BYTES);
    return take_over();
  }
  if (known) {
    header_->epoch.store(RETIRED);
    wake_sleepers();
  }
  return replace(path, capacity, layout_hash, error);
}

// The old writer died between a store and the next: what is whole is kept, a half-written batch is
// wiped.
bool RingWriter::take_over() noexcept {
  head_ = header_->head.load(std::memory_order_acquire);
  claim_ = header_->claim.load(std::memory_order_acquire);
  while (head_ < claim_ && (slots_[head_ & mask_].words[0].load(std::memory_order_acquire) >> 32) ==
                               stamp_of(head_, shift_)) {
    ++head_;
  }
  for (std::uint64_t position = head_; position < claim_; ++position) {
    slots_[position & mask_].words[0].store(0, std::memory_order_relaxed);
  }
  header_->head.store(head_, std::memory_order_release);
  header_->epoch_start.store(head_, std::memory_order_release);
  header_->epoch.fetch_add(1, std::memory_order_seq_cst);
  header_->writer_pid.store(current_pid());
  wake_sleepers();
  return true;
}

bool RingWriter::replace(const std::string& path, std::uint64_t capacity, std::uint32_t layout_hash,
                         IoError& error) {
  mapping_.close();
  file_.close();
  std::remove(path.c_str());
  const std::size_t bytes = file_bytes(capacity);
  int number = file_.open(path, File::Mode::CreateNew);
  if (number == 0) number = file_.try_lock();
  if (number == 0) number = file_.allocate(bytes);
  if (number == 0) number = mapping_.open(file_, bytes);
  if (number != 0) {
    error = io_error(number, path);
    file_.close();
    return false;
  }
  std::memset(mapping_.base(), 0, bytes);
  header_ = new (mapping_.base()) Header{};
  slots_ = reinterpret_cast<Slot*>(mapping_.base() + HEADER_BYTES);
  header_->version = VERSION;
  header_->layout_hash = layout_hash;
  header_->capacity = capacity;
  header_->slot_bytes = SLOT_BYTES;
  header_->writer_pid.store(current_pid());
  header_->epoch.store(1);
  head_ = 0;
  claim_ = 0;
  header_->magic.store(MAGIC, std::memory_order_release);
  return true;
}

void RingWriter::publish(const std::uint8_t* records, std::uint64_t count) noexcept {
  const std::uint64_t limit = (mask_ + 1) / 4;
  while (count > 0) {
    const std::uint64_t part = count < limit ? count : limit;
    publish_part(records, part);
    records += part * SLOT_BYTES;
    count -= part;
  }
  // The store of the stamp must be seen before the sleepers are looked at, else a reader could
  // sleep over it.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (header_->sleepers.load(std::memory_order_relaxed) != 0) wake_sleepers();
}

void RingWriter::publish_part(const std::uint8_t* records, std::uint64_t count) noexcept {
  if (head_ + count > claim_) {
    claim_ = head_ + count + claim_chunk(mask_ + 1);
    header_->claim.store(claim_, std::memory_order_relaxed);
    // A reader that sees any word of what follows also sees the claim.
    std::atomic_thread_fence(std::memory_order_release);
  }
  const auto put = [&](std::uint64_t i) {
    std::uint64_t words[SLOT_WORDS];
    std::memcpy(words, records + i * SLOT_BYTES, SLOT_BYTES);
    Slot& slot = slots_[(head_ + i) & mask_];
    for (std::size_t word = 1; word < SLOT_WORDS; ++word)
      slot.words[word].store(words[word], std::memory_order_relaxed);
    const std::uint64_t stamp = stamp_of(head_ + i, shift_);
    slot.words[0].store((words[0] & 0xFFFFFFFFULL) | (stamp << 32), std::memory_order_release);
  };
  // The first slot last: whoever polls it finds the whole batch, and nobody pulls a line away while
  // it is written.
  for (std::uint64_t i = 1; i < count; ++i) put(i);
  put(0);
  head_ += count;
  header_->head.store(head_, std::memory_order_release);
}

void RingWriter::wake_sleepers() noexcept {
  std::uint64_t sleeping = header_->sleepers.exchange(0, std::memory_order_acq_rel);
  while (sleeping != 0) {
    const auto index = static_cast<std::size_t>(std::countr_zero(sleeping));
    sleeping &= sleeping - 1;
    auto& doorbell = header_->readers[index].doorbell;
    doorbell.fetch_add(1, std::memory_order_release);
    doorbell_wake(doorbell);
  }
}

}  // namespace qd
