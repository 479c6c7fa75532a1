import { existsSync } from 'node:fs';
import { err, ok, type Result } from '../../base/result.ts';
import type { Effect, Input } from '../../domain/input.ts';
import { MARKET_RECORD_BYTES, MarketRecords } from '../../native/compute/market-record.ts';
import type { JournalSummary } from '../../native/io/journal-binding.ts';
import {
  JournalRecords,
  journalSegments,
  readJournal,
  type JournalReader,
} from '../../native/io/journal-reader.ts';
import {
  decodeInput,
  decodeIntent,
  decodeStateHash,
  ORDER_STREAM_SCHEMA,
  type RecordPlace,
  type StateHashRecord,
} from './input-codec.ts';
import type { SessionSnapshot } from './snapshots.ts';
import {
  RECORD_INPUT,
  RECORD_INTENT,
  RECORD_STATE_HASH,
  streamFolders,
} from './session-journal.ts';
import { LostTail, type TailCut } from './tail-cut.ts';

/** Why a session cannot be read from beginning to end. */
export interface SessionReadError {
  readonly code:
    | 'SESSION_UNKNOWN'
    | 'SESSION_UNREADABLE'
    | 'RECORD_MALFORMED'
    | 'MARKET_STREAM_MISSING'
    | 'SNAPSHOT_FOREIGN';
  readonly message: string;
}

/** Who hears a session, in the order it happened. */
export interface SessionVisitor {
  /** One market record that was applied; `records` is valid during the call. */
  onMarket?(records: MarketRecords, row: number): void;
  onInput?(input: Input, place: RecordPlace): void;
  onIntent?(effect: Effect, place: RecordPlace): void;
  onStateHash?(record: StateHashRecord, place: RecordPlace): void;
}

/** What a reading saw. */
export interface SessionRead {
  readonly orders: JournalSummary;
  readonly market: JournalSummary;
  readonly marketCount: number;
  /** What was not read because it names market records that a loss of power took. */
  readonly cut?: TailCut;
}

/** The market stream, handed out one record at a time. */
class MarketCursor {
  readonly #reader: JournalReader;
  readonly #batch = new JournalRecords(64, 1 << 20);
  #records = new MarketRecords(1);
  #batchRow = 0;
  #row = 0;
  #rows = 0;
  readonly #after: number;
  readonly #skipped: boolean;
  /** The last record that follows on all before it; undefined before the first. */
  #last: number | undefined;
  #ended = false;
  count: number;

  constructor(reader: JournalReader, { from, ordersOnly = false }: ReadRange) {
    this.#skipped = ordersOnly;
    this.#reader = reader;
    this.#after = from?.marketSequence ?? 0;
    this.count = from?.marketCount ?? 0;
  }

  get summary(): JournalSummary {
    return this.#reader.summary;
  }

  /** The last record that was read. */
  get lastSequence(): number {
    return this.#last ?? this.#reader.summary.lastSequence;
  }

