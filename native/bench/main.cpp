// Runs the workloads whose name contains the first argument (all without one) and prints one line
// of JSON for each.
#include <algorithm>
#include <cstdio>
#include <cstring>

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

bool measure(const Entry& entry) {
  const Workload workload = entry.prepare();
  workload.run();
  workload.runBaseline();
  bool agreed = workload.check();
  Samples own;
  Samples base;
  for (int repeat = 0; repeat < kRepeats; repeat += 1) {
    append(own, workload.run());
    append(base, workload.runBaseline());
    agreed = workload.check() && agreed;
  }
  const double average = mean(own);
  std::sort(own.begin(), own.end());
  std::sort(base.begin(), base.end());
  const double p50 = quantile(own, 0.5);
  const double basis = quantile(base, 0.5);
  std::printf(
      "{\"name\":\"%s\",\"unit\":\"%s\",\"p50\":%.2f,\"p99\":%.2f,\"p999\":%.2f,\"perSecond\":%.0f,"
      "\"repeats\":%d,"
      "\"inputHash\":\"%016llx\",\"agreed\":%s,\"baseline\":{\"name\":\"%s\",\"p50\":%.2f},"
      "\"ratio\":%.3f}\n",
      entry.name, workload.unit.c_str(), p50, quantile(own, 0.99), quantile(own, 0.999),
      1e9 / average, kRepeats, static_cast<unsigned long long>(workload.inputHash),
      agreed ? "true" : "false", workload.baseline.c_str(), basis, p50 / basis);
  std::fflush(stdout);
  return agreed;
}

}  // namespace

int main(int count, char** arguments) {
  bool agreed = true;
  bool any = false;
  for (const Entry& entry : entries()) {
    if (count > 1 && std::strstr(entry.name, arguments[1]) == nullptr) continue;
    any = true;
    agreed = measure(entry) && agreed;
  }
  if (!any)
    std::fprintf(stderr, "no workload has '%s' in its name\n", count > 1 ? arguments[1] : "");
  return any && agreed ? 0 : 1;
}
