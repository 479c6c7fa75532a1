import { invariant, unreachable } from '../base/invariant.ts';

import type { Bar } from '../domain/market.ts';
import { notional, price, quantity, type Price, type Quantity } from '../domain/price.ts';
import type { UnixMicros } from '../domain/time.ts';

/** What ends a bar. Sizes are mantissas at the instrument's scales, `dollar` at the sum of both; all positive. */
export type BarRule =
  /** So many trades. */
  | { readonly by: 'tick'; readonly size: number }
  /** So much volume, by the trade that reaches it: no trade is parted. */
  | { readonly by: 'volume'; readonly size: Quantity }
  /** So much price x quantity, likewise. */
  | { readonly by: 'dollar'; readonly size: bigint }
  /** As much between high and low: the trade that would make it more opens the next bar. */
  | { readonly by: 'range'; readonly size: Price }
  /** So much more bought than sold by aggressors, or sold than bought; a trade whose aggressor nobody told counts for neither. */
  | { readonly by: 'imbalance'; readonly size: Quantity }
  /** A move of the price by as much from the last brick's close, twice as much against it (a brick is not undone by the next). */
  | { readonly by: 'renko'; readonly size: Price };

/** Where the last brick closed, and which way it went; 0 of none. */
interface Brick {
  readonly close: number;
  readonly way: 1 | -1 | 0;
}

/** A trade as bars see it. */
export interface BarTrade {
  readonly price: Price;
  readonly quantity: Quantity;
  readonly aggressor?: 'Buy' | 'Sell';
  readonly at: UnixMicros;
}

/** A bar that trades ended, not the clock. A brick's prices are on its grid, others are of trades. */
export interface EventBar extends Bar {
  /** When its last trade was. */
  readonly closeTime: UnixMicros;
  readonly trades: number;
}

/** Builds bars that end by what was traded. A bar has at least one trade, only further bricks of one trade have none: nothing is filled in. */
export class EventBars {
  readonly #rule: BarRule;
  #current: EventBar | undefined;
  #notional = 0n;
  #imbalance = 0;
  #brick: Brick | undefined;

  constructor(rule: BarRule) {
    invariant(rule.size > 0, `size of a bar must be positive, was ${rule.size}`);
    this.#rule = rule;
  }

  /** The bar that is being built. */
  get current(): EventBar | undefined {
    return this.#current;
  }

  /** Counts a trade; calls `onClosed` for each bar that it ends, oldest first. */
  add(trade: BarTrade, onClosed: (bar: EventBar) => void): void {
    const rule = this.#rule;
    if (rule.by === 'range' && this.#rangeWith(trade) > rule.size) this.#close(onClosed);
    this.#count(trade);
    if (rule.by === 'renko') this.#bricks(rule.size, trade, onClosed);
    else if (this.#isFull()) this.#close(onClosed);
  }

  #count(trade: BarTrade): void {
    const { price: px, quantity: qty, at } = trade;
    const bar = this.#current;
    this.#notional += notional(px, qty);
    if (trade.aggressor !== undefined) this.#imbalance += trade.aggressor === 'Buy' ? qty : -qty;
    this.#current =
      bar === undefined
        ? {
            ...{ openTime: at, closeTime: at, open: px, high: px, low: px, close: px },
            ...{ volume: qty, trades: 1, closed: false },
          }
        : {
            ...bar,
            closeTime: at,
            high: price(Math.max(bar.high, px)),
            low: price(Math.min(bar.low, px)),
            close: px,
            volume: quantity(bar.volume + qty),
            trades: bar.trades + 1,
          };
  }

  #rangeWith({ price: px }: BarTrade): number {
    const bar = this.#current;
    return bar === undefined ? 0 : Math.max(bar.high, px) - Math.min(bar.low, px);
  }

  #isFull(): boolean {
    const rule = this.#rule;
    const { trades = 0, volume = 0 } = this.#current ?? {};
    switch (rule.by) {
      case 'tick':
        return trades >= rule.size;
      case 'volume':
        return volume >= rule.size;
      case 'dollar':
        return this.#notional >= rule.size;
      case 'imbalance':
        return Math.abs(this.#imbalance) >= rule.size;
      case 'range':
      case 'renko':
        return false;
      default:
        return unreachable(rule);
    }
  }

  #close(onClosed: (bar: EventBar) => void): void {
    const bar = this.#current;
    this.#current = undefined;
    this.#notional = 0n;
    this.#imbalance = 0;
    if (bar !== undefined) onClosed({ ...bar, closed: true });
  }

  /** Bricks that the price has passed; what was traded since the last is of the first of them. */
  #bricks(size: number, { price: px, at }: BarTrade, onClosed: (bar: EventBar) => void): void {
    let brick: Brick = this.#brick ?? { close: px, way: 0 };
    for (;;) {
      this.#brick = brick;
      const { close, way } = brick;
      const up = close + (way === -1 ? 2 : 1) * size;
      const down = close - (way === 1 ? 2 : 1) * size;
      if (px < up && px > down) return;
      const now = px >= up ? 1 : -1;
      const end = px >= up ? up : down;
      const begin = end - now * size;
      const bar = this.#current;
      const traded = { trades: bar?.trades ?? 0, volume: bar?.volume ?? quantity(0) };
      const times = { openTime: bar?.openTime ?? at, closeTime: at };
      const [low, high] = [Math.min(begin, end), Math.max(begin, end)].map((edge) => price(edge));
      const prices = { open: price(begin), high: high ?? px, low: low ?? px, close: price(end) };
      this.#current = { ...times, ...prices, ...traded, closed: false };
      brick = { close: end, way: now };
      this.#close(onClosed);
    }
  }
}
