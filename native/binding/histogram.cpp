#include "histogram/histogram.hpp"

#include <memory>

#include "binding.hpp"

namespace qd::binding {

namespace {

class HistogramCore : public Napi::ObjectWrap<HistogramCore> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports.Set("HistogramCore",
                DefineClass(env, "HistogramCore",
                            {InstanceMethod<&HistogramCore::record>("record"),
                             InstanceMethod<&HistogramCore::record_all>("recordAll"),
                             InstanceMethod<&HistogramCore::merge>("merge"),
                             InstanceMethod<&HistogramCore::percentiles>("percentiles"),
                             InstanceMethod<&HistogramCore::reset>("reset")}));
  }

  explicit HistogramCore(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<HistogramCore>(info), histogram_(std::make_unique<Histogram>()) {}

 private:
  Napi::Value record(const Napi::CallbackInfo& info) {
    histogram_->record(info[0].As<Napi::Number>().Int64Value());
    return info.Env().Undefined();
  }

  Napi::Value record_all(const Napi::CallbackInfo& info) {
    const std::int64_t* values = info[0].As<Napi::BigInt64Array>().Data();
    const std::uint32_t count = info[1].As<Napi::Number>().Uint32Value();
    for (std::uint32_t i = 0; i < count; ++i) histogram_->record(values[i]);
    return info.Env().Undefined();
  }

  Napi::Value merge(const Napi::CallbackInfo& info) {
    histogram_->merge(*Unwrap(info[0].As<Napi::Object>())->histogram_);
    return info.Env().Undefined();
  }

  // Replaces each percent in the array by its value; the second argument gets count, min, max,
  // mean.
  Napi::Value percentiles(const Napi::CallbackInfo& info) {
    auto percents = info[0].As<Napi::Float64Array>();
    for (std::size_t i = 0; i < percents.ElementLength(); ++i) {
      percents[i] = static_cast<double>(histogram_->percentile(percents[i]));
    }
    double* totals = info[1].As<Napi::Float64Array>().Data();
    totals[0] = static_cast<double>(histogram_->count());
    totals[1] = static_cast<double>(histogram_->min());
    totals[2] = static_cast<double>(histogram_->max());
    totals[3] = histogram_->mean();
    return info.Env().Undefined();
  }

  Napi::Value reset(const Napi::CallbackInfo& info) {
    histogram_->reset();
    return info.Env().Undefined();
  }

  std::unique_ptr<Histogram> histogram_;
};

}  // namespace

void register_histogram(Napi::Env env, Napi::Object exports) {
  HistogramCore::define(env, exports);
}

}  // namespace qd::binding
