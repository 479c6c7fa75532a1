import { invariant } from '../../engine/base/invariant.ts';
import { divideHalfEven } from '../../engine/domain/decimal.ts';
import { price } from '../../engine/domain/price.ts';
import {
  MATCHING_EVENT,
  type MatchingEvents,
} from '../../engine/native/compute/matching-events.ts';
import { MatchingLevels, type MatchingEngine } from '../../engine/native/compute/matching.ts';
import {
  addBar,
  aggregateBars,
  type BarSeries,
  type SyntheticBar,
} from '../../engine/synthetic/bar-series.ts';
import type { InstrumentPast } from '../../engine/synthetic/past.ts';
import type { Listing } from './listing.ts';
import type { BestQuote, MarketListener, MarketView, ShownLevel } from './market-view.ts';
import { PastTrades } from './past-trades.ts';
import { Tape, type AggregateTrade, type TapeTrade } from './tape.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const AVERAGE_MINUTES = 5;

/** Everything public about one symbol. */
export class Market implements MarketView {
  readonly index: number;
  readonly engine: MatchingEngine;
  readonly tape: Tape;
  readonly minutes: BarSeries;
  readonly days: BarSeries;
  readonly past: PastTrades;
  readonly #listeners: MarketListener[] = [];
  readonly #bestBid = new MatchingLevels(1);
  readonly #bestAsk = new MatchingLevels(1);
  #listing: Listing;
  #halted = false;
  #current: SyntheticBar;
  #quote: BestQuote = { updateId: 0, bid: 0, bidQuantity: 0, ask: 0, askQuantity: 0 };
  #updateId = 1_000_000;
  readonly #hidden = { Buy: new Map<number, number>(), Sell: new Map<number, number>() };
  readonly #rehidden = { Buy: new Set<number>(), Sell: new Set<number>() };

