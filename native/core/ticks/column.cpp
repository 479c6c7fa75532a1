#include "ticks/column.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>

namespace qd::ticks {
namespace {

// SPARSE is ZIGZAG with a bit for each value instead of the zeros: prices and times that often stay
// as they were.
enum Mode : std::uint8_t { CONSTANT = 0, OFFSET = 1, DELTA = 2, ZIGZAG = 3, SPARSE = 4 };

// A value is read by one load of eight bytes at a bit offset 0..7.
constexpr unsigned WIDEST_PACKED = 57;

std::uint64_t zigzag(std::uint64_t value) noexcept {
  return (value << 1) ^ static_cast<std::uint64_t>(static_cast<std::int64_t>(value) >> 63);
}

std::uint64_t unzigzag(std::uint64_t value) noexcept { return (value >> 1) ^ (0 - (value & 1)); }

void put_varint(std::uint64_t value, std::vector<std::uint8_t>& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

bool get_varint(const std::uint8_t*& at, const std::uint8_t* end, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && at < end; shift += 7) {
    const std::uint8_t byte = *at++;
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

std::size_t varint_bytes(unsigned bits) noexcept { return bits == 0 ? 1 : (bits + 6) / 7; }

struct Plan {
  Mode mode = OFFSET;
  unsigned width = 64;
  std::size_t exceptions = 0;
  std::size_t bytes = ~std::size_t{0};
};

// The cheapest width for values of which `widths[b]` need b bits.
Plan plan_of(Mode mode, const std::array<std::uint32_t, 65>& widths, std::size_t count) {
  Plan best;
  std::size_t exceptions = 0;
  std::size_t exception_bytes = 0;
  for (unsigned width = 64;; --width) {
    // Values of width + 1 bits become exceptions now; the others' parts above grow by a bit.
    if (width < 64) exceptions += widths[width + 1];
    if (width <= WIDEST_PACKED || width == 64) {
      exception_bytes = 0;
      for (unsigned bits = width + 1; bits <= 64; ++bits)
        exception_bytes += widths[bits] * (2 + varint_bytes(bits - width));
      const std::size_t bytes = (count * width + 7) / 8 + exception_bytes;
      if (bytes < best.bytes) best = {mode, width, exceptions, bytes};
      if (exception_bytes > best.bytes) break;
    }
    if (width == 0) break;
  }
  return best;
}

// Multiplying by this divides any multiple of the odd number exactly (Newton's iteration modulo
// 2^64).
std::uint64_t inverse_of_odd(std::uint64_t odd) noexcept {
  std::uint64_t inverse = odd * 3 ^ 2;
  for (int i = 0; i < 4; ++i) inverse *= 2 - odd * inverse;
  return inverse;
}

std::uint64_t common_divisor(const std::uint64_t* deltas, std::size_t count) noexcept {
  std::uint64_t divisor = 0;
  for (std::size_t i = 0; i < count && divisor != 1; ++i) {
    const auto delta = static_cast<std::int64_t>(deltas[i]);
    const std::uint64_t size = delta < 0 ? 0 - deltas[i] : deltas[i];
    if (size == 0 || (divisor != 0 && size % divisor == 0)) continue;
    divisor = std::gcd(divisor, size);
  }
  return divisor;
}

void pack(const std::uint64_t* codes, std::size_t count, unsigned width,
          std::vector<std::uint8_t>& out) {
  const std::size_t start = out.size();
  const std::size_t bytes = (count * width + 7) / 8;
  out.resize(start + bytes + 8);
  std::uint8_t* to = out.data() + start;
  if (width == 64) {
    std::memcpy(to, codes, count * 8);
  } else if (width > 0) {
    const std::uint64_t mask = (1ULL << width) - 1;
    std::uint64_t held = 0;
    unsigned bits = 0;
    for (std::size_t i = 0; i < count; ++i) {
      held |= (codes[i] & mask) << bits;
      bits += width;
      std::memcpy(to, &held, 8);
      const unsigned whole = bits >> 3;
      to += whole;
      // Less than eight bits stay: width + 7 <= 64.
      held = whole == 8 ? 0 : held >> (whole * 8);
      bits &= 7;
    }
  }
  out.resize(start + bytes);
}

template <unsigned Width>
void unpack_fixed(const std::uint8_t* from, std::size_t count, std::uint64_t* codes) noexcept {
  constexpr std::uint64_t MASK = (1ULL << Width) - 1;
  std::size_t i = 0;
  // Eight values take Width whole bytes, so that every offset below is a constant.
  for (; i + 8 <= count; i += 8, from += Width) {
    for (unsigned k = 0; k < 8; ++k) {
      std::uint64_t word;
      std::memcpy(&word, from + (k * Width) / 8, 8);
      codes[i + k] = (word >> ((k * Width) % 8)) & MASK;
    }
  }
  for (unsigned bit = 0; i < count; ++i, bit += Width) {
    std::uint64_t word;
    std::memcpy(&word, from + bit / 8, 8);
    codes[i] = (word >> (bit % 8)) & MASK;
  }
}

using Unpack = void (*)(const std::uint8_t*, std::size_t, std::uint64_t*) noexcept;

template <std::size_t... Widths>
constexpr std::array<Unpack, sizeof...(Widths)> unpackers(std::index_sequence<Widths...>) {
  return {&unpack_fixed<static_cast<unsigned>(Widths)>...};
}

constexpr auto UNPACK = unpackers(std::make_index_sequence<WIDEST_PACKED + 1>{});

void unpack(const std::uint8_t* from, std::size_t count, unsigned width,
            std::uint64_t* codes) noexcept {
  if (width == 64)
    std::memcpy(codes, from, count * 8);
  else
    UNPACK[width](from, count, codes);
}

struct ColumnHead {
  std::uint8_t mode = 0;
  unsigned width = 0;
  std::uint64_t exceptions = 0;
  std::uint64_t divisor = 0;
  std::uint64_t first = 0;
  std::uint64_t base = 0;
  std::size_t packed = 0;  // codes that are there
  const std::uint8_t* present = nullptr;
};

bool get_head(const std::uint8_t*& at, const std::uint8_t* end, std::size_t codes,
              ColumnHead& head) {
  if (at >= end) return false;
  head.mode = *at++;
  if (head.mode > SPARSE || !get_varint(at, end, head.first)) return false;
  head.first = unzigzag(head.first);
  if (head.mode == CONSTANT) return true;
  if (at >= end) return false;
  head.width = *at++;
  if (head.width > WIDEST_PACKED && head.width != 64) return false;
  if (!get_varint(at, end, head.exceptions) || !get_varint(at, end, head.divisor) ||
      !get_varint(at, end, head.base)) {
    return false;
  }
  head.base = unzigzag(head.base);
  head.packed = codes;
  if (head.mode == SPARSE) {
    std::uint64_t packed = 0;
    if (!get_varint(at, end, packed) || packed > codes ||
        (codes + 7) / 8 > static_cast<std::size_t>(end - at))
      return false;
    head.packed = static_cast<std::size_t>(packed);
    head.present = at;
    at += (codes + 7) / 8;
  }
  return head.exceptions <= head.packed &&
         (head.packed * head.width + 7) / 8 <= static_cast<std::size_t>(end - at);
}

}  // namespace

void encode_column(const std::int64_t* values, std::size_t count, std::vector<std::uint8_t>& out) {
  std::uint64_t deltas[MAX_ROWS];
  std::uint64_t offsets[MAX_ROWS];
  const std::size_t codes = count - 1;
  const auto first = static_cast<std::uint64_t>(values[0]);
  std::uint64_t any = 0;
  for (std::size_t i = 0; i < codes; ++i) {
    deltas[i] = static_cast<std::uint64_t>(values[i + 1]) - static_cast<std::uint64_t>(values[i]);
    any |= deltas[i];
  }
  if (any == 0) {
    out.push_back(CONSTANT);
    put_varint(zigzag(first), out);
    return;
  }
  const std::uint64_t divisor = common_divisor(deltas, codes);
  if (divisor > 1) {
    const int twos = std::countr_zero(divisor);
    const std::uint64_t inverse = inverse_of_odd(divisor >> twos);
    for (std::size_t i = 0; i < codes; ++i) {
      deltas[i] =
          static_cast<std::uint64_t>(static_cast<std::int64_t>(deltas[i]) >> twos) * inverse;
    }
  }
  std::int64_t least_delta = INT64_MAX;
  std::int64_t least_offset = INT64_MAX;
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < codes; ++i) {
    offset += deltas[i];
    offsets[i] = offset;
    least_delta = std::min(least_delta, static_cast<std::int64_t>(deltas[i]));
    least_offset = std::min(least_offset, static_cast<std::int64_t>(offset));
  }
  std::array<std::array<std::uint32_t, 65>, 3> widths{};
  const auto delta_base = static_cast<std::uint64_t>(least_delta);
  const auto offset_base = static_cast<std::uint64_t>(least_offset);
  for (std::size_t i = 0; i < codes; ++i) {
    ++widths[0][static_cast<std::size_t>(std::bit_width(offsets[i] - offset_base))];
    ++widths[1][static_cast<std::size_t>(std::bit_width(deltas[i] - delta_base))];
    ++widths[2][static_cast<std::size_t>(std::bit_width(zigzag(deltas[i])))];
  }
  Plan plan = plan_of(OFFSET, widths[0], codes);
  for (const Plan& other : {plan_of(DELTA, widths[1], codes), plan_of(ZIGZAG, widths[2], codes)}) {
    if (other.bytes < plan.bytes) plan = other;
  }
  const std::size_t zeros = widths[2][0];
  widths[2][0] = 0;
  Plan sparse = plan_of(SPARSE, widths[2], codes - zeros);
  sparse.bytes += (codes + 7) / 8 + 2;
  if (sparse.bytes < plan.bytes) plan = sparse;
  std::uint64_t* coded = plan.mode == OFFSET ? offsets : deltas;
  std::uint64_t base = 0;
  if (plan.mode == OFFSET) base = offset_base;
  if (plan.mode == DELTA) base = delta_base;
  if (plan.mode == ZIGZAG || plan.mode == SPARSE) {
    for (std::size_t i = 0; i < codes; ++i) coded[i] = zigzag(coded[i]);
  } else {
    for (std::size_t i = 0; i < codes; ++i) coded[i] -= base;
  }
  out.push_back(plan.mode);
  put_varint(zigzag(first), out);
  out.push_back(static_cast<std::uint8_t>(plan.width));
  put_varint(plan.exceptions, out);
  put_varint(divisor, out);
  put_varint(zigzag(base), out);
  std::size_t packed = codes;
  if (plan.mode == SPARSE) {
    put_varint(codes - zeros, out);
    const std::size_t present = out.size();
    out.resize(present + (codes + 7) / 8);
    packed = 0;
    for (std::size_t i = 0; i < codes; ++i) {
      if (coded[i] == 0) continue;
      out[present + i / 8] |= static_cast<std::uint8_t>(1U << (i % 8));
      coded[packed++] = coded[i];
    }
  }
  pack(coded, packed, plan.width, out);
  if (plan.exceptions == 0) return;
  for (std::size_t i = 0; i < packed; ++i) {
    if (static_cast<unsigned>(std::bit_width(coded[i])) <= plan.width) continue;
    out.push_back(static_cast<std::uint8_t>(i));
    out.push_back(static_cast<std::uint8_t>(i >> 8));
    put_varint(coded[i] >> plan.width, out);
  }
}

bool decode_column(const std::uint8_t*& bytes, const std::uint8_t* end, std::int64_t* values,
                   std::size_t count) {
  const std::size_t codes = count - 1;
  ColumnHead head;
  if (!get_head(bytes, end, codes, head)) return false;
  if (head.mode == CONSTANT) {
    std::fill(values, values + count, static_cast<std::int64_t>(head.first));
    return true;
  }
  std::uint64_t coded[MAX_ROWS];
  if (head.packed < codes) coded[head.packed] = 0;
  unpack(bytes, head.packed, head.width, coded);
  bytes += (head.packed * head.width + 7) / 8;
  for (std::uint64_t i = 0; i < head.exceptions; ++i) {
    if (end - bytes < 2) return false;
    const std::size_t at = bytes[0] | (std::size_t{bytes[1]} << 8);
    bytes += 2;
    std::uint64_t high = 0;
    if (at >= head.packed || head.width == 64 || !get_varint(bytes, end, high)) return false;
    coded[at] |= high << head.width;
  }
  std::uint64_t running = head.first;
  values[0] = static_cast<std::int64_t>(running);
  const std::uint64_t step = head.base * head.divisor;
  if (head.mode == OFFSET) {
    for (std::size_t i = 0; i < codes; ++i)
      values[i + 1] = static_cast<std::int64_t>(running + step + coded[i] * head.divisor);
  } else if (head.mode == DELTA) {
    for (std::size_t i = 0; i < codes; ++i)
      values[i + 1] = static_cast<std::int64_t>(running += step + coded[i] * head.divisor);
  } else if (head.mode == SPARSE) {
    std::size_t taken = 0;
    for (std::size_t i = 0; i < codes; ++i) {
      // Without a branch: whether a value is there cannot be guessed. `taken` never passes `codes`.
      const std::uint64_t there = head.present[i / 8] >> (i % 8) & 1U;
      running += unzigzag(coded[taken] & (0 - there)) * head.divisor;
      taken += there;
      values[i + 1] = static_cast<std::int64_t>(running);
    }
    return taken == head.packed;
  } else {
    for (std::size_t i = 0; i < codes; ++i)
      values[i + 1] = static_cast<std::int64_t>(running += unzigzag(coded[i]) * head.divisor);
  }
  return true;
}

bool skip_column(const std::uint8_t*& bytes, const std::uint8_t* end, std::size_t count) {
  const std::size_t codes = count - 1;
  ColumnHead head;
  if (!get_head(bytes, end, codes, head)) return false;
  if (head.mode == CONSTANT) return true;
  bytes += (head.packed * head.width + 7) / 8;
  for (std::uint64_t i = 0; i < head.exceptions; ++i) {
    std::uint64_t high = 0;
    if (end - bytes < 2) return false;
    bytes += 2;
    if (!get_varint(bytes, end, high)) return false;
  }
  return true;
}

}  // namespace qd::ticks
