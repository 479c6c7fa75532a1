import type { Brand } from '../base/brand.ts';
import { invariant } from '../base/invariant.ts';

/** Microseconds since the Unix epoch, UTC; a safe integer. */
export type UnixMicros = Brand<number, 'UnixMicros'>;

/** A time from its number of microseconds; throws on anything but a safe integer. */
export function unixMicros(micros: number): UnixMicros {
  invariant(Number.isSafeInteger(micros), `time must be whole microseconds, was ${micros}`);
  return micros as UnixMicros;
}

/** ISO 8601 with nanoseconds, UTC. */
export function formatNanos(nanos: bigint): string {
  const seconds = nanos / 1_000_000_000n;
  const fraction = (nanos % 1_000_000_000n).toString().padStart(9, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** ISO 8601 with microseconds, UTC. */
export function formatMicros(micros: UnixMicros): string {
  return `${formatNanos(BigInt(micros) * 1000n).slice(0, 26)}Z`;
}
