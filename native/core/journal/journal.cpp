#include "journal/journal.hpp"

#include <cerrno>
#include <chrono>
#include <utility>

namespace qd {

using namespace journal;

namespace {

// Counts down to the call that a plan makes fail.
bool falls_on(std::uint64_t& counter) noexcept { return counter > 0 && --counter == 0; }

}  // namespace

void Journal::on_change(std::function<void()> changed) {
  const std::lock_guard guard(mutex_);
  changed_ = std::move(changed);
}

void Journal::changed() {
  const std::lock_guard guard(mutex_);
  if (changed_) changed_();
}

int Journal::write_bytes(File& file, const std::uint8_t* bytes, std::size_t size,
                         std::uint64_t offset) {
  FaultPlan& plan = options_.faults;
  if (falls_on(plan.fail_write_at)) {
    if (plan.writes_stay_broken || --plan.write_failures > 0) plan.fail_write_at = 1;
    const std::size_t part = plan.short_bytes < size ? plan.short_bytes : size;
    if (part > 0) file.write_at(bytes, part, offset);
    if (plan.write_error != 0) return plan.write_error;
    // A short write without an error is carried on.
    return file.write_at(bytes + part, size - part, offset + part);
  }
  return file.write_at(bytes, size, offset);
}

int Journal::create_segment(const std::string& path, std::uint64_t number, File& file) {
  int error = file.open(path, File::Mode::CreateNew);
  if (error != 0) return error;
  error = file.allocate(options_.segment_bytes);
  if (error == 0) error = write_header(file, number, 0);
  if (error == 0) error = file.sync_data();
  if (error == 0) error = sync_folder(folder_);
  if (error != 0) {
    file.close();
    remove_file(path);
  }
  return error;
}

// The header of a segment that goes on from `chain_`; one that is only allocated has no first
// sequence.
int Journal::write_header(File& file, std::uint64_t number, std::uint64_t first_sequence) {
  SegmentHeader header{};
  header.magic = MAGIC;
  header.version = VERSION;
  header.number = number;
  header.first_sequence = first_sequence;
  header.segment_bytes = options_.segment_bytes;
  header.session = session_;
  if (first_sequence > 0) {
    header.chain = chain_.next();
    header.durable_end = durable_sequence() + 1;
    header.supersedes = supersede_ ? 1 : 0;
  }
  header.crc = header_crc(header);
  return file.write_at(&header, sizeof header, 0);
}

void Journal::segment_begun(std::uint64_t number, std::uint64_t first_sequence) {
  supersede_ = false;
  number_ = number;
  tag_ = tag_of(session_, number);
  offset_ = sizeof(SegmentHeader);
  chain_.restart(chain_.next(), first_sequence - 1);
  begun_.push_back({number, first_sequence, chain_.link});
  links_.push_back({first_sequence - 1, chain_.link});
}

// Goes on in the next segment; false when there is none.
bool Journal::roll() {
  std::unique_lock lock(mutex_);
  if (!next_) {
    next_wanted_ = true;
    wake_allocate_.notify_one();
    // Being slow is waited for; a disk that is known to be full is not.
    const std::uint64_t tries = allocations_;
    if (!starved()) allocated_.wait(lock, [&] { return next_ || allocations_ > tries; });
    if (!next_) return false;
  }
  const std::uint64_t first = last_sequence() + 1;
  if (const int error = write_header(*next_, number_ + 1, first); error != 0) {
    os_error_ = error;
    return false;
  }
  segment_begun(number_ + 1, first);
  retired_.push_back(std::move(current_));
  current_ = std::move(next_);
  next_wanted_ = true;
  wake_allocate_.notify_one();
  return true;
}

void Journal::begin_staging() {
  staged_.clear();
  staged_chain_ = chain_;
}

void Journal::stage(std::uint64_t sequence, std::uint16_t kind, std::uint16_t schema,
                    std::int64_t ts_init, const std::uint8_t* payload, std::uint32_t length) {
  const std::size_t at = staged_.size();
  const std::size_t size = record_bytes(length);
  staged_.resize(at + size);
  std::uint8_t* record = staged_.data() + at;
  RecordHeader header{length, 0, sequence, schema, kind, tag_, ts_init};
  std::memcpy(record, &header, sizeof header);
  if (length > 0) std::memcpy(record + sizeof header, payload, length);
  std::memset(record + sizeof header + length, 0, size - sizeof header - length);
  header.crc = record_crc(record, length);
  std::memcpy(record + 4, &header.crc, sizeof header.crc);
  if (kind == CHAIN_KIND) return;
  staged_chain_.add(record, size, sequence);
  if (staged_chain_.bytes + CHAIN_RECORD_BYTES >= options_.block_bytes) stage_chain(sequence);
}

void Journal::stage_chain(std::uint64_t sequence) {
  const ChainPayload payload{staged_chain_.next(), staged_chain_.first_sequence,
                             staged_chain_.bytes, durable_sequence() + 1};
  stage(sequence, CHAIN_KIND, 1, 0, reinterpret_cast<const std::uint8_t*>(&payload),
        sizeof payload);
  staged_chain_.restart(payload.chain, sequence);
}

std::int64_t Journal::die(Fault fault, int number) {
  os_error_.store(number, std::memory_order_release);
  std::int64_t alive = 0;
  dead_.compare_exchange_strong(alive, fault);
  changed();
  return dead();
}

std::int64_t Journal::write_staged(std::uint64_t sequence) {
  if (const int error = write_bytes(*current_, staged_.data(), staged_.size(), offset_);
      error != 0) {
    // Part of it may stand: wiped, so that no later record can make a refused one reachable.
    staged_.assign(staged_.size(), 0);
    const int wiped = write_bytes(*current_, staged_.data(), staged_.size(), offset_);
    if (wiped != 0) return die(WRITE_BROKEN, error);
    os_error_.store(error, std::memory_order_release);
    return WRITE_FAILED;
  }
  offset_ += staged_.size();
  if (chain_.link != staged_chain_.link)
    links_.push_back({staged_chain_.link_sequence, staged_chain_.link});
  chain_ = staged_chain_;
  remember(sequence);
  appended_.store(sequence, std::memory_order_seq_cst);
  if (sync_idle_.load(std::memory_order_seq_cst)) {
    const std::lock_guard guard(mutex_);
    wake_sync_.notify_one();
  }
  return static_cast<std::int64_t>(sequence);
}

std::int64_t Journal::append(std::uint16_t kind, std::uint16_t schema, std::int64_t ts_init,
                             const std::uint8_t* payload, std::uint32_t length) {
  return append_batch({1, &kind, &schema, &ts_init, &length, payload});
}

std::int64_t Journal::append_batch(const JournalBatch& batch) {
  if (!open_) return CLOSED;
  if (const std::int64_t fault = dead(); fault != 0) return fault;
  const std::uint64_t room = options_.segment_bytes - sizeof(SegmentHeader) - CHAIN_RECORD_BYTES;
  for (std::size_t i = 0; i < batch.count; ++i) {
    if (batch.lengths[i] > MAX_PAYLOAD || record_bytes(batch.lengths[i]) > room) return TOO_LARGE;
    if (batch.kinds[i] == CHAIN_KIND) return KIND_RESERVED;
  }
  forget_durable();
  if (unsynced_total_ > options_.unsynced_bytes) return SYNC_BEHIND;
  std::uint64_t sequence = last_sequence();
  const std::uint8_t* payload = batch.payloads;
  begin_staging();
  for (std::size_t i = 0; i < batch.count; ++i) {
    const std::size_t needed = record_bytes(batch.lengths[i]) + CHAIN_RECORD_BYTES;
    if (offset_ + staged_.size() + needed > options_.segment_bytes) {
      if (!staged_.empty()) {
        if (const std::int64_t done = write_staged(sequence); done < 0) return done;
      }
      if (!roll()) return NO_SEGMENT;
      begin_staging();
    }
    stage(++sequence, batch.kinds[i], batch.schemas[i], batch.ts_init[i], payload,
          batch.lengths[i]);
    payload += batch.lengths[i];
  }
  return staged_.empty() ? static_cast<std::int64_t>(sequence) : write_staged(sequence);
}

void Journal::request_sync() {
  const std::lock_guard guard(mutex_);
  sync_now_ = true;
  wake_sync_.notify_one();
}

void Journal::run_sync() {
  std::vector<std::shared_ptr<File>> files;
  for (;;) {
    std::uint64_t target = 0;
    bool folder_changed = false;
    {
      std::unique_lock lock(mutex_);
      sync_idle_.store(true, std::memory_order_seq_cst);
      wake_sync_.wait(lock, [&] {
        return stopping_ || sync_ended_ ||
               appended_.load(std::memory_order_seq_cst) > durable_.load(std::memory_order_relaxed);
      });
      sync_idle_.store(false, std::memory_order_seq_cst);
      if (dead() != 0 || appended_.load() == durable_.load()) return;
      // Everything up to `target` lies in these files.
      target = appended_.load(std::memory_order_acquire);
      files = std::move(retired_);
      retired_.clear();
      files.push_back(current_);
      folder_changed = std::exchange(folder_changed_, false);
      sync_now_ = false;
    }
    int error = folder_changed ? sync_folder(folder_) : 0;
    int failing_with = 0;
    if (falls_on(options_.faults.fail_sync_at)) {
      failing_with = options_.faults.sync_error;
      if (--options_.faults.sync_failures > 0) options_.faults.fail_sync_at = 1;
    }
    for (const auto& file : files) {
      if (error == 0) error = file->sync_data(failing_with);
    }
    files.clear();
    if (error != 0) {
      // A later success would prove nothing: the pages in question are marked clean already.
      die(SYNC_FAILED, error);
      return;
    }
    durable_.store(target, std::memory_order_release);
    changed();
    std::unique_lock lock(mutex_);
    wake_sync_.wait_for(lock, std::chrono::milliseconds(options_.group_ms),
                        [&] { return stopping_ || sync_ended_ || sync_now_; });
  }
}

void Journal::run_allocate() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto called = [&] { return stopping_ || next_wanted_; };
    // While the disk is full it is tried again now and then without being asked.
    if (starved())
      wake_allocate_.wait_for(lock, std::chrono::seconds(1), called);
    else
      wake_allocate_.wait(lock, called);
    if (stopping_) return;
    next_wanted_ = false;
    if (next_) continue;
    const std::uint64_t number = number_ + 1;
    allocating_ = true;
    auto file = std::make_shared<File>();
    lock.unlock();
    FaultPlan& plan = options_.faults;
    int error = 0;
    if (falls_on(plan.fail_allocate_at)) {
      error = plan.allocate_error;
      if (--plan.allocate_failures > 0) plan.fail_allocate_at = 1;
    } else {
      error = create_segment(folder_ + "/" + segment_name(number), number, *file);
    }
    lock.lock();
    allocating_ = false;
    ++allocations_;
    if (error == 0)
      next_ = std::move(file);
    else
      os_error_.store(error, std::memory_order_release);
    const bool was = starved_.exchange(error != 0, std::memory_order_acq_rel);
    allocated_.notify_all();
    if (was != (error != 0) && changed_) changed_();
  }
}

// Closes the last block, which then says that all before it is durable, and gives the rest of the
// segment back.
int Journal::end_segment() {
  begin_staging();
  stage_chain(last_sequence());
  if (write_bytes(*current_, staged_.data(), staged_.size(), offset_) == 0) {
    offset_ += staged_.size();
  }
  const int error = current_->truncate(offset_);
  return error == 0 ? current_->sync_data() : error;
}

int Journal::close() {
  if (!open_) return 0;
  open_ = false;
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
    wake_sync_.notify_one();
    wake_allocate_.notify_one();
  }
  if (sync_thread_.joinable()) sync_thread_.join();
  allocate_thread_.join();
  changed_ = nullptr;
  if (next_) {
    next_.reset();
    remove_file(folder_ + "/" + segment_name(number_ + 1));
  }
  const int error = dead() == 0 ? end_segment() : 0;
  current_.reset();
  retired_.clear();
  lock_.close();
  return dead() == 0 ? error : os_error();
}

}  // namespace qd
