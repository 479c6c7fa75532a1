import type { NativeIoError } from './error-binding.ts';

/** What opening found in the folder. */
export interface JournalRecovery {
  /** Of the last good record; 0 in a new journal. */
  readonly lastSequence: number;
  readonly records: number;
  /** Bytes behind the last good record that were cut and kept in the file `quarantine` (empty when none). */
  readonly cutBytes: number;
  /** Whole records among them: behind a broken one (more than a crash of this machine explains) or the last one to keep. */
  readonly cutRecords: number;
  readonly quarantine: string;
}

/** A place where the journal is not what was written. */
export interface JournalDamage {
  readonly file: string;
  readonly offset: number;
  readonly reason: string;
}

/** The SHA-256 chain over everything up to and with the record `sequence`, in hexadecimal. */
export interface JournalLink {
  readonly sequence: number;
  readonly chain: string;
}

/** What the header of a segment says. */
export interface JournalSegment {
  readonly path: string;
  readonly number: number;
  /** False when it has no good header: the other fields mean nothing. */
  readonly begun: boolean;
  readonly firstSequence: number;
  /** Of its first record; 0 when there is none. */
  readonly firstAtNanos: bigint;
  /** The chain over everything before it. */
  readonly chain: string;
}

/** What a scan has seen so far. */
export interface JournalSummary {
  readonly records: number;
  readonly lastSequence: number;
  readonly segments: number;
  /** Used bytes behind the last good record of the last segment: a crash's torn tail. */
  readonly tornBytes: number;
  /** Where the last good record of the last segment ends in its file. */
  readonly endOffset: number;
  /** The SHA-256 chain over everything read, in hexadecimal. */
  readonly chain: string;
  /** The system's number of a failed read, 0 when none. */
  readonly osError: number;
  readonly damages: readonly JournalDamage[];
}

/** The appending end in `native/binding/journal.cpp`; arguments are not checked there. */
export interface JournalCore {
  open(
    folder: string,
    segmentBytes: number,
    blockBytes: number,
    groupMs: number,
    fromSegment: number,
    faults: Float64Array | undefined,
    keepUntil: number | undefined,
  ): NativeIoError | JournalRecovery;
  append(kind: number, schema: number, tsInitNanos: bigint, payload: Uint8Array): number;
  appendBatch(
    count: number,
    kinds: Uint16Array,
    schemas: Uint16Array,
    tsInitNanos: BigInt64Array,
    lengths: Uint32Array,
    payloads: Uint8Array,
  ): number;
  /** 0, or the system's number: still dead. */
  revive(): number;
  durableLink(): JournalLink;
  sync(): void;
  listen(callback: () => void): void;
  /** Last sequence, durable sequence, dead, starved, system's number, number of the segment. */
  status(into: Float64Array): void;
  close(): number;
}

/** The checking reader; `next` returns rows copied, or minus the bytes the next payload needs. */
export interface JournalScanCore {
  open(folder: string, fromSegment: number): NativeIoError | undefined;
  next(
    payloads: Uint8Array,
    sequences: Float64Array,
    kinds: Uint16Array,
    schemas: Uint16Array,
    tsInitNanos: BigInt64Array,
    ends: Uint32Array,
  ): number;
  skipAll(): void;
  chainAt(sequence: number): string | undefined;
  segments(): readonly JournalSegment[];
  summary(): JournalSummary;
}

/** What the addon offers for journals. */
export interface JournalBinding {
  readonly JournalCore: new () => JournalCore;
  readonly JournalScanCore: new () => JournalScanCore;
}
