#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace qd {

// Why a file operation failed: a stable code for the caller, the operating system's number, and
// what was being done.
struct IoError {
  std::string code;
  int os_error = 0;
  std::string detail;
};

// Faults to inject, for tests: the Nth call (1 = next) fails with `error`, or writes only
// `short_bytes`.
struct FaultPlan {
  std::uint64_t fail_write_at = 0;  // 0 = never
  int write_error = 0;              // 0 = short write instead
  std::size_t short_bytes = 0;
  bool writes_stay_broken = false;
  std::uint64_t write_failures = 1;  // how many in a row
  std::uint64_t fail_sync_at = 0;
  int sync_error = 0;
  std::uint64_t sync_failures = 1;  // how many in a row
  std::uint64_t fail_allocate_at = 0;
  int allocate_error = 0;
  std::uint64_t allocate_failures = 1;  // how many in a row
};

// An open file with positional reads and writes. Move-only; closes itself.
class File {
 public:
  File() = default;
  ~File() { close(); }
  File(File&& other) noexcept : handle_(other.handle_), traced_(std::move(other.traced_)) {
    other.handle_ = NONE;
  }
  File& operator=(File&& other) noexcept;
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  enum class Mode { Read, ReadWrite, CreateNew, OpenOrCreate };

  // Each returns 0 or the operating system's error number. Files are created with mode 0600.
  int open(const std::string& path, Mode mode);
  int allocate(std::uint64_t bytes);
  int truncate(std::uint64_t bytes);
  // `failing_with` stands for the system's answer, for tests.
  int sync_data(int failing_with = 0);
  int size(std::uint64_t& bytes) const;
  // Reads up to `size` bytes; `done` is less only at the end of the file.
  int read_at(void* into, std::size_t size, std::uint64_t offset, std::size_t& done) const;
  // One system call; `done` may be less than `size`.
  int write_once(const void* data, std::size_t size, std::uint64_t offset, std::size_t& done);
  // Goes on after a short write until all is written or an error comes.
  int write_at(const void* data, std::size_t size, std::uint64_t offset);
  // Takes the advisory exclusive lock of the whole file without waiting; EWOULDBLOCK when another
  // process holds it.
  int try_lock();

  void close() noexcept;
  bool is_open() const noexcept { return handle_ != NONE; }
  std::intptr_t native() const noexcept { return handle_; }

 private:
  static constexpr std::intptr_t NONE = -1;
  int open_handle(const std::string& path, Mode mode);
  int allocate_bytes(std::uint64_t bytes);
  int truncate_to(std::uint64_t bytes);
  int sync_handle();
  static int sync_entries(const std::string& folder);
  friend int sync_folder(const std::string& folder);
  int write_some(const void* data, std::size_t size, std::uint64_t offset, std::size_t& done);

  std::intptr_t handle_ = NONE;
  // Its path at the time of opening, while files are traced.
  std::string traced_;
};

// Makes the folder's entries durable (a new or renamed file); 0 or the error number.
int sync_folder(const std::string& folder);

// Gives a file another name in the place of what has that name; 0 or the error number.
int rename_file(const std::string& from, const std::string& to);
// Takes a file away; 0 or the error number.
int remove_file(const std::string& path);

// Hears every successful change of a file or folder, for tests that ask what a loss of power
// leaves. One at a time, set while no file is open; called from any thread.
class FileTrace {
 public:
  virtual ~FileTrace() = default;
  virtual void created(const std::string& path) = 0;
  virtual void renamed(const std::string& from, const std::string& to) = 0;
  virtual void removed(const std::string& path) = 0;
  virtual void folder_synced(const std::string& folder) = 0;
  virtual void resized(const std::string& path, std::uint64_t bytes) = 0;
  virtual void written(const std::string& path, const void* data, std::size_t size,
                       std::uint64_t offset) = 0;
  // Before the system is asked, and after it said yes.
  virtual void sync_begun(const std::string& path) = 0;
  virtual void synced(const std::string& path) = 0;
  virtual void sync_failed(const std::string& path) = 0;
};
void trace_files(FileTrace* trace) noexcept;

// The symbolic name of an error number where it is one of the usual ones, else `OS_<number>`.
std::string error_name(int os_error);

}  // namespace qd