  constructor(
    listing: Listing,
    index: number,
    engine: MatchingEngine,
    past: InstrumentPast,
    nowMs: number,
  ) {
    this.#listing = listing;
    this.index = index;
    this.engine = engine;
    this.minutes = past.minutes;
    this.days = past.days;
    this.tape = new Tape(past.nextTradeId);
    this.past = new PastTrades(past.minutes, this.tape);
    const last = past.minutes.bar(past.minutes.length - 1);
    this.#current = emptyBar(
      Math.floor(nowMs / MINUTE_MS) * MINUTE_MS,
      last.close,
      past.nextTradeId,
    );
  }

  /** Trading rules of now. */
  get listing(): Listing {
    return this.#listing;
  }

  get halted(): boolean {
    return this.#halted;
  }

  /** Gives the symbol other rules; what rests stays as it is. The scales must not change. */
  relist(listing: Listing): void {
    const { priceScale, quantityScale } = this.#listing;
    invariant(
      listing.priceScale === priceScale && listing.quantityScale === quantityScale,
      'a listing keeps its scales',
    );
    this.#listing = listing;
  }

  /** Stops or resumes all trading of the symbol. */
  setHalted(halted: boolean): void {
    this.#halted = halted;
    this.engine.setState(halted ? 'Halted' : 'Trading');
  }

  /** The unfinished minute. */
  get current(): SyntheticBar {
    return this.#current;
  }

  get lastPrice(): number {
    return this.#current.close;
  }

  get lastTrade(): TapeTrade | undefined {
    return this.tape.trades.at(-1);
  }

  get oldestMinute(): number {
    return this.minutes.value('openTime', 0);
  }

  get oldestDay(): number {
    return this.days.value('openTime', 0);
  }

  levels(side: 'Buy' | 'Sell', most: number): readonly ShownLevel[] {
    const levels = this.engine.top(side, new MatchingLevels(most));
    const rows: ShownLevel[] = [];
    for (let row = 0; row < levels.count; row += 1) {
      const at = levels.price(row);
      const shown = this.shown(side, at, levels.total(row));
      if (shown > 0) rows.push([at, shown]);
    }
    return rows;
  }

  get quote(): BestQuote {
    return this.#quote;
  }

  /** Id of the last change of the book. */
  get updateId(): number {
    return this.#updateId;
  }

  listen(listener: MarketListener): void {
    this.#listeners.push(listener);
  }

  /** Hides `change` more of what rests at a price; told with the next change of the book, or by `refresh`. */
  hide(side: 'Buy' | 'Sell', price: number, change: number): void {
    if (change === 0) return;
    const hidden = this.#hidden[side];
    const next = (hidden.get(price) ?? 0) + change;
    if (next === 0) hidden.delete(price);
    else hidden.set(price, next);
    this.#rehidden[side].add(price);
  }

  /** What everybody sees of a level's `total`. */
  shown(side: 'Buy' | 'Sell', price: number, total: number): number {
    return Math.max(0, total - (this.#hidden[side].get(price) ?? 0));
  }

  /** Tells levels of which another part is hidden now. */
  refresh(): void {
    this.#drain();
  }

  /** Takes what a command caused; the time must not go back. */
  absorb(events: MatchingEvents, nowMs: number): void {
    this.rollTo(nowMs);
    const touched: AggregateTrade[] = [];
    for (let index = 0; index < events.count; index += 1) {
      if (events.kind[index] === MATCHING_EVENT.Traded) {
        this.#trade(events, index, nowMs, touched);
      }
    }
    for (const aggregate of touched) {
      for (const listener of this.#listeners) listener.aggregate(this, aggregate);
    }
    this.#drain();
  }

  /** Closes every minute and day that ended before `nowMs`. */
  rollTo(nowMs: number): void {
    while (nowMs >= this.#current.openTime + MINUTE_MS) {
      const closed = this.#current;
      this.minutes.push(closed);
      const next = closed.openTime + MINUTE_MS;
      if (next % DAY_MS === 0) {
        const from = this.minutes.indexAt(next - DAY_MS);
        this.days.push(aggregateBars(this.minutes, from, this.minutes.length, next - DAY_MS));
      }
      this.#current = emptyBar(next, closed.close, closed.firstTradeId + closed.trades);
      for (const listener of this.#listeners) listener.barClosed(this, closed);
    }
  }

  /** The bar of `lengthMs` that opened at `openTime`, as far as it is known; absent outside the past. */
  barOf(openTime: number, lengthMs: number): SyntheticBar | undefined {
    const from = Math.max(0, this.minutes.indexAt(openTime));
    const to = Math.min(this.minutes.length, this.minutes.indexAt(openTime + lengthMs));
    const live = this.#current.openTime >= openTime && this.#current.openTime < openTime + lengthMs;
    if (from < to) {
      const bar = aggregateBars(this.minutes, from, to, openTime);
      if (live) addBar(bar, this.#current);
      return bar;
    }
    if (live) return { ...this.#current, openTime };
    if (lengthMs !== DAY_MS) return undefined;
    const day = this.days.indexAt(openTime);
    return day >= 0 && day < this.days.length ? this.days.bar(day) : undefined;
  }

  /** The sum of the last 24 hours by whole minutes. */
  day(): SyntheticBar {
    const from = Math.max(0, this.minutes.length - DAY_MS / MINUTE_MS);
    const openTime = this.minutes.value('openTime', from);
    const bar = aggregateBars(this.minutes, from, this.minutes.length, openTime);
    addBar(bar, this.#current);
    return bar;
  }

  /** Volume-weighted price of the last five minutes, rounded half to even; the last price when nothing traded. */
  averagePrice(): number {
    const from = Math.max(0, this.minutes.length - AVERAGE_MINUTES);
    const bar = aggregateBars(this.minutes, from, this.minutes.length, 0);
    addBar(bar, this.#current);
    if (bar.volume === 0) return this.lastPrice;
    return Number(divideHalfEven(bar.quoteVolume, BigInt(bar.volume)));
  }

  #level(side: 'Buy' | 'Sell', level: number, total: number): void {
    this.#updateId += 1;
    const shown = this.shown(side, level, total);
    for (const listener of this.#listeners) {
      listener.level(this, side, level, shown, this.#updateId);
    }
  }

  #trade(events: MatchingEvents, index: number, nowMs: number, touched: AggregateTrade[]): void {
    const trade: TapeTrade = {
      id: events.tradeId[index] ?? 0,
      price: events.price[index] ?? 0,
      quantity: events.quantity[index] ?? 0,
      timeMs: nowMs,
      buyerIsMaker: events.side[index] === 1,
    };
    addTrade(this.#current, trade);
    if (this.tape.add(trade, events.orderId[index] ?? 0)) {
      const aggregate = this.tape.aggregates.at(-1);
      if (aggregate !== undefined) touched.push(aggregate);
    }
    for (const listener of this.#listeners) listener.trade(this, trade);
  }

  #drain(): void {
    const changes = this.engine.drainLevelChanges();
    const rehidden = this.#rehidden;
    if (changes.count === 0 && rehidden.Buy.size === 0 && rehidden.Sell.size === 0) return;
    for (let index = 0; index < changes.count; index += 1) {
      const at = index * 3;
      const side = changes.rows[at] === 0 ? 'Buy' : 'Sell';
      const level = changes.rows[at + 1] ?? 0;
      rehidden[side].delete(level);
      this.#level(side, level, changes.rows[at + 2] ?? 0);
    }
    for (const side of ['Buy', 'Sell'] as const) {
      for (const level of rehidden[side]) {
        this.#level(side, level, this.engine.levelTotal(side, price(level)));
      }
      rehidden[side].clear();
    }
    const bid = this.engine.top('Buy', this.#bestBid);
    const ask = this.engine.top('Sell', this.#bestAsk);
    const quote: BestQuote = {
      updateId: this.#updateId,
      bid: bid.count === 0 ? 0 : bid.price(0),
      bidQuantity: bid.count === 0 ? 0 : this.shown('Buy', bid.price(0), bid.total(0)),
      ask: ask.count === 0 ? 0 : ask.price(0),
      askQuantity: ask.count === 0 ? 0 : this.shown('Sell', ask.price(0), ask.total(0)),
    };
    const before = this.#quote;
    this.#quote = quote;
    const same =
      quote.bid === before.bid &&
      quote.bidQuantity === before.bidQuantity &&
      quote.ask === before.ask &&
      quote.askQuantity === before.askQuantity;
    if (same) return;
    for (const listener of this.#listeners) listener.quote(this, quote);
  }
}

function emptyBar(openTime: number, price: number, firstTradeId: number): SyntheticBar {
  return {
    openTime,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: 0,
    quoteVolume: 0n,
    takerBuyVolume: 0,
    takerBuyQuoteVolume: 0n,
    firstTradeId,
    trades: 0,
  };
}

function addTrade(bar: SyntheticBar, trade: TapeTrade): void {
  if (bar.trades === 0) {
    bar.open = trade.price;
    bar.high = trade.price;
    bar.low = trade.price;
  }
  bar.high = Math.max(bar.high, trade.price);
  bar.low = Math.min(bar.low, trade.price);
  bar.close = trade.price;
  bar.volume += trade.quantity;
  const quote = BigInt(trade.price) * BigInt(trade.quantity);
  bar.quoteVolume += quote;
  if (!trade.buyerIsMaker) {
    bar.takerBuyVolume += trade.quantity;
    bar.takerBuyQuoteVolume += quote;
  }
  bar.trades += 1;
}
