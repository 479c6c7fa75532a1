import type { Result } from '../base/result.ts';
import type { Price, Quantity } from '../domain/price.ts';
import type { UnixMicros } from '../domain/time.ts';
import type { VenueError } from './market-data-client.ts';

/** A public trade of the past. */
export interface PastTrade {
  /** Rises with time; the venue's own number. */
  readonly tradeId: number;
  /** The venue's time, nanoseconds since the epoch. */
  readonly tsNanos: bigint;
  readonly price: Price;
  readonly quantity: Quantity;
  /** Absent where nobody told whose side the aggressor was on. */
  readonly aggressor?: 'Buy' | 'Sell';
}

/** What longs paid shorts for a period that is over. */
export interface PastFunding {
  /** When it was settled, nanoseconds since the epoch. */
  readonly tsNanos: bigint;
  /** The rate for one unit of value, at RATE_SCALE decimals. */
  readonly rate: number;
  /** Length of the period, ms; absent where the venue does not tell. */
  readonly periodMs?: number;
}

/** From when on and until before when, or, of that, what is left beyond the row that was had last. */
export interface HistorySpan<T> {
  readonly from: UnixMicros;
  readonly to: UnixMicros;
  readonly after?: T;
}

/** Rows of one answer, in the venue's order, all within the span and beyond `after`. */
export interface HistoryPage<T> {
  readonly rows: readonly T[];
  /** Nothing of the span is left. */
  readonly last: boolean;
}

/** In which order a venue tells the pages of a span. */
export type PageOrder = 'OldestFirst' | 'NewestFirst';

/** A venue's past of one kind, page by page; each page follows the last row of the one before. */
export interface PagedHistory<T> {
  readonly order: PageOrder;
  page(span: HistorySpan<T>): Promise<Result<HistoryPage<T>, VenueError>>;
}

/** What a venue tells of an instrument's past beside its bars; absent is what it does not tell. */
export interface MarketHistory {
  readonly trades?: PagedHistory<PastTrade>;
  readonly funding?: PagedHistory<PastFunding>;
}
