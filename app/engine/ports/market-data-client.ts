import type { InstrumentId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Bar, Interval } from '../domain/market.ts';
import type { UnixMicros } from '../domain/time.ts';
import type { Result } from '../base/result.ts';

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
} as const;

/** Where a market data client delivers: batches of packed 64-byte market records and what happened to books. */
export interface MarketDataSink {
  /** `count` records from the start of `records` (layout: native/compute/market-record.ts); valid during the call only. */
  onRecords(records: Uint8Array, count: number): void;
  onHealth(health: ConnectionHealth): void;
  /** A message nobody understood, kept raw. */
  onUnknownMessage(raw: string): void;
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
  /** The book cannot be what the venue has (it is crossed): it starts over. */
  doubtBook(instrument: InstrumentId): void;
  /** Bars oldest first, at most what the venue gives in one answer, ending before `endTime` when given. */
  loadBars(
    instrument: Instrument,
    interval: Interval,
    range: { readonly endTime?: UnixMicros; readonly limit: number },
  ): Promise<Result<readonly Bar[], VenueError>>;
}
