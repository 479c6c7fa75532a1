import { groupThousands } from '../../format/number-text.ts';
import { durationMicros } from '../../format/time-text.ts';

export const NOT_KNOWN = 'not known';

/** A count with its thousands apart. */
export function countText(value: number | undefined): string {
  return value === undefined ? NOT_KNOWN : groupThousands(String(Math.round(value)));
}

/** How long ago, or that it is not known. */
export function ageText(at: number | undefined, now: number): string {
  return at === undefined ? NOT_KNOWN : durationMicros(Math.max(0, now - at));
}

/** Bytes in the unit that leaves three figures. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = value >= 100 || unit === 0 ? 0 : 1;
  return `${value.toFixed(digits)}\u2009${units[unit]}`;
}
