import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import type { Effect, Input } from '../../domain/input.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { STATE_FORMAT } from '../../domain/state-format.ts';
import { MARKET_RECORD_BYTES, type MarketRecords } from '../../native/compute/market-record.ts';
import {
  JournalFile,
  type JournalFileError,
  type JournalFileOptions,
} from '../../native/io/journal-file.ts';
import { JointDurability } from './joint-durability.ts';
import { ResilientStream, type StreamFile, type StreamHealth } from './resilient-stream.ts';
import { quarantined, writeCutReport, type TailCut } from './tail-cut.ts';
import { writeSnapshot, type SessionSnapshot, type SnapshotWriter } from './snapshots.ts';
import { encodeInput, encodeIntent, encodeStateHash, ORDER_STREAM_SCHEMA } from './input-codec.ts';

/** Kinds of records of the order stream. */
export const RECORD_INPUT = 1;
export const RECORD_INTENT = 2;
export const RECORD_STATE_HASH = 3;

/** Kind of records of the market stream: a batch of packed market records. */
export const RECORD_MARKET = 1;

/** Version of the market stream: the layout of native/compute/market-record.ts. */
export const MARKET_STREAM_SCHEMA = 1;

/** Bytes of a segment; each stream has one and the next allocated ahead. */
const SEGMENT_BYTES = 16 * 1024 * 1024;

/** Opens the file of a stream; a simulation puts its disk in between. */
export type OpenStream = (
  folder: string,
  options: JournalFileOptions,
) => Result<StreamFile, JournalFileError>;

const SNAPSHOT_EVERY = 20_000;

/** How the journal stands: `Starved` while the next segment cannot be allocated or market data cannot be written, `Failed` while inputs wait in memory. */
export interface JournalHealth {
  readonly state: StreamHealth;
  /** What was refused and what waits, in words. */
  readonly detail: string;
}

/** How a session goes on and how often its state is kept beside the journal. */
export interface SessionOptions {
  /** The snapshot that recovery began with: what is older is not checked again. */
  readonly from?: SessionSnapshot;
  /** What recovery could not read for want of market records: set aside, with a report. */
  readonly cut?: TailCut;
  /** Records of the order stream between two snapshots within one market segment, what a recovery reads at most and a little more; 20,000 when absent. */
  readonly snapshotEvery?: number;
  /** Snapshots kept; 3 when absent. */
  readonly snapshotsKept?: number;
  /** Writes a snapshot; a simulation puts its disk in between. */
  readonly writeSnapshot?: SnapshotWriter;
}

/** Folders of a session's two streams. */
export function streamFolders(sessionFolder: string): { orders: string; market: string } {
  return { orders: join(sessionFolder, 'orders'), market: join(sessionFolder, 'market') };
}

/** SHA-256 of a kernel encoding, hexadecimal. */
export function stateHash(encoded: Uint8Array): string {
  return createHash('sha256').update(encoded).digest('hex');
}

function folderError(error: unknown): JournalFileError {
  const detail = error instanceof Error ? error.message : String(error);
  return { code: 'JOURNAL_FOLDER', osError: 0, detail };
}

/** Opens the order stream; a cut is written down before it is made, and then with the files that hold it. */
function reported(
  sessionFolder: string,
  cut: TailCut | undefined,
  open: () => Result<StreamFile, JournalFileError>,
): Result<StreamFile, JournalFileError> {
  if (cut === undefined) return open();
  const { orders } = streamFolders(sessionFolder);
  const before = new Set(quarantined(orders));
  try {
    writeCutReport(sessionFolder, { ...cut, files: [] });
    const opened = open();
    if (!opened.ok) return opened;
    const files = quarantined(orders).filter((path) => !before.has(path));
    writeCutReport(sessionFolder, { ...cut, files: files.map((path) => basename(path)) });
    return opened;
  } catch (error) {
    return err(folderError(error));
  }
}

