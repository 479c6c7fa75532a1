import type { SyntheticBar } from '../../engine/synthetic/bar-series.ts';
import type { MarketView } from '../exchange/market-view.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The intervals the sandbox has, in ms. */
export const INTERVALS: Readonly<Record<string, number>> = {
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '4h': 4 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': 24 * HOUR_MS,
};

/** Length of an interval in ms; absent for one the sandbox has not. */
export function intervalOf(name: string): number | undefined {
  return Object.hasOwn(INTERVALS, name) ? INTERVALS[name] : undefined;
}

/** Bars oldest first: from `startTime` on, else the latest up to `endTime`. Times in ms, both inclusive. */
export function klinesOf(
  market: MarketView,
  lengthMs: number,
  startTime: number | undefined,
  endTime: number | undefined,
  limit: number,
  nowMs: number,
): SyntheticBar[] {
  const oldest =
    lengthMs === INTERVALS['1d']
      ? market.oldestDay
      : Math.ceil(market.oldestMinute / lengthMs) * lengthMs;
  const last = Math.floor(Math.min(endTime ?? nowMs, nowMs) / lengthMs) * lengthMs;
  const wanted =
    startTime === undefined
      ? last - (limit - 1) * lengthMs
      : Math.ceil(startTime / lengthMs) * lengthMs;
  const bars: SyntheticBar[] = [];
  for (
    let openTime = Math.max(oldest, wanted);
    openTime <= last && bars.length < limit;
    openTime += lengthMs
  ) {
    const bar = market.barOf(openTime, lengthMs);
    if (bar !== undefined) bars.push(bar);
  }
  return bars;
}
