#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>

#include <cerrno>

#include "file/file.hpp"

namespace qd {
namespace {

HANDLE as_handle(std::intptr_t value) { return reinterpret_cast<HANDLE>(value); }

int as_errno(DWORD code) {
  switch (code) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
      return ENOENT;
    case ERROR_ACCESS_DENIED:
    case ERROR_SHARING_VIOLATION:
      return EACCES;
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS:
      return EEXIST;
    case ERROR_TOO_MANY_OPEN_FILES:
      return EMFILE;
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
      return ENOSPC;
    case ERROR_WRITE_PROTECT:
      return EROFS;
    case ERROR_LOCK_VIOLATION:
      return EWOULDBLOCK;
    default:
      return EIO;
  }
}

int last_error() { return as_errno(::GetLastError()); }

OVERLAPPED at_offset(std::uint64_t offset) {
  OVERLAPPED where{};
  where.Offset = static_cast<DWORD>(offset);
  where.OffsetHigh = static_cast<DWORD>(offset >> 32);
  return where;
}

std::wstring wide(const std::string& text) {
  const int length =
      ::MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), nullptr, 0);
  std::wstring result(static_cast<std::size_t>(length), L'\0');
  ::MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), result.data(),
                        length);
  return result;
}

}  // namespace

int File::open_handle(const std::string& path, Mode mode) {
  close();
  const DWORD access = mode == Mode::Read ? GENERIC_READ : GENERIC_READ | GENERIC_WRITE;
  DWORD creation = OPEN_EXISTING;
  if (mode == Mode::CreateNew) creation = CREATE_NEW;
  if (mode == Mode::OpenOrCreate) creation = OPEN_ALWAYS;
  const HANDLE handle = ::CreateFileW(wide(path).c_str(), access,
                                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                      nullptr, creation, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return last_error();
  handle_ = reinterpret_cast<std::intptr_t>(handle);
  return 0;
}

void File::close() noexcept {
  if (handle_ != NONE) ::CloseHandle(as_handle(handle_));
  handle_ = NONE;
}

int File::allocate_bytes(std::uint64_t bytes) { return truncate_to(bytes); }

int File::truncate_to(std::uint64_t bytes) {
  FILE_END_OF_FILE_INFO info{};
  info.EndOfFile.QuadPart = static_cast<LONGLONG>(bytes);
  return ::SetFileInformationByHandle(as_handle(handle_), FileEndOfFileInfo, &info, sizeof info) !=
                 0
             ? 0
             : last_error();
}

int File::sync_handle() { return ::FlushFileBuffers(as_handle(handle_)) != 0 ? 0 : last_error(); }

int File::size(std::uint64_t& bytes) const {
  LARGE_INTEGER value{};
  if (::GetFileSizeEx(as_handle(handle_), &value) == 0) return last_error();
  bytes = static_cast<std::uint64_t>(value.QuadPart);
  return 0;
}

int File::read_at(void* into, std::size_t size, std::uint64_t offset, std::size_t& done) const {
  auto* bytes = static_cast<std::uint8_t*>(into);
  done = 0;
  while (done < size) {
    OVERLAPPED where = at_offset(offset + done);
    DWORD got = 0;
    if (::ReadFile(as_handle(handle_), bytes + done, static_cast<DWORD>(size - done), &got,
                   &where) == 0) {
      return ::GetLastError() == ERROR_HANDLE_EOF ? 0 : last_error();
    }
    if (got == 0) return 0;
    done += got;
  }
  return 0;
}

int File::write_some(const void* data, std::size_t size, std::uint64_t offset, std::size_t& done) {
  OVERLAPPED where = at_offset(offset);
  DWORD put = 0;
  if (::WriteFile(as_handle(handle_), data, static_cast<DWORD>(size), &put, &where) == 0)
    return last_error();
  done = put;
  return 0;
}

int File::try_lock() {
  // The locked byte lies far behind the content: a locked range cannot be read by others there.
  OVERLAPPED where = at_offset(std::uint64_t{1} << 62);
  const DWORD flags = LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY;
  return ::LockFileEx(as_handle(handle_), flags, 0, 1, 0, &where) != 0 ? 0 : last_error();
}

int File::sync_entries(const std::string&) { return 0; }

}  // namespace qd
#endif
