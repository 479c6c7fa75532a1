// The journal: records of 64 bytes in batches of 256 with group sync running, and single appends
// that survive the death of the process; the baselines write the same bytes to a plain file with
// neither checksum nor chain.
#include <array>
#include <filesystem>
#include <memory>

#include "bench.hpp"
#include "journal/journal.hpp"

namespace {

using namespace qd::bench;

constexpr std::size_t kPayload = 64;
constexpr std::size_t kBatch = 256;
constexpr int kBatches = 4000;
constexpr int kSingles = 100'000;
constexpr std::size_t kRecord = 96;

struct Target {
  std::string folder;
  qd::Journal journal;
  qd::File plain;
  std::uint64_t appended = 0;
  explicit Target(const char* name)
      : folder((std::filesystem::temp_directory_path() / name).string()) {
    std::filesystem::remove_all(folder);
    qd::JournalRecovery recovery;
    qd::IoError error;
    if (!journal.open(folder, {}, recovery, error)) std::abort();
    if (plain.open(folder + "/plain", qd::File::Mode::CreateNew) != 0) std::abort();
    plain.allocate(kRecord * kBatch * kBatches);
  }
  ~Target() {
    journal.close();
    std::filesystem::remove_all(folder);
  }
};

Samples append_batches(Target& target) {
  const std::vector<std::uint16_t> codes(kBatch, 1);
  const std::vector<std::int64_t> times(kBatch, 1'700'000'000'000'000'000);
  const std::vector<std::uint32_t> lengths(kBatch, kPayload);
  const std::vector<std::uint8_t> payloads(kBatch * kPayload, 7);
  Samples samples;
  for (int i = 0; i < kBatches; ++i) {
    const double start = nanoseconds();
    if (target.journal.append_batch({kBatch, codes.data(), codes.data(), times.data(),
                                     lengths.data(), payloads.data()}) < 0)
      std::abort();
    samples.push_back((nanoseconds() - start) / kBatch);
  }
  target.appended += kBatch * kBatches;
  return samples;
}

Samples append_singles(Target& target) {
  const std::array<std::uint8_t, kPayload> payload{};
  Samples samples;
  for (int i = 0; i < kSingles; ++i) {
    const double start = nanoseconds();
    if (target.journal.append(1, 1, i, payload.data(), kPayload) < 0) std::abort();
    samples.push_back(nanoseconds() - start);
  }
  target.appended += kSingles;
  return samples;
}

Samples write_plain(Target& target, std::size_t size, int times) {
  const std::vector<std::uint8_t> bytes(size, 7);
  Samples samples;
  for (int i = 0; i < times; ++i) {
    const double start = nanoseconds();
    target.plain.write_at(bytes.data(), size, static_cast<std::uint64_t>(i) * size);
    samples.push_back((nanoseconds() - start) / static_cast<double>(size / kRecord));
  }
  return samples;
}

bool all_there(const Target& target) {
  return target.journal.last_sequence() == target.appended && target.journal.dead() == 0;
}

}  // namespace

BENCH(journal_batch, "journal-batch") {
  auto target = std::make_shared<Target>("qd-bench-journal-batch");
  return {"ns/record",
          "plain write",
          kBatch,
          [=] { return append_batches(*target); },
          [=] { return write_plain(*target, kRecord * kBatch, kBatches); },
          [=] { return all_there(*target); }};
}

BENCH(journal_append, "journal-append") {
  auto target = std::make_shared<Target>("qd-bench-journal-append");
  return {"ns/append",
          "plain write",
          kPayload,
          [=] { return append_singles(*target); },
          [=] { return write_plain(*target, kRecord, kSingles); },
          [=] { return all_there(*target); }};
}
