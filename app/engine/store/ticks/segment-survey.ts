import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { TickKind } from '../../domain/market.ts';
import {
  BOOK_LIVE,
  BOOK_SNAPSHOT,
  KIND_BOOK_STATUS,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { TickSegmentReader } from '../../native/io/tick-segment.ts';
import type { TickStats } from '../../native/io/ticks-binding.ts';
import { BOOK_REASON } from '../../ports/market-data-client.ts';
import type { GapCause, TickGap, TickSegmentEntry } from '../../ports/tick-catalogue.ts';

/** Room that every survey reads through: hundreds of segments grow at a time, and none is read while another is. */
const BATCH = new MarketRecords(4096);
const CHUNK = new Uint8Array(1 << 20);

const CAUSES: Readonly<Record<number, GapCause>> = {
  [BOOK_REASON.starting]: 'Starting',
  [BOOK_REASON.gap]: 'MessageLost',
  [BOOK_REASON.disconnected]: 'Disconnected',
  [BOOK_REASON.silent]: 'Silent',
};

/** What reading a segment tells. */
export type SurveyedSegment = Pick<
  TickSegmentEntry,
  'rows' | 'firstNanos' | 'lastNanos' | 'bytes' | 'version' | 'hash' | 'gaps'
> & {
  /** The version of what was known before, when these bytes still begin with it. */
  readonly goesOn: boolean;
};

/** Reads a segment from its beginning on, further with each call while it grows. Throws the system's error, or when it is no segment. */
export class SegmentSurvey implements Disposable {
  readonly #path: string;
  readonly #reader: TickSegmentReader;
  readonly #file: number;
  readonly #hash: Hash = createHash('sha256');
  readonly #isBook: boolean;
  readonly #books: BookGaps;
  #hashed = 0;
  #goesOn = true;
  #before: Pick<TickSegmentEntry, 'bytes' | 'hash'> | undefined;

  /** `before` is what the catalogue knows of it, `open` the gap in which the day before ended. */
  constructor(
    path: string,
    kind: TickKind,
    before: Pick<TickSegmentEntry, 'bytes' | 'hash'> | undefined,
    open: GapCause | undefined,
  ) {
    this.#path = path;
    this.#reader = readerOf(path, { forward: true });
    this.#file = openSync(path, 'r');
    this.#before = before;
    this.#isBook = kind === 'diffs';
    this.#books = new BookGaps(open);
  }

  /** All that stands in it now; `whole` reads every block. */
  read(whole: boolean): SurveyedSegment {
    if (this.#isBook) this.#readBook();
    else this.#reader.pass();
    const stats = whole ? verified(this.#path) : this.#reader.stats;
    this.#readBytes(stats.storedBytes);
    return {
      rows: stats.rows,
      firstNanos: stats.firstTsInitNanos,
      lastNanos: stats.lastTsInitNanos,
      bytes: stats.storedBytes,
      version: stats.version,
      hash: this.#hash.copy().digest('hex'),
      gaps: [...this.#books.gaps(stats), ...damageOf(stats)],
      goesOn: this.#goesOn,
    };
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
    closeSync(this.#file);
  }

  #readBook(): void {
    for (;;) {
      const count = this.#reader.next(BATCH.bytes);
      if (count < 0) throw new Error(`${this.#path}: the system refused with error ${-count}`);
      if (count === 0) return;
      this.#books.add(BATCH, count);
    }
  }

  #readBytes(until: number): void {
    while (this.#hashed < until) {
      const mark = this.#before?.bytes;
      const end = mark !== undefined && mark > this.#hashed ? Math.min(mark, until) : until;
      const wanted = Math.min(CHUNK.length, end - this.#hashed);
      const got = readSync(this.#file, CHUNK, 0, wanted, this.#hashed);
      if (got === 0) throw new Error(`${this.#path} became shorter while it was read`);
      this.#hash.update(CHUNK.subarray(0, got));
      this.#hashed += got;
      if (this.#hashed === mark) this.#compare();
    }
    if ((this.#before?.bytes ?? 0) > until) this.#goesOn = false;
  }

  #compare(): void {
    this.#goesOn = this.#hash.copy().digest('hex') === this.#before?.hash;
    this.#before = undefined;
  }
}

function readerOf(path: string, how?: { readonly forward: boolean }): TickSegmentReader {
  const opened = TickSegmentReader.open(path, how);
  if (!opened.ok) throw new Error(`${path}: ${opened.error.code}: ${opened.error.detail}`);
  return opened.value;
}

function verified(path: string): TickStats {
  using reader = readerOf(path);
  return reader.verify();
}

/** Times in which a stored book did not stand, by what the connection said. */
class BookGaps {
  readonly #found: TickGap[] = [];
  #cause: GapCause | undefined;
  #from: bigint | undefined;

  constructor(open: GapCause | undefined) {
    this.#cause = open;
  }

  add(records: MarketRecords, count: number): void {
    this.#from ??= records.tsInitNanos(0);
    for (let row = 0; row < count; row += 1) {
      // Read where it stands: most rows are levels.
      if (records.bytes[row * MARKET_RECORD_BYTES] !== KIND_BOOK_STATUS) continue;
      this.#onStatus(records.price(row), records.quantity(row), records.tsInitNanos(row));
    }
  }

  gaps({ lastTsInitNanos }: TickStats): readonly TickGap[] {
    if (this.#cause === undefined) return this.#found;
    return [...this.#found, { fromNanos: this.#from ?? lastTsInitNanos, cause: this.#cause }];
  }

  #onStatus(state: number, reason: number, at: bigint): void {
    if (state === BOOK_LIVE || state === BOOK_SNAPSHOT) {
      if (this.#cause !== undefined) {
        this.#found.push({ fromNanos: this.#from ?? at, toNanos: at, cause: this.#cause });
      }
      this.#cause = undefined;
      return;
    }
    // What began it is its cause: the resynchronisation after a lost connection is part of it.
    if (this.#cause !== undefined) return;
    this.#cause = CAUSES[reason] ?? 'MessageLost';
    this.#from = at;
  }
}

function damageOf({ damages }: TickStats): readonly TickGap[] {
  return damages.map(({ fromNanos, toNanos }) => ({ fromNanos, toNanos, cause: 'Damaged' }));
}
