#include <algorithm>
#include <bit>
#include <cstring>

#include "lock/process-identity.hpp"
#include "ring/doorbell.hpp"
#include "ring/ring.hpp"

namespace qd {

using namespace ring;

bool RingReader::open(const std::string& path, std::uint32_t layout_hash, bool from_oldest,
                      IoError& error) {
  close();
  std::uint64_t size = 0;
  int number = file_.open(path, File::Mode::ReadWrite);
  if (number == 0) number = file_.size(size);
  if (number == 0 && size < file_bytes(MIN_CAPACITY)) {
    error = {"RING_NOT_A_RING", 0, path + " has " + std::to_string(size) + " bytes"};
    file_.close();
    return false;
  }
  if (number == 0) number = mapping_.open(file_, static_cast<std::size_t>(size));
  if (number != 0) {
    error = {error_name(number), number, path};
    file_.close();
    return false;
  }
  header_ = reinterpret_cast<Header*>(mapping_.base());
  const auto refuse = [&](const char* code, const std::string& detail) {
    error = {code, 0, detail};
    header_ = nullptr;
    mapping_.close();
    file_.close();
    return false;
  };
  if (header_->magic.load(std::memory_order_acquire) != MAGIC)
    return refuse("RING_NOT_A_RING", path + ": no magic");
  if (header_->version != VERSION) {
    return refuse("RING_VERSION", "version must be 1, was " + std::to_string(header_->version));
  }
  const std::uint64_t capacity = header_->capacity;
  if (!std::has_single_bit(capacity) || capacity < MIN_CAPACITY || capacity > MAX_CAPACITY ||
      header_->slot_bytes != SLOT_BYTES || size != file_bytes(capacity)) {
    return refuse("RING_NOT_A_RING", path + ": capacity does not fit the file");
  }
  if (header_->layout_hash != layout_hash) {
    return refuse("RING_LAYOUT", "layout hash must be " + std::to_string(layout_hash) + ", was " +
                                     std::to_string(header_->layout_hash));
  }
  slots_ = reinterpret_cast<Slot*>(mapping_.base() + HEADER_BYTES);
  mask_ = capacity - 1;
  shift_ = static_cast<unsigned>(std::countr_zero(capacity));
  if (!register_reader()) return refuse("RING_READERS_FULL", path + ": 64 readers are registered");
  epoch_ = header_->epoch.load();
  retired_told_ = false;
  const std::uint64_t claim = header_->claim.load();
  position_ = header_->head.load();
  if (from_oldest)
    position_ = std::max(claim > capacity ? claim - capacity : 0, header_->epoch_start.load());
  return true;
}

bool RingReader::register_reader() noexcept {
  const std::uint64_t me = process_identity(current_pid());
  for (const bool reclaim : {false, true}) {
    for (std::size_t i = 0; i < MAX_READERS; ++i) {
      auto& owner = header_->readers[i].owner;
      std::uint64_t before = owner.load();
      if (before != 0 && (!reclaim || process_runs(before))) continue;
      if (owner.compare_exchange_strong(before, me)) {
        index_ = i;
        return true;
      }
    }
  }
  return false;
}

RingRead RingReader::read(std::uint8_t* into, std::uint64_t max_records) noexcept {
  RingRead result;
  std::uint64_t position = position_.load(std::memory_order_relaxed);
  const std::uint64_t capacity = mask_ + 1;
  const std::uint64_t epoch = header_->epoch.load(std::memory_order_acquire);
  std::uint64_t end = ~0ULL;
  if (epoch != epoch_.load(std::memory_order_relaxed)) {
    if (epoch == RETIRED) {
      result.retired = !retired_told_.exchange(true);
    } else {
      // What the old writer left is handed out first, so that the boundary is exact.
      end = header_->epoch_start.load(std::memory_order_acquire);
      if (position >= end) {
        epoch_.store(epoch, std::memory_order_relaxed);
        result.restarted = true;
        end = ~0ULL;
      }
    }
  }
  // Lapped: half a ring ahead of the writer gives room to catch up; all that is left out counts as
  // lost.
  const auto skip = [&](std::uint64_t claim) {
    const std::uint64_t head = header_->head.load(std::memory_order_acquire);
    const std::uint64_t resume =
        std::min(std::max(claim - capacity, head > capacity / 2 ? head - capacity / 2 : 0), end);
    result.lost += resume - position;
    position = resume;
  };
  const std::uint64_t before = header_->claim.load(std::memory_order_acquire);
  if (before > capacity && before - capacity > position) skip(before);
  const std::uint64_t limit = std::min(max_records, end - position);
  std::uint64_t count = 0;
  for (; count < limit; ++count) {
    const Slot& slot = slots_[(position + count) & mask_];
    const std::uint64_t first = slot.words[0].load(std::memory_order_acquire);
    if ((first >> 32) != stamp_of(position + count, shift_)) break;
    std::uint64_t words[SLOT_WORDS];
    words[0] = first & 0xFFFFFFFFULL;
    for (std::size_t word = 1; word < SLOT_WORDS; ++word)
      words[word] = slot.words[word].load(std::memory_order_relaxed);
    std::memcpy(into + count * SLOT_BYTES, words, SLOT_BYTES);
  }
  // The copy came before this look at the claim: a slot above claim - capacity was not touched
  // meanwhile.
  std::atomic_thread_fence(std::memory_order_acquire);
  const std::uint64_t after = header_->claim.load(std::memory_order_relaxed);
  if (after > capacity && after - capacity > position) {
    const std::uint64_t gone = std::min(after - capacity - position, count);
    std::memmove(into, into + gone * SLOT_BYTES, (count - gone) * SLOT_BYTES);
    result.lost += gone;
    position += gone;
    count -= gone;
    if (count == 0) skip(after);
  }
  result.count = count;
  position_.store(position + count, std::memory_order_relaxed);
  return result;
}

bool RingReader::readable() const noexcept {
  const std::uint64_t position = position_.load(std::memory_order_relaxed);
  const std::uint64_t first = slots_[position & mask_].words[0].load(std::memory_order_acquire);
  if ((first >> 32) == stamp_of(position, shift_)) return true;
  const std::uint64_t claim = header_->claim.load(std::memory_order_relaxed);
  if (claim > mask_ + 1 && claim - (mask_ + 1) > position) return true;
  const std::uint64_t epoch = header_->epoch.load(std::memory_order_acquire);
  if (epoch == RETIRED) return !retired_told_.load();
  return epoch != epoch_.load(std::memory_order_relaxed);
}

void RingReader::wait(int timeout_ms) noexcept {
  auto& slot = header_->readers[index_];
  const std::uint32_t seen = slot.doorbell.load(std::memory_order_acquire);
  const std::uint64_t bit = 1ULL << index_;
  header_->sleepers.fetch_or(bit, std::memory_order_seq_cst);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!readable()) doorbell_wait(slot.doorbell, seen, timeout_ms);
  header_->sleepers.fetch_and(~bit, std::memory_order_relaxed);
}

