import type { SyntheticBar } from '../../engine/synthetic/bar-series.ts';
import type { Listing } from './listing.ts';
import type {
  BestQuote,
  ExchangeView,
  MarketListener,
  MarketView,
  PastTradesView,
  ShownLevel,
} from './market-view.ts';
import type { AggregateTrade, TapeTrade } from './tape.ts';

/** How a venue's prices differ from those of the exchange. */
export interface Following {
  /** It follows so long after, ms. */
  readonly delayMs: number;
  /** Its prices are so many ticks higher. */
  readonly offsetTicks: number;
}

const WHOLE_BOOK = 10_000;

/** A market that does what another does, later and at other prices: an exchange of its own to whoever looks. */
class FollowingMarket implements MarketView {
  readonly #leader: MarketView;
  readonly #delayMs: number;
  readonly #ticks: number;
  readonly #nowMs: () => number;
  readonly #listeners: MarketListener[] = [];
  readonly #books = { Buy: new Map<number, number>(), Sell: new Map<number, number>() };
  readonly #waiting: { readonly dueMs: number; readonly happens: () => void }[] = [];
  #quote: BestQuote;
  #updateId: number;
  #lastPrice: number;
  #lastTrade: TapeTrade | undefined;
  #current: SyntheticBar;

  constructor(leader: MarketView, { delayMs, offsetTicks }: Following, nowMs: () => number) {
    this.#leader = leader;
    this.#delayMs = delayMs;
    this.#ticks = offsetTicks;
    this.#nowMs = nowMs;
    this.#updateId = leader.updateId;
    this.#lastPrice = this.#shift(leader.lastPrice);
    this.#lastTrade = leader.lastTrade && this.#shiftTrade(leader.lastTrade);
    this.#quote = this.#shiftQuote(leader.quote);
    this.#current = this.#shiftBar(leader.current);
    for (const side of ['Buy', 'Sell'] as const) {
      for (const [price, total] of leader.levels(side, WHOLE_BOOK)) {
        this.#setLevel(side, this.#shift(price), total);
      }
    }
    leader.listen({
      trade: (_, trade) => this.#later(() => this.#onTrade(trade)),
      aggregate: (_, trade) => this.#later(() => this.#onAggregate(trade)),
      level: (_, side, price, total, updateId) =>
        this.#later(() => this.#onLevel(side, this.#shift(price), total, updateId)),
      quote: (_, quote) => this.#later(() => this.#onQuote(quote)),
      barClosed: (_, bar) => this.#later(() => this.#onBarClosed(bar)),
    });
  }

  get index(): number {
    return this.#leader.index;
  }

  get listing(): Listing {
    return this.#leader.listing;
  }

  get halted(): boolean {
    return this.#leader.halted;
  }

  get lastPrice(): number {
    return this.#lastPrice;
  }

  get lastTrade(): TapeTrade | undefined {
    return this.#lastTrade;
  }

  get quote(): BestQuote {
    return this.#quote;
  }

  get updateId(): number {
    return this.#updateId;
  }

  get current(): SyntheticBar {
    return this.#current;
  }

  get oldestMinute(): number {
    return this.#leader.oldestMinute;
  }

  get oldestDay(): number {
    return this.#leader.oldestDay;
  }

