#include <cerrno>
#include <cstdlib>
#include <map>
#include <mutex>

#include "journal-writing.hpp"

using namespace qd;
using namespace qd::test;

namespace {

constexpr std::size_t SECTOR = 512;

// A disk that loses what was not synced: it hears every change of the file layer and makes folders
// as a loss of power may leave them, with unsynced writes kept, dropped or kept in part, and
// unsynced names kept or dropped, each by itself.
class LossyDisk : public FileTrace {
 public:
  LossyDisk() { trace_files(this); }
  ~LossyDisk() override { trace_files(nullptr); }

  // What stands in `folder` is durable.
  void adopt(const std::string& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const std::string path = entry.path().string();
      File file;
      file.ops.push_back({Kind::Write, true, false, 0, contents(path), 0});
      names_[path] = add(std::move(file));
    }
    durable_names_ = names_;
  }

  void created(const std::string& path) override {
    const std::lock_guard guard(mutex_);
    opened_[path] = add({});
    name({Change::Create, path, "", opened_[path]});
  }
  void renamed(const std::string& from, const std::string& to) override {
    const std::lock_guard guard(mutex_);
    name({Change::Rename, from, to, 0});
  }
  void removed(const std::string& path) override {
    const std::lock_guard guard(mutex_);
    name({Change::Remove, path, "", 0});
  }
  void folder_synced(const std::string&) override {
    const std::lock_guard guard(mutex_);
    durable_names_ = names_;
    changes_.clear();
  }
  void resized(const std::string& path, std::uint64_t bytes) override {
    const std::lock_guard guard(mutex_);
    of(path).ops.push_back({Kind::Resize, false, false, bytes, {}, ++clock_});
  }
  void written(const std::string& path, const void* data, std::size_t size,
               std::uint64_t offset) override {
    const std::lock_guard guard(mutex_);
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    of(path).ops.push_back({Kind::Write, false, false, offset, {bytes, bytes + size}, ++clock_});
  }
  void sync_begun(const std::string& path) override {
    const std::lock_guard guard(mutex_);
    of(path).sync_begun = ++clock_;
  }
  void synced(const std::string& path) override {
    const std::lock_guard guard(mutex_);
    File& file = of(path);
    for (Op& op : file.ops) op.durable = op.durable || (!op.lost && op.at < file.sync_begun);
  }
  // What was not durable never will be, whatever a later sync says.
  void sync_failed(const std::string& path) override {
    const std::lock_guard guard(mutex_);
    for (Op& op : of(path).ops) op.lost = op.lost || !op.durable;
  }

  // Writes into `folder` what a loss of power now may leave.
  void lose_power(const std::string& folder, Random& random) {
    const std::lock_guard guard(mutex_);
    std::map<std::string, std::size_t> names = durable_names_;
    for (const NameChange& change : changes_) {
      if (random.below(2) == 0) carry_out(change, names);
    }
    for (const auto& [path, id] : names) {
      replace(folder + "/" + std::filesystem::path(path).filename().string(),
              image(files_[id], random));
    }
  }

 private:
  enum class Kind { Write, Resize };
  struct Op {
    Kind kind;
    bool durable;
    bool lost;
    std::uint64_t offset;
    std::vector<std::uint8_t> bytes;
    std::uint64_t at;
  };
  struct File {
    std::vector<Op> ops;
    std::uint64_t sync_begun = 0;
  };
  enum class Change { Create, Rename, Remove };
  struct NameChange {
    Change change;
    std::string path;
    std::string to;
    std::size_t id;
  };

