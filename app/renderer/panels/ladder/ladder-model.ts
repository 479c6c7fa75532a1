import { price, type Price, type Quantity } from '../../../engine/domain/price.ts';
import type { DepthMessage } from '../../state/market-store.ts';

/** Multiples of the tick that a row may stand for. */
export const GROUPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;

const COARSEST = 1000;

/** Least share of the price that the rows span at first. */
const SPAN = 0.001;

/** Where the market is, seen from the rows on screen. */
export type MarketPlace = 'inside' | 'above' | 'below' | 'unknown';

/** The price axis and the book on it. The axis moves only through `centre`, `scroll`, `setGroup`, `setTick` and `setRows`: never by market data. */
export class LadderModel {
  #tick: number;
  #group = 1;
  /** The grouping was asked for, be it before the first book. */
  #grouped = false;
  #rows: number;
  #top: number | undefined;
  #depth: DepthMessage | undefined;
  readonly #bids = new Map<number, number>();
  readonly #asks = new Map<number, number>();
  #largest = 0;

  constructor(tick: Price, rows: number) {
    this.#tick = tick;
    this.#rows = rows;
  }

  /** Price difference of neighbouring rows. */
  get step(): number {
    return this.#tick * this.#group;
  }

  get group(): number {
    return this.#group;
  }

  get rows(): number {
    return this.#rows;
  }

  get depth(): DepthMessage | undefined {
    return this.#depth;
  }

  /** True once the axis has a place. */
  get placed(): boolean {
    return this.#top !== undefined;
  }

  get bestBid(): Price | undefined {
    return this.#depth?.bids[0]?.[0];
  }

  get bestAsk(): Price | undefined {
    return this.#depth?.asks[0]?.[0];
  }

  /** Price of row `index`, 0 at the top; undefined before the axis has a place. */
  priceAt(index: number): Price | undefined {
    return this.#top === undefined ? undefined : price(this.#top - index * this.step);
  }

  /** The row that shows `value` for a side; undefined when it is out of sight. */
  indexOf(value: Price, side: 'Buy' | 'Sell'): number | undefined {
    if (this.#top === undefined) return undefined;
    const index = (this.#top - this.#rowPrice(value, side)) / this.step;
    return index >= 0 && index < this.#rows ? index : undefined;
  }

  bidAt(row: Price): Quantity | undefined {
    return this.#bids.get(row) as Quantity | undefined;
  }

  askAt(row: Price): Quantity | undefined {
    return this.#asks.get(row) as Quantity | undefined;
  }

  /** The largest size of a row. */
  get largest(): number {
    return this.#largest;
  }

  /** Share of the largest size in the book, 0 to 1. */
  share(size: Quantity): number {
    return this.#largest === 0 ? 0 : size / this.#largest;
  }

  /** Takes the newest book. The first one places the axis and picks a grouping, unless one was asked for; no other moves it. */
  setDepth(depth: DepthMessage): void {
    this.#depth = depth;
    const first = this.#top === undefined;
    if (first && !this.#grouped) this.#group = this.#suitableGroup();
    this.#fold();
    if (first) this.centre();
  }

  /** Changes how many rows there are; the top row stays. */
  setRows(rows: number): void {
    this.#rows = rows;
  }

  /** Puts the middle of bid and ask into the middle of the rows; false while neither is known. */
  centre(): boolean {
    const middle = this.#middle();
    if (middle === undefined) return false;
    const half = Math.floor(this.#rows / 2);
    this.#top = (Math.floor(middle / this.step) + half) * this.step;
    return true;
  }

  /** Moves the axis by rows; positive shows higher prices. */
  scroll(rows: number): void {
    if (this.#top === undefined) return;
    const top = this.#top + rows * this.step;
    if (top - (this.#rows - 1) * this.step > 0 || rows > 0) this.#top = top;
  }

  /** Shows `group` ticks a row and centres. */
  setGroup(group: number): void {
    this.#group = group;
    this.#grouped = true;
    this.#fold();
    if (!this.centre() && this.#top !== undefined) {
      this.#top = Math.ceil(this.#top / this.step) * this.step;
    }
  }

  /** Takes another tick: rows as high as before where the tick allows it, else the next higher; the middle row keeps its price as near as it can. */
  setTick(tick: Price): void {
    const before = this.step;
    const half = Math.floor(this.#rows / 2);
    this.#tick = tick;
    this.#group = GROUPS.find((group) => tick * group >= before) ?? COARSEST;
    this.#fold();
    if (this.#top === undefined) return;
    const middle = this.#top - half * before;
    this.#top = (Math.floor(middle / this.step) + half) * this.step;
  }

  /** Where the market is, seen from the visible rows. */
  marketPlace(): MarketPlace {
    const middle = this.#middle();
    if (middle === undefined || this.#top === undefined) return 'unknown';
    if (middle > this.#top + this.step) return 'above';
    return middle < this.#top - this.#rows * this.step ? 'below' : 'inside';
  }

  /** True when a limit order of `side` at `at` would trade at once. */
  crosses(side: 'Buy' | 'Sell', at: Price): boolean {
    const opposite = side === 'Buy' ? this.bestAsk : this.bestBid;
    if (opposite === undefined) return false;
    return side === 'Buy' ? at >= opposite : at <= opposite;
  }

  #middle(): number | undefined {
    const bid = this.bestBid;
    const ask = this.bestAsk;
    if (bid === undefined || ask === undefined) return bid ?? ask;
    return Math.floor((bid + ask) / 2);
  }

  #rowPrice(value: number, side: 'Buy' | 'Sell'): number {
    const units = value / this.step;
    return (side === 'Buy' ? Math.floor(units) : Math.ceil(units)) * this.step;
  }

  #fold(): void {
    this.#bids.clear();
    this.#asks.clear();
    this.#largest = 0;
    for (const [value, size] of this.#depth?.bids ?? []) this.#add(this.#bids, value, size, 'Buy');
    for (const [value, size] of this.#depth?.asks ?? []) this.#add(this.#asks, value, size, 'Sell');
  }

  #add(into: Map<number, number>, value: number, size: number, side: 'Buy' | 'Sell'): void {
    const row = this.#rowPrice(value, side);
    const sum = (into.get(row) ?? 0) + size;
    into.set(row, sum);
    if (sum > this.#largest) this.#largest = sum;
  }

  /** The finest grouping whose rows hold the best twelve levels of each side and a tenth of a percent of the price, so that the market stays in sight for a while. */
  #suitableGroup(): number {
    const bids = this.#depth?.bids.slice(0, 12) ?? [];
    const asks = this.#depth?.asks.slice(0, 12) ?? [];
    const prices = [...bids, ...asks].map(([value]) => value);
    if (prices.length < 2) return 1;
    const highest = Math.max(...prices);
    const ticks = Math.max(highest - Math.min(...prices), highest * SPAN) / this.#tick;
    return GROUPS.find((group) => ticks / group <= this.#rows) ?? COARSEST;
  }
}
