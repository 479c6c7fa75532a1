#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "check.hpp"
#include "journal/journal.hpp"
#include "journal/scan.hpp"
#include "temporary-folder.hpp"

// Journals whose every record follows from its sequence, so that an invented one shows.
namespace qd::test {

using journal::Record;
using journal::Scan;

inline JournalOptions small_options() {
  JournalOptions options;
  options.segment_bytes = 16 * 1024;
  options.block_bytes = 1024;
  return options;
}

// Payload, kind, schema and time follow from the sequence.
inline std::vector<std::uint8_t> payload_of(std::uint64_t sequence) {
  Random random(sequence);
  std::vector<std::uint8_t> bytes(random.below(120));
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  return bytes;
}

inline std::int64_t time_of(std::uint64_t sequence) {
  return static_cast<std::int64_t>(sequence * 1'000'003) - 7;
}

inline bool is_right(const Record& record) {
  const auto payload = payload_of(record.sequence);
  return record.kind == record.sequence % 100 && record.schema == record.sequence % 7 &&
         record.ts_init == time_of(record.sequence) && record.length == payload.size() &&
         std::equal(payload.begin(), payload.end(), record.payload);
}

inline std::int64_t append_next(Journal& journal) {
  const std::uint64_t sequence = journal.last_sequence() + 1;
  const auto payload = payload_of(sequence);
  return journal.append(static_cast<std::uint16_t>(sequence % 100),
                        static_cast<std::uint16_t>(sequence % 7), time_of(sequence), payload.data(),
                        static_cast<std::uint32_t>(payload.size()));
}

// Appends and syncs until the journal dies; one that lives on is given up after a while.
inline void append_until_dead(Journal& journal) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (journal.dead() == 0 && std::chrono::steady_clock::now() < end) {
    if (append_next(journal) > 0) journal.request_sync();
  }
}

inline JournalRecovery opened(Journal& journal, const std::string& folder,
                              const JournalOptions& options) {
  JournalRecovery recovery;
  IoError error;
  if (!journal.open(folder, options, recovery, error))
    throw Stopped(error.code + " " + error.detail);
  return recovery;
}

struct Reading {
  std::uint64_t records = 0;
  std::uint64_t wrong = 0;
  std::vector<journal::Damage> damages;
  std::uint64_t torn = 0;
  Digest chain{};
};

inline Reading read_all(const std::string& folder) {
  Reading reading;
  Scan scan;
  IoError error;
  if (!scan.open(folder, error)) throw Stopped(error.code);
  Record record;
  while (scan.next(record)) {
    ++reading.records;
    if (!is_right(record)) ++reading.wrong;
  }
  reading.damages = scan.damages();
  reading.torn = scan.torn_bytes();
  reading.chain = scan.chain();
  return reading;
}

inline std::vector<std::uint8_t> contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void replace(const std::string& path, const std::vector<std::uint8_t>& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
}

inline void write_journal(const std::string& folder, std::uint64_t records) {
  Journal journal;
  opened(journal, folder, small_options());
  for (std::uint64_t i = 0; i < records; ++i) REQUIRE(append_next(journal) > 0);
  REQUIRE(journal.close() == 0);
}

}  // namespace qd::test
