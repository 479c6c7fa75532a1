#include "study/study.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "check.hpp"

namespace {

constexpr std::uint32_t KINDS = 20;

std::vector<double> standard_parameters(std::uint32_t kind) {
  switch (kind) {
    case 3:
      return {1};
    case 4:
      return {20, 2};
    case 5:
      return {20, 10, 2};
    case 8:
      return {12, 26, 9};
    case 9:
      return {14, 3, 3};
    case 13:
      return {};
    case 17:
      return {0.02, 0.2};
    case 18:
      return {9, 26, 52};
    case 19:
      return {10, 3};
    default:
      return {14};
  }
}

std::vector<qd::StudyBar> walk(std::uint64_t seed, std::size_t count) {
  qd::test::Random random(seed);
  std::vector<qd::StudyBar> bars;
  double price = 30'000;
  for (std::size_t i = 0; i < count; ++i) {
    const double open = price;
    price += static_cast<double>(random.below(81)) - 40;
    const double high = std::max(open, price) + static_cast<double>(random.below(20));
    const double low = std::min(open, price) - static_cast<double>(random.below(20));
    const double volume = random.below(9) == 0 ? 0 : static_cast<double>(random.below(1000));
    bars.push_back({static_cast<double>(i) * 900, open, high, low, price, volume});
  }
  return bars;
}

}  // namespace

TEST(studies_write_each_output_of_each_bar_and_peek_what_they_commit) {
  for (std::uint32_t kind = 0; kind < KINDS; ++kind) {
    const auto study = qd::make_study(kind, standard_parameters(kind));
    REQUIRE(study != nullptr);
    REQUIRE(study->outputs() >= 1 && study->outputs() <= qd::Study::MOST_OUTPUTS);
    bool defined = false;
    for (const qd::StudyBar& bar : walk(kind + 1, 300)) {
      std::vector<double> peeked(study->outputs(), -7.5);
      std::vector<double> counted(study->outputs(), -7.5);
      study->peek(bar, peeked.data());
      study->commit(bar, counted.data());
      for (std::size_t i = 0; i < counted.size(); ++i) {
        CHECK(std::isnan(counted[i]) ? std::isnan(peeked[i]) : counted[i] == peeked[i]);
        CHECK(counted[i] != -7.5);
        CHECK(!std::isinf(counted[i]));
        defined = defined || !std::isnan(counted[i]);
      }
    }
    CHECK(defined);
  }
}

TEST(studies_take_what_is_no_length_as_the_nearest_one) {
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  for (const double length : {0.0, -3.0, nothing, 1e300}) {
    const auto study = qd::make_study(0, std::vector<double>{length});
    REQUIRE(study != nullptr);
    double out = 0;
    for (const qd::StudyBar& bar : walk(3, 600)) study->commit(bar, &out);
    CHECK(!std::isnan(out));
  }
}

TEST(studies_that_are_none_are_not_made) {
  CHECK(qd::make_study(KINDS, {}) == nullptr);
  CHECK(qd::make_study(0, {}) == nullptr);
  CHECK(qd::make_study(13, std::vector<double>{1}) == nullptr);
}
