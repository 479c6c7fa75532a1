/** The zone that times are shown in. */
export type TimeZone = 'UTC' | 'local';

let zone: TimeZone = 'UTC';

/** Times are shown in this zone from now on; what is on the screen already stays as it was printed. */
export function setTimeZone(next: TimeZone): void {
  zone = next;
}

/** The zone that times are shown in now. */
export function timeZone(): TimeZone {
  return zone;
}

/** The zone's name beside a time: `UTC`, `UTC+5:30`. */
export function zoneName(millis: number): string {
  if (zone === 'UTC') return 'UTC';
  const minutes = -new Date(millis).getTimezoneOffset();
  if (minutes === 0) return 'UTC+0';
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  const sign = minutes < 0 ? '\u2212' : '+';
  return `UTC${sign}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

/** ISO 8601 of the zone's own clock, without its name. */
function isoOf(millis: number): string {
  const shift = zone === 'UTC' ? 0 : new Date(millis).getTimezoneOffset() * 60_000;
  return new Date(millis - shift).toISOString().slice(0, 23);
}

/** `18:42:07.318` from microseconds since the epoch. */
export function clockMillis(micros: number): string {
  return isoOf(Math.floor(micros / 1000)).slice(11);
}

/** `18:42:07` from microseconds since the epoch. */
export function clockSeconds(micros: number): string {
  return clockMillis(micros).slice(0, 8);
}

/** `2026-11-20 18:42:07 UTC`, time and zone in one. */
export function dateClock(millis: number): string {
  const iso = isoOf(millis);
  return `${iso.slice(0, 10)}\u2002${iso.slice(11, 19)} ${zoneName(millis)}`;
}

/** A mark on an axis of time: the part that begins there. */
export function tickText(seconds: number, part: 'year' | 'month' | 'day' | 'time'): string {
  const iso = isoOf(seconds * 1000);
  if (part === 'year') return iso.slice(0, 4);
  if (part === 'month') return iso.slice(0, 7);
  return part === 'day' ? iso.slice(5, 10) : iso.slice(11, 16);
}

/** `2026-11-20 18:42`, of a bar. */
export function barTime(seconds: number): string {
  return isoOf(seconds * 1000)
    .slice(0, 16)
    .replace('T', ' ');
}

/** A duration in nanoseconds in its natural unit: `38 µs`, `18.6 ms`, `4.2 s`, then `m:ss`. */
export function durationNanos(nanos: number): string {
  const magnitude = Math.abs(nanos);
  if (magnitude < 1000) return `${Math.round(nanos)}\u2009ns`;
  if (magnitude < 1_000_000) return `${threeDigits(nanos / 1000)}\u2009µs`;
  if (magnitude < 1_000_000_000) return `${threeDigits(nanos / 1_000_000)}\u2009ms`;
  if (magnitude < 60_000_000_000) return `${(nanos / 1_000_000_000).toFixed(1)}\u2009s`;
  const seconds = Math.floor(magnitude / 1_000_000_000);
  const minutes = Math.floor(seconds / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** A duration in microseconds in its natural unit. */
export function durationMicros(micros: number): string {
  return durationNanos(micros * 1000);
}

/** How long ago something was, as it is known to a second: never a figure finer than it is looked at, and no age from what is to come. */
export function ageText(micros: number): string {
  if (micros < -1_000_000) return 'not known';
  return micros < 1_000_000 ? 'under 1\u2009s' : durationMicros(micros);
}

/** A clock offset in milliseconds with its sign: `+0.4`, `−1.1`, `0.0`. */
export function offsetMillis(micros: number): string {
  const text = (Math.abs(micros) / 1000).toFixed(1);
  if (Number(text) === 0) return '0.0';
  return (micros < 0 ? '\u2212' : '+') + text;
}

function threeDigits(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 100) return value.toFixed(0);
  return magnitude >= 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(1);
}
