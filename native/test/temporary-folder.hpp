#pragma once

#include <cstdio>
#include <filesystem>
#include <string>

namespace qd::test {

// A fresh folder that is removed at the end of the scope.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static int counter = 0;
    // In memory where the system has such a folder: a disk's syncs take no time there.
    const std::filesystem::path memory = "/dev/shm";
    const auto base =
        std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
    do {
      path_ = base / ("qd-test-" + std::to_string(++counter) + "-" +
                      std::to_string(reinterpret_cast<std::uintptr_t>(this)));
    } while (!std::filesystem::create_directory(path_));
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path() const { return path_.string(); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace qd::test
