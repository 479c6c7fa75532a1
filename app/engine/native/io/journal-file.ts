import { invariant } from '../../base/invariant.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { addon } from '../addon.mjs';
import type { NativeIoError } from './error-binding.ts';
import type { JournalCore, JournalLink, JournalRecovery } from './journal-binding.ts';

/** Why a journal cannot be opened: `JOURNAL_OPTIONS`, `JOURNAL_IN_USE`, `JOURNAL_DAMAGED` (an older part; `detail` names file, offset, reason), or the system's code. */
export type JournalFileError = NativeIoError;

/** Why an append was refused. After `SYNC_FAILED` and `WRITE_BROKEN` the journal is dead until it is revived; the others may pass. */
export type JournalFault =
  | 'CLOSED'
  | 'SYNC_FAILED'
  | 'WRITE_FAILED'
  | 'NO_SEGMENT'
  | 'TOO_LARGE'
  | 'WRITE_BROKEN'
  | 'KIND_RESERVED'
  | 'SYNC_BEHIND';

/** Faults to inject, for tests: the Nth call from now (0 = never) fails with a system's number, or writes only a part. */
export interface JournalFaultPlan {
  readonly failWriteAt?: number;
  readonly writeError?: number;
  readonly shortBytes?: number;
  readonly writesStayBroken?: boolean;
  /** How many fail in a row; 1 when absent. */
  readonly writeFailures?: number;
  readonly failSyncAt?: number;
  readonly syncError?: number;
  readonly syncFailures?: number;
  readonly failAllocateAt?: number;
  readonly allocateError?: number;
  readonly allocateFailures?: number;
}

/** How a journal is kept. */
export interface JournalFileOptions {
  /** 64 MiB when absent; a multiple of 8 in 4096..1073741824. */
  readonly segmentBytes?: number;
  /** Bytes of records that one link of the hash chain covers; 64 KiB when absent. */
  readonly blockBytes?: number;
  /** How long records are gathered before the next sync; 2 when absent. */
  readonly groupMs?: number;
  /** Opening checks from this segment on; all when absent. */
  readonly fromSegment?: number;
  /** Opening cuts what stands behind this record as if it were torn; nothing when absent. */
  readonly keepUntil?: number;
  readonly faults?: JournalFaultPlan;
}

/** Records to append as columns; payloads stand one after the other in `payloads`. */
export interface JournalBatch {
  readonly kinds: Uint16Array;
  readonly schemas: Uint16Array;
  readonly tsInitNanos: BigInt64Array;
  readonly lengths: Uint32Array;
  readonly payloads: Uint8Array;
}

/** How a journal stands. */
export interface JournalStatus {
  readonly lastSequence: number;
  readonly durableSequence: number;
  /** The fault of which it is dead. */
  readonly dead: JournalFault | undefined;
  /** The next segment could not be allocated: appends work until this one is full. */
  readonly starved: boolean;
  /** The system's number of the last failed write, sync or allocation. */
  readonly osError: number;
  /** The number of the segment that is being written. */
  readonly segment: number;
}

const FAULTS: readonly JournalFault[] = [
  'CLOSED',
  'SYNC_FAILED',
  'WRITE_FAILED',
  'NO_SEGMENT',
  'TOO_LARGE',
  'WRITE_BROKEN',
  'KIND_RESERVED',
  'SYNC_BEHIND',
];

/** The fault that a negative answer of `append` stands for. */
export function journalFault(answer: number): JournalFault {
  const fault = FAULTS[-answer - 1];
  invariant(fault !== undefined, `answer must be -1..-${FAULTS.length}, was ${answer}`);
  return fault;
}

function faultRow(plan: JournalFaultPlan): Float64Array {
  return Float64Array.of(
    plan.failWriteAt ?? 0,
    plan.writeError ?? 0,
    plan.shortBytes ?? 0,
    plan.writesStayBroken === true ? 1 : 0,
    plan.writeFailures ?? 1,
    plan.failSyncAt ?? 0,
    plan.syncError ?? 0,
    plan.syncFailures ?? 1,
    plan.failAllocateAt ?? 0,
    plan.allocateError ?? 0,
    plan.allocateFailures ?? 1,
  );
}

