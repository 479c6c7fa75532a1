// Runs the named workloads (all without a name) and prints one line of JSON for each. A name also
// means every workload it is the beginning of: "ring" is "ring-ping-pong" and "ring-batched".
#include <algorithm>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include "bench.hpp"

namespace {

using namespace qd::bench;

constexpr int kRepeats = 7;

double quantile(const Samples& sorted, double fraction) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(fraction * last + 0.5)];
}

double mean(const Samples& samples) {
  double sum = 0;
  for (const double sample : samples) sum += sample;
  return sum / static_cast<double>(samples.size());
}

void append(Samples& all, const Samples& more) { all.insert(all.end(), more.begin(), more.end()); }

bool means(std::string_view asked, std::string_view name) {
  return name.starts_with(asked) && (name.size() == asked.size() || name[asked.size()] == '-');
}

double median(Samples samples) {
  std::sort(samples.begin(), samples.end());
  return quantile(samples, 0.5);
}

bool measure(const Entry& entry) {
  const Workload workload = entry.prepare();
  workload.run();
  workload.runBaseline();
  bool agreed = workload.check();
  Samples own;
  Samples base;
  // The medians of each repeat and of its baseline: how far repeats lie apart, and the ratio.
  std::string medians;
  for (int repeat = 0; repeat < kRepeats; repeat += 1) {
    const Samples ours = workload.run();
    const Samples theirs = workload.runBaseline();
    agreed = workload.check() && agreed;
    char pair[64];
    std::snprintf(pair, sizeof pair, "%s[%.4f,%.4f]", repeat == 0 ? "" : ",", median(ours),
                  median(theirs));
    medians += pair;
    append(own, ours);
    append(base, theirs);
  }
  const double average = mean(own);
  std::sort(own.begin(), own.end());
  std::sort(base.begin(), base.end());
  std::printf(
      "{\"name\":\"%s\",\"unit\":\"%s\",\"p50\":%.4f,\"p99\":%.4f,\"p999\":%.4f,\"mean\":%.4f,"
      "\"medians\":[%s],\"inputHash\":\"%016llx\",\"agreed\":%s,"
      "\"baseline\":{\"name\":\"%s\",\"p50\":%.4f}}\n",
      entry.name, workload.unit.c_str(), quantile(own, 0.5), quantile(own, 0.99),
      quantile(own, 0.999), average, medians.c_str(),
      static_cast<unsigned long long>(workload.inputHash), agreed ? "true" : "false",
      workload.baseline.c_str(), quantile(base, 0.5));
  std::fflush(stdout);
  return agreed;
}

}  // namespace

int main(int count, char** arguments) {
  const std::span asked(arguments + 1, static_cast<std::size_t>(count - 1));
  bool agreed = true;
  bool any = false;
  for (const Entry& entry : entries()) {
    const auto named = [&](const char* name) { return means(name, entry.name); };
    if (!asked.empty() && std::none_of(asked.begin(), asked.end(), named)) continue;
    any = true;
    agreed = measure(entry) && agreed;
  }
  if (!any) std::fprintf(stderr, "no workload has one of these names\n");
  return any && agreed ? 0 : 1;
}
