import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { Fill } from '../../../engine/domain/order.ts';
import type { ChartBar } from '../../charts/chart-bar.ts';
import type { ChartFill } from '../../charts/price-chart.ts';
import { shortQuantity } from '../../format/number-text.ts';
import type { BarRow } from '../../state/market-store.ts';

/** A bar in the chart's numbers. */
export function chartBar(row: BarRow, instrument: Instrument): ChartBar {
  const unit = 10 ** instrument.priceScale;
  const [at, open, high, low, close, volume] = row;
  return {
    time: at / 1_000_000,
    open: open / unit,
    high: high / unit,
    low: low / unit,
    close: close / unit,
    volume: volume / 10 ** instrument.quantityScale,
  };
}

/** Two runs of bars as one, by time; where both have a bar the newer run's stands. */
export function mergeBars(
  older: readonly ChartBar[],
  newer: readonly ChartBar[],
): readonly ChartBar[] {
  const byTime = new Map<number, ChartBar>();
  for (const bar of older) byTime.set(bar.time, bar);
  for (const bar of newer) byTime.set(bar.time, bar);
  return [...byTime.values()].toSorted((left, right) => left.time - right.time);
}

/** Own fills on the bars they fell into; several of a side in one bar are one mark with their sum. */
export function chartFills(
  fills: readonly Fill[],
  instrument: Instrument,
  barSeconds: number,
): readonly ChartFill[] {
  const sums = new Map<string, { time: number; side: Fill['side']; quantity: number }>();
  for (const fill of fills) {
    if (fill.instrument !== instrument.id) continue;
    const time = Math.floor(fill.venueTime / 1_000_000 / barSeconds) * barSeconds;
    const key = `${time} ${fill.side}`;
    const quantity = (sums.get(key)?.quantity ?? 0) + fill.lastQty;
    sums.set(key, { time, side: fill.side, quantity });
  }
  return [...sums.values()]
    .toSorted((left, right) => left.time - right.time)
    .map(({ time, side, quantity }) => ({
      time,
      side,
      text: shortQuantity(quantity as Fill['lastQty'], instrument),
    }));
}
