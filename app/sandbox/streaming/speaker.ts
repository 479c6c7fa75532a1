import { formatDecimal } from '../../engine/domain/decimal.ts';
import type { SyntheticBar } from '../../engine/synthetic/bar-series.ts';
import type { BestQuote, ExchangeView, MarketView } from '../exchange/market-view.ts';
import type { Listing } from '../exchange/listing.ts';
import type { TapeTrade } from '../exchange/tape.ts';

/** What one can ask for on a stream. */
export const CHANNELS = ['book', 'trades', 'quote', 'bars'] as const;
export type Channel = (typeof CHANNELS)[number];

/** One channel of one instrument. */
export interface Topic {
  readonly channel: Channel;
  readonly symbol: string;
}

/** A message; `sequence` is its number on the connection, for venues that number them. */
export type Message = (sequence: number) => string;

/** Where a client stands. */
export interface Standing {
  /** It has shown a key that is known, where one is wanted. */
  readonly admitted: boolean;
  readonly topics: readonly Topic[];
}

/** What a request of a client leads to: answers first, then what it asked for. */
export interface Heard {
  readonly replies: readonly Message[];
  readonly subscribe?: readonly Topic[];
  readonly unsubscribe?: readonly Topic[];
  /** It has shown a key that is known. */
  readonly admits?: true;
  /** The connection ends behind the answers. */
  readonly ends?: true;
}

/** Levels of a book, best first or as they changed: price and quantity (0: gone) as mantissas. */
export interface BookLevels {
  readonly bids: readonly (readonly [price: number, quantity: number])[];
  readonly asks: readonly (readonly [price: number, quantity: number])[];
}

/** A book message: all levels, or those that changed since update `previous`; the book then stands at update `id`. */
export interface BookMessage extends BookLevels {
  readonly market: MarketView;
  readonly id: number;
  /** Absent in a snapshot. */
  readonly previous?: number;
  /** How many changes of this book have been told, with this one; of a snapshot, before it. */
  readonly ordinal: number;
  readonly nowMs: number;
  /** The best levels after this message. */
  readonly best: BookLevels;
}

/** A question over REST; names of headers in small letters. */
export interface Asking {
  readonly query: URLSearchParams;
  readonly exchange: ExchangeView;
  header(name: string): string | undefined;
}

/** An answer over REST. */
export interface PublicAnswer {
  readonly status: number;
  readonly body: string;
}

/** How one venue says what happens on the exchange. Its books begin with a snapshot on the stream. */
export interface Speaker {
  /** Below it the venue is reached, REST and streams: `/kraken`. */
  readonly path: string;
  symbolOf(market: MarketView): string;
  /** Said when a connection opens. */
  greeting?(): readonly Message[];
  /** Said once a second. */
  heartbeat?(second: number, nowMs: number): Message;
  /** Reads what a client sent; undefined: it is not understood. */
  hear(text: string, standing: Standing): Heard | undefined;
  /** A client that has not shown a key so long after it came hears this, and the connection ends; absent: everybody may ask. */
  readonly admission?: { readonly withinMs: number; readonly late: Message };
  /** Absent where the venue has no depth. */
  book?(message: BookMessage): Message;
  trade(market: MarketView, trade: TapeTrade): Message;
  /** Absent where the venue has no such channel. */
  quote?(market: MarketView, quote: BestQuote, nowMs: number): Message;
  bar?(market: MarketView, bar: SyntheticBar, closed: boolean, nowMs: number): Message | undefined;
  /** Answers a public question; undefined: there is no such one. */
  answer(path: string, asking: Asking): PublicAnswer | undefined;
}

/** Numbers of a listing as text, with exactly its decimals. */
export class Digits {
  readonly #listing: Listing;

  constructor({ listing }: MarketView) {
    this.#listing = listing;
  }

  price(mantissa: number): string {
    return formatDecimal(mantissa, this.#listing.priceScale);
  }

  quantity(mantissa: number): string {
    return formatDecimal(mantissa, this.#listing.quantityScale);
  }

  quote(mantissa: bigint): string {
    return formatDecimal(mantissa, this.#listing.priceScale + this.#listing.quantityScale);
  }
}

/** Microseconds since the epoch as RFC 3339. */
export function rfc3339(micros: number): string {
  const millis = Math.floor(micros / 1000);
  const rest = String(micros % 1000).padStart(3, '0');
  return new Date(millis).toISOString().replace('Z', `${rest}Z`);
}
