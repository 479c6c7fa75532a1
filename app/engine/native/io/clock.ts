import { invariant } from '../../base/invariant.ts';
import { addon } from '../addon.mjs';

/** Nanoseconds of a clock that never goes back; its zero means nothing. For processes only. */
export function monotonicNanos(): bigint {
  return addon.monotonicNanos();
}

/** Nanoseconds since the Unix epoch; steps when the system's clock is set. For processes only. */
export function wallNanos(): bigint {
  return addon.wallNanos();
}

/** Writes monotonic time at `index` and wall time behind it, without making a bigint. */
export function writeNanos(into: BigInt64Array, index: number): void {
  invariant(
    Number.isInteger(index) && index >= 0 && index + 2 <= into.length,
    `index must be 0..${into.length - 2}, was ${index}`,
  );
  addon.writeNanos(into, index);
}
