import { BookTop, L2Book } from '../../native/compute/book.ts';
import {
  BOOK_LIVE,
  KIND_BBO,
  KIND_BOOK_STATUS,
  KIND_DIFF_HEADER,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import type { ConnectionHealth, MarketDataSink } from '../market-data-client.ts';

/** All levels of a book as the venue tells them elsewhere: mantissas, best first. */
export interface WholeBook {
  readonly bids: readonly (readonly [price: number, quantity: number])[];
  readonly asks: readonly (readonly [price: number, quantity: number])[];
}

/** Keeps what a client delivers, and a book of it. */
export class MarketRecorder implements MarketDataSink {
  readonly book = new L2Book();
  readonly kinds = new Map<number, number>();
  readonly unknown: string[] = [];
  health: ConnectionHealth | undefined;
  /** Every state of the book, in order. */
  readonly states: number[] = [];
  readonly tradeIds: number[] = [];
  compared = 0;
  differing = 0;
  readonly #top = new BookTop(1);
  readonly #quotes = new Map<number, readonly number[]>();

  /** True when the book is this one. */
  is({ bids, asks }: WholeBook): boolean {
    const { book } = this;
    return (
      book.levels('Bid') === bids.length &&
      book.levels('Ask') === asks.length &&
      bids.every(([price, quantity]) => book.quantityAt('Bid', price) === quantity) &&
      asks.every(([price, quantity]) => book.quantityAt('Ask', price) === quantity)
    );
  }

  /** True when the best levels of each side, so many, are those of this one. */
  isAtTop({ bids, asks }: WholeBook, depth: number): boolean {
    const top = new BookTop(depth);
    this.book.top(top);
    const are = (prices: Float64Array, quantities: Float64Array, side: WholeBook['bids']) =>
      side
        .slice(0, depth)
        .every(([price, quantity], at) => prices[at] === price && quantities[at] === quantity);
    return (
      top.bids === Math.min(depth, bids.length) &&
      top.asks === Math.min(depth, asks.length) &&
      are(top.bidPrices, top.bidQuantities, bids) &&
      are(top.askPrices, top.askQuantities, asks)
    );
  }

  get live(): boolean {
    return this.states.at(-1) === BOOK_LIVE;
  }

  onRecords(bytes: Uint8Array, count: number): void {
    const records = new MarketRecords(count);
    records.bytes.set(bytes.subarray(0, count * MARKET_RECORD_BYTES));
    for (let at = 0; at < count; at += 1) this.#onRecord(records, at);
  }

  onHealth(health: ConnectionHealth): void {
    this.health = health;
  }

  onUnknownMessage(raw: string): void {
    this.unknown.push(raw);
  }

  #onRecord(records: MarketRecords, at: number): void {
    const kind = records.kind(at);
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    if (kind === KIND_TRADE) this.tradeIds.push(records.id(at));
    if (kind === KIND_BOOK_STATUS) this.states.push(records.price(at));
    if (kind === KIND_BBO) {
      this.#quotes.set(records.id(at), [
        records.price(at),
        records.quantity(at),
        records.price2(at),
        records.quantity2(at),
      ]);
    }
    if (kind === KIND_DIFF_HEADER || kind === KIND_SNAPSHOT_HEADER) {
      const end = at + 1 + records.quantity(at);
      this.book.apply(records, at, end);
      if (kind === KIND_DIFF_HEADER) this.#compare(records.id(at));
    }
  }

  /** At an id that both streams name, the rebuilt top must be the quoted one. */
  #compare(id: number): void {
    const quote = this.#quotes.get(id);
    if (quote === undefined) return;
    this.book.top(this.#top);
    const { bidPrices, bidQuantities, askPrices, askQuantities } = this.#top;
    const top = [bidPrices[0], bidQuantities[0], askPrices[0], askQuantities[0]];
    this.compared += 1;
    if (top.some((value, index) => value !== quote[index])) this.differing += 1;
  }
}
