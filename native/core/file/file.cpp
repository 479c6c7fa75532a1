#include "file/file.hpp"

#include <cerrno>
#include <filesystem>

#if !defined(_WIN32)
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace qd {

File& File::operator=(File&& other) noexcept {
  if (this != &other) {
    close();
    handle_ = other.handle_;
    traced_ = std::move(other.traced_);
    other.handle_ = NONE;
  }
  return *this;
}

namespace {

FileTrace* trace = nullptr;

}  // namespace

void trace_files(FileTrace* to) noexcept { trace = to; }

int File::open(const std::string& path, Mode mode) {
  const int error = open_handle(path, mode);
  if (trace == nullptr || error != 0) return error;
  traced_ = path;
  if (mode == Mode::CreateNew) trace->created(path);
  return 0;
}

int File::allocate(std::uint64_t bytes) {
  const int error = allocate_bytes(bytes);
  if (trace != nullptr && error == 0) trace->resized(traced_, bytes);
  return error;
}

int File::truncate(std::uint64_t bytes) {
  const int error = truncate_to(bytes);
  if (trace != nullptr && error == 0) trace->resized(traced_, bytes);
  return error;
}

int File::sync_data(int failing_with) {
  if (trace != nullptr) trace->sync_begun(traced_);
  const int error = failing_with == 0 ? sync_handle() : failing_with;
  if (trace != nullptr && error == 0) trace->synced(traced_);
  if (trace != nullptr && error != 0) trace->sync_failed(traced_);
  return error;
}

int File::write_once(const void* data, std::size_t size, std::uint64_t offset, std::size_t& done) {
  const int error = write_some(data, size, offset, done);
  if (trace != nullptr && error == 0) trace->written(traced_, data, done, offset);
  return error;
}

int rename_file(const std::string& from, const std::string& to) {
  std::error_code problem;
  std::filesystem::rename(from, to, problem);
  if (trace != nullptr && !problem) trace->renamed(from, to);
  return problem.value();
}

int remove_file(const std::string& path) {
  std::error_code problem;
  if (!std::filesystem::remove(path, problem) && !problem) return ENOENT;
  if (trace != nullptr && !problem) trace->removed(path);
  return problem.value();
}

int sync_folder(const std::string& folder) {
  const int error = File::sync_entries(folder);
  if (trace != nullptr && error == 0) trace->folder_synced(folder);
  return error;
}

int File::write_at(const void* data, std::size_t size, std::uint64_t offset) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  while (size > 0) {
    std::size_t done = 0;
    if (const int error = write_once(bytes, size, offset, done); error != 0) return error;
    if (done == 0) return ENOSPC;
    bytes += done;
    size -= done;
    offset += done;
  }
  return 0;
}

std::string error_name(int os_error) {
  switch (os_error) {
    case ENOENT:
      return "ENOENT";
    case EACCES:
      return "EACCES";
    case EPERM:
      return "EPERM";
    case EEXIST:
      return "EEXIST";
    case ENOTDIR:
      return "ENOTDIR";
    case EISDIR:
      return "EISDIR";
    case EMFILE:
      return "EMFILE";
    case ENFILE:
      return "ENFILE";
    case ENOSPC:
      return "ENOSPC";
    case EROFS:
      return "EROFS";
    case EIO:
      return "EIO";
    case EFBIG:
      return "EFBIG";
    case EINVAL:
      return "EINVAL";
    case ENOMEM:
      return "ENOMEM";
#if defined(EDQUOT)
    case EDQUOT:
      return "EDQUOT";
#endif
    default:
      return "OS_" + std::to_string(os_error);
  }
}

#if !defined(_WIN32)

int File::open_handle(const std::string& path, Mode mode) {
  close();
  int flags = O_CLOEXEC;
  if (mode == Mode::Read) flags |= O_RDONLY;
  if (mode == Mode::ReadWrite) flags |= O_RDWR;
  if (mode == Mode::CreateNew) flags |= O_RDWR | O_CREAT | O_EXCL;
  if (mode == Mode::OpenOrCreate) flags |= O_RDWR | O_CREAT;
  const int descriptor = ::open(path.c_str(), flags, 0600);
  if (descriptor < 0) return errno;
  handle_ = descriptor;
  return 0;
}

void File::close() noexcept {
  if (handle_ != NONE) ::close(static_cast<int>(handle_));
  handle_ = NONE;
}

int File::allocate_bytes(std::uint64_t bytes) {
#if defined(__APPLE__)
  fstore_t request{F_ALLOCATEALL, F_PEOFPOSMODE, 0, static_cast<off_t>(bytes), 0};
  if (::fcntl(static_cast<int>(handle_), F_PREALLOCATE, &request) != 0) return errno;
  return truncate_to(bytes);
#else
  int error = 0;
  do {
    error = ::posix_fallocate(static_cast<int>(handle_), 0, static_cast<off_t>(bytes));
  } while (error == EINTR);
  return error;
#endif
}

int File::truncate_to(std::uint64_t bytes) {
  return ::ftruncate(static_cast<int>(handle_), static_cast<off_t>(bytes)) == 0 ? 0 : errno;
}

int File::sync_handle() {
#if defined(__APPLE__)
  // Plain fsync leaves the data in the drive's cache there.
  return ::fcntl(static_cast<int>(handle_), F_FULLFSYNC) == 0 ? 0 : errno;
#else
  return ::fdatasync(static_cast<int>(handle_)) == 0 ? 0 : errno;
#endif
}

int File::size(std::uint64_t& bytes) const {
  struct stat status {};
  if (::fstat(static_cast<int>(handle_), &status) != 0) return errno;
  bytes = static_cast<std::uint64_t>(status.st_size);
  return 0;
}

int File::read_at(void* into, std::size_t size, std::uint64_t offset, std::size_t& done) const {
  auto* bytes = static_cast<std::uint8_t*>(into);
  done = 0;
  while (done < size) {
    const ssize_t got = ::pread(static_cast<int>(handle_), bytes + done, size - done,
                                static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return 0;
    done += static_cast<std::size_t>(got);
  }
  return 0;
}

int File::write_some(const void* data, std::size_t size, std::uint64_t offset, std::size_t& done) {
  ssize_t put = 0;
  do {
    put = ::pwrite(static_cast<int>(handle_), data, size, static_cast<off_t>(offset));
  } while (put < 0 && errno == EINTR);
  if (put < 0) return errno;
  done = static_cast<std::size_t>(put);
  return 0;
}

int File::try_lock() {
  return ::flock(static_cast<int>(handle_), LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
}

int File::sync_entries(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const int error = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  return error;
}

#endif

}  // namespace qd
