#pragma once

#include <napi.h>

// One function a unit: adds what the unit offers to the addon's exports.
namespace qd::binding {

void register_book(Napi::Env env, Napi::Object exports);
void register_checksum(Napi::Env env, Napi::Object exports);
void register_decode(Napi::Env env, Napi::Object exports);
void register_ring(Napi::Env env, Napi::Object exports);
void register_journal(Napi::Env env, Napi::Object exports);
void register_clock(Napi::Env env, Napi::Object exports);
void register_histogram(Napi::Env env, Napi::Object exports);
void register_lock(Napi::Env env, Napi::Object exports);
void register_ticks(Napi::Env env, Napi::Object exports);
void register_matching(Napi::Env env, Napi::Object exports);
void register_risk(Napi::Env env, Napi::Object exports);
void register_study(Napi::Env env, Napi::Object exports);

}  // namespace qd::binding
