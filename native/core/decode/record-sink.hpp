#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/status.hpp"
#include "market/record.hpp"

namespace qd {

// Where records go. `next` moves only when a message was decoded whole.
struct RecordSink {
  MarketRecord* next;
  MarketRecord* end;
  std::size_t room() const noexcept { return static_cast<std::size_t>(end - next); }
};

// Records of one message, written behind `sink.next` but kept only by `keep`. The first failure
// stays, and from then on nothing is written.
class MessageRecords {
 public:
  explicit MessageRecords(RecordSink& sink) noexcept : sink_(sink), next_(sink.next) {}

  std::int32_t failure() const noexcept { return failure_; }
  void fail(std::int32_t status) noexcept {
    if (failure_ == 0) failure_ = status;
  }
  // A place for the next record; nullptr after a failure, or when there is no room.
  MarketRecord* add() noexcept {
    if (failure_ == 0 && next_ == sink_.end) failure_ = OUT_FULL;
    return failure_ == 0 ? next_++ : nullptr;
  }
  // Behind the last record.
  MarketRecord* end() const noexcept { return next_; }
  // Marks the last record of an event.
  void close_event() noexcept {
    if (failure_ == 0 && next_ != sink_.next) next_[-1].flags |= FLAG_LAST;
  }
  // The kind of the first record, UNKNOWN_EVENT when there is none, or the failure.
  std::int32_t keep() noexcept {
    if (failure_ != 0) return failure_;
    if (next_ == sink_.next) return UNKNOWN_EVENT;
    const std::int32_t kind = sink_.next->kind;
    sink_.next = next_;
    return kind;
  }

 private:
  RecordSink& sink_;
  MarketRecord* next_;
  std::int32_t failure_ = 0;
};

}  // namespace qd
