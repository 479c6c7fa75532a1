import { invariant } from '../../base/invariant.ts';
import type { UnixMicros } from '../../domain/time.ts';

/** Bytes of one record; the layout is that of `native/core/market/record.hpp`. */
export const MARKET_RECORD_BYTES = 64;

/** `price`, `quantity`, `id` = trade id, 0 where the venue's is no number; FLAG_AGGRESSOR_SELL when the buyer was the maker. */
export const KIND_TRADE = 1;
/** Bid in `price`/`quantity`, ask in `price2`/`quantity2`, `id` = update id; 0 and 0: that side is absent. */
export const KIND_BBO = 2;
/** `id` = last update id, `price` = first, `price2` = the previous message's last or -1, `quantity` = level records that follow, `quantity2` = levels a side that the venue speaks of, the others are forgotten (0: all). */
export const KIND_DIFF_HEADER = 3;
/** `id` = update id, `quantity` and `quantity2` as in a diff; the book starts anew. */
export const KIND_SNAPSHOT_HEADER = 4;
/** `price`, absolute `quantity` (0 deletes), `id` = update id. */
export const KIND_BID_LEVEL = 5;
export const KIND_ASK_LEVEL = 6;
/** `price` = open, `quantity` = high, `price2` = low, `quantity2` = close, `id` = open time in ms. */
export const KIND_KLINE_PRICES = 7;
/** `price` = base volume, `quantity` = taker buy base volume, `price2` = trades, `quantity2` = interval in ms, `id` = close time in ms. @public */
export const KIND_KLINE_VOLUMES = 8;
/** `price` = BOOK_LIVE, BOOK_STALE or BOOK_RESYNCING, `quantity` = reason code; in the tick store also BOOK_SNAPSHOT. */
export const KIND_BOOK_STATUS = 9;
// Of derivatives. Their numbers have decimals of their own: they are finer than the instrument's tick.
/** `price` at `price2` decimals: what the venue values positions by. */
export const KIND_MARK_PRICE = 10;
/** `price` at `price2` decimals: of what the instrument is derived from. */
export const KIND_INDEX_PRICE = 11;
/** `price` = the rate that longs pay, at RATE_SCALE decimals, as it stands for the period that ends at `id` (ms; 0: funding is continuous, or not told) and lasts `quantity` ms (0: not told). */
export const KIND_FUNDING_RATE = 12;
/** `quantity` at `quantity2` decimals, in the unit of trades, one side. */
export const KIND_OPEN_INTEREST = 13;
/** `price` at `price2` decimals, the bankruptcy price or the average fill as the venue has it; `quantity` at `quantity2` decimals; FLAG_AGGRESSOR_SELL: a long was liquidated. */
export const KIND_LIQUIDATION = 14;

/** How far the price lies from that of the same elsewhere: `price` in basis points, `quantity` = the limit that it is beyond; 0: within it. Ours, of no venue. */
export const KIND_DIVERGENCE = 15;

/** The last record of its message. */
export const FLAG_LAST = 1;
/** Part of a snapshot. */
export const FLAG_SNAPSHOT = 2;
/** The aggressor sold. */
export const FLAG_AGGRESSOR_SELL = 4;
/** The bar is closed. @public */
export const FLAG_CLOSED = 8;
/** A book header whose `price` is the venue's checksum of the book after it, not an update id. @public */
export const FLAG_CHECKSUM = 16;
/** A trade that ended a position by force. @public */
export const FLAG_LIQUIDATION = 32;
/** Of a trade: nobody told whose side the aggressor was on. */
export const FLAG_AGGRESSOR_UNKNOWN = 64;
/** Of a trade: its id tells it apart from others of its time, but neither orders nor counts them. */
export const FLAG_ID_UNORDERED = 128;

export const BOOK_LIVE = 0;
export const BOOK_STALE = 1;
export const BOOK_RESYNCING = 2;
/** Among stored changes: here stood the snapshot of this `id` and time of receipt. */
export const BOOK_SNAPSHOT = 3;

/** True of what is told of a derivative beside its trades, quotes and books. */
export function isDerivativeKind(kind: number): boolean {
  return kind >= KIND_MARK_PRICE && kind <= KIND_LIQUIDATION;
}

/** True of the headers and levels that books are made of. */
export function isBookKind(kind: number): boolean {
  return (
    kind === KIND_BID_LEVEL ||
    kind === KIND_ASK_LEVEL ||
    kind === KIND_DIFF_HEADER ||
    kind === KIND_SNAPSHOT_HEADER
  );
}

/** The end of the book message, or the part of one, of one instrument that starts at `from`; `from` itself when it is none. Message by message: a book that was crossed between two of them must be seen. */
export function bookRun(records: MarketRecords, from: number, count: number): number {
  const instrument = records.instrument(from);
  let row = from;
  while (row < count && records.instrument(row) === instrument && isBookKind(records.kind(row))) {
    row += 1;
    if ((records.flags(row - 1) & FLAG_LAST) !== 0) break;
  }
  return row;
}

