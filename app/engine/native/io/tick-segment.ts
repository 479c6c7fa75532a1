import { invariant } from '../../base/invariant.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { TickKind } from '../../domain/market.ts';
import { addon } from '../addon.mjs';
import type { NativeIoError } from './error-binding.ts';
import type { TickReaderCore, TickRecovery, TickStats, TickWriterCore } from './ticks-binding.ts';

/** Why a segment cannot be used: `TICKS_NOT_A_SEGMENT`, `TICKS_VERSION`, `TICKS_GROUP`, `TICKS_IN_USE`, or the system's code. */
export type TickSegmentError = NativeIoError;

const BAR_BITS = (1 << 7) | (1 << 8);

/** Which records a segment of a kind holds: a bit for each record kind of native/compute/market-record.ts. */
const KIND_BITS: Record<TickKind, number> = {
  trades: 1 << 1,
  bbo: 1 << 2,
  diffs: (1 << 3) | (1 << 5) | (1 << 6) | (1 << 9),
  snapshots: (1 << 4) | (1 << 5) | (1 << 6),
  bars: BAR_BITS,
  'bars-1s': BAR_BITS,
  'bars-5m': BAR_BITS,
  'bars-15m': BAR_BITS,
  'bars-1h': BAR_BITS,
  'bars-4h': BAR_BITS,
  'bars-1d': BAR_BITS,
  funding: 1 << 12,
  derivatives: (1 << 10) | (1 << 11) | (1 << 12) | (1 << 13) | (1 << 14),
};

/** True when a segment of a kind holds records of this one. */
export function holdsKind(kind: TickKind, recordKind: number): boolean {
  return recordKind < 32 && ((KIND_BITS[kind] >>> recordKind) & 1) === 1;
}

const RECORD_BYTES = 64;
/** Numbers of a bar that `joinBars` writes: opening in ms since the epoch, open, high, low, close, volume. */
export const BAR_FIELDS = 6;

function checkBatch(buffer: Uint8Array, count: number): void {
  invariant(
    Number.isInteger(count) && count >= 0 && count * RECORD_BYTES <= buffer.byteLength,
    `count must be 0..${Math.floor(buffer.byteLength / RECORD_BYTES)} for this buffer, was ${count}`,
  );
  invariant(
    buffer.byteOffset % 8 === 0,
    `byteOffset must be a multiple of 8, was ${buffer.byteOffset}`,
  );
}

function outcome(osError: number): Result<void, number> {
  return osError === 0 ? ok(undefined) : err(osError);
}

/** The one writer of a tick segment. Failed writes answer the system's error number and are tried again with the next call. */
export class TickSegmentWriter implements Disposable {
  /** Rows found when opening, and bytes of a torn block that were cut. */
  readonly recovery: TickRecovery;
  readonly #core: TickWriterCore;

  private constructor(core: TickWriterCore, recovery: TickRecovery) {
    this.#core = core;
    this.recovery = recovery;
  }

  /** Creates the segment or goes on behind its last whole block. */
  static open(path: string, kindGroup: TickKind): Result<TickSegmentWriter, TickSegmentError> {
    const core = new addon.TickWriterCore();
    const opened = core.open(path, KIND_BITS[kindGroup]);
    return 'code' in opened ? err(opened) : ok(new TickSegmentWriter(core, opened));
  }

  /** Takes over the first `count` packed records; every 4,096 become a block. A record of another group is a bug. */
  append(records: Uint8Array, count: number): Result<void, number> {
    checkBatch(records, count);
    const answer = this.#core.append(records, count);
    invariant(answer !== -1, 'records must be of the kinds of the segment');
    return outcome(answer);
  }

  /** Writes what was taken over; then it survives the death of the process. */
  flush(): Result<void, number> {
    return outcome(this.#core.flush());
  }

  /** Flushes and syncs; then it survives the loss of power. */
  sync(): Result<void, number> {
    return outcome(this.#core.sync());
  }

  /** Rows in the file. */
  get writtenRows(): number {
    return this.#core.writtenRows();
  }

  /** Flushes and closes. */
  close(): Result<void, number> {
    return outcome(this.#core.close());
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Reads a tick segment from its first record on, also while it is written; damaged blocks are skipped and listed in `stats`. */
export class TickSegmentReader implements Disposable {
  readonly #core: TickReaderCore;
  readonly #forward: boolean;
  #open = true;

  private constructor(core: TickReaderCore, forward: boolean) {
    this.#core = core;
    this.#forward = forward;
  }

  /** With `forward` it keeps only sums of the blocks it has passed, so that it does not grow with the segment; it can neither seek nor verify then. */
  static open(
    path: string,
    { forward = false }: { readonly forward?: boolean } = {},
  ): Result<TickSegmentReader, TickSegmentError> {
    const core = new addon.TickReaderCore();
    const error = core.open(path, forward);
    return error === undefined ? ok(new TickSegmentReader(core, forward)) : err(error);
  }

  /** Fills `into` with whole records; how many, 0 at the present end, or minus the system's number of a failed read. */
  next(into: Uint8Array): number {
    invariant(this.#open, 'a closed segment is not read');
    const count = Math.floor(into.byteLength / RECORD_BYTES);
    checkBatch(into, count);
    return this.#core.next(into, count);
  }

  /** Joins the bars of a segment of bars, from where it stands, into bars of `intervalMs`, `BAR_FIELDS` numbers each, mantissas; how many bars, or minus the system's number of a failed read. As much as there is room for. */
  joinBars(intervalMs: number, into: Float64Array): number {
    invariant(this.#open, 'a closed segment is not read');
    invariant(
      Number.isInteger(intervalMs) && intervalMs > 0,
      `intervalMs must be a positive integer, was ${intervalMs}`,
    );
    return this.#core.joinBars(intervalMs, into);
  }

  /** Goes to the first record received at this time or later. */
  seek(tsInitNanos: bigint): void {
    invariant(this.#open && !this.#forward, 'a closed or a forward reader does not seek');
    this.#core.seek(tsInitNanos);
  }

  /** Goes to the present end. */
  pass(): void {
    invariant(this.#open, 'a closed segment is not read');
    this.#core.pass();
  }

  /** Checks every block, without moving; intact when `damages` is empty. */
  verify(): TickStats {
    invariant(this.#open && !this.#forward, 'a closed or a forward reader does not verify');
    this.#core.verify();
    return this.#core.stats();
  }

  /** What the segment holds by its block headers, and the damage met so far. */
  get stats(): TickStats {
    invariant(this.#open, 'a closed segment is not read');
    return this.#core.stats();
  }

  close(): void {
    this.#open = false;
    this.#core.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
