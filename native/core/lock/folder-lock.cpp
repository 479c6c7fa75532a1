#include "lock/folder-lock.hpp"

#include <cerrno>
#include <cstdlib>

#include "lock/process-identity.hpp"

namespace qd {

bool FolderLock::acquire(const std::string& folder, std::uint32_t& holder, IoError& error) {
  const std::string path = folder + "/lock";
  int number = file_.open(path, File::Mode::OpenOrCreate);
  if (number == 0) number = file_.try_lock();
  if (number == EWOULDBLOCK) {
    char text[16]{};
    std::size_t size = 0;
    file_.read_at(text, sizeof text - 1, 0, size);
    holder = static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10));
    error = {"LOCKED", number, path};
    file_.close();
    return false;
  }
  // The pid is for the message of whoever is refused; only the lock itself decides.
  const std::string pid = std::to_string(current_pid()) + "\n";
  if (number == 0) number = file_.truncate(0);
  if (number == 0) number = file_.write_at(pid.data(), pid.size(), 0);
  if (number == 0) return true;
  error = {error_name(number), number, path};
  file_.close();
  return false;
}

}  // namespace qd
