import type { DepthMessage, QuoteMessage } from '../../api/feed-service.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { DataState } from '../../domain/market.ts';
import { price, quantity, type Price, type Quantity } from '../../domain/price.ts';
import { unixMicros, type UnixMicros } from '../../domain/time.ts';
import { BookTop, L2Book } from '../../native/compute/book.ts';
import {
  BOOK_LIVE,
  BOOK_STALE,
  FLAG_AGGRESSOR_SELL,
  KIND_BBO,
  KIND_BOOK_STATUS,
  KIND_TRADE,
  type MarketRecords,
} from '../../native/compute/market-record.ts';

/** A public trade as windows get it. */
export interface Print {
  readonly id: number;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly buyer: boolean;
  readonly at: UnixMicros;
}

/** The newest state of one instrument, built from market records. */
export class InstrumentFeed {
  readonly instrument: Instrument;
  readonly book: L2Book;
  readonly #tops = new Map<number, BookTop>();
  /** Counts changes of quote or trade, and of the book: a window compares them with what it sent last. */
  quoteVersion = 0;
  depthVersion = 0;
  dayBase: Price | undefined;
  #state: DataState = 'Stale';
  #bid: readonly [Price, Quantity] | undefined;
  #ask: readonly [Price, Quantity] | undefined;
  #last: Print | undefined;
  #updateId = 0;
  #at: UnixMicros = unixMicros(0);

  constructor(instrument: Instrument) {
    this.instrument = instrument;
    this.book = new L2Book({ tickSize: instrument.tickSize });
  }

  /** How far the data can be trusted now. */
  get state(): DataState {
    return this.#state;
  }

  /** Counts one trade, quote or status record. */
  onRecord(records: MarketRecords, row: number): Print | undefined {
    this.quoteVersion += 1;
    this.#at = unixMicros(records.tsInitMicros(row));
    const kind = records.kind(row);
    if (kind === KIND_BBO) {
      this.#bid = side(records.price(row), records.quantity(row));
      this.#ask = side(records.price2(row), records.quantity2(row));
      return undefined;
    }
    if (kind === KIND_BOOK_STATUS) {
      this.#state = stateOf(records.price(row));
      this.depthVersion += 1;
      return undefined;
    }
    if (kind !== KIND_TRADE) return undefined;
    this.#last = {
      id: records.id(row),
      price: price(records.price(row)),
      quantity: quantity(records.quantity(row)),
      buyer: (records.flags(row) & FLAG_AGGRESSOR_SELL) === 0,
      at: unixMicros(records.tsEventMicros(row)),
    };
    return this.#last;
  }

  /** Applies the book records of rows [from, to): a header and its levels, or a part of them. */
  onBook(records: MarketRecords, from: number, to: number): void {
    this.depthVersion += 1;
    this.#at = unixMicros(records.tsInitMicros(from));
    this.#updateId = records.id(to - 1);
    this.book.apply(records, from, to);
  }

  /** The newest quote as windows get it. */
  quote(): QuoteMessage {
    return {
      instrument: this.instrument.id,
      ...(this.#bid && { bid: this.#bid[0], bidQuantity: this.#bid[1] }),
      ...(this.#ask && { ask: this.#ask[0], askQuantity: this.#ask[1] }),
      ...(this.#last && {
        last: this.#last.price,
        lastAggressor: this.#last.buyer ? ('Buy' as const) : ('Sell' as const),
      }),
      ...(this.dayBase !== undefined && { dayBase: this.dayBase }),
      state: this.#state,
      at: this.#at,
    };
  }

  /** The newest top of the book as windows get it. */
  depth(levels: number): DepthMessage {
    const top = this.#tops.get(levels) ?? new BookTop(levels);
    this.#tops.set(levels, top);
    this.book.top(top);
    return {
      instrument: this.instrument.id,
      state: this.#state,
      updateId: this.#updateId,
      bids: rows(top.bidPrices, top.bidQuantities, top.bids),
      asks: rows(top.askPrices, top.askQuantities, top.asks),
    };
  }
}

function rows(prices: Float64Array, quantities: Float64Array, count: number): [Price, Quantity][] {
  const levels: [Price, Quantity][] = [];
  for (let level = 0; level < count; level += 1) {
    levels.push([price(prices[level] ?? 0), quantity(quantities[level] ?? 0)]);
  }
  return levels;
}

function side(px: number, qty: number): readonly [Price, Quantity] | undefined {
  return qty === 0 ? undefined : [price(px), quantity(qty)];
}

function stateOf(code: number): DataState {
  if (code === BOOK_LIVE) return 'Live';
  return code === BOOK_STALE ? 'Stale' : 'Resyncing';
}
