#include <cerrno>

#include "journal/journal.hpp"
#include "journal/scan.hpp"

namespace qd {

using namespace journal;

namespace {

constexpr std::size_t SPARE_BUFFERS = 64;

}  // namespace

// Keeps what was just written until it is known to be durable.
void Journal::remember(std::uint64_t sequence) {
  std::vector<std::uint8_t> bytes;
  if (!spare_.empty()) {
    bytes = std::move(spare_.back());
    spare_.pop_back();
  }
  bytes.assign(staged_.begin(), staged_.end());
  unsynced_total_ += bytes.size();
  unsynced_.push_back({sequence, std::move(bytes)});
}

void Journal::forget_durable() {
  const std::uint64_t durable = durable_sequence();
  while (!unsynced_.empty() && unsynced_.front().sequence <= durable) {
    unsynced_total_ -= unsynced_.front().bytes.size();
    if (spare_.size() < SPARE_BUFFERS) spare_.push_back(std::move(unsynced_.front().bytes));
    unsynced_.pop_front();
  }
  while (begun_.size() > 1 && begun_[1].first_sequence <= durable + 1) begun_.pop_front();
  while (!links_.empty() && links_.front().sequence <= durable) {
    durable_link_ = links_.front();
    links_.pop_front();
  }
}

Link Journal::durable_link() {
  forget_durable();
  return durable_link_;
}

// The hash of everything durable, computed again from what is on disk.
int Journal::chain_at_durable(Digest& chain) {
  const std::uint64_t durable = durable_sequence();
  const Begin& begin = begun_.front();
  chain = begin.chain;
  if (begin.first_sequence == durable + 1) return 0;
  Scan scan;
  IoError error;
  if (!scan.open(folder_, error, begin.number)) return error.os_error == 0 ? EIO : error.os_error;
  Record record;
  while (scan.last_sequence() < durable) {
    if (!scan.next(record)) return scan.read_error() == 0 ? EIO : scan.read_error();
  }
  chain = scan.chain();
  return scan.damages().empty() ? 0 : EIO;
}

// Fills a segment with everything that is not durable; its header comes last.
int Journal::write_again(File& file, std::uint64_t number, const Digest& chain) {
  const std::uint64_t durable = durable_sequence();
  chain_.restart(chain, durable);
  tag_ = tag_of(session_, number);
  begin_staging();
  for (const Unsynced& written : unsynced_) {
    for (std::size_t at = 0; at < written.bytes.size();) {
      const std::uint8_t* record = written.bytes.data() + at;
      RecordHeader header;
      std::memcpy(&header, record, sizeof header);
      at += record_bytes(header.length);
      if (header.kind == CHAIN_KIND) continue;
      stage(header.sequence, header.kind, header.schema, header.ts_init, record + sizeof header,
            header.length);
    }
  }
  int error = 0;
  if (!staged_.empty()) {
    error = write_bytes(file, staged_.data(), staged_.size(), sizeof(SegmentHeader));
  }
  supersede_ = true;
  return error == 0 ? write_header(file, number, durable + 1) : error;
}

int Journal::revive() {
  if (!open_) return EBADF;
  if (dead() == 0) return 0;
  {
    const std::lock_guard guard(mutex_);
    sync_ended_ = true;
    wake_sync_.notify_one();
  }
  if (sync_thread_.joinable()) sync_thread_.join();
  std::unique_lock lock(mutex_);
  allocated_.wait(lock, [&] { return !allocating_; });
  forget_durable();
  const std::uint64_t number = number_ + 1;
  const std::string path = folder_ + "/" + segment_name(number);
  // Under a name no reader looks at until it is whole.
  const std::string fresh = path + ".new";
  remove_file(fresh);
  Digest chain;
  int error = chain_at_durable(chain);
  const auto file = next_ ? std::move(next_) : std::make_shared<File>();
  if (error == 0)
    error = file->is_open() ? rename_file(path, fresh) : create_segment(fresh, number, *file);
  next_.reset();
  if (error == 0) error = write_again(*file, number, chain);
  if (error == 0) error = rename_file(fresh, path);
  next_wanted_ = true;
  wake_allocate_.notify_one();
  if (error != 0) {
    file->close();
    remove_file(fresh);
    remove_file(path);
    os_error_.store(error, std::memory_order_release);
    return error;
  }
  const std::uint64_t durable = durable_sequence();
  give_up_behind(durable);
  chain_.restart(chain, durable);
  segment_begun(number, durable + 1);
  offset_ += staged_.size();
  if (staged_chain_.link != chain_.link) {
    links_.push_back({staged_chain_.link_sequence, staged_chain_.link});
  }
  chain_ = staged_chain_;
  current_ = file;
  retired_.clear();
  folder_changed_ = true;
  sync_ended_ = false;
  dead_.store(0, std::memory_order_release);
  sync_thread_ = std::thread([this] { run_sync(); });
  return 0;
}

// Forgets what stood behind the durable end, and gives back the room of segments that held nothing
// else.
void Journal::give_up_behind(std::uint64_t durable) {
  for (const Begin& begin : begun_) {
    if (begin.first_sequence <= durable) continue;
    File file;
    const std::string path = folder_ + "/" + segment_name(begin.number);
    if (file.open(path, File::Mode::ReadWrite) == 0) file.truncate(sizeof(SegmentHeader));
  }
  std::erase_if(begun_, [&](const Begin& one) { return one.first_sequence > durable; });
  links_.clear();
}

}  // namespace qd