void RingReader::wake() noexcept {
  auto& doorbell = header_->readers[index_].doorbell;
  doorbell.fetch_add(1, std::memory_order_release);
  doorbell_wake(doorbell);
}

void RingReader::close() noexcept {
  if (header_ == nullptr) return;
  header_->readers[index_].owner.store(0, std::memory_order_release);
  header_ = nullptr;
  mapping_.close();
  file_.close();
}

RingWaiter::RingWaiter(RingReader& reader, std::function<void()> ring)
    : reader_(reader), ring_(std::move(ring)), thread_([this] { run(); }) {}

void RingWaiter::rearm() noexcept {
  armed_.store(true, std::memory_order_release);
  armed_.notify_one();
}

void RingWaiter::stop() noexcept {
  if (!thread_.joinable()) return;
  stopping_.store(true);
  rearm();
  reader_.wake();
  thread_.join();
}

void RingWaiter::run() noexcept {
  // A bounded sleep covers a writer that was killed between its store and its wake.
  constexpr int LONGEST_SLEEP_MS = 250;
  while (!stopping_.load()) {
    armed_.wait(false, std::memory_order_acquire);
    while (!stopping_.load() && !reader_.readable()) reader_.wait(LONGEST_SLEEP_MS);
    if (stopping_.load()) return;
    armed_.store(false, std::memory_order_release);
    ring_();
  }
}

}  // namespace qd
