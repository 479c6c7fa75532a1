import type { CorporateAction, Ratio } from '../domain/corporate-action.ts';
import { divideHalfEven } from '../domain/decimal.ts';
import type { Bar } from '../domain/market.ts';
import { price, quantity } from '../domain/price.ts';

/** Which actions are taken out: splits, or all. */
export type Adjustment = 'splits' | 'all';

/** What a bar is multiplied with; `SCALE` is one. */
interface Factors {
  readonly exDate: string;
  readonly price: bigint;
  readonly volume: bigint;
}

/** Decimals that factors have. */
const SCALE = 10n ** 18n;
const ONE: Omit<Factors, 'exDate'> = { price: SCALE, volume: SCALE };

/**
 * Bars as if every action before the newest bar had always held (backward adjustment): prices before an action times its ratio,
 * volumes before a split divided by it. A dividend D with the close C before it has the ratio (C - D) / C (CRSP's). The
 * bars given are not changed; `decimals` more are told of prices and quantities, rounded half to even. `dateOf` says on which day a bar is, `priceScale` the decimals of its prices.
 */
export function adjustBars(
  bars: readonly Bar[],
  actions: readonly CorporateAction[],
  {
    adjustment,
    decimals,
    dateOf,
    priceScale,
  }: {
    readonly adjustment: Adjustment;
    readonly decimals: number;
    readonly dateOf: (bar: Bar) => string;
    readonly priceScale: number;
  },
): readonly Bar[] {
  const dates = bars.map(dateOf);
  const wanted = actions.filter(({ kind }) => adjustment === 'all' || kind === 'Split');
  const factors = cumulated(wanted, priceScale, (exDate) => closeBefore(bars, dates, exDate));
  const finer = 10n ** BigInt(decimals);
  return bars.map((bar, index) => {
    const date = dates[index] ?? '';
    const { price: px, volume } = factors.find(({ exDate }) => date < exDate) ?? ONE;
    const priced = (value: number): number =>
      Number(divideHalfEven(BigInt(value) * finer * px, SCALE));
    return {
      ...bar,
      open: price(priced(bar.open)),
      high: price(priced(bar.high)),
      low: price(priced(bar.low)),
      close: price(priced(bar.close)),
      volume: quantity(Number(divideHalfEven(BigInt(bar.volume) * finer * volume, SCALE))),
    };
  });
}

function closeBefore(
  bars: readonly Bar[],
  dates: readonly string[],
  exDate: string,
): bigint | undefined {
  const index = dates.findLastIndex((date) => date < exDate);
  const close = bars[index]?.close;
  return close === undefined ? undefined : BigInt(close);
}

/** The factors of bars before each ex-date, oldest first. */
function cumulated(
  actions: readonly CorporateAction[],
  priceScale: number,
  closeOf: (exDate: string) => bigint | undefined,
): readonly Factors[] {
  const newestFirst = actions.toSorted((a, b) => (a.exDate < b.exDate ? 1 : -1));
  const found: Factors[] = [];
  let { price: px, volume } = ONE;
  for (const action of newestFirst) {
    const { over, under } = ratioOf(action, priceScale, closeOf);
    px = divideHalfEven(px * over, under);
    if (action.kind === 'Split') volume = divideHalfEven(volume * under, over);
    found.unshift({ exDate: action.exDate, price: px, volume });
  }
  return found;
}

/** A dividend before the first bar moves none of them. */
function ratioOf(
  action: CorporateAction,
  priceScale: number,
  closeOf: (exDate: string) => bigint | undefined,
): Ratio {
  if (action.kind !== 'Dividend') return action.ratio;
  const { over, under } = action.amount;
  const close = closeOf(action.exDate);
  if (close === undefined) return { over: 1n, under: 1n };
  const [whole, paid] = [close * under, over * 10n ** BigInt(priceScale)];
  return paid < whole ? { over: whole - paid, under: whole } : { over: 1n, under: 1n };
}