  /** Hands out the next record; false at the end. */
  next(onMarket: SessionVisitor['onMarket']): boolean {
    while (this.#row === this.#rows) if (!this.#nextBatch()) return false;
    onMarket?.(this.#records, this.#row);
    this.#row += 1;
    this.count += 1;
    return true;
  }

  /** Hands out what comes before the record numbered `wanted`; false when the stream ends before. */
  advance(wanted: number, onMarket: SessionVisitor['onMarket']): boolean {
    if (this.#skipped) return true;
    while (this.count < wanted) if (!this.next(onMarket)) return false;
    return true;
  }

  /** Hands out all that is left. */
  finish(onMarket: SessionVisitor['onMarket']): void {
    while (!this.#skipped && this.next(onMarket));
  }

  #nextBatch(): boolean {
    if (this.#ended) return false;
    if (this.#batchRow === this.#batch.count) {
      this.#batchRow = 0;
      if (this.#reader.next(this.#batch) === 0) return false;
    }
    const payload = this.#batch.payload(this.#batchRow);
    const sequence = this.#batch.sequences[this.#batchRow] ?? 0;
    this.#batchRow += 1;
    if (sequence !== (this.#last ?? sequence - 1) + 1) {
      // Nothing behind a gap has its place; whether it is damage says the summary.
      this.#ended = true;
      while (this.#reader.next(this.#batch) > 0);
      return false;
    }
    this.#last = sequence;
    if (sequence <= this.#after) return true;
    this.#row = 0;
    this.#rows = Math.floor(payload.byteLength / MARKET_RECORD_BYTES);
    if (this.#records.capacity < this.#rows) this.#records = new MarketRecords(this.#rows);
    this.#records.bytes.set(payload.subarray(0, this.#rows * MARKET_RECORD_BYTES));
    return true;
  }
}

/** What of a session is read: from a snapshot on instead of the beginning, and not beyond a time. */
export interface ReadRange {
  readonly from?: SessionSnapshot;
  readonly untilNanos?: bigint;
  /** The order stream alone: what the market stream lacks does not matter. */
  readonly ordersOnly?: boolean;
}

/** Reads a session's two streams as one, each market record before the first input that came after it. `untilNanos` ends before later records. */
export function readSession(
  sessionFolder: string,
  visitor: SessionVisitor,
  options: ReadRange = {},
): Result<SessionRead, SessionReadError> {
  const folders = streamFolders(sessionFolder);
  if (!existsSync(folders.orders)) {
    const message = `no session at ${sessionFolder}`;
    return err({ code: 'SESSION_UNKNOWN', message });
  }
  const { from } = options;
  const orders = readJournal(folders.orders, from?.orderSegment);
  const marketReader = readJournal(folders.market, from?.marketSegment);
  if (!orders.ok) return err({ code: 'SESSION_UNREADABLE', message: orders.error.detail });
  if (!marketReader.ok) {
    return err({ code: 'SESSION_UNREADABLE', message: marketReader.error.detail });
  }
  const market = new MarketCursor(marketReader.value, options);
  const tail = new LostTail();
  const failure = visitOrders(orders.value, { market, tail }, visitor, options);
  if (failure !== undefined) return err(failure);
  if (options.untilNanos === undefined) market.finish(visitor.onMarket);
  const missing = missingMarket(folders.market, market, tail, options);
  if (missing !== undefined) return err(missing);
  return ok({
    orders: orders.value.summary,
    market: market.summary,
    marketCount: market.count,
    ...(tail.cut && { cut: tail.cut }),
  });
}

/** What the market stream lacks that no loss of power took from its end. */
function missingMarket(
  folder: string,
  market: MarketCursor,
  tail: LostTail,
  { from, untilNanos }: ReadRange,
): SessionReadError | undefined {
  if (from !== undefined && untilNanos === undefined && market.lastSequence < from.marketSequence) {
    const message = `the snapshot knows market record ${from.marketSequence}, the stream ends with ${market.lastSequence}`;
    return { code: 'SNAPSHOT_FOREIGN', message };
  }
  const { cut } = tail;
  if (cut === undefined) return undefined;
  const segments = journalSegments(folder);
  const [first] = segments.ok ? segments.value : [];
  const begins = from === undefined ? (first?.firstSequence ?? 1) : 1;
  const why =
    begins > 1 ? `it begins with record ${begins}` : tail.contradiction(market.lastSequence);
  if (why === undefined) return undefined;
  const [damage] = market.summary.damages;
  const end = segments.ok ? (segments.value.at(-1)?.path ?? folder) : folder;
  const place =
    damage === undefined
      ? `${end} at ${market.summary.endOffset}, record ${market.lastSequence}`
      : `${damage.file} at ${damage.offset}: ${damage.reason}`;
  const named = `record ${cut.afterSequence + 1} names market records beyond the ${cut.marketKept} that are kept`;
  return { code: 'MARKET_STREAM_MISSING', message: `${named} (${place}): ${why}` };
}

interface Streams {
  readonly market: MarketCursor;
  readonly tail: LostTail;
}

function visitOrders(
  reader: JournalReader,
  streams: Streams,
  visitor: SessionVisitor,
  { from, untilNanos }: ReadRange,
): SessionReadError | undefined {
  const records = new JournalRecords();
  let joined = from === undefined;
  let last: number | undefined;
  while (reader.next(records) > 0) {
    for (let row = 0; row < records.count; row += 1) {
      const place: RecordPlace = {
        sequence: records.sequences[row] ?? 0,
        atNanos: records.tsInitNanos[row] ?? 0n,
      };
      // Nothing behind a gap follows on what is before it; whether it is damage says the summary.
      if (place.sequence !== (last ?? place.sequence - 1) + 1) break;
      last = place.sequence;
      if (from !== undefined && place.sequence <= from.sequence) {
        joined ||= holdsHash(records, row, from);
        continue;
      }
      if (!joined) break;
      if (untilNanos !== undefined && place.atNanos > untilNanos) return undefined;
      const failure = visitOrder(records, row, place, streams, visitor);
      if (failure !== undefined) return failure;
    }
  }
  if (joined) return undefined;
  const message = `record ${from?.sequence} must hold the hash of the snapshot`;
  return { code: 'SNAPSHOT_FOREIGN', message };
}

/** True for the very record the snapshot was taken at. */
function holdsHash(records: JournalRecords, row: number, from: SessionSnapshot): boolean {
  if (records.sequences[row] !== from.sequence) return false;
  if (records.kinds[row] !== RECORD_STATE_HASH) return false;
  const decoded = decodeStateHash(records.payload(row));
  return (
    decoded.ok && decoded.value.hash === from.hash && decoded.value.marketCount === from.marketCount
  );
}

function visitOrder(
  records: JournalRecords,
  row: number,
  place: RecordPlace,
  { market, tail }: Streams,
  visitor: SessionVisitor,
): SessionReadError | undefined {
  const payload = records.payload(row);
  const kind = records.kinds[row];
  const schema = records.schemas[row];
  /** Hands the market records before this one out; false when they are not there. */
  const reaches = (marketCount?: number): boolean => {
    if (tail.cut === undefined && market.advance(marketCount ?? 0, visitor.onMarket)) return true;
    tail.take(place, market.count, marketCount);
    return false;
  };
  if (schema !== ORDER_STREAM_SCHEMA) {
    return malformed(place, `schema must be ${ORDER_STREAM_SCHEMA}, was ${schema}`);
  }
  if (kind === RECORD_INTENT) {
    const decoded = decodeIntent(payload);
    if (!decoded.ok) return malformed(place, decoded.error.message);
    if (reaches()) visitor.onIntent?.(decoded.value, place);
    return undefined;
  }
  if (kind === RECORD_INPUT) {
    const decoded = decodeInput(payload);
    if (!decoded.ok) return malformed(place, decoded.error.message);
    const { marketCount, input } = decoded.value;
    if (reaches(marketCount)) visitor.onInput?.(input, place);
    else tail.onInput(input, place);
    return undefined;
  }
  if (kind !== RECORD_STATE_HASH) return malformed(place, `kind must be 1..3, was ${kind}`);
  const decoded = decodeStateHash(payload);
  if (!decoded.ok) return malformed(place, decoded.error.message);
  const record = decoded.value;
  tail.onStateHash(record);
  if (reaches(record.marketCount)) visitor.onStateHash?.(record, place);
  return undefined;
}

function malformed({ sequence }: RecordPlace, message: string): SessionReadError {
  return { code: 'RECORD_MALFORMED', message: `record ${sequence}: ${message}` };
}
