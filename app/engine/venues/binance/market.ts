import type { Result } from '../../base/result.ts';
import type { VenueId } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { MarketRecords } from '../../native/compute/market-record.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { Continuity } from './book-sync.ts';

/** What exchangeInfo says: instruments, those that could not be read, and the weight budget. */
export interface ExchangeInfo {
  readonly instruments: readonly Instrument[];
  readonly rejected: readonly { readonly symbol: string; readonly reason: string }[];
  readonly weightPerMinute?: number;
}

/** A kind of stream connection of a market. */
export interface MarketLine {
  readonly name: string;
  /** `/stream` is added. */
  readonly url: string;
  /** True of the one that brings changes of books, and quotes. */
  readonly books: boolean;
  /** True of the one that brings trades. */
  readonly trades: boolean;
  /** Streams of one instrument; their names are lower case. */
  streamsOf(symbol: string): readonly string[];
}

/** Something of each instrument that is told over REST only. */
export interface AskedFact {
  readonly path: string;
  readonly weight: number;
  /** Each instrument is asked for so often. */
  readonly everyMs: number;
  /** Writes what the answer says as the record at 0. */
  read(
    answer: unknown,
    index: number,
    tsInitNanos: bigint,
    records: MarketRecords,
  ): Result<void, VenueError>;
}

/** A market of Binance as far as they differ. */
export interface BinanceMarket {
  readonly venue: VenueId;
  readonly http: string;
  readonly lines: readonly MarketLine[];
  /** How the changes of a book follow each other. */
  readonly continuity: Continuity;
  /** Request weight of a minute, until exchangeInfo states it. */
  readonly weightPerMinute: number;
  readonly streamsPerConnection: number;
  /** Pause between two messages to the venue, ms. */
  readonly requestIntervalMs: number;
  /** Before the name of a question: `/api/v3`. */
  readonly root: string;
  readonly weights: {
    readonly exchangeInfo: number;
    /** For `SETTINGS.depthLevels`. */
    readonly depth: number;
    readonly klines: number;
    readonly aggregateTrades: number;
    readonly historicalTrades: number;
  };
  /** Whether each trade of the past is told to anybody, or only the sum of a taker's at one price. */
  readonly pastTrades: 'Each' | 'Aggregates';
  readonly tellsFunding: boolean;
  /** exchangeInfo can be asked for some symbols. */
  readonly listsSome: boolean;
  readExchangeInfo(answer: unknown): Result<ExchangeInfo, VenueError>;
  readonly facts: readonly AskedFact[];
}
