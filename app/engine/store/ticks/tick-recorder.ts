import { appendFileSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Instrument } from '../../domain/instrument.ts';
import { TICK_KINDS, type TickKind } from '../../domain/market.ts';
import {
  BOOK_SNAPSHOT,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_ASK_LEVEL,
  KIND_BBO,
  KIND_BID_LEVEL,
  KIND_BOOK_STATUS,
  KIND_DIFF_HEADER,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  MARKET_RECORD_BYTES,
  MarketRecords,
  isDerivativeKind,
} from '../../native/compute/market-record.ts';
import { TickSegmentReader, TickSegmentWriter } from '../../native/io/tick-segment.ts';
import { stepsOf, writeLineage, type TickOrigin } from './lineage.ts';
import { dayName, dayOf, prepareSegment } from './tick-folders.ts';

/** Largest file of raw unknown messages of a day. */
const MOST_UNKNOWN_BYTES = 16 << 20;

const OPEN_AGAIN_NANOS = 1_000_000_000n;

/** How a recording goes. */
export interface RecorderState {
  readonly rows: number;
  /** Records that could not be kept: the disk refused, and said this last. */
  readonly lost: number;
  readonly problem?: string;
}

/** Keeps market records in segments of venue, instrument, day and kind. A disk that refuses costs records, counted, never the feed. */
export class TickRecorder implements Disposable {
  readonly #ticks: string;
  readonly #instruments: Instrument[];
  readonly #origin: TickOrigin;
  readonly #writers = new Map<
    string,
    { readonly day: number; readonly writer: TickSegmentWriter }
  >();
  /** Segments that could not be opened are tried again from this time of the records on. */
  readonly #refusedUntil = new Map<string, bigint>();
  readonly #mark = new MarketRecords(1);
  #rows = 0;
  #lost = 0;
  #problem: string | undefined;

  /** `instruments` in the order of their numbers in records. */
  constructor(ticksFolder: string, instruments: readonly Instrument[], origin: TickOrigin) {
    this.#ticks = ticksFolder;
    this.#instruments = [...instruments];
    this.#origin = origin;
  }

