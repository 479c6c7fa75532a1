#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "file/file.hpp"
#include "journal/format.hpp"

namespace qd {

struct JournalOptions {
  std::uint64_t segment_bytes = 64ULL << 20;
  std::size_t block_bytes = journal::BLOCK_BYTES;
  // How long the syncing thread gathers records before it syncs again.
  int group_ms = 2;
  FaultPlan faults;
};

// What opening found in an existing journal.
struct JournalRecovery {
  std::uint64_t last_sequence = 0;
  std::uint64_t records = 0;
  std::uint64_t cut_bytes = 0;    // behind the last good record, kept in `quarantine`
  std::uint64_t cut_records = 0;  // whole records among them, unreachable behind a broken one
  std::string quarantine;
};

// Records to append, as columns over one run of payload bytes.
struct JournalBatch {
  std::size_t count;
  const std::uint16_t* kinds;
  const std::uint16_t* schemas;
  const std::int64_t* ts_init;
  const std::uint32_t* lengths;
  const std::uint8_t* payloads;
};

// The appending end of a journal; of one thread. Two threads of its own sync in groups and allocate
// ahead.
class Journal {
 public:
  // What `append` returns instead of a sequence.
  enum Fault : std::int64_t {
    CLOSED = -1,
    SYNC_FAILED = -2,   // the journal is dead: what was written since the last sync is in doubt
    WRITE_FAILED = -3,  // nothing of this record stands; a later append may succeed
    NO_SEGMENT = -4,    // the next segment could not be allocated; tried again with each append
    TOO_LARGE = -5,
    WRITE_BROKEN = -6,  // the journal is dead: a failed write could not be wiped
    KIND_RESERVED = -7,
  };

  ~Journal() { close(); }
  // Codes: JOURNAL_OPTIONS, JOURNAL_IN_USE, JOURNAL_DAMAGED (detail: file, offset, reason), or the
  // system's.
  bool open(const std::string& folder, const JournalOptions& options, JournalRecovery& recovery,
            IoError& error);
  // `changed` runs on a thread of the journal whenever durability or a fault changed.
  void on_change(std::function<void()> changed);

  // One positional write; the sequence, or a Fault.
  std::int64_t append(std::uint16_t kind, std::uint16_t schema, std::int64_t ts_init,
                      const std::uint8_t* payload, std::uint32_t length);
  // As few writes as segments; the last sequence, or a Fault: then `last_sequence` says what
  // stands.
  std::int64_t append_batch(const JournalBatch& batch);

  // Asks for a sync now instead of at the end of the gathering time.
  void request_sync();
  std::uint64_t last_sequence() const noexcept { return appended_.load(std::memory_order_relaxed); }
  std::uint64_t durable_sequence() const noexcept {
    return durable_.load(std::memory_order_acquire);
  }
  // 0 or the Fault that ended this journal for good.
  std::int64_t dead() const noexcept { return dead_.load(std::memory_order_acquire); }
  // The system's number of the last failed write, sync or allocation.
  int os_error() const noexcept { return os_error_.load(std::memory_order_acquire); }
  // Whether the last try to allocate the next segment failed.
  bool starved() const noexcept { return starved_.load(std::memory_order_acquire); }
  // Syncs what is left and ends the threads; 0 or the system's number.
  int close();

 private:
  bool recover(const std::string& folder, JournalRecovery& recovery, IoError& error);
  int create_segment(std::uint64_t number, File& file);
  int begin_segment(File& file, std::uint64_t number, std::uint64_t first_sequence);
  bool roll();
  std::int64_t write_staged(std::uint64_t sequence);
  void stage(std::uint64_t sequence, std::uint16_t kind, std::uint16_t schema, std::int64_t ts_init,
             const std::uint8_t* payload, std::uint32_t length);
  void stage_chain(std::uint64_t sequence);
  void begin_staging();
  int write_bytes(const std::uint8_t* bytes, std::size_t size, std::uint64_t offset);
  std::int64_t die(Fault fault, int number);
  void run_sync();
  void run_allocate();
  void changed();

  std::string folder_;
  JournalOptions options_;
  std::array<std::uint8_t, 16> session_{};
  File lock_;
  // Shared with the syncing thread, which may be at it while this one goes on to the next.
  std::shared_ptr<File> current_;
  std::uint64_t number_ = 0;
  std::uint32_t tag_ = 0;
  std::uint64_t offset_ = 0;
  journal::Chain chain_;
  // What the next write holds, and the chain as it will be after it.
  std::vector<std::uint8_t> staged_;
  journal::Chain staged_chain_;
  bool open_ = false;

  std::atomic<std::uint64_t> appended_{0};
  std::atomic<std::uint64_t> durable_{0};
  std::atomic<std::int64_t> dead_{0};
  std::atomic<int> os_error_{0};
  std::atomic<bool> starved_{false};
  std::atomic<bool> sync_idle_{false};

  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_sync_;
  std::condition_variable wake_allocate_;
  std::condition_variable allocated_;
  std::vector<std::shared_ptr<File>> retired_;
  std::shared_ptr<File> next_;
  std::uint64_t allocations_ = 0;  // tries so far
  bool next_wanted_ = false;
  bool sync_now_ = false;
  bool stopping_ = false;
  std::function<void()> changed_;
  std::thread sync_thread_;
  std::thread allocate_thread_;
};

}  // namespace qd
