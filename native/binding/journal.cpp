#include "journal/journal.hpp"

#include <memory>

#include "binding.hpp"
#include "io-error.hpp"
#include "journal/scan.hpp"
#include "notifier.hpp"

namespace qd::binding {

namespace {

Napi::Number number(Napi::Env env, std::uint64_t value) {
  return Napi::Number::New(env, static_cast<double>(value));
}

std::string hex(const Digest& digest) {
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

Napi::Object link_object(Napi::Env env, const journal::Link& link) {
  auto object = Napi::Object::New(env);
  object.Set("sequence", number(env, link.sequence));
  object.Set("chain", hex(link.chain));
  return object;
}

class JournalCore : public Napi::ObjectWrap<JournalCore> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports.Set("JournalCore",
                DefineClass(env, "JournalCore",
                            {InstanceMethod<&JournalCore::open>("open"),
                             InstanceMethod<&JournalCore::append>("append"),
                             InstanceMethod<&JournalCore::append_batch>("appendBatch"),
                             InstanceMethod<&JournalCore::revive>("revive"),
                             InstanceMethod<&JournalCore::durable_link>("durableLink"),
                             InstanceMethod<&JournalCore::sync>("sync"),
                             InstanceMethod<&JournalCore::listen>("listen"),
                             InstanceMethod<&JournalCore::status>("status"),
                             InstanceMethod<&JournalCore::close>("close")}));
  }

  explicit JournalCore(const Napi::CallbackInfo& info) : Napi::ObjectWrap<JournalCore>(info) {}
  ~JournalCore() override { stop(); }

 private:
  // folder, segment bytes, block bytes, group ms, first segment to check, faults: eleven numbers in
  // the order of FaultPlan, last record to keep (none: all).
  Napi::Value open(const Napi::CallbackInfo& info) {
    JournalOptions options;
    options.segment_bytes = static_cast<std::uint64_t>(info[1].ToNumber().Int64Value());
    options.block_bytes = info[2].ToNumber().Uint32Value();
    options.group_ms = info[3].ToNumber().Int32Value();
    options.from_segment = static_cast<std::uint64_t>(info[4].ToNumber().Int64Value());
    if (info[5].IsTypedArray()) {
      const double* plan = info[5].As<Napi::Float64Array>().Data();
      options.faults = {static_cast<std::uint64_t>(plan[0]), static_cast<int>(plan[1]),
                        static_cast<std::size_t>(plan[2]),   plan[3] != 0,
                        static_cast<std::uint64_t>(plan[4]), static_cast<std::uint64_t>(plan[5]),
                        static_cast<int>(plan[6]),           static_cast<std::uint64_t>(plan[7]),
                        static_cast<std::uint64_t>(plan[8]), static_cast<int>(plan[9]),
                        static_cast<std::uint64_t>(plan[10])};
    }
    if (info[6].IsNumber()) {
      options.keep_until = static_cast<std::uint64_t>(info[6].ToNumber().Int64Value());
    }
    journal_ = std::make_unique<Journal>();
    JournalRecovery recovery;
    IoError error;
    if (!journal_->open(info[0].As<Napi::String>(), options, recovery, error)) {
      journal_.reset();
      return to_object(info.Env(), error);
    }
    napi_add_env_cleanup_hook(env_ = info.Env(), &JournalCore::on_cleanup, this);
    hooked_ = true;
    auto found = Napi::Object::New(info.Env());
    found.Set("lastSequence", number(info.Env(), recovery.last_sequence));
    found.Set("records", number(info.Env(), recovery.records));
    found.Set("cutBytes", number(info.Env(), recovery.cut_bytes));
    found.Set("cutRecords", number(info.Env(), recovery.cut_records));
    found.Set("quarantine", recovery.quarantine);
    return found;
  }

