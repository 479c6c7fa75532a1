const NANOS_A_MILLISECOND = 1e6;

/** Nanoseconds of the monotonic clock as a double: cheap, and exact enough for what takes over a microsecond. */
export function nowNanos(): number {
  return performance.now() * NANOS_A_MILLISECOND;
}

/** Milliseconds since 1970 with fractions, as pages have them. */
export function epochMillis(): number {
  return performance.timeOrigin + performance.now();
}
