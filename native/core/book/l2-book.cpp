#include "book/l2-book.hpp"

namespace qd {

std::size_t L2Book::apply(std::span<const MarketRecord> records) {
  std::size_t applied = 0;
  for (const MarketRecord& record : records) {
    switch (static_cast<RecordKind>(record.kind)) {
      case RecordKind::BidLevel:
        bids_.set(record.price, record.quantity);
        ++applied;
        end_level(record);
        break;
      case RecordKind::AskLevel:
        asks_.set(record.price, record.quantity);
        ++applied;
        end_level(record);
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
  if (flow_) flow_->forget();
}

void L2Book::watch_flow(bool on) {
  if (on)
    flow_.emplace();
  else
    flow_.reset();
}

void L2Book::end_level(const MarketRecord& record) {
  if (--levels_to_come_ == 0 && depth_ != 0) {
    bids_.truncate(depth_);
    asks_.truncate(depth_);
  }
  if (!flow_ || (record.flags & FLAG_LAST) == 0) return;
  if (bids_.size() > 0 && asks_.size() > 0)
    flow_->on_touch(record.ts_init, bids_.best(), asks_.best());
  else
    flow_->forget();
}

bool L2Book::crossed() const noexcept {
  return bids_.size() > 0 && asks_.size() > 0 && bids_.best().price >= asks_.best().price;
}

void L2Book::top(TopColumns& out) const noexcept {
  out.bids = bids_.top(out.depth, out.bid_prices, out.bid_quantities);
  out.asks = asks_.top(out.depth, out.ask_prices, out.ask_quantities);
}

}  // namespace qd