  Napi::Value append(const Napi::CallbackInfo& info) {
    const auto payload = info[3].As<Napi::Uint8Array>();
    bool lossless = false;
    return Napi::Number::New(
        info.Env(), static_cast<double>(journal_->append(
                        static_cast<std::uint16_t>(info[0].As<Napi::Number>().Uint32Value()),
                        static_cast<std::uint16_t>(info[1].As<Napi::Number>().Uint32Value()),
                        info[2].As<Napi::BigInt>().Int64Value(&lossless), payload.Data(),
                        static_cast<std::uint32_t>(payload.ByteLength()))));
  }

  // count, kinds, schemas, times, lengths, payloads.
  Napi::Value append_batch(const Napi::CallbackInfo& info) {
    const JournalBatch batch{
        info[0].As<Napi::Number>().Uint32Value(), info[1].As<Napi::Uint16Array>().Data(),
        info[2].As<Napi::Uint16Array>().Data(),   info[3].As<Napi::BigInt64Array>().Data(),
        info[4].As<Napi::Uint32Array>().Data(),   info[5].As<Napi::Uint8Array>().Data()};
    return Napi::Number::New(info.Env(), static_cast<double>(journal_->append_batch(batch)));
  }

  Napi::Value sync(const Napi::CallbackInfo& info) {
    journal_->request_sync();
    return info.Env().Undefined();
  }

  Napi::Value revive(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), journal_->revive());
  }

  Napi::Value durable_link(const Napi::CallbackInfo& info) {
    return link_object(info.Env(), journal_->durable_link());
  }

  Napi::Value listen(const Napi::CallbackInfo& info) {
    journal_->on_change({});
    notifier_ = std::make_unique<Notifier>(info.Env(), info[0].As<Napi::Function>(), false, [] {});
    journal_->on_change([this] { notifier_->notify(); });
    return info.Env().Undefined();
  }

  // Writes last sequence, durable sequence, dead, starved, system's number, number of the segment.
  Napi::Value status(const Napi::CallbackInfo& info) {
    double* into = info[0].As<Napi::Float64Array>().Data();
    into[0] = static_cast<double>(journal_->last_sequence());
    into[1] = static_cast<double>(journal_->durable_sequence());
    into[2] = static_cast<double>(journal_->dead());
    into[3] = journal_->starved() ? 1 : 0;
    into[4] = journal_->os_error();
    into[5] = static_cast<double>(journal_->segment());
    return info.Env().Undefined();
  }

  Napi::Value close(const Napi::CallbackInfo& info) {
    const int error = journal_ ? journal_->close() : 0;
    return Napi::Number::New(info.Env(), error);
  }

  static void on_cleanup(void* self) {
    auto* core = static_cast<JournalCore*>(self);
    core->hooked_ = false;
    core->journal_->close();
    core->notifier_.reset();
  }

  void stop() {
    if (hooked_) napi_remove_env_cleanup_hook(env_, &JournalCore::on_cleanup, this);
    hooked_ = false;
    if (journal_) journal_->close();
    notifier_.reset();
  }

  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Notifier> notifier_;
  napi_env env_ = nullptr;
  bool hooked_ = false;
};

