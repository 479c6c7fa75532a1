import type { TradeRow } from '../client/feed-client.ts';

/** As many as a tape keeps. */
const KEPT = 500;

/** The newest trades that a stream brought, oldest first: what a second tape begins with, and what of the feed's past is not new after a reconnect. */
export class ToldTrades {
  #rows: TradeRow[] = [];

  get rows(): readonly TradeRow[] {
    return this.#rows.slice(-KEPT);
  }

  add(rows: readonly TradeRow[]): void {
    this.#rows.push(...rows);
    if (this.#rows.length > 2 * KEPT) this.#rows = this.#rows.slice(-KEPT);
  }

  clear(): void {
    this.#rows = [];
  }

  /** Of trades that the feed tells as past, those behind the newest that was told. */
  newOf(past: readonly TradeRow[]): readonly TradeRow[] {
    const newest = this.#rows.at(-1)?.[0];
    return past.slice(past.findLastIndex(([id]) => id === newest) + 1);
  }
}
