// A journal whose records, header and rest are overwritten as the input says: the reader must end,
// hand out nothing that was not appended, and opening must give a journal that reads clean.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "journal/journal.hpp"
#include "journal/scan.hpp"

namespace {

using namespace qd;

constexpr int RECORDS = 40;

std::vector<std::uint8_t> payload_of(std::uint64_t sequence) {
  return std::vector<std::uint8_t>(sequence * 7 % 60, static_cast<std::uint8_t>(sequence));
}

JournalOptions options() {
  JournalOptions options;
  options.segment_bytes = 4096;
  options.block_bytes = 512;
  return options;
}

void overwrite(const std::string& path, const std::vector<std::uint8_t>& bytes) {
  File file;
  file.open(path, File::Mode::OpenOrCreate);
  file.truncate(0);
  file.write_at(bytes.data(), bytes.size(), 0);
}

std::vector<std::uint8_t> original(const std::string& folder) {
  Journal journal;
  JournalRecovery recovery;
  IoError error;
  if (!journal.open(folder, options(), recovery, error)) std::abort();
  for (int i = 1; i <= RECORDS; ++i) {
    const auto payload = payload_of(static_cast<std::uint64_t>(i));
    journal.append(1, 1, i, payload.data(), static_cast<std::uint32_t>(payload.size()));
  }
  journal.close();
  File file;
  std::uint64_t size = 0;
  file.open(folder + "/" + journal::segment_name(1), File::Mode::Read);
  file.size(size);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  std::size_t done = 0;
  file.read_at(bytes.data(), bytes.size(), 0, done);
  return bytes;
}

void check_reading(const std::string& folder) {
  journal::Scan scan;
  journal::Record record;
  IoError error;
  if (!scan.open(folder, error)) return;
  while (scan.next(record)) {
    const auto expected = payload_of(record.sequence);
    if (record.sequence == 0 || record.sequence > RECORDS || record.length != expected.size() ||
        std::memcmp(record.payload, expected.data(), expected.size()) != 0) {
      std::abort();
    }
  }
}

}  // namespace

extern "C" int qd_fuzz_one(const std::uint8_t* data, std::size_t size) {
  static const std::string folder = [] {
    std::string name = (std::filesystem::temp_directory_path() / "qd-fuzz-journal-").string() +
                       std::to_string(reinterpret_cast<std::uintptr_t>(&payload_of));
    std::filesystem::create_directories(name);
    return name;
  }();
  static const std::vector<std::uint8_t> good =
      (std::filesystem::remove_all(folder), std::filesystem::create_directories(folder),
       original(folder));
  std::vector<std::uint8_t> bytes = good;
  // Each four bytes of input: where, and what is put there; one kind of them cuts.
  for (std::size_t i = 0; i + 4 <= size; i += 4) {
    const std::size_t at = (data[i] | (std::size_t{data[i + 1]} << 8)) % bytes.size();
    if (data[i + 2] == 255 && at > 0)
      bytes.resize(at);
    else
      bytes[at] = data[i + 3];
  }
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  overwrite(folder + "/" + journal::segment_name(1), bytes);
  check_reading(folder);
  Journal journal;
  JournalRecovery recovery;
  IoError error;
  if (!journal.open(folder, options(), recovery, error)) return 0;
  journal.close();
  check_reading(folder);
  journal::Scan scan;
  journal::Record record;
  if (!scan.open(folder, error)) std::abort();
  while (scan.next(record)) {
  }
  if (!scan.damages().empty() || scan.records() != recovery.records) std::abort();
  return 0;
}
