#include "book/l2-book.hpp"

namespace qd {

std::size_t L2Book::apply(std::span<const MarketRecord> records) {
  std::size_t applied = 0;
  for (const MarketRecord& record : records) {
    switch (static_cast<RecordKind>(record.kind)) {
      case RecordKind::BidLevel:
        bids_.set(record.price, record.quantity);
        ++applied;
        end_level();
        break;
      case RecordKind::AskLevel:
        asks_.set(record.price, record.quantity);
        ++applied;
        end_level();
        break;
      case RecordKind::SnapshotHeader:
        clear();
        [[fallthrough]];
      case RecordKind::DiffHeader:
        last_update_id_ = record.id;
        depth_ = static_cast<std::size_t>(record.quantity2);
        levels_to_come_ = record.quantity;
        break;
      default:
        break;
    }
  }
  return applied;
}

void L2Book::clear() noexcept {
  bids_.clear();
  asks_.clear();
  last_update_id_ = 0;
}

void L2Book::end_level() {
  if (--levels_to_come_ != 0 || depth_ == 0) return;
  bids_.truncate(depth_);
  asks_.truncate(depth_);
}

bool L2Book::crossed() const noexcept {
  return bids_.size() > 0 && asks_.size() > 0 && bids_.best().price >= asks_.best().price;
}

void L2Book::top(TopColumns& out) const noexcept {
  out.bids = bids_.top(out.depth, out.bid_prices, out.bid_quantities);
  out.asks = asks_.top(out.depth, out.ask_prices, out.ask_quantities);
}

}  // namespace qd
