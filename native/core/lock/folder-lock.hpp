#pragma once

#include <cstdint>
#include <string>

#include "file/file.hpp"

namespace qd {

// The exclusive use of a folder by one process: an operating-system lock on `lock` in it, gone with
// the process.
class FolderLock {
 public:
  // Codes: LOCKED (`holder` is the other's pid, 0 when it has not written it yet), or the system's.
  bool acquire(const std::string& folder, std::uint32_t& holder, IoError& error);
  void release() noexcept { file_.close(); }

 private:
  File file_;
};

}  // namespace qd