/** The appending end of a session: inputs and intents in one stream, market records in another that may be dropped later. Everything is written before it is applied or sent; inputs that the disk does not take wait in memory and are written when it does. */
export class SessionJournal {
  readonly #folder: string;
  readonly #options: SessionOptions;
  readonly #orders: ResilientStream;
  readonly #market: ResilientStream;
  #marketFails = false;
  #marketSequence: number;
  readonly #joint: JointDurability;
  #instruments: readonly Instrument[] = [];
  #snapshotted: number;
  #snapshotSegment: number;
  #snapshotsFailed = 0;
  #writing: Promise<void> | undefined;
  #marketCount: number;
  #records = 0;
  #lastSequence = 0;
  #bytes = 0;

  private constructor(
    folder: string,
    orders: StreamFile,
    market: StreamFile,
    marketCount: number,
    options: SessionOptions,
  ) {
    this.#folder = folder;
    this.#options = options;
    this.#snapshotted = options.from?.sequence ?? 0;
    this.#snapshotSegment = options.from?.marketSegment ?? 1;
    this.#orders = new ResilientStream(orders);
    this.#market = new ResilientStream(market);
    this.#marketSequence = market.status?.lastSequence ?? 0;
    this.#joint = new JointDurability(this.#marketSequence);
    this.#marketCount = marketCount;
  }

  /** Opens or continues the session in `folder`; `marketCount` is how many market records a recovery found. */
  static open(
    folder: string,
    marketCount: number,
    openStream: OpenStream = (path, options) => JournalFile.open(path, options),
    options: SessionOptions = {},
  ): Result<SessionJournal, JournalFileError> {
    const folders = streamFolders(folder);
    try {
      for (const path of [folders.orders, folders.market]) {
        mkdirSync(path, { recursive: true, mode: 0o700 });
      }
    } catch (error) {
      return err(folderError(error));
    }
    const { from, cut } = options;
    // A market stream that is damaged is refused before anything is cut.
    const market = openStream(folders.market, {
      segmentBytes: SEGMENT_BYTES,
      ...(from && { fromSegment: from.marketSegment }),
    });
    if (!market.ok) return market;
    const orders = reported(folder, cut, () =>
      openStream(folders.orders, {
        segmentBytes: SEGMENT_BYTES,
        ...(from && { fromSegment: from.orderSegment }),
        ...(cut && { keepUntil: cut.afterSequence }),
      }),
    );
    if (!orders.ok) {
      market.value.close();
      return orders;
    }
    return ok(new SessionJournal(folder, orders.value, market.value, marketCount, options));
  }

  /** Records appended by this process. */
  get records(): number {
    return this.#records;
  }

  /** Payload bytes appended by this process. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Writes the first `count` market records, in the order the kernel applies them. False: they were not, and must not be applied. */
  appendMarket(records: MarketRecords, count: number): boolean {
    const payload = records.bytes.subarray(0, count * MARKET_RECORD_BYTES);
    const atNanos = records.tsInitNanos(0);
    const record = { kind: RECORD_MARKET, schema: MARKET_STREAM_SCHEMA, atNanos, payload };
    const sequence = this.#market.appendNow(record);
    this.#marketFails = sequence === undefined;
    if (sequence === undefined) return false;
    this.#marketSequence = sequence;
    this.#count(payload);
    this.#marketCount += count;
    return true;
  }

  /** Writes an input; to be applied after this returns. */
  appendInput(input: Input, atNanos: bigint): void {
    if (input.type === 'SessionStarted') this.#instruments = input.instruments;
    this.#append(RECORD_INPUT, atNanos, encodeInput({ marketCount: this.#marketCount, input }));
  }

  /** Writes what is about to leave for a venue; an order may be sent after this returned its sequence. Undefined: it is not on disk. */
  appendIntent(effect: Effect, atNanos: bigint): number | undefined {
    return this.#append(RECORD_INTENT, atNanos, encodeIntent(effect));
  }

  /** True while something was refused and not written since: cheap to ask with every input. */
  get inTrouble(): boolean {
    return this.#marketFails || this.#orders.waiting > 0;
  }

  /** How the journal stands. */
  get health(): JournalHealth {
    const orders = this.#orders.health;
    const market = this.#marketFails ? 'Failed' : this.#market.health;
    if (orders === 'Failed') {
      const { fault = 'dead', waiting } = this.#orders;
      return { state: 'Failed', detail: `${fault}, ${waiting} records wait in memory` };
    }
    if (market === 'Failed') {
      const { fault = 'dead' } = this.#market;
      return { state: 'Starved', detail: `market data is not recorded (${fault})` };
    }
    if (orders === 'Ready' && market === 'Ready') return { state: 'Ready', detail: '' };
    return { state: 'Starved', detail: 'the next segment could not be allocated' };
  }

