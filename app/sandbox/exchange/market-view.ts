import type { SyntheticBar } from '../../engine/synthetic/bar-series.ts';
import type { Listing } from './listing.ts';
import type { AggregateTrade, TapeTrade } from './tape.ts';

/** Best bid and offer with the id of the update that made them; 0 where a side is empty. */
export interface BestQuote {
  readonly updateId: number;
  readonly bid: number;
  readonly bidQuantity: number;
  readonly ask: number;
  readonly askQuantity: number;
}

/** A level as everybody sees it: mantissas. */
export type ShownLevel = readonly [price: number, quantity: number];

/** Who wants to know what happens in public. `level` comes once for each changed level, then `quote` when the best changed. */
export interface MarketListener {
  trade(market: MarketView, trade: TapeTrade): void;
  aggregate(market: MarketView, trade: AggregateTrade): void;
  level(
    market: MarketView,
    side: 'Buy' | 'Sell',
    price: number,
    total: number,
    updateId: number,
  ): void;
  quote(market: MarketView, quote: BestQuote): void;
  barClosed(market: MarketView, bar: SyntheticBar): void;
}

/** Trades from the beginning of the minutes on, oldest first; their ids follow each other. What the tape has forgotten is left out. */
export interface PastTradesView {
  /** At most `most` trades with this id or a higher one. */
  from(id: number, most: number): readonly TapeTrade[];
  /** At most `most` trades with lower ids, the last ones. */
  before(id: number, most: number): readonly TapeTrade[];
  /** The id of the first trade at this time or later: of the next there will be where there is none. */
  idAt(timeMs: number): number;
  /** As `from` and `idAt`, of aggregates and their ids. */
  aggregatesFrom(id: number, most: number): readonly AggregateTrade[];
  aggregateIdAt(timeMs: number): number;
}

/** What a venue tells of one instrument in public. */
export interface MarketView {
  readonly index: number;
  readonly listing: Listing;
  readonly halted: boolean;
  readonly lastPrice: number;
  readonly lastTrade: TapeTrade | undefined;
  readonly quote: BestQuote;
  /** Id of the last change of the book. */
  readonly updateId: number;
  /** The unfinished minute. */
  readonly current: SyntheticBar;
  /** Where bars of a minute, and of a day, begin, ms. */
  readonly oldestMinute: number;
  readonly oldestDay: number;
  readonly past: PastTradesView;
  listen(listener: MarketListener): void;
  /** The best levels of a side, best first. */
  levels(side: 'Buy' | 'Sell', most: number): readonly ShownLevel[];
  /** The bar of `lengthMs` that opened at `openTime`, as far as it is known; absent outside the past. */
  barOf(openTime: number, lengthMs: number): SyntheticBar | undefined;
  /** The sum of the last 24 hours by whole minutes. */
  day(): SyntheticBar;
  averagePrice(): number;
}

/** What a venue lists, and its time. */
export interface ExchangeView {
  readonly markets: readonly MarketView[];
  market(symbol: string): MarketView | undefined;
  nowMs(): number;
}