/** The appending end of a journal: one positional write an append, synced in groups on a thread of its own. */
export class JournalFile implements Disposable {
  /** What opening found and cut. */
  readonly recovery: JournalRecovery;
  readonly #core: JournalCore;
  readonly #status = new Float64Array(6);
  #open = true;

  private constructor(core: JournalCore, recovery: JournalRecovery) {
    this.#core = core;
    this.recovery = recovery;
  }

  /** Checks every record in `folder` (made when absent), cuts a torn tail, and goes on in a new segment. */
  static open(
    folder: string,
    options: JournalFileOptions = {},
  ): Result<JournalFile, JournalFileError> {
    const core = new addon.JournalCore();
    const opened = core.open(
      folder,
      options.segmentBytes ?? 64 * 1024 * 1024,
      options.blockBytes ?? 64 * 1024,
      options.groupMs ?? 2,
      options.fromSegment ?? 0,
      options.faults === undefined ? undefined : faultRow(options.faults),
      options.keepUntil,
    );
    return 'code' in opened ? err(opened) : ok(new JournalFile(core, opened));
  }

  /** The record's sequence once it survives the death of this process, or a negative number for `journalFault`. `kind` and `schema` are 0..65535 (kind 65535 is the journal's). */
  append(kind: number, schema: number, tsInitNanos: bigint, payload: Uint8Array): number {
    return this.#open ? this.#core.append(kind, schema, tsInitNanos, payload) : -1;
  }

  /** Appends the first `count` rows in one write; the last sequence, or a negative number: then `status.lastSequence` says what stands. */
  appendBatch(batch: JournalBatch, count: number): number {
    if (!this.#open) return -1;
    let bytes = 0;
    for (let i = 0; i < count; i += 1) bytes += batch.lengths[i] ?? 0;
    const rows = Math.min(
      batch.kinds.length,
      batch.schemas.length,
      batch.tsInitNanos.length,
      batch.lengths.length,
    );
    invariant(
      Number.isInteger(count) && count >= 0 && count <= rows && bytes <= batch.payloads.length,
      `count must be 0..${rows} with all payload bytes present, was ${count} with ${bytes} bytes`,
    );
    const { kinds, schemas, tsInitNanos, lengths, payloads } = batch;
    return this.#core.appendBatch(count, kinds, schemas, tsInitNanos, lengths, payloads);
  }

  /** After death: goes on in a new segment that holds again all that was never known to be durable. The system's number when that failed: still dead, to be tried later. */
  revive(): Result<void, number> {
    const error = this.#open ? this.#core.revive() : 0;
    return error === 0 ? ok(undefined) : err(error);
  }

  /** The last end of a block that survives the loss of power. */
  get durableLink(): JournalLink {
    invariant(this.#open, 'a closed journal has no end');
    return this.#core.durableLink();
  }

  /** Asks for a sync now instead of within the gathering time; `onDurable` tells when it is done. */
  sync(): void {
    invariant(this.#open, 'a closed journal syncs nothing');
    this.#core.sync();
  }

  /** Calls `callback` on the event loop, coalesced, whenever `status` changed in durability, starvation or death. */
  onDurable(callback: () => void): void {
    invariant(this.#open, 'a closed journal has nothing to tell');
    this.#core.listen(callback);
  }

  /** Everything up to this sequence survives the loss of power. */
  get durableSequence(): number {
    this.#core.status(this.#status);
    return this.#status[1] ?? 0;
  }

  get status(): JournalStatus {
    this.#core.status(this.#status);
    const [lastSequence = 0, durableSequence = 0, dead = 0, starved = 0, osError = 0, segment = 0] =
      this.#status;
    return {
      lastSequence,
      durableSequence,
      dead: dead === 0 ? undefined : journalFault(dead),
      starved: starved === 1,
      osError,
      segment,
    };
  }

  /** Syncs what is left, gives the unused rest of the segment back; the system's number when that failed. */
  close(): Result<void, number> {
    this.#open = false;
    const error = this.#core.close();
    return error === 0 ? ok(undefined) : err(error);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