  get state(): RecorderState {
    const problem = this.#problem;
    return { rows: this.#rows, lost: this.#lost, ...(problem === undefined ? {} : { problem }) };
  }

  /** Takes the first `count` records over. */
  append(bytes: Uint8Array, count: number): void {
    const records = MarketRecords.over(bytes, count);
    const day = count > 0 ? dayOf(records.tsInitNanos(0)) : 0;
    if (count > 1 && dayOf(records.tsInitNanos(count - 1)) !== day) {
      this.#appendByDay(bytes, records, count);
      return;
    }
    let start = 0;
    while (start < count) {
      const instrument = records.instrument(start);
      const group = groupOf(records, start);
      let end = start + 1;
      while (end < count && records.instrument(end) === instrument) {
        if (groupOf(records, end) !== group) break;
        end += 1;
      }
      this.#appendRun(records, start, end, instrument, group);
      start = end;
    }
  }

  /** The venue's rules for an instrument are others from now on: its next rows say so. */
  relist(index: number, instrument: Instrument): void {
    const before = this.#instruments[index];
    if (before?.id !== instrument.id) return;
    this.#instruments[index] = instrument;
    const now = stepsOf(instrument);
    const was = stepsOf(before);
    if (now.tickSize === was.tickSize && now.stepSize === was.stepSize) return;
    for (const kind of TICK_KINDS) {
      const key = `${instrument.id} ${kind}`;
      this.#writers.get(key)?.writer.close();
      this.#writers.delete(key);
    }
  }

  /** Makes what was taken over readable. */
  flush(): void {
    for (const { writer } of this.#writers.values()) {
      const flushed = writer.flush();
      if (!flushed.ok) this.#problem = `flush failed with system error ${flushed.error}`;
    }
  }

  /** Keeps a message nobody understood, as it came. */
  unknown(raw: string, atNanos: bigint): void {
    const venue = this.#instruments[0]?.venue;
    if (venue === undefined) return;
    const file = join(this.#ticks, venue, `unknown-${dayName(dayOf(atNanos))}.txt`);
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      if (size < MOST_UNKNOWN_BYTES) {
        appendFileSync(file, `${atNanos} ${raw.replaceAll('\n', ' ')}\n`, { mode: 0o600 });
      }
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** Flushes and closes every segment. */
  close(): void {
    for (const { writer } of this.#writers.values()) writer.close();
    this.#writers.clear();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #appendByDay(bytes: Uint8Array, records: MarketRecords, count: number): void {
    let from = 0;
    for (let row = 1; row <= count; row += 1) {
      const day = dayOf(records.tsInitNanos(from));
      if (row < count && dayOf(records.tsInitNanos(row)) === day) continue;
      const part = bytes.subarray(from * MARKET_RECORD_BYTES, row * MARKET_RECORD_BYTES);
      this.append(part, row - from);
      from = row;
    }
  }

  #appendRun(
    records: MarketRecords,
    from: number,
    to: number,
    index: number,
    group: TickKind | undefined,
  ): void {
    const instrument = this.#instruments[index];
    if (instrument === undefined || group === undefined) return;
    if (records.kind(from) === KIND_SNAPSHOT_HEADER) {
      this.#markSnapshot(records, from, instrument, index);
    }
    if (this.#write(records, from, to, instrument, group)) this.#rows += to - from;
    else this.#lost += to - from;
  }

  #write(
    records: MarketRecords,
    from: number,
    to: number,
    instrument: Instrument,
    group: TickKind,
  ): boolean {
    const writer = this.#writer(instrument, records.tsInitNanos(from), group);
    const run = records.bytes.subarray(from * MARKET_RECORD_BYTES, to * MARKET_RECORD_BYTES);
    const appended = writer?.append(run, to - from);
    if (appended?.ok === false) {
      this.#problem = `write failed with system error ${appended.error}`;
    }
    return appended?.ok === true;
  }

  /** Snapshots are kept apart from changes: a mark among these says where each stood. */
  #markSnapshot(
    records: MarketRecords,
    header: number,
    instrument: Instrument,
    index: number,
  ): void {
    const at = records.tsInitNanos(header);
    const id = records.id(header);
    this.#mark.set(0, KIND_BOOK_STATUS, FLAG_LAST, index, 0n, at, BOOK_SNAPSHOT, 0, 0, 0, id);
    this.#write(this.#mark, 0, 1, instrument, 'diffs');
  }

  #writer(instrument: Instrument, atNanos: bigint, group: TickKind): TickSegmentWriter | undefined {
    const day = dayOf(atNanos);
    const key = `${instrument.id} ${group}`;
    const known = this.#writers.get(key);
    if (known?.day === day) return known.writer;
    if (atNanos < (this.#refusedUntil.get(key) ?? 0n)) return undefined;
    known?.writer.close();
    this.#writers.delete(key);
    try {
      const path = prepareSegment(this.#ticks, instrument, day, group);
      const opened = TickSegmentWriter.open(path, group);
      if (opened.ok) {
        const writer = opened.value;
        try {
          this.#tell(path, instrument, group, writer.recovery.rows, atNanos);
        } catch (error) {
          writer.close();
          throw error;
        }
        this.#writers.set(key, { day, writer });
        return writer;
      }
      this.#problem = `${opened.error.code}: ${opened.error.detail}`;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    this.#refusedUntil.set(key, atNanos + OPEN_AGAIN_NANOS);
    return undefined;
  }

  #tell(
    path: string,
    instrument: Instrument,
    kind: TickKind,
    firstRow: number,
    fromNanos: bigint,
  ): void {
    const after = firstRow > 0 ? { afterNanos: lastRowOf(path) } : {};
    const { source, writtenBy, withoutSteps } = this.#origin;
    const steps = withoutSteps === true ? {} : stepsOf(instrument);
    const entry = { kind, firstRow, fromNanos, ...after, source, writtenBy, ...steps };
    writeLineage(dirname(path), entry);
  }
}

/** When the last row of a segment was received. */
function lastRowOf(path: string): bigint {
  const opened = TickSegmentReader.open(path);
  if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.detail}`);
  using reader = opened.value;
  return reader.stats.lastTsInitNanos;
}

/** Levels stand with their header: the snapshot flag tells which. */
function groupOf(records: MarketRecords, row: number): TickKind | undefined {
  const kind = records.kind(row);
  if (kind === KIND_TRADE) return 'trades';
  if (kind === KIND_BBO) return 'bbo';
  if (kind === KIND_SNAPSHOT_HEADER) return 'snapshots';
  if (kind === KIND_BID_LEVEL || kind === KIND_ASK_LEVEL) {
    return (records.flags(row) & FLAG_SNAPSHOT) === 0 ? 'diffs' : 'snapshots';
  }
  if (isDerivativeKind(kind)) return 'derivatives';
  return kind === KIND_DIFF_HEADER || kind === KIND_BOOK_STATUS ? 'diffs' : undefined;
}
