import type { Result } from '../base/result.ts';
import type { VenueId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Bar, Interval } from '../domain/market.ts';
import type { SessionOf } from '../domain/session.ts';
import type { UnixMicros } from '../domain/time.ts';
import type { ChecksummedBook, StreamWire } from './feed-verification.ts';
import type { VenueError } from './market-data-client.ts';
import type { HistorySpan, PageOrder, PastFunding, PastTrade } from './market-history.ts';

/** A kind of connection of a venue and what is asked for on it; each request is a text to send. */
export interface StreamLine {
  readonly name: string;
  readonly url: string;
  /** True of the one that brings trades, books and quotes. */
  readonly books: boolean;
  /** Most instruments that one connection carries. */
  readonly instruments: number;
  /** What is sent once, before anything else. */
  readonly greeting: readonly string[];
  /** Nothing else is sent before the venue has answered the greeting: `Admitted`. */
  readonly admits?: true;
  /** The venue gives one connection at a time: it is replaced only when it is lost. */
  readonly alone?: true;
  subscribe(symbols: readonly string[]): readonly string[];
  unsubscribe(symbols: readonly string[]): readonly string[];
  /** Ends the book of one instrument and begins it again, with a snapshot. */
  renewBook(symbol: string): readonly string[];
}

/** What a message that is no market event says. `Quiet`: an answer, a heartbeat, a status. `Reply`: it must be answered. `Admitted`: the greeting was accepted. `Refused`: the venue does not give what was asked for. `Rotate`: it will close this connection. */
export type StreamControl =
  | { readonly type: 'Quiet' }
  | { readonly type: 'Reply'; readonly text: string }
  | { readonly type: 'Admitted' }
  | { readonly type: 'Refused'; readonly message: string; readonly symbol?: string }
  | { readonly type: 'Rotate'; readonly reason: string };

/** A question over REST and how its answer is read. */
export interface PublicQuestion<T> {
  /** Where it is asked, when that is not `rest.url`. */
  readonly url?: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string | number | undefined>>;
  read(answer: unknown): Result<T, VenueError>;
}

/** A list of instruments, and those that could not be read. */
export interface ListedInstruments {
  readonly instruments: readonly Instrument[];
  readonly rejected: readonly string[];
  /** Where the list goes on. */
  readonly next?: PublicQuestion<ListedInstruments>;
}

/** Which bars are wanted: at most `limit`, that end at `endTime` or before. */
export interface BarRange {
  readonly endTime: UnixMicros;
  readonly limit: number;
  /** A bar that ends after it is open. */
  readonly now: UnixMicros;
}

/** Rows of an answer in the venue's order; some may lie outside the span. */
export interface AnsweredRows<T> {
  readonly rows: readonly T[];
  /** The answer was as long as it can be: there may be more. */
  readonly full: boolean;
}

/** How pages of the past are asked for. */
export interface PageQuestions<T> {
  readonly order: PageOrder;
  /** Ids do not order the rows: those of one time follow each other as they are told. */
  readonly unordered?: true;
  question(span: HistorySpan<T>): PublicQuestion<AnsweredRows<T>>;
}

/** What a venue tells of an instrument's past beside its bars. */
export interface HistoryQuestions {
  readonly trades?: PageQuestions<PastTrade>;
  readonly funding?: PageQuestions<PastFunding>;
}

/** A venue's public data as far as venues differ: its requests, its limits, its proofs. Books begin with a snapshot on the stream. */
export interface StreamVenue {
  readonly venue: VenueId;
  readonly wire: StreamWire;
  /** Why nothing can be asked of it: what it needs was not given. */
  readonly missing?: VenueError;
  readonly lines: readonly StreamLine[];
  /** Pause between two requests of a connection, ms. */
  readonly requestIntervalMs: number;
  /** Sent while a connection stands, where the venue wants to hear something. */
  readonly keepAlive?: { readonly text: string; readonly everyMs: number };
  /** After so long without a market event a connection's books are Stale, ms; after six times that it is replaced. */
  readonly staleAfterMs: number;
  /** Of a market that closes. A book stands in the session of its last message alone; outside the market's own hours it is no fault of a connection that nothing comes. */
  readonly sessionOf?: SessionOf;
  /** Levels a side of its books, where it does not delete what falls out of them. */
  readonly depth?: number;
  /** Undefined: nobody knows what this is. */
  readControl(text: string): StreamControl | undefined;
  /** The id of each change of a book is that of the one before and one. */
  readonly numbersChanges?: boolean;
  /** The venue's checksum of a book. */
  checksum?(book: ChecksummedBook, instrument: Instrument): number;
  /** The number of a message where the venue numbers those of a connection from 0; `head` is its beginning. */
  sequenceOf?(head: string): number | undefined;
  readonly rest: {
    readonly url: string;
    /** Requests that the venue allows in a time. */
    readonly limit: { readonly requests: number; readonly windowMs: number };
    /** Sent with every question; they may hold a secret. */
    readonly headers?: Readonly<Record<string, string>>;
    /** The venue's time in microseconds; absent where it tells only seconds. */
    time?(): PublicQuestion<number>;
    instruments(): readonly PublicQuestion<ListedInstruments>[];
    bars(
      instrument: Instrument,
      interval: Interval,
      range: BarRange,
    ): PublicQuestion<readonly Bar[]>;
    /** Absent where the venue tells nothing but bars. */
    history?(instrument: Instrument): HistoryQuestions;
    /** What an answer with this status and body says is wrong; undefined when nothing is. */
    refusal(status: number, answer: unknown): VenueError | undefined;
  };
}
