import { invariant } from '../base/invariant.ts';

/** One bar; mantissas at the instrument's scales, quote amounts at priceScale + quantityScale, `openTime` in ms. */
export interface SyntheticBar {
  openTime: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  quoteVolume: bigint;
  takerBuyVolume: number;
  takerBuyQuoteVolume: bigint;
  firstTradeId: number;
  trades: number;
}

const COLUMNS = [
  'openTime',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'takerBuyVolume',
  'firstTradeId',
  'trades',
] as const;
type Column = (typeof COLUMNS)[number];

/** Bars of one interval without holes, oldest first, kept as columns. */
export class BarSeries {
  readonly intervalMs: number;
  readonly #columns: Record<Column, Float64Array>;
  #quoteVolume: BigInt64Array;
  #takerBuyQuoteVolume: BigInt64Array;
  #length = 0;

  constructor(intervalMs: number, capacity: number) {
    this.intervalMs = intervalMs;
    const column = (): Float64Array => new Float64Array(Math.max(capacity, 16));
    this.#columns = {
      openTime: column(),
      open: column(),
      high: column(),
      low: column(),
      close: column(),
      volume: column(),
      takerBuyVolume: column(),
      firstTradeId: column(),
      trades: column(),
    };
    this.#quoteVolume = new BigInt64Array(Math.max(capacity, 16));
    this.#takerBuyQuoteVolume = new BigInt64Array(Math.max(capacity, 16));
  }

  get length(): number {
    return this.#length;
  }

  /** Position of the bar that holds `timeMs`; outside 0..length-1 when there is none. */
  indexAt(timeMs: number): number {
    return Math.floor((timeMs - this.value('openTime', 0)) / this.intervalMs);
  }

  /** One number of one bar; 0 outside the series. */
  value(column: Column, index: number): number {
    return this.#columns[column][index] ?? 0;
  }

  /** A copy of one bar. */
  bar(index: number): SyntheticBar {
    invariant(
      index >= 0 && index < this.#length,
      `bar must be in 0..${this.#length - 1}, was ${index}`,
    );
    return {
      openTime: this.value('openTime', index),
      open: this.value('open', index),
      high: this.value('high', index),
      low: this.value('low', index),
      close: this.value('close', index),
      volume: this.value('volume', index),
      quoteVolume: this.#quoteVolume[index] ?? 0n,
      takerBuyVolume: this.value('takerBuyVolume', index),
      takerBuyQuoteVolume: this.#takerBuyQuoteVolume[index] ?? 0n,
      firstTradeId: this.value('firstTradeId', index),
      trades: this.value('trades', index),
    };
  }

  /** Adds the next bar; it must begin where the last one ends. */
  push(bar: SyntheticBar): void {
    const index = this.#length;
    invariant(
      index === 0 || bar.openTime === this.value('openTime', index - 1) + this.intervalMs,
      `bar must continue the series, opened at ${bar.openTime}`,
    );
    if (index === this.#quoteVolume.length) this.#grow();
    for (const column of COLUMNS) this.#columns[column][index] = bar[column];
    this.#quoteVolume[index] = bar.quoteVolume;
    this.#takerBuyQuoteVolume[index] = bar.takerBuyQuoteVolume;
    this.#length = index + 1;
  }

  #grow(): void {
    const capacity = this.#quoteVolume.length * 2;
    for (const column of COLUMNS) {
      const larger = new Float64Array(capacity);
      larger.set(this.#columns[column]);
      this.#columns[column] = larger;
    }
    const quote = new BigInt64Array(capacity);
    quote.set(this.#quoteVolume);
    this.#quoteVolume = quote;
    const taker = new BigInt64Array(capacity);
    taker.set(this.#takerBuyQuoteVolume);
    this.#takerBuyQuoteVolume = taker;
  }
}

/** One bar made of the bars `from` up to but not including `to`, opened at `openTime`. */
export function aggregateBars(
  series: BarSeries,
  from: number,
  to: number,
  openTime: number,
): SyntheticBar {
  const first = series.bar(from);
  const sum: SyntheticBar = { ...first, openTime };
  for (let index = from + 1; index < to; index += 1) addBar(sum, series.bar(index));
  return sum;
}

/** Puts a later bar into `sum`. */
export function addBar(sum: SyntheticBar, bar: SyntheticBar): void {
  sum.high = Math.max(sum.high, bar.high);
  sum.low = Math.min(sum.low, bar.low);
  sum.close = bar.close;
  sum.volume += bar.volume;
  sum.quoteVolume += bar.quoteVolume;
  sum.takerBuyVolume += bar.takerBuyVolume;
  sum.takerBuyQuoteVolume += bar.takerBuyQuoteVolume;
  sum.trades += bar.trades;
}
