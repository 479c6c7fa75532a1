import {
  FLAG_LAST,
  KIND_ASK_LEVEL,
  KIND_BID_LEVEL,
  KIND_DIFF_HEADER,
  KIND_SNAPSHOT_HEADER,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { TickSegmentReader } from '../../native/io/tick-segment.ts';
import type { TickSegmentPlace } from './tick-folders.ts';

const BATCH = 4096;

/** One stored message: rows [from, to) of records that are not written to again. */
export interface StoredMessage {
  readonly records: MarketRecords;
  readonly from: number;
  readonly to: number;
}

/** Messages of one segment, whole and in order. Throws when it cannot be opened or read. */
export class SegmentMessages implements Disposable {
  readonly #path: string;
  readonly #reader: TickSegmentReader;
  readonly #instrument: number | undefined;
  #batch = new MarketRecords(BATCH);
  #count = 0;
  #at = 0;
  #again: StoredMessage | undefined;
  #last: StoredMessage | undefined;

  /** With `instrument` records get that number in place of the one they were written with. */
  constructor(place: Pick<TickSegmentPlace, 'path'>, instrument?: number) {
    const opened = TickSegmentReader.open(place.path);
    if (!opened.ok) throw new Error(`${place.path}: ${opened.error.code}: ${opened.error.detail}`);
    this.#path = place.path;
    this.#reader = opened.value;
    this.#instrument = instrument;
  }

  /** Goes to the first record received at this time or later. */
  seek(nanos: bigint): void {
    this.#reader.seek(nanos);
    this.#count = 0;
    this.#at = 0;
    this.#again = undefined;
  }

  /** The message that was read last is the next one again. */
  back(): void {
    this.#again = this.#last;
  }

  /** The next message; undefined at the end. Levels whose header a damaged block took, and a header whose levels it took, are left out. */
  next(): StoredMessage | undefined {
    this.#last = this.#again ?? this.#read();
    this.#again = undefined;
    return this.#last;
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
  }

  #read(): StoredMessage | undefined {
    while (this.#fill()) {
      const kind = this.#batch.kind(this.#at);
      if (isLevel(kind)) {
        this.#at += 1;
        continue;
      }
      if (!isHeader(kind)) {
        const from = this.#at;
        this.#at += 1;
        return { records: this.#batch, from, to: from + 1 };
      }
      const message = this.#book(1 + this.#batch.quantity(this.#at));
      if (message !== undefined) return message;
    }
    return undefined;
  }

  #book(rows: number): StoredMessage | undefined {
    const from = this.#at;
    if (from + rows > this.#count) return this.#gathered(rows);
    const records = this.#batch;
    this.#at += 1;
    while (this.#at < from + rows && isLevel(records.kind(this.#at))) this.#at += 1;
    const to = from + rows;
    return this.#at === to && isLast(records, to - 1) ? { records, from, to } : undefined;
  }

  /** A message that goes on in the next batch. */
  #gathered(rows: number): StoredMessage | undefined {
    const records = new MarketRecords(rows);
    let taken = 0;
    while (taken < rows && this.#fill() && (taken === 0 || isLevel(this.#batch.kind(this.#at)))) {
      const start = this.#at * MARKET_RECORD_BYTES;
      const bytes = this.#batch.bytes.subarray(start, start + MARKET_RECORD_BYTES);
      records.bytes.set(bytes, taken * MARKET_RECORD_BYTES);
      taken += 1;
      this.#at += 1;
    }
    return taken === rows && isLast(records, rows - 1) ? { records, from: 0, to: rows } : undefined;
  }

  #fill(): boolean {
    if (this.#at < this.#count) return true;
    // Messages still show what is in the batch before.
    if (this.#count > 0) this.#batch = new MarketRecords(BATCH);
    this.#at = 0;
    this.#count = this.#reader.next(this.#batch.bytes);
    if (this.#count < 0) throw new Error(`${this.#path}: system error ${-this.#count}`);
    if (this.#instrument !== undefined) this.#batch.setInstrument(this.#count, this.#instrument);
    return this.#count > 0;
  }
}

function isHeader(kind: number): boolean {
  return kind === KIND_DIFF_HEADER || kind === KIND_SNAPSHOT_HEADER;
}

function isLevel(kind: number): boolean {
  return kind === KIND_BID_LEVEL || kind === KIND_ASK_LEVEL;
}

function isLast(records: MarketRecords, row: number): boolean {
  return (records.flags(row) & FLAG_LAST) !== 0;
}
