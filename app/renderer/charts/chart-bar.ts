/** A bar in the chart's own numbers: seconds and plain prices; only for the eye. */
export interface ChartBar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** How bars are drawn. */
export const CHART_TYPES = ['candles', 'heikin-ashi', 'bars', 'line', 'area'] as const;
export type ChartType = (typeof CHART_TYPES)[number];

/** What the axis of prices says: prices evenly, by their logarithm, or as percent of the first bar in sight. */
export const CHART_SCALES = ['linear', 'log', 'percent'] as const;
export type ChartScale = (typeof CHART_SCALES)[number];

/** The Heikin-Ashi bar of `bar` after the one of the bar before it: close is the bar's mean, open the middle of the body before. */
export function heikinAshi(bar: ChartBar, before: ChartBar | undefined): ChartBar {
  const close = (bar.open + bar.high + bar.low + bar.close) / 4;
  const open = before === undefined ? (bar.open + bar.close) / 2 : (before.open + before.close) / 2;
  return {
    ...bar,
    open,
    close,
    high: Math.max(bar.high, open, close),
    low: Math.min(bar.low, open, close),
  };
}

/** Heikin-Ashi bars of bars, oldest first. */
export function heikinAshiBars(bars: readonly ChartBar[]): ChartBar[] {
  const out: ChartBar[] = [];
  for (const bar of bars) out.push(heikinAshi(bar, out.at(-1)));
  return out;
}
