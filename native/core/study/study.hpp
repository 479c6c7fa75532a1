#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace qd {

// One bar as studies see it: its opening in seconds since the epoch, prices and volume in any unit.
struct StudyBar {
  double time;
  double open;
  double high;
  double low;
  double close;
  double volume;
};

// An indicator over bars, oldest first. A value that is not defined yet is NaN.
class Study {
 public:
  static constexpr std::size_t MOST_OUTPUTS = 5;

  virtual ~Study() = default;
  virtual std::size_t outputs() const noexcept = 0;
  // Counts a bar and writes its values.
  virtual void commit(const StudyBar& bar, double* out) = 0;
  // Writes what `commit` would, and counts nothing: for the bar that is being built.
  virtual void peek(const StudyBar& bar, double* out) = 0;
};

// The study of this number (the order of `STUDY_KINDS` in app/engine/domain/study.ts); nothing for
// a number or parameters that are none. Lengths are 1 to 500.
std::unique_ptr<Study> make_study(std::uint32_t kind, std::span<const double> parameters);

}  // namespace qd
