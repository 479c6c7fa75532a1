import { invariant } from '../../base/invariant.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { addon } from '../addon.mjs';
import type { NativeIoError } from './error-binding.ts';
import type { RingReaderCore, RingWriterCore } from './ring-binding.ts';

/** Bytes of one record of a ring. Bytes 4 to 7 belong to the ring: 0 when published and when read. */
export const RING_RECORD_BYTES = 64;

/** Names what the records of a ring mean; a reader that expects another meaning is refused. */
const MARKET_RECORD_LAYOUT = 0x4d52_0001;

/** Why a ring cannot be opened: `RING_CAPACITY`, `RING_HAS_WRITER` (`osError` is its pid), `RING_NOT_A_RING`, `RING_VERSION`, `RING_LAYOUT`, `RING_READERS_FULL`, or the system's code. */
export type RingError = NativeIoError;

/** What one `read` brought. The reader hands out the same object every time. */
export interface RingRead {
  /** Records written to the start of the buffer. */
  readonly count: number;
  /** Records that were overwritten before this reader came for them. */
  readonly lost: number;
  /** The writer was restarted just before these records. */
  readonly restarted: boolean;
  /** The file was replaced by another: close this reader and open the path again. */
  readonly retired: boolean;
}

function checkBatch(buffer: Uint8Array, count: number): void {
  invariant(
    Number.isInteger(count) && count >= 0 && count * RING_RECORD_BYTES <= buffer.byteLength,
    `count must be 0..${Math.floor(buffer.byteLength / RING_RECORD_BYTES)} for this buffer, was ${count}`,
  );
}

/** The one writer of a ring of 64-byte market records in a mapped file. */
export class RingWriter implements Disposable {
  readonly #core: RingWriterCore;
  #open = true;

  private constructor(core: RingWriterCore) {
    this.#core = core;
  }

  /** Creates the ring, or takes it over from a writer that ended: its readers go on and are told. `capacity` is a power of two in 64..16777216, of which at least five eighths are always readable. */
  static create(path: string, capacity: number): Result<RingWriter, RingError> {
    const core = new addon.RingWriterCore();
    const error = core.create(path, capacity, MARKET_RECORD_LAYOUT);
    return error === undefined ? ok(new RingWriter(core)) : err(error);
  }

  /** Publishes the first `count` records of `records` and wakes the readers that sleep. */
  publish(records: Uint8Array, count: number): void {
    invariant(this.#open, 'a closed ring writer publishes nothing');
    checkBatch(records, count);
    this.#core.publish(records, count);
  }

  /** How many records the ring has seen since its file was made. */
  get position(): number {
    invariant(this.#open, 'a closed ring writer has no position');
    return this.#core.position();
  }

  /** 1 for a fresh file, one more with each restart of the writer. */
  get epoch(): number {
    invariant(this.#open, 'a closed ring writer has no epoch');
    return this.#core.epoch();
  }

  close(): void {
    this.#open = false;
    this.#core.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** One of at most 64 readers of a ring, each with its own position. */
export class RingReader implements Disposable {
  readonly #core: RingReaderCore;
  readonly #status = new Float64Array(3);
  readonly #result = { count: 0, lost: 0, restarted: false, retired: false };
  #open = true;

  private constructor(core: RingReaderCore) {
    this.#core = core;
  }

  /** Opens at the next record that is published, or at the oldest one still there. */
  static open(
    path: string,
    options: { readonly fromOldest?: boolean } = {},
  ): Result<RingReader, RingError> {
    const core = new addon.RingReaderCore();
    const error = core.open(path, MARKET_RECORD_LAYOUT, options.fromOldest ?? false);
    return error === undefined ? ok(new RingReader(core)) : err(error);
  }

  /** Copies up to `maxRecords` records to the start of `into`; never waits. */
  read(into: Uint8Array, maxRecords: number): RingRead {
    invariant(this.#open, 'a closed ring reader reads nothing');
    checkBatch(into, maxRecords);
    const result = this.#result;
    result.count = this.#core.read(into, maxRecords, this.#status);
    result.lost = this.#status[0] ?? 0;
    result.restarted = this.#status[1] === 1;
    result.retired = this.#status[2] === 1;
    return result;
  }

  /** Calls `callback` on the event loop whenever there is something to read, again after each call while something is left; keeps the process alive until closed. */
  onReadable(callback: () => void): void {
    invariant(this.#open, 'a closed ring reader has nothing to listen to');
    this.#core.listen(callback);
  }

  /** The position of the next record to read, counted from the making of the file. */
  get position(): number {
    invariant(this.#open, 'a closed ring reader has no position');
    return this.#core.position();
  }

  close(): void {
    this.#open = false;
    this.#core.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
