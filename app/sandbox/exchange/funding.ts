import { formatDecimal } from '../../engine/domain/decimal.ts';
import type { MarketView } from './market-view.ts';

const PERIOD_MS = 8 * 3_600_000;

/** A settlement: when, and the rate as text. */
export interface Funding {
  readonly atMs: number;
  readonly rate: string;
}

/** The rate that longs pay at the end of a period: small, and another for each. */
export function fundingRate(market: MarketView, endMs: number, periodMs = PERIOD_MS): string {
  const period = Math.floor(endMs / periodMs) + market.index;
  return formatDecimal(((period * 7_919) % 401) - 100, 6);
}

/** The end of the period of funding that holds at `nowMs`. */
export function fundingAt(nowMs: number, periodMs = PERIOD_MS): number {
  return (Math.floor(nowMs / periodMs) + 1) * periodMs;
}

/** What was settled from a time to another, both included, oldest first; never before the market's oldest day. */
export function settledFunding(
  market: MarketView,
  fromMs: number,
  toMs: number,
  periodMs = PERIOD_MS,
): readonly Funding[] {
  const settled: Funding[] = [];
  const first = fundingAt(Math.max(market.oldestDay, fromMs) - 1, periodMs);
  for (let atMs = first; atMs <= toMs; atMs += periodMs) {
    settled.push({ atMs, rate: fundingRate(market, atMs, periodMs) });
  }
  return settled;
}
