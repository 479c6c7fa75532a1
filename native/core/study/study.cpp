#include "study/study.hpp"

#include <iterator>
#include <utility>

#include "study/oscillators.hpp"
#include "study/overlays.hpp"

namespace qd {

namespace {

using namespace study;

// A rule counts bars in its own state; a copy of the state is what peeks.
template <typename Rule>
class Running final : public Study {
 public:
  explicit Running(Rule rule) : committed_(rule), peeked_(std::move(rule)) {
    static_assert(Rule::OUTPUTS <= MOST_OUTPUTS);
  }
  std::size_t outputs() const noexcept override { return Rule::OUTPUTS; }
  void commit(const StudyBar& bar, double* out) override { committed_.step(bar, out); }
  void peek(const StudyBar& bar, double* out) override {
    peeked_ = committed_;
    peeked_.step(bar, out);
  }

 private:
  Rule committed_;
  Rule peeked_;
};

template <typename Rule, typename... Parameters>
std::unique_ptr<Study> running(Parameters... parameters) {
  return std::make_unique<Running<Rule>>(Rule(parameters...));
}

constexpr std::size_t PARAMETERS[] = {1, 1, 1, 1, 2, 3, 1, 1, 3, 3, 1, 1, 1, 0, 1, 1, 1, 2, 3, 2};
constexpr double MOST_LENGTH = 500;

// A length as it is used; a number that is none is 1 and never reads outside.
std::size_t length_of(double value) {
  if (!(value >= 1)) return 1;
  return static_cast<std::size_t>(value < MOST_LENGTH ? value : MOST_LENGTH);
}

}  // namespace

std::unique_ptr<Study> make_study(std::uint32_t kind, std::span<const double> parameters) {
  if (kind >= std::size(PARAMETERS) || parameters.size() != PARAMETERS[kind]) return nullptr;
  const auto length = [&](std::size_t index) { return length_of(parameters[index]); };
  switch (kind) {
    case 0:
      return running<Sma>(length(0));
    case 1:
      return running<Ema>(length(0));
    case 2:
      return running<Wma>(length(0));
    case 3:
      return running<Vwap>(parameters[0]);
    case 4:
      return running<Bollinger>(length(0), parameters[1]);
    case 5:
      return running<Keltner>(length(0), length(1), parameters[2]);
    case 6:
      return running<Donchian>(length(0));
    case 7:
      return running<Rsi>(length(0));
    case 8:
      return running<Macd>(length(0), length(1), length(2));
    case 9:
      return running<Stochastic>(length(0), length(1), length(2));
    case 10:
      return running<Atr>(length(0));
    case 11:
      return running<Adx>(length(0));
    case 12:
      return running<Cci>(length(0));
    case 13:
      return running<Obv>();
    case 14:
      return running<Mfi>(length(0));
    case 15:
      return running<WilliamsR>(length(0));
    case 16:
      return running<Roc>(length(0));
    case 17:
      return running<ParabolicSar>(parameters[0], parameters[1]);
    case 18:
      return running<Ichimoku>(length(0), length(1), length(2));
    default:
      return running<SuperTrend>(length(0), parameters[1]);
  }
}

}  // namespace qd
