#include "histogram/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "check.hpp"

TEST(histogram_percentiles_are_within_a_thousandth_of_the_sorted_values) {
  qd::test::Random random(4);
  const auto first = std::make_unique<qd::Histogram>();
  const auto second = std::make_unique<qd::Histogram>();
  std::vector<std::uint64_t> values;
  for (int i = 0; i < 50'000; ++i) {
    values.push_back(random.next() >> (22 + random.below(41)));
    (i % 3 == 0 ? *first : *second).record(static_cast<std::int64_t>(values.back()));
  }
  first->merge(*second);
  std::sort(values.begin(), values.end());
  CHECK_EQ(first->count(), values.size());
  CHECK_EQ(first->min(), values.front());
  CHECK_EQ(first->max(), values.back());
  for (const double percent : {0.0, 1.0, 25.0, 50.0, 90.0, 99.0, 99.9, 99.99, 100.0}) {
    const auto rank = std::max(1.0, std::ceil(percent / 100 * static_cast<double>(values.size())));
    const std::uint64_t exact = values[static_cast<std::size_t>(rank) - 1];
    const std::uint64_t shown = first->percentile(percent);
    CHECK(shown >= exact);
    CHECK(shown - exact <= exact / 1000);
  }
}

TEST(histogram_keeps_extremes_in_bounds) {
  const auto histogram = std::make_unique<qd::Histogram>();
  CHECK_EQ(histogram->percentile(50), 0U);
  histogram->record(-5);
  CHECK_EQ(histogram->percentile(100), 0U);
  histogram->record(INT64_MAX);
  CHECK_EQ(histogram->max(), qd::Histogram::LARGEST);
  CHECK_EQ(histogram->percentile(100), qd::Histogram::LARGEST);
  for (std::int64_t value = 0; value < 2048; ++value) {
    histogram->reset();
    histogram->record(value);
    CHECK_EQ(histogram->percentile(50), static_cast<std::uint64_t>(value));
  }
}
