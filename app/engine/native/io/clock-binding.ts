/** What the addon offers for time. */
export interface ClockBinding {
  monotonicNanos(): bigint;
  wallNanos(): bigint;
  /** Monotonic at `index`, wall time at `index + 1`. */
  writeNanos(into: BigInt64Array, index: number): void;
}
