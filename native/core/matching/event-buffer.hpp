#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "matching/types.hpp"

namespace qd::matching {

// Events in order. `next` gives the place of another one with whatever stood there: the caller
// writes every field, once.
class EventBuffer {
 public:
  EventBuffer() : events_(1024) {}

  Event& next() {
    if (count_ == events_.size()) events_.resize(count_ * 2);
    return events_[count_++];
  }

  std::span<const Event> all() const noexcept { return {events_.data(), count_}; }
  void clear() noexcept { count_ = 0; }

 private:
  std::vector<Event> events_;
  std::size_t count_ = 0;
};

}  // namespace qd::matching
