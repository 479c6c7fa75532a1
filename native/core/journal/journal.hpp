#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "file/file.hpp"
#include "journal/format.hpp"

namespace qd {

namespace journal {
class Scan;
struct Tear;
}  // namespace journal

struct JournalOptions {
  std::uint64_t segment_bytes = 64ULL << 20;
  std::size_t block_bytes = journal::BLOCK_BYTES;
  // How long the syncing thread gathers records before it syncs again.
  int group_ms = 2;
  // Appends wait no longer for a slow sync than this many bytes behind it.
  std::size_t unsynced_bytes = 64U << 20;
  // Opening checks from this segment on; 0 checks all.
  std::uint64_t from_segment = 0;
  // Opening cuts what stands behind this record as if it were torn.
  std::uint64_t keep_until = ~std::uint64_t{0};
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
    SYNC_FAILED = -2,   // dead until revived: what was written since the last sync is in doubt
    WRITE_FAILED = -3,  // nothing of this record stands; a later append may succeed
    NO_SEGMENT = -4,    // the next segment could not be allocated; tried again with each append
    TOO_LARGE = -5,
    WRITE_BROKEN = -6,  // dead until revived: a failed write could not be wiped
    KIND_RESERVED = -7,
    SYNC_BEHIND = -8,  // more waits to be synced than may; a later append may succeed
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

  // After SYNC_FAILED or WRITE_BROKEN: goes on in a new segment that holds again everything that
  // was never known to be durable; the old file is not written again. 0, or the system's number:
  // still dead, to be tried later.
  int revive();

  // Asks for a sync now instead of at the end of the gathering time.
  void request_sync();
  std::uint64_t last_sequence() const noexcept { return appended_.load(std::memory_order_relaxed); }
  std::uint64_t durable_sequence() const noexcept {
    return durable_.load(std::memory_order_acquire);
  }
  // The segment that is being written.
  std::uint64_t segment() const noexcept { return number_; }
  // The last end of a block that is durable.
  journal::Link durable_link();
  // 0 or the Fault of which this journal is dead.
  std::int64_t dead() const noexcept { return dead_.load(std::memory_order_acquire); }
  // The system's number of the last failed write, sync or allocation.
  int os_error() const noexcept { return os_error_.load(std::memory_order_acquire); }
  // Whether the last try to allocate the next segment failed.
  bool starved() const noexcept { return starved_.load(std::memory_order_acquire); }
  // Syncs what is left and ends the threads; 0 or the system's number.
  int close();

 private:
  int end_segment();
  bool recover(const std::string& folder, JournalRecovery& recovery, IoError& error);
  int create_segment(const std::string& path, std::uint64_t number, File& file);
  int write_header(File& file, std::uint64_t number, std::uint64_t first_sequence);
  void segment_begun(std::uint64_t number, std::uint64_t first_sequence);
  bool cut_tear(const journal::Scan& scan, const journal::Tear& tear, JournalRecovery& recovery,
                IoError& error);
  int set_aside(const std::string& path, JournalRecovery& recovery);
  int keep(const journal::Scan& scan, std::size_t kept, std::uint64_t bytes);
  int rewrite(const std::string& path, std::uint64_t bytes);
  void remember(std::uint64_t sequence);
  void forget_durable();
  int chain_at_durable(Digest& chain);
  int write_again(File& file, std::uint64_t number, const Digest& chain);
  void give_up_behind(std::uint64_t durable);
  bool roll();
  std::int64_t write_staged(std::uint64_t sequence);
  void stage(std::uint64_t sequence, std::uint16_t kind, std::uint16_t schema, std::int64_t ts_init,
             const std::uint8_t* payload, std::uint32_t length);
  void stage_chain(std::uint64_t sequence);
  void begin_staging();
  int write_bytes(File& file, const std::uint8_t* bytes, std::size_t size, std::uint64_t offset);
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

  // A write that is not known to be durable.
  struct Unsynced {
    std::uint64_t sequence;  // of its last record
    std::vector<std::uint8_t> bytes;
  };
  // Where a segment begins.
  struct Begin {
    std::uint64_t number;
    std::uint64_t first_sequence;
    Digest chain;
  };
  std::deque<Unsynced> unsynced_;
  std::size_t unsynced_total_ = 0;
  std::vector<std::vector<std::uint8_t>> spare_;
  // From the segment that holds the durable end on.
  std::deque<Begin> begun_;
  std::deque<journal::Link> links_;
  journal::Link durable_link_;
  // The next header supersedes: it stands behind a segment whose tail was given up.
  bool supersede_ = false;

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
  bool allocating_ = false;
  bool sync_now_ = false;
  bool stopping_ = false;
  bool sync_ended_ = false;
  // A new name in the folder that is not durable yet.
  bool folder_changed_ = false;
  std::function<void()> changed_;
  std::thread sync_thread_;
  std::thread allocate_thread_;
};

}  // namespace qd
