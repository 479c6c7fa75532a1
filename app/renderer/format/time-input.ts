import { timeZone } from './time-text.ts';

const TYPED =
  /^(?:(\d{4})-(\d{1,2})-(\d{1,2})[ T]+)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?$/;

const DAY_MICROS = 86_400_000_000;

/**
 * A time as it is typed in the zone that times are shown in, microseconds since the epoch: `2024-08-08 23:55:10.5`, or a time
 * of day alone, then of the day of `near`. Undefined when it is none.
 */
export function typedTime(text: string, near: number): number | undefined {
  const match = TYPED.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour = '', minute = '', second = '0', fraction = ''] = match;
  const date = year === undefined ? dayOf(near) : [Number(year), Number(month) - 1, Number(day)];
  const [y = 0, m = 0, d = 0] = date;
  const clock = [Number(hour), Number(minute), Number(second)] as const;
  if (clock[0] > 23 || clock[1] > 59 || clock[2] > 59) return undefined;
  const utc = timeZone() === 'UTC';
  const millis = utc ? Date.UTC(y, m, d, ...clock) : new Date(y, m, d, ...clock).getTime();
  const read = new Date(millis);
  // The 31st of a month of 30 days is no date, nor is a day of a 13th month.
  const [readMonth, readDay] = utc
    ? [read.getUTCMonth(), read.getUTCDate()]
    : [read.getMonth(), read.getDate()];
  if (readMonth !== m || readDay !== d) return undefined;
  return millis * 1000 + Number(fraction.padEnd(6, '0'));
}

/** A typed time within a span: a time of day alone is that of the day of `near`, or where that lies outside, of the day before or after. */
export function typedWithin(
  text: string,
  { near, from, to }: { readonly near: number; readonly from: number; readonly to: number },
): number | undefined {
  const days = [near, near - DAY_MICROS, near + DAY_MICROS].map((day) => typedTime(text, day));
  const inside = days.find((typed) => typed !== undefined && typed >= from && typed <= to);
  return inside ?? days[0];
}

function dayOf(micros: number): readonly [number, number, number] {
  const date = new Date(micros / 1000);
  return timeZone() === 'UTC'
    ? [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
    : [date.getFullYear(), date.getMonth(), date.getDate()];
}