class JournalScanCore : public Napi::ObjectWrap<JournalScanCore> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports.Set("JournalScanCore",
                DefineClass(env, "JournalScanCore",
                            {InstanceMethod<&JournalScanCore::open>("open"),
                             InstanceMethod<&JournalScanCore::next>("next"),
                             InstanceMethod<&JournalScanCore::skip_all>("skipAll"),
                             InstanceMethod<&JournalScanCore::chain_at>("chainAt"),
                             InstanceMethod<&JournalScanCore::segments>("segments"),
                             InstanceMethod<&JournalScanCore::summary>("summary")}));
  }

  explicit JournalScanCore(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<JournalScanCore>(info) {}

 private:
  Napi::Value open(const Napi::CallbackInfo& info) {
    IoError error;
    const auto from = static_cast<std::uint64_t>(info[1].ToNumber().Int64Value());
    if (scan_.open(info[0].As<Napi::String>(), error, from)) return info.Env().Undefined();
    return to_object(info.Env(), error);
  }

  // payload bytes, sequences, kinds, schemas, times, ends of payloads: the count of records copied,
  // or minus the bytes that the next payload alone needs.
  Napi::Value next(const Napi::CallbackInfo& info) {
    auto bytes = info[0].As<Napi::Uint8Array>();
    auto sequences = info[1].As<Napi::Float64Array>();
    auto* kinds = info[2].As<Napi::Uint16Array>().Data();
    auto* schemas = info[3].As<Napi::Uint16Array>().Data();
    auto* times = info[4].As<Napi::BigInt64Array>().Data();
    auto* ends = info[5].As<Napi::Uint32Array>().Data();
    const std::size_t rows = sequences.ElementLength();
    const std::size_t room = bytes.ByteLength();
    std::size_t count = 0;
    std::size_t used = 0;
    while (count < rows && (held_ || (held_ = scan_.next(record_)))) {
      if (record_.length > room) {
        if (count == 0) return Napi::Number::New(info.Env(), -static_cast<double>(record_.length));
        break;
      }
      if (record_.length > room - used) break;
      if (record_.length > 0) std::memcpy(bytes.Data() + used, record_.payload, record_.length);
      used += record_.length;
      sequences.Data()[count] = static_cast<double>(record_.sequence);
      kinds[count] = record_.kind;
      schemas[count] = record_.schema;
      times[count] = record_.ts_init;
      ends[count++] = static_cast<std::uint32_t>(used);
      held_ = false;
    }
    return number(info.Env(), count);
  }

  Napi::Value skip_all(const Napi::CallbackInfo& info) {
    while (scan_.next(record_)) {
    }
    return info.Env().Undefined();
  }

  // The hash up to the end of a block at this sequence; undefined when none ends there.
  Napi::Value chain_at(const Napi::CallbackInfo& info) {
    const auto* link = scan_.link_at(static_cast<std::uint64_t>(info[0].ToNumber().Int64Value()));
    if (link == nullptr) return info.Env().Undefined();
    return Napi::String::New(info.Env(), hex(link->chain));
  }

  // What the headers say, one object a segment.
  Napi::Value segments(const Napi::CallbackInfo& info) {
    const auto env = info.Env();
    auto rows = Napi::Array::New(env);
    for (std::size_t i = 0; i < scan_.segments().size(); ++i) {
      const auto& segment = scan_.segments()[i];
      auto row = Napi::Object::New(env);
      row.Set("path", segment.path);
      row.Set("number", number(env, segment.number));
      row.Set("begun", segment.has_header);
      row.Set("firstSequence", number(env, segment.first_sequence));
      row.Set("firstAtNanos", Napi::BigInt::New(env, segment.first_time));
      row.Set("chain", hex(segment.chain));
      rows.Set(static_cast<std::uint32_t>(i), row);
    }
    return rows;
  }

  Napi::Value summary(const Napi::CallbackInfo& info) {
    const auto env = info.Env();
    auto result = Napi::Object::New(env);
    result.Set("records", number(env, scan_.records()));
    result.Set("lastSequence", number(env, scan_.last_sequence()));
    result.Set("segments", number(env, scan_.segments().size()));
    result.Set("tornBytes", number(env, scan_.torn_bytes()));
    result.Set("endOffset", number(env, scan_.good_end()));
    result.Set("chain", hex(scan_.chain()));
    result.Set("osError", Napi::Number::New(env, scan_.read_error()));
    auto damages = Napi::Array::New(env);
    for (std::size_t i = 0; i < scan_.damages().size(); ++i) {
      const auto& damage = scan_.damages()[i];
      auto object = Napi::Object::New(env);
      object.Set("file", damage.file);
      object.Set("offset", number(env, damage.offset));
      object.Set("reason", damage.reason);
      damages.Set(static_cast<std::uint32_t>(i), object);
    }
    result.Set("damages", damages);
    return result;
  }

  journal::Scan scan_;
  journal::Record record_;
  bool held_ = false;
};

}  // namespace

void register_journal(Napi::Env env, Napi::Object exports) {
  JournalCore::define(env, exports);
  JournalScanCore::define(env, exports);
}

}  // namespace qd::binding
