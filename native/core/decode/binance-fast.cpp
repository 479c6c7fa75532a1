// The fast reader: the venue's own spelling (no spaces, no escapes, known keys). It never judges:
// what it does not take whole, it leaves to the general reader. It may run past a message that ends
// early, by less than TEXT_PADDING bytes, and finds out because it does not stop at the message's
// end.
#include "decode/decoder.hpp"
#include "decode/scan.hpp"
#include "decode/times.hpp"

namespace qd {
namespace {

using namespace scan;

constexpr unsigned two(char a, char b) {
  return static_cast<unsigned>(static_cast<std::uint8_t>(a)) |
         static_cast<unsigned>(static_cast<std::uint8_t>(b)) << 8;
}

// What the flat events say, gathered member by member.
struct Event {
  const InstrumentTable& table;
  const DecodedInstrument* instrument = nullptr;
  std::uint64_t seen = 0;  // a bit a key; a key that comes twice is not ours
  std::uint64_t refused = 0;
  std::int64_t sent = 0;
  std::int64_t matched = 0;
};

constexpr unsigned bit_of(unsigned key) {
  switch (key) {
    case two('p', 'u'):
      return 59;
    case two('p', 's'):
      return 60;
    case two('s', 't'):
      return 61;
    case two('n', 'q'):
      return 62;
    default:
      return (key - 64) & 63;
  }
}

constexpr std::uint64_t bits(const char* keys) {
  std::uint64_t set = 0;
  for (; *keys != 0; ++keys) set |= std::uint64_t{1} << bit_of(static_cast<unsigned>(*keys));
  return set;
}

inline bool has(const Event& event, std::uint64_t keys) noexcept {
  return (event.seen & keys) == keys;
}

// Calls `on(key, value)` for each `"key":value` of one or two letters until the closing brace; `p`
// is at the first key.
template <typename OnMember>
inline Cursor each_member(Cursor p, Cursor end, std::uint64_t& seen, OnMember on) noexcept {
  for (;;) {
    if (p >= end) return nullptr;
    const std::uint32_t head = load32(p);
    unsigned key = 0;
    if ((head & 0xFFFF00FFU) == (word("\"\"\":") & 0xFFFF00FFU)) {
      key = (head >> 8) & 0xFFU;
      p += 4;
    } else if ((head & 0xFF0000FFU) == (word("\"\"\"\"") & 0xFF0000FFU) && p[4] == ':') {
      key = (head >> 8) & 0xFFFFU;
      // A NUL behind a letter is not that letter's key.
      if (key < 256) return nullptr;
      p += 5;
    } else {
      return nullptr;
    }
    const std::uint64_t bit = std::uint64_t{1} << bit_of(key);
    if ((seen & bit) != 0) return nullptr;
    seen |= bit;
    p = on(key, p);
    if (p == nullptr) return nullptr;
    if (*p == '}') return p + 1;
    if (*p++ != ',') return nullptr;
  }
}

// The members every event may have; nullptr for a key that is not one of them.
inline Cursor usual_member(unsigned key, Cursor p, Event& event) noexcept {
  switch (key) {
    case 'E':
      return time(p, event.sent);
    case 'T':
      return time(p, event.matched);
    case 's': {
      const Cursor after = skip_text(p);
      if (after == nullptr) return nullptr;
      event.instrument = event.table.find(p + 1, static_cast<std::size_t>(after - p - 2));
      return event.instrument == nullptr ? nullptr : after;
    }
    case two('p', 's'):
      return skip_text(p);
    case two('s', 't'):
      return skip_integer(p);
    default:
      return nullptr;
  }
}

inline bool set_time(const Event& event, MarketRecord& record) noexcept {
  const bool has_matched = has(event, bits("T"));
  if (!has_matched && !has(event, bits("E"))) return true;
  return nanos_of(has_matched ? event.matched : event.sent, record.ts_event);
}

Cursor trade(Cursor p, Cursor end, unsigned id_key, Event& event, MarketRecord& record) noexcept {
  bool sell = false;
  bool ignored = false;
  p = each_member(p, end, event.seen, [&](unsigned key, Cursor value) noexcept -> Cursor {
    if (key == id_key) return integer(value, record.id);
    switch (key) {
      case 'p':
        return event.instrument == nullptr
                   ? nullptr
                   : decimal(value, event.instrument->price, record.price, event.refused);
      case 'q':
        return event.instrument == nullptr
                   ? nullptr
                   : decimal(value, event.instrument->quantity, record.quantity, event.refused);
      case 'm':
        return boolean(value, sell);
      case 'f':
      case 'l':
      case 'a':
      case 'b':
        return skip_integer(value);
      case 'M':
        return boolean(value, ignored);
      case 'X':
      case two('n', 'q'):
        return skip_text(value);
      default:
        return usual_member(key, value, event);
    }
  });
  if (p == nullptr || !has(event, bits("spqm") | std::uint64_t{1} << bit_of(id_key)))
    return nullptr;
  if (!has(event, bits("E")) && !has(event, bits("T"))) return nullptr;
  record.kind = static_cast<std::uint8_t>(RecordKind::Trade);
  record.flags = sell ? FLAG_LAST | FLAG_AGGRESSOR_SELL : FLAG_LAST;
  return p;
}

Cursor book_ticker(Cursor p, Cursor end, Event& event, MarketRecord& record) noexcept {
  p = each_member(p, end, event.seen, [&](unsigned key, Cursor value) noexcept -> Cursor {
    if (key == 'u') return integer(value, record.id);
    if (key == 'e') {
      const bool ours = load64(value) == load64(reinterpret_cast<Cursor>("\"bookTic")) &&
                        load32(value + 8) == word("ker\"");
      return ours ? value + 12 : nullptr;
    }
    const bool decimals = key == 'b' || key == 'B' || key == 'a' || key == 'A';
    if (!decimals) return usual_member(key, value, event);
    if (event.instrument == nullptr) return nullptr;
    const ScaleShape& price = event.instrument->price;
    const ScaleShape& quantity = event.instrument->quantity;
    switch (key) {
      case 'b':
        return decimal(value, price, record.price, event.refused);
      case 'B':
        return decimal(value, quantity, record.quantity, event.refused);
      case 'a':
        return decimal(value, price, record.price2, event.refused);
      default:
        return decimal(value, quantity, record.quantity2, event.refused);
    }
  });
  if (p == nullptr || !has(event, bits("usbBaA"))) return nullptr;
  record.kind = static_cast<std::uint8_t>(RecordKind::Bbo);
  record.flags = FLAG_LAST;
  return p;
}

// Fills the header's count and the last flag and moves the sink.
void finish_book(MarketRecord& header, MarketRecord* next, RecordSink& out) noexcept {
  header.quantity = next - out.next - 1;
  *out.next = header;
  next[-1].flags |= FLAG_LAST;
  out.next = next;
}

MarketRecord level_of(const MarketRecord& header, RecordKind kind) noexcept {
  MarketRecord record = header;
  record.kind = static_cast<std::uint8_t>(kind);
  record.price2 = 0;
  return record;
}

Cursor depth_update(Cursor p, Cursor end, Event& event, MarketRecord& header,
                    LevelWriter& levels_out) noexcept {
  header.price2 = -1;
  header.kind = static_cast<std::uint8_t>(RecordKind::DiffHeader);
  bool timed = false;
  p = each_member(p, end, event.seen, [&](unsigned key, Cursor value) noexcept -> Cursor {
    switch (key) {
      case 'U':
        return timed ? nullptr : integer(value, header.price);
      case 'u':
        return timed ? nullptr : integer(value, header.id);
      case two('p', 'u'):
        return timed ? nullptr : integer(value, header.price2);
      case 'b':
        if (!has(event, bits("sUu")) || has(event, bits("a")) || (event.seen & bits("ET")) == 0)
          return nullptr;
        if (!set_time(event, header)) return nullptr;
        header.instrument = event.instrument->index;
        timed = true;
        return levels(value, end, *event.instrument, level_of(header, RecordKind::BidLevel),
                      levels_out);
      case 'a':
        if (!timed) return nullptr;
        return levels(value, end, *event.instrument, level_of(header, RecordKind::AskLevel),
                      levels_out);
      default:
        return timed ? nullptr : usual_member(key, value, event);
    }
  });
  return p != nullptr && has(event, bits("ba")) ? p : nullptr;
}

// The bar's own members; its symbol is checked text and otherwise not looked at.
Cursor bar(Cursor p, Cursor end, Event& event, MarketRecord& prices,
           MarketRecord& volumes) noexcept {
  const ScaleShape& price = event.instrument->price;
  const ScaleShape& quantity = event.instrument->quantity;
  std::uint64_t seen = 0;
  std::int64_t open = 0;
  std::int64_t close = 0;
  std::string_view interval;
  bool closed = false;
  p = each_member(p, end, seen, [&](unsigned key, Cursor value) noexcept -> Cursor {
    switch (key) {
      case 't':
        return time(value, open);
      case 'T':
        return time(value, close);
      case 'i': {
        const Cursor after = skip_text(value);
        if (after == nullptr) return nullptr;
        interval = {reinterpret_cast<const char*>(value + 1),
                    static_cast<std::size_t>(after - value - 2)};
        return after;
      }
      case 'o':
        return decimal(value, price, prices.price, event.refused);
      case 'h':
        return decimal(value, price, prices.quantity, event.refused);
      case 'l':
        return decimal(value, price, prices.price2, event.refused);
      case 'c':
        return decimal(value, price, prices.quantity2, event.refused);
      case 'v':
        return decimal(value, quantity, volumes.price, event.refused);
      case 'V':
        return decimal(value, quantity, volumes.quantity, event.refused);
      case 'n':
        return integer(value, volumes.price2);
      case 'x':
        return boolean(value, closed);
      case 'f':
      case 'L':
        return skip_integer(value);
      case 's':
      case 'q':
      case 'Q':
      case 'B':
        return skip_text(value);
      default:
        return nullptr;
    }
  });
  constexpr std::uint64_t required = bits("tTiohlcvVnx");
  if (p == nullptr || (seen & required) != required) return nullptr;
  if (!millis_of(open, prices.id) || !millis_of(close, volumes.id)) return nullptr;
  volumes.quantity2 = interval_millis(interval, prices.id, volumes.id);
  if (closed) volumes.flags |= FLAG_CLOSED;
  return volumes.quantity2 == 0 ? nullptr : p;
}

Cursor kline(Cursor p, Cursor end, Event& event, MarketRecord& prices,
             MarketRecord& volumes) noexcept {
  volumes = prices;
  prices.kind = static_cast<std::uint8_t>(RecordKind::KlinePrices);
  volumes.kind = static_cast<std::uint8_t>(RecordKind::KlineVolumes);
  volumes.flags = FLAG_LAST;
  p = each_member(p, end, event.seen, [&](unsigned key, Cursor value) noexcept -> Cursor {
    if (key != 'k') return usual_member(key, value, event);
    if (event.instrument == nullptr || *value != '{') return nullptr;
    return bar(value + 1, end, event, prices, volumes);
  });
  return p != nullptr && has(event, bits("sk")) && (event.seen & bits("ET")) != 0 ? p : nullptr;
}

// Where the payload's `{` is; nullptr when the wrapper is not spelled as the venue does.
inline Cursor payload_of(Cursor p, bool& wrapped) noexcept {
  wrapped =
      load64(p) == load64(reinterpret_cast<Cursor>("{\"stream")) && load32(p + 7) == word("m\":\"");
  if (!wrapped) return p;
  p = skip_text(p + 10);
  return p != nullptr && load64(p) == load64(reinterpret_cast<Cursor>(",\"data\":")) ? p + 8
                                                                                     : nullptr;
}

inline bool ends_at(Cursor p, Cursor end, bool wrapped) noexcept {
  if (p == nullptr) return false;
  return wrapped ? p + 1 == end && *p == '}' : p == end;
}

inline std::uint64_t eight(const char* text) noexcept {
  return load64(reinterpret_cast<Cursor>(text));
}

}  // namespace

std::int32_t Decoder::fast(std::span<const std::uint8_t> message, std::int64_t ts_init,
                           RecordSink& out) const noexcept {
  if (out.next == out.end || message.size() < 20) return UNKNOWN_EVENT;
  const Cursor end = message.data() + message.size();
  bool wrapped = false;
  Cursor p = payload_of(message.data(), wrapped);
  if (p == nullptr || p[0] != '{') return UNKNOWN_EVENT;
  Event event{table_};
  MarketRecord record{};
  record.ts_init = ts_init;
  if (load32(p + 1) != word("\"e\":") || p[5] != '"') {
    p = book_ticker(p + 1, end, event, record);
  } else {
    const std::uint64_t name = load64(p + 6);
    event.seen = bits("e");
    if (name == eight("depthUpd")) {
      if (load64(p + 11) != eight("Update\",")) return UNKNOWN_EVENT;
      LevelWriter levels_out{out.next + 1, out.end};
      p = depth_update(p + 19, end, event, record, levels_out);
      if (!ends_at(p, end, wrapped) || (levels_out.refused | event.refused) != 0)
        return UNKNOWN_EVENT;
      finish_book(record, levels_out.next, out);
      return static_cast<std::int32_t>(RecordKind::DiffHeader);
    }
    if (name == eight("aggTrade") && load32(p + 13) == word("e\",\"")) {
      p = trade(p + 16, end, 'a', event, record);
    } else if (name == eight("trade\",\"")) {
      p = trade(p + 13, end, 't', event, record);
    } else if (name == eight("bookTick") && load32(p + 14) == word("er\",")) {
      p = book_ticker(p + 18, end, event, record);
    } else if (name == eight("kline\",\"")) {
      if (out.room() < 2) return UNKNOWN_EVENT;
      MarketRecord volumes{};
      p = kline(p + 13, end, event, record, volumes);
      if (!ends_at(p, end, wrapped) || event.refused != 0 || !set_time(event, record))
        return UNKNOWN_EVENT;
      record.instrument = volumes.instrument = event.instrument->index;
      volumes.ts_event = record.ts_event;
      *out.next++ = record;
      *out.next++ = volumes;
      return record.kind;
    } else {
      return UNKNOWN_EVENT;
    }
  }
  if (!ends_at(p, end, wrapped) || event.refused != 0 || !set_time(event, record))
    return UNKNOWN_EVENT;
  record.instrument = event.instrument->index;
  *out.next++ = record;
  return record.kind;
}

std::int32_t Decoder::fast_snapshot(std::span<const std::uint8_t> message,
                                    const DecodedInstrument& instrument, std::int64_t ts_init,
                                    RecordSink& out) const noexcept {
  if (out.next == out.end || message.size() < 20) return UNKNOWN_EVENT;
  const Cursor end = message.data() + message.size();
  bool wrapped = false;
  Cursor p = payload_of(message.data(), wrapped);
  if (p == nullptr || load64(p) != eight("{\"lastUp") || load64(p + 8) != eight("dateId\":"))
    return UNKNOWN_EVENT;
  MarketRecord header{};
  header.kind = static_cast<std::uint8_t>(RecordKind::SnapshotHeader);
  header.flags = FLAG_SNAPSHOT;
  header.instrument = instrument.index;
  header.ts_init = ts_init;
  p = integer(p + 16, header.id);
  Event event{table_};
  while (p != nullptr && (load32(p) == word(",\"E\"") || load32(p) == word(",\"T\""))) {
    const bool sent = p[2] == 'E';
    const std::uint64_t bit = sent ? bits("E") : bits("T");
    if (p[4] != ':' || (event.seen & bit) != 0) return UNKNOWN_EVENT;
    event.seen |= bit;
    p = time(p + 5, sent ? event.sent : event.matched);
  }
  if (p == nullptr || load64(p) != eight(",\"bids\":") || !set_time(event, header))
    return UNKNOWN_EVENT;
  LevelWriter levels_out{out.next + 1, out.end};
  p = levels(p + 8, end, instrument, level_of(header, RecordKind::BidLevel), levels_out);
  if (p == nullptr || load64(p) != eight(",\"asks\":")) return UNKNOWN_EVENT;
  p = levels(p + 8, end, instrument, level_of(header, RecordKind::AskLevel), levels_out);
  if (p == nullptr || *p != '}' || !ends_at(p + 1, end, wrapped) || levels_out.refused != 0)
    return UNKNOWN_EVENT;
  finish_book(header, levels_out.next, out);
  return header.kind;
}

}  // namespace qd
