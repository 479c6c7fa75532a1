import { invariant } from '../../base/invariant.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { addon } from '../addon.mjs';
import type { NativeIoError } from './error-binding.ts';
import type { JournalScanCore, JournalSegment, JournalSummary } from './journal-binding.ts';

/** Records read as columns; overwritten by the next `next`. */
export class JournalRecords {
  count = 0;
  readonly sequences: Float64Array;
  readonly kinds: Uint16Array;
  readonly schemas: Uint16Array;
  readonly tsInitNanos: BigInt64Array;
  readonly ends: Uint32Array;
  bytes: Uint8Array;

  /** Room for `rows` records whose payloads together take about `bytes`. */
  constructor(rows = 1024, bytes = 256 * 1024) {
    invariant(rows > 0 && bytes > 0, `rows and bytes must be > 0, were ${rows} and ${bytes}`);
    this.sequences = new Float64Array(rows);
    this.kinds = new Uint16Array(rows);
    this.schemas = new Uint16Array(rows);
    this.tsInitNanos = new BigInt64Array(rows);
    this.ends = new Uint32Array(rows);
    this.bytes = new Uint8Array(bytes);
  }

  /** The payload of row `index`: a view, gone with the next `next`. */
  payload(index: number): Uint8Array {
    invariant(index >= 0 && index < this.count, `index must be 0..${this.count - 1}, was ${index}`);
    const start = index === 0 ? 0 : (this.ends[index - 1] ?? 0);
    return this.bytes.subarray(start, this.ends[index]);
  }
}

/** Reads a journal from its first record on, checking each; goes on behind damage and lists it in `summary`. */
export class JournalReader {
  readonly #core: JournalScanCore;

  constructor(core: JournalScanCore) {
    this.#core = core;
  }

  /** Fills `records`; the number of rows, 0 at the end. */
  next(records: JournalRecords): number {
    const { sequences, kinds, schemas, tsInitNanos, ends } = records;
    let count = this.#core.next(records.bytes, sequences, kinds, schemas, tsInitNanos, ends);
    if (count < 0) {
      records.bytes = new Uint8Array(-count);
      count = this.#core.next(records.bytes, sequences, kinds, schemas, tsInitNanos, ends);
    }
    records.count = count;
    return count;
  }

  /** The chain up to the end of the block at `sequence`; undefined when no block that was read ends there. */
  chainAt(sequence: number): string | undefined {
    return this.#core.chainAt(sequence);
  }

  /** What was seen so far; complete once `next` returned 0. */
  get summary(): JournalSummary {
    return this.#core.summary();
  }
}

/** Opens the journal in `folder` for reading, from a segment on, also while another process appends to it. */
export function readJournal(folder: string, fromSegment = 0): Result<JournalReader, NativeIoError> {
  const core = new addon.JournalScanCore();
  const error = core.open(folder, fromSegment);
  return error === undefined ? ok(new JournalReader(core)) : err(error);
}

/** The segments of the journal in `folder`, oldest first, by their headers alone. */
export function journalSegments(folder: string): Result<readonly JournalSegment[], NativeIoError> {
  const core = new addon.JournalScanCore();
  const error = core.open(folder, 0);
  return error === undefined ? ok(core.segments()) : err(error);
}

/** Reads all of the journal in `folder`; it is intact when `damages` is empty and `osError` is 0. */
export function verifyJournal(folder: string): Result<JournalSummary, NativeIoError> {
  const core = new addon.JournalScanCore();
  const error = core.open(folder, 0);
  if (error !== undefined) return err(error);
  core.skipAll();
  return ok(core.summary());
}
