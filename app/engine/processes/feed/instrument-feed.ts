import type { DepthMessage, QuoteMessage } from '../../api/feed-service.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { DataState, Divergence } from '../../domain/market.ts';
import { price, quantity, type Price, type Quantity } from '../../domain/price.ts';
import { unixMicros, type UnixMicros } from '../../domain/time.ts';
import { BookTop, L2Book } from '../../native/compute/book.ts';
import {
  BOOK_LIVE,
  BOOK_STALE,
  FLAG_AGGRESSOR_SELL,
  FLAG_AGGRESSOR_UNKNOWN,
  FLAG_ID_UNORDERED,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_ASK_LEVEL,
  KIND_BBO,
  KIND_BID_LEVEL,
  KIND_BOOK_STATUS,
  KIND_DIVERGENCE,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  MarketRecords,
  isDerivativeKind,
} from '../../native/compute/market-record.ts';
import { InstrumentQuality } from '../../market-data/instrument-quality.ts';
import { QueueEstimate } from '../../market-data/queue-estimate.ts';
import { RecentTrades } from './recent-trades.ts';
import { VolumeByPrice } from './volume-by-price.ts';

/** A public trade as windows get it. */
export interface Print {
  readonly id: number;
  readonly price: Price;
  readonly quantity: Quantity;
  /** The aggressor bought; undefined: nobody told. */
  readonly buyer: boolean | undefined;
  readonly at: UnixMicros;
}

/** Levels of a side in a snapshot: a book is then less than a sixth of the ring. */
const SNAPSHOT_LEVELS = 5000;

type QuoteNumbers = [price: number, quantity: number, price2: number, quantity2: number];

/** The newest state of one instrument, built from market records. */
export class InstrumentFeed {
  instrument: Instrument;
  book: L2Book;
  readonly volume: VolumeByPrice;
  readonly quality: InstrumentQuality;
  readonly recent = new RecentTrades();
  /** Of the own orders that windows watch. */
  readonly queue: QueueEstimate;
  readonly #tops = new Map<number, BookTop>();
  /** Counts changes of quote or trade, and of the book: a window compares them with what it sent last. */
  quoteVersion = 0;
  depthVersion = 0;
  dayBase: Price | undefined;
  #bookTick: number;
  #stateCode = BOOK_STALE;
  #reasonCode = 0;
  #bid: readonly [Price, Quantity] | undefined;
  #ask: readonly [Price, Quantity] | undefined;
  #last: Print | undefined;
  #divergence: Divergence | undefined;
  #updateId = 0;
  #flowWatchers = 0;
  #at: UnixMicros = unixMicros(0);

  /** `ownInBook`: own orders are part of the venue's book. */
  constructor(instrument: Instrument, ownInBook: boolean) {
    this.instrument = instrument;
    this.#bookTick = instrument.tickSize;
    this.volume = new VolumeByPrice(instrument.tickSize);
    this.quality = new InstrumentQuality(instrument.tickSize);
    this.book = new L2Book({ tickSize: instrument.tickSize });
    this.queue = new QueueEstimate(
      (side, at) => this.book.quantityAt(side === 'Buy' ? 'Bid' : 'Ask', at),
      ownInBook,
    );
  }