const WORDS = MARKET_RECORD_BYTES / 4;
const DOUBLE_WORDS = MARKET_RECORD_BYTES / 8;
const TWO_32 = 4_294_967_296;

/**
 * A block of market records over one buffer, read and written field by field without an object per record. Indices must
 * be below `capacity`; the 64-bit fields are exact while they are safe integers.
 */
export class MarketRecords {
  /** The records' bytes, for the addon, rings and files. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly capacity: number;
  readonly #halves: Uint16Array;
  readonly #low: Uint32Array;
  readonly #high: Int32Array;
  readonly #wide: BigInt64Array;

  constructor(
    capacity: number,
    buffer: ArrayBuffer = new ArrayBuffer(capacity * MARKET_RECORD_BYTES),
    byteOffset = 0,
  ) {
    invariant(
      Number.isSafeInteger(capacity) &&
        capacity > 0 &&
        buffer.byteLength - byteOffset >= capacity * MARKET_RECORD_BYTES,
      `capacity must be 1..${(buffer.byteLength - byteOffset) / MARKET_RECORD_BYTES}, was ${capacity}`,
    );
    this.capacity = capacity;
    this.bytes = new Uint8Array(buffer, byteOffset, capacity * MARKET_RECORD_BYTES);
    this.#halves = new Uint16Array(buffer, byteOffset, capacity * WORDS * 2);
    this.#low = new Uint32Array(buffer, byteOffset, capacity * WORDS);
    this.#high = new Int32Array(buffer, byteOffset, capacity * WORDS);
    this.#wide = new BigInt64Array(buffer, byteOffset, capacity * DOUBLE_WORDS);
  }

  /** The first `count` records of `bytes`, wherever they stand in its buffer; `bytes` must begin at a multiple of 8. */
  static over(bytes: Uint8Array, count: number): MarketRecords {
    return new MarketRecords(count, bytes.buffer as ArrayBuffer, bytes.byteOffset);
  }

  kind(index: number): number {
    return this.bytes[index * MARKET_RECORD_BYTES] ?? 0;
  }

  flags(index: number): number {
    return this.bytes[index * MARKET_RECORD_BYTES + 1] ?? 0;
  }

  /** Index in the process's instrument table. */
  instrument(index: number): number {
    return this.#halves[index * (WORDS * 2) + 1] ?? 0;
  }

  /** The venue's time; 0 when the venue sent none. */
  tsEventNanos(index: number): bigint {
    return this.#wide[index * DOUBLE_WORDS + 1] ?? 0n;
  }

  tsInitNanos(index: number): bigint {
    return this.#wide[index * DOUBLE_WORDS + 2] ?? 0n;
  }

  /** The venue's time, rounded down; 0 when the venue sent none. */
  tsEventMicros(index: number): UnixMicros {
    return Number(this.tsEventNanos(index) / 1000n) as UnixMicros;
  }

  tsInitMicros(index: number): UnixMicros {
    return Number(this.tsInitNanos(index) / 1000n) as UnixMicros;
  }

  price(index: number): number {
    return this.#number(index * WORDS + 6);
  }

  quantity(index: number): number {
    return this.#number(index * WORDS + 8);
  }

  price2(index: number): number {
    return this.#number(index * WORDS + 10);
  }

  quantity2(index: number): number {
    return this.#number(index * WORDS + 12);
  }

  id(index: number): number {
    return this.#number(index * WORDS + 14);
  }

  /** Gives the first `count` records another time each, nanoseconds. */
  moveTsInit(count: number, move: (atNanos: bigint) => bigint): void {
    for (let index = 0; index < count; index += 1) {
      this.#wide[index * DOUBLE_WORDS + 2] = move(this.tsInitNanos(index));
    }
  }

  /** Gives the first `count` records another instrument number. */
  setInstrument(count: number, instrument: number): void {
    for (let index = 0; index < count; index += 1) {
      this.#halves[index * (WORDS * 2) + 1] = instrument;
    }
  }

  /** Writes a whole record; numbers must be safe integers. */
  set(
    index: number,
    kind: number,
    flags: number,
    instrument: number,
    tsEventNanos: bigint,
    tsInitNanos: bigint,
    price: number,
    quantity: number,
    price2: number,
    quantity2: number,
    id: number,
  ): void {
    const word = index * WORDS;
    this.#low[word] = (kind | (flags << 8) | (instrument << 16)) >>> 0;
    this.#low[word + 1] = 0;
    this.#wide[index * DOUBLE_WORDS + 1] = tsEventNanos;
    this.#wide[index * DOUBLE_WORDS + 2] = tsInitNanos;
    this.#setNumber(word + 6, price);
    this.#setNumber(word + 8, quantity);
    this.#setNumber(word + 10, price2);
    this.#setNumber(word + 12, quantity2);
    this.#setNumber(word + 14, id);
  }

  #number(word: number): number {
    return (this.#high[word + 1] ?? 0) * TWO_32 + (this.#low[word] ?? 0);
  }

  #setNumber(word: number, value: number): void {
    this.#low[word] = value >>> 0;
    this.#high[word + 1] = Math.floor(value / TWO_32);
  }
}
