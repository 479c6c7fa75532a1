import type { InstrumentId } from '../../domain/identifiers.ts';
import {
  BOOK_SNAPSHOT,
  FLAG_LAST,
  KIND_BOOK_STATUS,
  KIND_DIFF_HEADER,
  KIND_SNAPSHOT_HEADER,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { TickSegmentReader } from '../../native/io/tick-segment.ts';
import { findSegments, type TickSegmentPlace } from './tick-folders.ts';

const BATCH = 4096;

/** One message of a stored book: a snapshot, a change or a status. */
export interface StoredBookMessage {
  readonly records: MarketRecords;
  readonly count: number;
}

/** Messages of one segment, whole and in order. */
class SegmentMessages implements Disposable {
  readonly #reader: TickSegmentReader;
  readonly #batch = new MarketRecords(BATCH);
  #count = 0;
  #at = 0;

  constructor(place: TickSegmentPlace) {
    const opened = TickSegmentReader.open(place.path);
    if (!opened.ok) throw new Error(`${place.path}: ${opened.error.code}: ${opened.error.detail}`);
    this.#reader = opened.value;
  }

  /** The next message; undefined at the end. A header whose levels a damaged block took is left out. */
  next(): StoredBookMessage | undefined {
    for (;;) {
      if (!this.#fill()) return undefined;
      const kind = this.#batch.kind(this.#at);
      const header = kind === KIND_DIFF_HEADER || kind === KIND_SNAPSHOT_HEADER;
      const rows = 1 + (header ? this.#batch.quantity(this.#at) : 0);
      const records = new MarketRecords(rows);
      let taken = 0;
      while (taken < rows && this.#fill() && (taken === 0 || this.#isLevel())) {
        const from = this.#at * MARKET_RECORD_BYTES;
        const bytes = this.#batch.bytes.subarray(from, from + MARKET_RECORD_BYTES);
        records.bytes.set(bytes, taken * MARKET_RECORD_BYTES);
        taken += 1;
        this.#at += 1;
      }
      const whole = taken === rows && (records.flags(rows - 1) & FLAG_LAST) !== 0;
      if (whole && (header || kind === KIND_BOOK_STATUS)) return { records, count: rows };
    }
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
  }

  #isLevel(): boolean {
    const kind = this.#batch.kind(this.#at);
    return kind !== KIND_DIFF_HEADER && kind !== KIND_SNAPSHOT_HEADER && kind !== KIND_BOOK_STATUS;
  }

  #fill(): boolean {
    if (this.#at < this.#count) return true;
    this.#count = this.#reader.next(this.#batch.bytes);
    this.#at = 0;
    return this.#count > 0;
  }
}

/**
 * The stored messages of an instrument's book, in the order in which they counted when they were kept, day by day: applied
 * one after the other they are the book. A change whose snapshot is not there is left out. Throws when a segment
 * cannot be opened, or nothing of the instrument is stored.
 */
export function* readStoredBook(
  ticks: string,
  instrument: InstrumentId,
): Generator<StoredBookMessage> {
  const found = findSegments(ticks, instrument);
  if (!found.ok) throw new Error(found.error.message);
  const days = new Set(found.value.map(({ day }) => day));
  let stands = false;
  for (const day of days) {
    const of = (kind: TickSegmentPlace['kind']): TickSegmentPlace | undefined =>
      found.value.find((place) => place.day === day && place.kind === kind);
    const [changes, snapshots] = [of('diffs'), of('snapshots')];
    if (changes === undefined) continue;
    using told = new SegmentMessages(changes);
    using whole = snapshots && new SegmentMessages(snapshots);
    for (let message = told.next(); message !== undefined; message = told.next()) {
      const { records } = message;
      const marked = records.kind(0) === KIND_BOOK_STATUS && records.price(0) === BOOK_SNAPSHOT;
      if (marked) {
        const snapshot = whole && snapshotOf(whole, records);
        stands = snapshot !== undefined;
        if (snapshot !== undefined) yield snapshot;
      } else if (stands || records.kind(0) === KIND_BOOK_STATUS) {
        yield message;
      }
    }
  }
}

/** The snapshot that a mark stands for; those before it were lost with their marks. */
function snapshotOf(whole: SegmentMessages, mark: MarketRecords): StoredBookMessage | undefined {
  for (let one = whole.next(); one !== undefined; one = whole.next()) {
    const { records } = one;
    if (records.id(0) === mark.id(0) && records.tsInitNanos(0) === mark.tsInitNanos(0)) return one;
  }
  return undefined;
}
