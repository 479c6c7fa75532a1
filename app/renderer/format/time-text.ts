/** `18:42:07.318` from microseconds since the epoch, UTC. */
export function clockMillis(micros: number): string {
  return new Date(Math.floor(micros / 1000)).toISOString().slice(11, 23);
}

/** `18:42:07` from microseconds since the epoch, UTC. */
export function clockSeconds(micros: number): string {
  return clockMillis(micros).slice(0, 8);
}

/** `2026-11-20 18:42:07 UTC`, time and zone in one. */
export function dateClock(millis: number): string {
  const iso = new Date(millis).toISOString();
  return `${iso.slice(0, 10)}\u2002${iso.slice(11, 19)} UTC`;
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