  std::size_t add(File file) {
    files_.push_back(std::move(file));
    return files_.size() - 1;
  }
  // An open file keeps the path it was opened by.
  File& of(const std::string& path) {
    const auto opened = opened_.find(path);
    return files_.at(opened == opened_.end() ? names_.at(path) : opened->second);
  }
  void name(const NameChange& change) {
    carry_out(change, names_);
    changes_.push_back(change);
  }
  static void carry_out(const NameChange& change, std::map<std::string, std::size_t>& names) {
    if (change.change == Change::Create) names[change.path] = change.id;
    if (change.change == Change::Remove) names.erase(change.path);
    const auto from = names.find(change.path);
    if (change.change != Change::Rename || from == names.end()) return;
    names[change.to] = from->second;
    names.erase(change.path);
  }
  static std::vector<std::uint8_t> image(const File& file, Random& random) {
    std::vector<std::uint8_t> bytes;
    for (const Op& op : file.ops) {
      const std::uint64_t fate = op.durable ? 0 : random.below(3);
      if (fate == 1) continue;
      if (op.kind == Kind::Resize) {
        bytes.resize(op.offset);
        continue;
      }
      if (bytes.size() < op.offset + op.bytes.size()) bytes.resize(op.offset + op.bytes.size());
      for (std::size_t i = 0; i < op.bytes.size();) {
        const std::size_t at = op.offset + i;
        const std::size_t part = std::min(SECTOR - at % SECTOR, op.bytes.size() - i);
        if (fate == 0 || random.below(2) == 0)
          std::copy_n(op.bytes.begin() + static_cast<std::ptrdiff_t>(i), part,
                      bytes.begin() + static_cast<std::ptrdiff_t>(at));
        i += part;
      }
    }
    return bytes;
  }

  std::mutex mutex_;
  std::uint64_t clock_ = 0;
  std::vector<File> files_;
  std::map<std::string, std::size_t> names_;
  std::map<std::string, std::size_t> durable_names_;
  std::map<std::string, std::size_t> opened_;
  std::vector<NameChange> changes_;
};

JournalOptions random_options(Random& random) {
  JournalOptions options;
  options.segment_bytes = 4096 + 4096 * random.below(3);
  options.block_bytes = 512 + 512 * random.below(3);
  options.group_ms = 0;
  if (random.below(2) == 0) {
    options.faults.fail_sync_at = 1 + random.below(12);
    options.faults.sync_error = EIO;
    options.faults.sync_failures = 1 + random.below(2);
  }
  return options;
}

struct Losses {
  std::uint64_t images = 0;
  std::uint64_t deaths = 0;
  std::uint64_t lost = 0;
};

// One life after the other in what the loss of power before left; power fails at a random moment.
void live_and_lose_power(std::uint64_t seed, int lives, Losses& losses) {
  Random random(seed);
  auto folder = std::make_unique<TemporaryFolder>();
  std::uint64_t must_stand = 0;
  for (int life = 0; life < lives; ++life) {
    auto next = std::make_unique<TemporaryFolder>();
    LossyDisk disk;
    disk.adopt(folder->path());
    {
      Journal journal;
      const auto recovery = opened(journal, folder->path(), random_options(random));
      REQUIRE(recovery.last_sequence >= must_stand);
      must_stand = recovery.last_sequence;
      for (std::uint64_t steps = random.below(120); steps > 0; --steps) {
        if (append_next(journal) > 0 && random.below(4) == 0) journal.request_sync();
        if (journal.dead() != 0) {
          ++losses.deaths;
          while (journal.revive() != 0) {
          }
        }
        must_stand = std::max(must_stand, journal.durable_sequence());
      }
      losses.lost += journal.last_sequence() - must_stand;
      disk.lose_power(next->path(), random);
      ++losses.images;
    }
    folder = std::move(next);
  }
  trace_files(nullptr);
  {
    Journal journal;
    REQUIRE(opened(journal, folder->path(), small_options()).last_sequence >= must_stand);
    REQUIRE(append_next(journal) > 0);
  }
  const Reading reading = read_all(folder->path());
  CHECK_EQ(reading.wrong, 0U);
  CHECK(reading.damages.empty());
  CHECK(reading.records > must_stand);
}

}  // namespace

TEST(journal_keeps_what_was_durable_whatever_a_loss_of_power_drops) {
  Losses losses;
  const char* wanted = std::getenv("QD_LONG");
  const std::uint64_t images = wanted != nullptr && std::string(wanted) == "1" ? 10'000 : 600;
  std::uint64_t seed = 20'240'808;
  for (; losses.images < images; ++seed) {
    try {
      live_and_lose_power(seed, 5, losses);
    } catch (const std::exception& error) {
      fail("power loss", static_cast<int>(seed), std::string(error.what()));
      return;
    }
    if (failures_of_current() > 0) {
      std::cout << "failed with seed " << seed << "\n";
      return;
    }
  }
  std::cout << "reached " << losses.images << " losses of power, " << losses.deaths
            << " failed syncs, " << losses.lost << " records in doubt, seed 20240808\n";
  CHECK(losses.deaths > 0);
  CHECK(losses.lost > 0);
}
