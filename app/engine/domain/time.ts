import type { Brand } from '../base/brand.ts';
import { invariant } from '../base/invariant.ts';

/** Microseconds since the Unix epoch, UTC; a safe integer. */
export type UnixMicros = Brand<number, 'UnixMicros'>;

/** A time from its number of microseconds; throws on anything but a safe integer. */
export function unixMicros(micros: number): UnixMicros {
  invariant(Number.isSafeInteger(micros), `time must be whole microseconds, was ${micros}`);
  return micros as UnixMicros;
}

const MICROS_A_DAY = 86_400_000_000;

/** When the UTC day of a time began. */
export function startOfUtcDay(at: UnixMicros): UnixMicros {
  return unixMicros(floorDivide(at, MICROS_A_DAY) * MICROS_A_DAY);
}

function floorDivide(numerator: number, denominator: number): number {
  return Math.floor(numerator / denominator);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** `YYYY-MM-DD` of a number of days since 1970-01-01 (proleptic Gregorian), by integer arithmetic only. */
function formatDay(days: number): string {
  // Years are counted from 1 March, so that the leap day is the last of its year; 719468 days lie before 1970-01-01.
  const shifted = days + 719_468;
  const era = floorDivide(shifted, 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leapDays =
    floorDivide(dayOfEra, 1_460) - floorDivide(dayOfEra, 36_524) + floorDivide(dayOfEra, 146_096);
  const yearOfEra = floorDivide(dayOfEra - leapDays, 365);
  const firstDay = 365 * yearOfEra + floorDivide(yearOfEra, 4) - floorDivide(yearOfEra, 100);
  const dayOfYear = dayOfEra - firstDay;
  const monthFromMarch = floorDivide(5 * dayOfYear + 2, 153);
  const day = dayOfYear - floorDivide(153 * monthFromMarch + 2, 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** ISO 8601 with nanoseconds, UTC, for years 0 to 9999. */
export function formatNanos(nanos: bigint): string {
  const fraction = ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = Number((nanos - fraction) / 1_000_000_000n);
  const days = floorDivide(seconds, 86_400);
  const second = seconds - days * 86_400;
  const clock = [floorDivide(second, 3600), floorDivide(second, 60) % 60, second % 60];
  return `${formatDay(days)}T${clock.map(twoDigits).join(':')}.${String(fraction).padStart(9, '0')}Z`;
}

/** ISO 8601 with microseconds, UTC. */
export function formatMicros(micros: UnixMicros): string {
  return `${formatNanos(BigInt(micros) * 1000n).slice(0, 26)}Z`;
}
