import { existsSync } from 'node:fs';
import { err, ok, type Result } from '../../base/result.ts';
import type { Effect, Input } from '../../domain/input.ts';
import { MARKET_RECORD_BYTES, MarketRecords } from '../../native/compute/market-record.ts';
import type { JournalSummary } from '../../native/io/journal-binding.ts';
import { JournalRecords, readJournal, type JournalReader } from '../../native/io/journal-reader.ts';
import {
  decodeInput,
  decodeIntent,
  decodeStateHash,
  ORDER_STREAM_SCHEMA,
  type StateHashRecord,
} from './input-codec.ts';
import type { SessionSnapshot } from './snapshots.ts';
import {
  RECORD_INPUT,
  RECORD_INTENT,
  RECORD_STATE_HASH,
  streamFolders,
} from './session-journal.ts';

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

/** Where a record stands. */
export interface RecordPlace {
  readonly sequence: number;
  readonly atNanos: bigint;
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
  count: number;

  readonly #skipped: boolean;

  constructor(reader: JournalReader, { from, ordersOnly = false }: ReadRange) {
    this.#skipped = ordersOnly;
    this.#reader = reader;
    this.#after = from?.marketSequence ?? 0;
    this.count = from?.marketCount ?? 0;
  }

  get summary(): JournalSummary {
    return this.#reader.summary;
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
    if (this.#batchRow === this.#batch.count) {
      this.#batchRow = 0;
      if (this.#reader.next(this.#batch) === 0) return false;
    }
    const payload = this.#batch.payload(this.#batchRow);
    const sequence = this.#batch.sequences[this.#batchRow] ?? 0;
    this.#batchRow += 1;
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
  const failure = visitOrders(orders.value, market, visitor, options);
  if (failure !== undefined) return err(failure);
  if (options.untilNanos === undefined) market.finish(visitor.onMarket);
  return ok({
    orders: orders.value.summary,
    market: market.summary,
    marketCount: market.count,
  });
}

function visitOrders(
  reader: JournalReader,
  market: MarketCursor,
  visitor: SessionVisitor,
  { from, untilNanos }: ReadRange,
): SessionReadError | undefined {
  const records = new JournalRecords();
  let joined = from === undefined;
  while (reader.next(records) > 0) {
    for (let row = 0; row < records.count; row += 1) {
      const place: RecordPlace = {
        sequence: records.sequences[row] ?? 0,
        atNanos: records.tsInitNanos[row] ?? 0n,
      };
      if (from !== undefined && place.sequence <= from.sequence) {
        joined ||= holdsHash(records, row, from);
        continue;
      }
      if (!joined) break;
      if (untilNanos !== undefined && place.atNanos > untilNanos) return undefined;
      const failure = visitOrder(records, row, place, market, visitor);
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
  market: MarketCursor,
  visitor: SessionVisitor,
): SessionReadError | undefined {
  const payload = records.payload(row);
  const kind = records.kinds[row];
  const schema = records.schemas[row];
  if (schema !== ORDER_STREAM_SCHEMA) {
    return malformed(place, `schema must be ${ORDER_STREAM_SCHEMA}, was ${schema}`);
  }
  if (kind === RECORD_INTENT) {
    const decoded = decodeIntent(payload);
    if (!decoded.ok) return malformed(place, decoded.error.message);
    visitor.onIntent?.(decoded.value, place);
    return undefined;
  }
  if (kind === RECORD_INPUT) {
    const decoded = decodeInput(payload);
    if (!decoded.ok) return malformed(place, decoded.error.message);
    if (!market.advance(decoded.value.marketCount, visitor.onMarket))
      return missing(place, market.count);
    visitor.onInput?.(decoded.value.input, place);
    return undefined;
  }
  if (kind !== RECORD_STATE_HASH) return malformed(place, `kind must be 1..3, was ${kind}`);
  const decoded = decodeStateHash(payload);
  if (!decoded.ok) return malformed(place, decoded.error.message);
  const record = decoded.value;
  if (!market.advance(record.marketCount, visitor.onMarket)) return missing(place, market.count);
  visitor.onStateHash?.(record, place);
  return undefined;
}

function malformed({ sequence }: RecordPlace, message: string): SessionReadError {
  return { code: 'RECORD_MALFORMED', message: `record ${sequence}: ${message}` };
}

function missing({ sequence }: RecordPlace, count: number): SessionReadError {
  const message = `record ${sequence} needs market records beyond the ${count} that are kept`;
  return { code: 'MARKET_STREAM_MISSING', message };
}
