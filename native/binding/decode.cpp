#include <algorithm>
#include <memory>
#include <stdexcept>

#include "arrays.hpp"
#include "binding.hpp"
#include "decode/decoder.hpp"

namespace qd::binding {
namespace {

std::span<MarketRecord> records_of(const ArrayView& bytes) {
  return {static_cast<MarketRecord*>(bytes.data), bytes.length / sizeof(MarketRecord)};
}

class DecoderCore : public Napi::ObjectWrap<DecoderCore> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports.Set("DecoderCore",
                DefineClass(env, "DecoderCore",
                            {InstanceMethod<&DecoderCore::decode>("decode"),
                             InstanceMethod<&DecoderCore::decode_snapshot>("decodeSnapshot")}));
  }

  // (symbols, [index, priceScale, quantityScale, depth] a symbol, wire)
  explicit DecoderCore(const Napi::CallbackInfo& info) : Napi::ObjectWrap<DecoderCore>(info) {
    const auto symbols = info[0].As<Napi::Array>();
    const auto numbers = view_of(info.Env(), info[1]).as<std::int32_t>();
    std::vector<DecodedInstrument> instruments;
    for (std::uint32_t i = 0; i < symbols.Length(); ++i) {
      const std::int32_t* row = numbers.data() + std::size_t{i} * 4;
      instruments.emplace_back(symbols.Get(i).As<Napi::String>().Utf8Value(),
                               static_cast<std::uint16_t>(row[0]), row[1], row[2], row[3]);
    }
    try {
      decoder_ = std::make_unique<Decoder>(
          std::move(instruments), static_cast<Wire>(info[2].As<Napi::Number>().Uint32Value()));
    } catch (const std::invalid_argument& error) {
      throw Napi::RangeError::New(info.Env(), error.what());
    }
  }

 private:
  // (bytes, ends, count, tsInitNanos, out bytes, status) -> records written, or -1 when `ends` is
  // no rising list within `bytes`
  Napi::Value decode(const Napi::CallbackInfo& info) {
    const napi_env env = info.Env();
    const ArrayView bytes = view_with_rest_of(env, info[0]);
    const auto count = static_cast<std::size_t>(info[2].As<Napi::Number>().Uint32Value());
    const auto ends = view_of(env, info[1]).as<const std::uint32_t>().first(count);
    const auto ts_init = view_of(env, info[3]).as<const std::int64_t>().first(count);
    const auto status = view_of(env, info[5]).as<std::int32_t>().first(count);
    if (!std::is_sorted(ends.begin(), ends.end()) || (count > 0 && ends.back() > bytes.length)) {
      return Napi::Number::New(env, -1);
    }
    const std::size_t written =
        decoder_->decode(bytes.as<const std::uint8_t>(), bytes.to_buffer_end, ends, ts_init,
                         records_of(view_of(env, info[4])), status);
    return Napi::Number::New(env, static_cast<double>(written));
  }

  // (bytes, instrument, [tsInitNanos], out bytes, first free record) -> records written, or a
  // status
  Napi::Value decode_snapshot(const Napi::CallbackInfo& info) {
    const napi_env env = info.Env();
    const auto bytes = view_of(env, info[0]).as<const std::uint8_t>();
    const auto instrument = static_cast<std::uint16_t>(info[1].As<Napi::Number>().Uint32Value());
    const std::int64_t ts_init = view_of(env, info[2]).as<const std::int64_t>().front();
    const auto out =
        records_of(view_of(env, info[3])).subspan(info[4].As<Napi::Number>().Uint32Value());
    RecordSink sink{out.data(), out.data() + out.size()};
    const std::int32_t status = decoder_->decode_snapshot(bytes, instrument, ts_init, sink);
    const auto written = static_cast<double>(sink.next - out.data());
    return Napi::Number::New(env, status < 0 ? static_cast<double>(status) : written);
  }

  std::unique_ptr<Decoder> decoder_;
};

}  // namespace

void register_decode(Napi::Env env, Napi::Object exports) { DecoderCore::define(env, exports); }

}  // namespace qd::binding