  /** Tries again what failed; to be called now and then while `health` is not Ready. */
  retry(): void {
    const last = this.#orders.retry();
    // What waited names no more than was written since.
    if (last !== undefined) this.#appended(this.#lastSequence + 1, last);
    this.#market.retry();
  }

  /** Records of the order stream up to here survive the loss of power, and the market records they name do. */
  get durableSequence(): number {
    return this.#joint.durable(this.#orders.durableSequence, this.#market.durableSequence);
  }

  /** The last record of the order stream by this process; 0 before the first. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** Calls `callback` whenever `durableSequence` may have grown. */
  onDurable(callback: () => void): void {
    this.#orders.onDurable(callback);
    this.#market.onDurable(callback);
  }

  /** Writes the hash of the kernel's state here and, now and then, the state itself beside the journal. */
  appendStateHash(encodedState: Uint8Array, atNanos: bigint): void {
    const hash = stateHash(encodedState);
    const market = this.#market.durableLink;
    const marketCount = this.#marketCount;
    const marketDurable = this.#market.durableSequence;
    const known = { marketDurable, ...(market && { market }) };
    const record = { marketCount, hash, format: STATE_FORMAT, ...known };
    const payload = encodeStateHash(record);
    const sequence = this.#append(RECORD_STATE_HASH, atNanos, payload);
    const { snapshotEvery = SNAPSHOT_EVERY } = this.#options;
    if (sequence === undefined) return;
    // One a market segment, so that none older need be kept for it.
    const ofSegment = (this.#market.segment ?? 0) > this.#snapshotSegment;
    if (sequence < this.#snapshotted + snapshotEvery && !ofSegment) return;
    this.#snapshot(encodedState, hash, sequence);
  }

  /** Snapshots that the disk refused: recovery reads from further back. */
  get snapshotsFailed(): number {
    return this.#snapshotsFailed;
  }

  /** Settles when no snapshot is being written. */
  get snapshotWritten(): Promise<void> {
    return this.#writing ?? Promise.resolve();
  }

  /** Syncs and ends both streams. */
  close(): void {
    this.retry();
    this.#market.close();
    this.#orders.close();
  }

  #append(kind: number, atNanos: bigint, payload: Uint8Array): number | undefined {
    const sequence = this.#orders.append({ kind, schema: ORDER_STREAM_SCHEMA, atNanos, payload });
    if (sequence !== undefined) this.#appended(sequence, sequence);
    this.#count(payload);
    return sequence;
  }

  #appended(first: number, last: number): void {
    this.#joint.append(first, this.#marketSequence);
    this.#lastSequence = last;
  }

  /** Starts to write a snapshot of the state whose hash stands at `sequence`, unless one is being written. One that fails is missed by nobody: recovery reads from further back. */
  #snapshot(state: Uint8Array, hash: string, sequence: number): void {
    const orderSegment = this.#orders.segment;
    const marketSegment = this.#market.segment;
    if (orderSegment === undefined || marketSegment === undefined) return;
    if (this.#writing !== undefined) return;
    this.#snapshotted = sequence;
    this.#snapshotSegment = marketSegment;
    const snapshot = {
      sequence,
      hash,
      orderSegment,
      marketCount: this.#marketCount,
      marketSequence: this.#marketSequence,
      marketSegment,
      instruments: this.#instruments,
      state,
    };
    this.#writing = this.#write(snapshot);
  }

  async #write(snapshot: SessionSnapshot): Promise<void> {
    try {
      const { snapshotsKept, writeSnapshot: write = writeSnapshot } = this.#options;
      await write(this.#folder, snapshot, snapshotsKept);
    } catch {
      this.#snapshotsFailed += 1;
    } finally {
      this.#writing = undefined;
    }
  }

  #count(payload: Uint8Array): void {
    this.#records += 1;
    this.#bytes += payload.byteLength;
  }
}
