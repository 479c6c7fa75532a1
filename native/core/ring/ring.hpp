#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include "file/file.hpp"
#include "ring/layout.hpp"
#include "ring/mapping.hpp"

namespace qd {

// The writing end of a ring of 64-byte records in a mapped file (mode 0600); one per ring, held by
// a file lock. Bytes 4..7 of a slot belong to the ring: they must be 0 in a published record and
// readers get them as 0.
class RingWriter {
 public:
  // Creates the ring or takes it over: when the file has this shape and living readers, they go on
  // with a new epoch. Codes: RING_CAPACITY, RING_HAS_WRITER (os_error = its pid), or the operating
  // system's.
  bool create(const std::string& path, std::uint64_t capacity, std::uint32_t layout_hash,
              IoError& error);

  // Publishes `count` records; each part of at most a quarter of the capacity becomes visible as a
  // whole.
  void publish(const std::uint8_t* records, std::uint64_t count) noexcept;

  std::uint64_t head() const noexcept { return head_; }
  std::uint64_t epoch() const noexcept { return header_->epoch.load(std::memory_order_relaxed); }

 private:
  bool take_over() noexcept;
  bool replace(const std::string& path, std::uint64_t capacity, std::uint32_t layout_hash,
               IoError& error);
  void publish_part(const std::uint8_t* records, std::uint64_t count) noexcept;
  void wake_sleepers() noexcept;

  File file_;
  Mapping mapping_;
  ring::Header* header_ = nullptr;
  ring::Slot* slots_ = nullptr;
  std::uint64_t mask_ = 0;
  unsigned shift_ = 0;
  std::uint64_t head_ = 0;
  std::uint64_t claim_ = 0;
};

// What one `read` brought.
struct RingRead {
  std::uint64_t count = 0;  // records copied out
  std::uint64_t lost = 0;   // records overwritten before this reader came
  bool restarted = false;   // the writer was restarted just before these records
  bool retired = false;     // the file was replaced: open it again
};

// A reading end: its own position, its own sleep. `read` belongs to one thread; `wait` may run on
// another.
class RingReader {
 public:
  ~RingReader() { close(); }
  // `from_oldest` starts at the oldest record still there, else at the next one published.
  // Codes: RING_NOT_A_RING, RING_VERSION, RING_LAYOUT, RING_READERS_FULL, or the operating
  // system's.
  bool open(const std::string& path, std::uint32_t layout_hash, bool from_oldest, IoError& error);
  RingRead read(std::uint8_t* into, std::uint64_t max_records) noexcept;
  // Whether `read` has something to tell.
  bool readable() const noexcept;
  // Sleeps until readable, `wake` or `timeout_ms`.
  void wait(int timeout_ms) noexcept;
  void wake() noexcept;
  void close() noexcept;

  std::uint64_t position() const noexcept { return position_.load(std::memory_order_relaxed); }
  std::uint64_t capacity() const noexcept { return mask_ + 1; }

 private:
  bool register_reader() noexcept;

  File file_;
  Mapping mapping_;
  ring::Header* header_ = nullptr;
  ring::Slot* slots_ = nullptr;
  std::size_t index_ = 0;
  std::uint64_t mask_ = 0;
  unsigned shift_ = 0;
  std::atomic<std::uint64_t> position_{0};
  std::atomic<std::uint64_t> epoch_{0};
  std::atomic<bool> retired_told_{false};
};

// A thread that sleeps for a reader and calls `ring` when there is something to read; after that it
// waits for `rearm`.
class RingWaiter {
 public:
  RingWaiter(RingReader& reader, std::function<void()> ring);
  ~RingWaiter() { stop(); }
  void rearm() noexcept;
  void stop() noexcept;

 private:
  void run() noexcept;

  RingReader& reader_;
  std::function<void()> ring_;
  std::atomic<bool> armed_{true};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace qd
