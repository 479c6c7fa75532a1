#pragma once

#include <cstdint>

namespace qd {

struct Level {
  std::int64_t price;
  std::int64_t quantity;
};

}  // namespace qd
