#include "ring/mapping.hpp"

#include <cerrno>
#include <utility>

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <sys/mman.h>
#endif

namespace qd {

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  if (this != &other) {
    close();
    base_ = std::exchange(other.base_, nullptr);
    size_ = other.size_;
  }
  return *this;
}

int Mapping::open(const File& file, std::size_t size) {
  close();
#if defined(_WIN32)
  const HANDLE section = ::CreateFileMappingW(reinterpret_cast<HANDLE>(file.native()), nullptr,
                                              PAGE_READWRITE, 0, 0, nullptr);
  if (section == nullptr) return EIO;
  void* base = ::MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, size);
  ::CloseHandle(section);
  if (base == nullptr) return ENOMEM;
#else
  void* base =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, static_cast<int>(file.native()), 0);
  if (base == MAP_FAILED) return errno;
#endif
  base_ = static_cast<std::uint8_t*>(base);
  size_ = size;
  const volatile std::uint8_t* page = base_;
  for (std::size_t offset = 0; offset < size; offset += 4096) static_cast<void>(page[offset]);
  return 0;
}

void Mapping::close() noexcept {
  if (base_ == nullptr) return;
#if defined(_WIN32)
  ::UnmapViewOfFile(base_);
#else
  ::munmap(base_, size_);
#endif
  base_ = nullptr;
}

}  // namespace qd
