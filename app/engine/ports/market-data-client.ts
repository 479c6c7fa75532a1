import type { InstrumentId, VenueId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Bar, Interval } from '../domain/market.ts';
import type { UnixMicros } from '../domain/time.ts';
import type { Result } from '../base/result.ts';
import type { MarketHistory } from './market-history.ts';

/** A venue request that did not succeed. */
export interface VenueError {
  readonly code: string;
  readonly kind: 'Retryable' | 'Refused' | 'Fatal';
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** What a connection of a venue tells about itself. */
export interface ConnectionHealth {
  readonly connection: string;
  /** Whose clock was measured; absent where none is. */
  readonly venue?: VenueId;
  readonly state: 'Connecting' | 'Connected' | 'Disconnected';
  readonly latencyMicros?: number;
  readonly clockOffsetMicros?: number;
  readonly messages: number;
  readonly unknownMessages: number;
  readonly parseErrors: number;
  readonly reconnects: number;
  readonly resyncs: number;
  /** Our time of the newest message. */
  readonly lastMessageAt?: number;
}

/** Why a book's status changed: the reason code of a BookStatus record. */
export const BOOK_REASON = {
  none: 0,
  starting: 1,
  gap: 2,
  disconnected: 3,
  silent: 4,
  checksum: 5,
  crossed: 6,
  /** A replay goes to another time. */
  sought: 7,
} as const;
export type BookReason = keyof typeof BOOK_REASON;

/** The reason of a code; undefined for one that no version has had. */
export function bookReasonOf(code: number): BookReason | undefined {
  return (Object.keys(BOOK_REASON) as BookReason[]).find((name) => BOOK_REASON[name] === code);
}

/** Why a client passed nothing on of what a venue sent: it had sent the same before, or something newer. */
export type DroppedBecause = 'Duplicate' | 'OutOfOrder';

/** Where a market data client delivers: batches of packed 64-byte market records and what happened to books. */
export interface MarketDataSink {
  /** `count` records from the start of `records` (layout: native/compute/market-record.ts); valid during the call only. */
  onRecords(records: Uint8Array, count: number): void;
  onHealth(health: ConnectionHealth): void;
  /** A message nobody understood, kept raw. */
  onUnknownMessage(raw: string): void;
  /** A venue does not give what it was asked for on a stream; the message itself is told as one that nobody understood. */
  onRefusal?(venue: VenueId, words: string): void;
  /** A trade or a change of a book of instrument number `index` was dropped. */
  onDropped?(index: number, because: DroppedBecause): void;
}

/** One venue's public data. */
export interface MarketDataClient extends AsyncDisposable {
  /** The instruments the venue lists now: all, or those of some symbols. */
  loadInstruments(symbols?: readonly string[]): Promise<Result<readonly Instrument[], VenueError>>;
  /** Starts trades, BBO, and a synchronised book of these instruments; `index` is the instrument number put into records. */
  subscribe(
    instruments: readonly { readonly instrument: Instrument; readonly index: number }[],
  ): void;
  unsubscribe(instruments: readonly InstrumentId[]): void;
  /** The book cannot be what the venue has (it is crossed), or is to be read anew (a finer tick): it starts over. */
  doubtBook(instrument: InstrumentId, because: 'crossed' | 'starting'): void;
  /** Bars oldest first, at most what the venue gives in one answer, ending before `endTime` when given. */
  loadBars(
    instrument: Instrument,
    interval: Interval,
    range: { readonly endTime?: UnixMicros; readonly limit: number },
  ): Promise<Result<readonly Bar[], VenueError>>;
  /** What else of an instrument's past can be had; absent where there is no venue to ask. */
  history?(instrument: Instrument): MarketHistory;
}
