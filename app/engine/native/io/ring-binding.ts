import type { NativeIoError } from './error-binding.ts';

/** The writing end in `native/binding/ring.cpp`; arguments are not checked there. */
export interface RingWriterCore {
  create(path: string, capacity: number, layoutHash: number): NativeIoError | undefined;
  publish(records: Uint8Array, count: number): void;
  position(): number;
  epoch(): number;
  close(): void;
}

/** The reading end; `status` receives lost, restarted, retired. */
export interface RingReaderCore {
  open(path: string, layoutHash: number, fromOldest: boolean): NativeIoError | undefined;
  read(into: Uint8Array, maxRecords: number, status: Float64Array): number;
  listen(callback: () => void): void;
  position(): number;
  close(): void;
}

/** What the addon offers for rings. */
export interface RingBinding {
  readonly RingWriterCore: new () => RingWriterCore;
  readonly RingReaderCore: new () => RingReaderCore;
}
