import type { NativeIoError } from './error-binding.ts';

/** A block that is not what was written. */
export interface TickDamage {
  readonly file: string;
  readonly offset: number;
  readonly reason: string;
  /** Times of receipt between which the lost rows lie. */
  readonly fromNanos: bigint;
  readonly toNanos: bigint;
}

/** What a tick segment holds, by its block headers. */
export interface TickStats {
  /** Of the segment's format. */
  readonly version: number;
  readonly kindGroup: number;
  readonly blocks: number;
  readonly rows: number;
  readonly rawBytes: number;
  readonly storedBytes: number;
  /** Bytes behind the last whole block: being written, or torn by a crash. */
  readonly tornBytes: number;
  readonly firstTsInitNanos: bigint;
  readonly lastTsInitNanos: bigint;
  readonly damages: readonly TickDamage[];
}

/** What reopening a tick segment for writing found. */
export interface TickRecovery {
  readonly rows: number;
  readonly cutBytes: number;
}

/** The appending end in `native/binding/ticks.cpp`; arguments are not checked there. `append` and `flush` return 0 or the system's number. */
export interface TickWriterCore {
  open(path: string, kindGroup: number): NativeIoError | TickRecovery;
  append(records: Uint8Array, count: number): number;
  flush(): number;
  sync(): number;
  writtenRows(): number;
  close(): number;
}

/** The reading end. */
export interface TickReaderCore {
  open(path: string, forward: boolean): NativeIoError | undefined;
  next(into: Uint8Array, maxRecords: number): number;
  joinBars(intervalMs: number, into: Float64Array): number;
  seek(tsInitNanos: bigint): void;
  pass(): void;
  verify(): void;
  stats(): TickStats;
  close(): void;
}

/** What the addon offers for tick segments. */
export interface TicksBinding {
  readonly TickWriterCore: new () => TickWriterCore;
  readonly TickReaderCore: new () => TickReaderCore;
}
