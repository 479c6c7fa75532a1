const FIRST_MS = 250;
const MOST_MS = 5000;

/** Milliseconds to wait before attempt `attempt` (1 = first retry): doubling, capped, with up to 30 % of `jitter` (0 to 1). */
export function backoffMs(attempt: number, jitter: number): number {
  const base = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10));
  return Math.round(base * (1 + 0.3 * jitter));
}
