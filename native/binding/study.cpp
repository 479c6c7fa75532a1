#include "study/study.hpp"

#include <memory>

#include "arrays.hpp"
#include "binding.hpp"

namespace qd::binding {

namespace {

constexpr std::size_t FIELDS = 6;

StudyBar bar_at(const double* row) { return {row[0], row[1], row[2], row[3], row[4], row[5]}; }

class StudyCore : public Napi::ObjectWrap<StudyCore> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports.Set("StudyCore", DefineClass(env, "StudyCore",
                                         {InstanceMethod<&StudyCore::outputs>("outputs"),
                                          InstanceMethod<&StudyCore::commit>("commit"),
                                          InstanceMethod<&StudyCore::peek>("peek")}));
  }

  explicit StudyCore(const Napi::CallbackInfo& info) : Napi::ObjectWrap<StudyCore>(info) {
    const std::uint32_t kind = info[0].As<Napi::Number>().Uint32Value();
    study_ = make_study(kind, view_of(info.Env(), info[1]).as<const double>());
    if (study_ == nullptr) throw Napi::TypeError::New(info.Env(), "no such study");
  }

 private:
  Napi::Value outputs(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(study_->outputs()));
  }

  Napi::Value commit(const Napi::CallbackInfo& info) {
    const auto bars = view_of(info.Env(), info[0]).as<const double>();
    const auto out = view_of(info.Env(), info[1]).as<double>();
    const std::size_t width = study_->outputs();
    for (std::size_t i = 0; (i + 1) * FIELDS <= bars.size() && (i + 1) * width <= out.size(); ++i)
      study_->commit(bar_at(&bars[i * FIELDS]), &out[i * width]);
    return info.Env().Undefined();
  }

  Napi::Value peek(const Napi::CallbackInfo& info) {
    const auto bars = view_of(info.Env(), info[0]).as<const double>();
    const auto out = view_of(info.Env(), info[1]).as<double>();
    if (bars.size() >= FIELDS && out.size() >= study_->outputs())
      study_->peek(bar_at(bars.data()), out.data());
    return info.Env().Undefined();
  }

  std::unique_ptr<Study> study_;
};

}  // namespace

void register_study(Napi::Env env, Napi::Object exports) { StudyCore::define(env, exports); }

}  // namespace qd::binding