  get past(): PastTradesView {
    const { past } = this.#leader;
    const shifted = (trades: readonly TapeTrade[]): readonly TapeTrade[] =>
      trades.map((trade) => this.#shiftTrade(trade));
    return {
      from: (id, most) => shifted(past.from(id, most)),
      before: (id, most) => shifted(past.before(id, most)),
      idAt: (timeMs) => past.idAt(timeMs - this.#delayMs),
      aggregatesFrom: (id, most) =>
        past.aggregatesFrom(id, most).map((trade) => this.#shiftAggregate(trade)),
      aggregateIdAt: (timeMs) => past.aggregateIdAt(timeMs - this.#delayMs),
    };
  }

  listen(listener: MarketListener): void {
    this.#listeners.push(listener);
  }

  levels(side: 'Buy' | 'Sell', most: number): readonly ShownLevel[] {
    const best = side === 'Buy' ? -1 : 1;
    return [...this.#books[side]].sort(([left], [right]) => best * (left - right)).slice(0, most);
  }

  barOf(openTime: number, lengthMs: number): SyntheticBar | undefined {
    const bar = this.#leader.barOf(openTime, lengthMs);
    return bar && this.#shiftBar(bar);
  }

  day(): SyntheticBar {
    return this.#shiftBar(this.#leader.day());
  }

  averagePrice(): number {
    return this.#shift(this.#leader.averagePrice());
  }

  /** Lets happen what is due. */
  advance(): void {
    const nowMs = this.#nowMs();
    let due = 0;
    for (const { dueMs, happens } of this.#waiting) {
      if (dueMs > nowMs) break;
      due += 1;
      happens();
    }
    this.#waiting.splice(0, due);
  }

  #later(happens: () => void): void {
    this.#waiting.push({ dueMs: this.#nowMs() + this.#delayMs, happens });
  }

  #onTrade(trade: TapeTrade): void {
    const ours = this.#shiftTrade(trade);
    this.#lastTrade = ours;
    this.#lastPrice = ours.price;
    this.#current = this.#shiftBar(this.#leader.current);
    for (const listener of this.#listeners) listener.trade(this, ours);
  }

  #onAggregate(trade: AggregateTrade): void {
    const ours = this.#shiftAggregate(trade);
    for (const listener of this.#listeners) listener.aggregate(this, ours);
  }

  #onLevel(side: 'Buy' | 'Sell', price: number, total: number, updateId: number): void {
    this.#updateId = updateId;
    this.#setLevel(side, price, total);
    if (price <= 0) return;
    for (const listener of this.#listeners) listener.level(this, side, price, total, updateId);
  }

  #onQuote(quote: BestQuote): void {
    this.#quote = this.#shiftQuote(quote);
    for (const listener of this.#listeners) listener.quote(this, this.#quote);
  }

  #onBarClosed(bar: SyntheticBar): void {
    this.#current = this.#shiftBar(this.#leader.current);
    const ours = this.#shiftBar(bar);
    for (const listener of this.#listeners) listener.barClosed(this, ours);
  }

  #setLevel(side: 'Buy' | 'Sell', price: number, total: number): void {
    if (total === 0 || price <= 0) this.#books[side].delete(price);
    else this.#books[side].set(price, total);
  }

  #shift(price: number): number {
    return price + this.#ticks * this.#leader.listing.tickSize;
  }

  #shiftTrade(trade: TapeTrade): TapeTrade {
    return { ...trade, price: this.#shift(trade.price), timeMs: trade.timeMs + this.#delayMs };
  }

  #shiftAggregate(trade: AggregateTrade): AggregateTrade {
    return { ...trade, price: this.#shift(trade.price), timeMs: trade.timeMs + this.#delayMs };
  }

  #shiftQuote(quote: BestQuote): BestQuote {
    // A side that is empty stays so.
    const shifted = (price: number): number => (price === 0 ? 0 : this.#shift(price));
    return { ...quote, bid: shifted(quote.bid), ask: shifted(quote.ask) };
  }

  #shiftBar(bar: SyntheticBar): SyntheticBar {
    const by = BigInt(this.#ticks * this.#leader.listing.tickSize);
    return {
      ...bar,
      open: this.#shift(bar.open),
      high: this.#shift(bar.high),
      low: this.#shift(bar.low),
      close: this.#shift(bar.close),
      quoteVolume: bar.quoteVolume + by * BigInt(bar.volume),
      takerBuyQuoteVolume: bar.takerBuyQuoteVolume + by * BigInt(bar.takerBuyVolume),
    };
  }
}

/** An exchange as one venue shows it. */
export interface ShownExchange extends ExchangeView {
  /** Lets happen what is due. */
  advance(): void;
}

/** The exchange as a venue shows it that follows it; as it is without a difference. */
export function shownBy(leader: ExchangeView, following: Following | undefined): ShownExchange {
  if (following !== undefined) return new FollowingExchange(leader, following);
  return {
    markets: leader.markets,
    market: (symbol) => leader.market(symbol),
    nowMs: () => leader.nowMs(),
    advance: () => undefined,
  };
}

/** An exchange whose public markets follow another's. */
class FollowingExchange implements ShownExchange {
  readonly markets: readonly FollowingMarket[];
  readonly #leader: ExchangeView;
  readonly #bySymbol: ReadonlyMap<string, MarketView>;

  constructor(leader: ExchangeView, following: Following) {
    this.#leader = leader;
    this.markets = leader.markets.map(
      (market) => new FollowingMarket(market, following, () => leader.nowMs()),
    );
    this.#bySymbol = new Map(this.markets.map((market) => [market.listing.symbol, market]));
  }

  market(symbol: string): MarketView | undefined {
    return this.#bySymbol.get(symbol);
  }

  nowMs(): number {
    return this.#leader.nowMs();
  }

  advance(): void {
    for (const market of this.markets) market.advance();
  }
}
