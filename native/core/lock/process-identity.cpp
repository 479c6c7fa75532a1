#include "lock/process-identity.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <signal.h>
#include <unistd.h>
#endif

namespace qd {

#if defined(_WIN32)

std::uint32_t current_pid() noexcept { return ::GetCurrentProcessId(); }

std::uint64_t process_identity(std::uint32_t pid) noexcept {
  const HANDLE process = ::OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid);
  if (process == nullptr) return 0;
  FILETIME created{}, exited{}, kernel{}, user{};
  DWORD code = 0;
  const bool running = ::GetExitCodeProcess(process, &code) != 0 && code == STILL_ACTIVE &&
                       ::GetProcessTimes(process, &created, &exited, &kernel, &user) != 0;
  ::CloseHandle(process);
  return running ? (std::uint64_t{pid} << 32) | created.dwLowDateTime : 0;
}

#else

std::uint32_t current_pid() noexcept { return static_cast<std::uint32_t>(::getpid()); }

namespace {

#if defined(__linux__)
// Clock ticks from boot to the start of the process: field 22 of its stat line, after the name in
// parentheses. A zombie has ended already.
bool start_of(std::uint32_t pid, std::uint32_t& start, bool& zombie) noexcept {
  char path[40];
  std::snprintf(path, sizeof path, "/proc/%u/stat", pid);
  std::FILE* file = std::fopen(path, "re");
  if (file == nullptr) return false;
  char line[1024];
  const std::size_t size = std::fread(line, 1, sizeof line - 1, file);
  std::fclose(file);
  line[size] = 0;
  const char* at = std::strrchr(line, ')');
  unsigned long long ticks = 0;
  char state = 0;
  if (at == nullptr ||
      std::sscanf(
          at + 1,
          " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
          &state, &ticks) != 2) {
    return false;
  }
  start = static_cast<std::uint32_t>(ticks);
  zombie = state == 'Z' || state == 'X';
  return true;
}
#endif

}  // namespace

std::uint64_t process_identity(std::uint32_t pid) noexcept {
  if (pid == 0 || (::kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH)) return 0;
  std::uint32_t start = 0;
#if defined(__linux__)
  bool zombie = false;
  if (start_of(pid, start, zombie) && zombie) return 0;
#endif
  return (std::uint64_t{pid} << 32) | start;
}

#endif

bool process_runs(std::uint64_t identity) noexcept {
  return identity != 0 && process_identity(static_cast<std::uint32_t>(identity >> 32)) == identity;
}

}  // namespace qd
