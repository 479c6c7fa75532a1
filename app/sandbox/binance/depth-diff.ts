import type { MarketView } from '../exchange/market-view.ts';
import { Texts } from './shapes.ts';

/** Levels of one market that changed since the last message. */
export class DepthDiff {
  readonly #bids = new Map<number, number>();
  readonly #asks = new Map<number, number>();
  #first: number;
  #last: number;

  constructor(updateId: number) {
    this.#first = updateId + 1;
    this.#last = updateId;
  }

  change(side: 'Buy' | 'Sell', price: number, total: number, updateId: number): void {
    (side === 'Buy' ? this.#bids : this.#asks).set(price, total);
    this.#last = updateId;
  }

  /** What changed goes untold. */
  drop(): void {
    this.#bids.clear();
    this.#asks.clear();
    this.#first = this.#last + 1;
  }

  /** The message of what changed; absent when nothing did. */
  take(market: MarketView, nowMs: number): object | undefined {
    if (this.#last < this.#first) return undefined;
    const text = new Texts(market.listing);
    const rows = (levels: ReadonlyMap<number, number>): string[][] =>
      [...levels].map(([price, total]) => [text.price(price), text.quantity(total)]);
    const message = {
      e: 'depthUpdate',
      E: nowMs,
      s: market.listing.symbol,
      U: this.#first,
      u: this.#last,
      b: rows(this.#bids),
      a: rows(this.#asks),
    };
    this.drop();
    return message;
  }
}