  /** Takes other rules; true when the book has to be taken anew because prices may be finer than before. */
  relist(instrument: Instrument): boolean {
    const finer = instrument.tickSize % this.#bookTick !== 0;
    this.instrument = instrument;
    this.quoteVersion += 1;
    if (!finer) return false;
    this.#bookTick = instrument.tickSize;
    this.book = new L2Book({ tickSize: instrument.tickSize });
    this.book.watchFlow(this.#flowWatchers > 0);
    return true;
  }

  /** How far the data can be trusted now. */
  get state(): DataState {
    return stateOf(this.#stateCode);
  }

  /** Our time of the newest record; 0 before the first. */
  get at(): UnixMicros {
    return this.#at;
  }

  /** The quoted best bid and ask; undefined while they are not to be trusted. */
  get touch(): readonly [bid: Price, ask: Price] | undefined {
    const bid = this.#bid?.[0];
    const ask = this.#ask?.[0];
    if (this.state !== 'Live' || bid === undefined || ask === undefined) return undefined;
    return this.crossed ? undefined : [bid, ask];
  }

  /** The middle of the touch as a number of the quote currency; undefined while it is not to be trusted. */
  get mid(): number | undefined {
    const touch = this.touch;
    return touch && (touch[0] + touch[1]) / 2 / 10 ** this.instrument.priceScale;
  }

  /** The quoted best bid is not below the best ask. */
  get crossed(): boolean {
    const bid = this.#bid?.[0];
    const ask = this.#ask?.[0];
    return bid !== undefined && ask !== undefined && bid >= ask;
  }

  /** How far it lies from the same elsewhere, while that is too far. */
  get divergence(): Divergence | undefined {
    return this.#divergence;
  }

  /** Counts the order flow of the book until what is returned is called, once. */
  watchFlow(): () => void {
    if (this.#flowWatchers === 0) this.book.watchFlow(true);
    this.#flowWatchers += 1;
    return () => {
      this.#flowWatchers -= 1;
      if (this.#flowWatchers === 0) this.book.watchFlow(false);
    };
  }

  /** Counts one trade, quote, status or divergence record. */
  onRecord(records: MarketRecords, row: number): Print | undefined {
    const kind = records.kind(row);
    // It says nothing of whether quotes still come.
    if (isDerivativeKind(kind)) return undefined;
    this.quoteVersion += 1;
    if (kind === KIND_DIVERGENCE) {
      const limitBps = records.quantity(row);
      this.#divergence = limitBps > 0 ? { bps: records.price(row), limitBps } : undefined;
      return undefined;
    }
    this.#at = unixMicros(records.tsInitMicros(row));
    if (kind === KIND_BBO) {
      this.#bid = side(records.price(row), records.quantity(row));
      this.#ask = side(records.price2(row), records.quantity2(row));
      const best = [this.#bid?.[0] ?? 0, this.#ask?.[0] ?? 0] as const;
      this.quality.onQuote(...best, records.tsEventMicros(row), this.#at);
      return undefined;
    }
    if (kind === KIND_BOOK_STATUS) {
      this.#stateCode = records.price(row);
      this.#reasonCode = records.quantity(row);
      this.quality.onState(this.state, this.#reasonCode);
      this.queue.setLive(this.state === 'Live');
      this.depthVersion += 1;
      return undefined;
    }
    if (kind !== KIND_TRADE) return undefined;
    const traded = [records.price(row), records.quantity(row)] as const;
    this.quality.onTrade(...traded, records.tsEventMicros(row), this.#at);
    const flags = records.flags(row);
    const told = (flags & FLAG_AGGRESSOR_UNKNOWN) === 0;
    this.#last = {
      id: records.id(row),
      price: price(records.price(row)),
      quantity: quantity(records.quantity(row)),
      buyer: told ? (flags & FLAG_AGGRESSOR_SELL) === 0 : undefined,
      at: unixMicros(records.tsEventMicros(row)),
    };
    // An id that counts nothing tells of no trade that is missing.
    this.volume.add((flags & FLAG_ID_UNORDERED) === 0 ? this.#last : { ...this.#last, id: 0 });
    this.recent.add(this.#last);
    this.queue.onTrade(this.#last);
    return this.#last;
  }

  /** Applies the book records of rows [from, to): a header and its levels, or a part of them. */
  onBook(records: MarketRecords, from: number, to: number): void {
    this.depthVersion += 1;
    this.#at = unixMicros(records.tsInitMicros(from));
    this.#updateId = records.id(to - 1);
    this.book.apply(records, from, to);
    // A part of a message is no book of the venue's.
    const whole = (records.flags(to - 1) & FLAG_LAST) !== 0;
    if (whole) this.queue.onBook(records.tsEventMicros(to - 1));
  }

  /** What a reader of the ring needs to stand where this stands: the book (at most 5,000 levels a side) and the quote while they can be trusted, how far they can, and a divergence. */
  snapshot(index: number, nowNanos: bigint): MarketRecords {
    const live = this.#stateCode === BOOK_LIVE;
    const held = Math.max(this.book.levels('Bid'), this.book.levels('Ask'));
    const depth = live ? Math.min(held, SNAPSHOT_LEVELS) : 0;
    const top = new BookTop(Math.max(1, depth));
    if (depth > 0) this.book.top(top);
    const quoted = live && (this.#bid !== undefined || this.#ask !== undefined);
    const levels = top.bids + top.asks;
    const divergence = this.#divergence;
    const beside = (quoted ? 1 : 0) + (divergence === undefined ? 0 : 1);
    const records = new MarketRecords((levels === 0 ? 0 : levels + 1) + beside + 1);
    const id = this.#updateId;
    let row = 0;
    const put = (kind: number, flags: number, ...[px, qty, px2, qty2]: QuoteNumbers): void => {
      records.set(row, kind, flags, index, 0n, nowNanos, px, qty, px2, qty2, id);
      row += 1;
    };
    if (levels > 0) put(KIND_SNAPSHOT_HEADER, FLAG_SNAPSHOT, 0, levels, 0, 0);
    const side = (kind: number, prices: Float64Array, quantities: Float64Array, count: number) => {
      for (let level = 0; level < count; level += 1) {
        const last = row === levels ? FLAG_LAST : 0;
        put(kind, FLAG_SNAPSHOT | last, prices[level] ?? 0, quantities[level] ?? 0, 0, 0);
      }
    };
    side(KIND_BID_LEVEL, top.bidPrices, top.bidQuantities, top.bids);
    side(KIND_ASK_LEVEL, top.askPrices, top.askQuantities, top.asks);
    put(KIND_BOOK_STATUS, FLAG_LAST, this.#stateCode, this.#reasonCode, 0, 0);
    if (quoted) {
      const [bid, bidQuantity] = this.#bid ?? [0, 0];
      const [ask, askQuantity] = this.#ask ?? [0, 0];
      put(KIND_BBO, FLAG_LAST, bid, bidQuantity, ask, askQuantity);
    }
    if (divergence !== undefined) {
      put(KIND_DIVERGENCE, FLAG_LAST, divergence.bps, divergence.limitBps, 0, 0);
    }
    return records;
  }

  /** The newest quote as windows get it. */
  quote(): QuoteMessage {
    return {
      instrument: this.instrument.id,
      ...(this.#bid && { bid: this.#bid[0], bidQuantity: this.#bid[1] }),
      ...(this.#ask && { ask: this.#ask[0], askQuantity: this.#ask[1] }),
      ...(this.#last && {
        last: this.#last.price,
        ...(this.#last.buyer !== undefined && {
          lastAggressor: this.#last.buyer ? ('Buy' as const) : ('Sell' as const),
        }),
      }),
      ...(this.dayBase !== undefined && { dayBase: this.dayBase }),
      state: this.state,
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
      state: this.state,
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
