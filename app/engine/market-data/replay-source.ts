import type { Result } from '../base/result.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { MarketDataSink, VenueError } from '../ports/market-data-client.ts';

/** Something that was received once. */
export interface ReplayEvent {
  readonly receivedNanos: bigint;
}

/** What a source has. */
export interface ReplayMarket {
  readonly instruments: readonly Instrument[];
  /** Received at or after, and the last. */
  readonly firstNanos: bigint;
  readonly lastNanos: bigint;
}

/** One playing of a source. */
export interface ReplayTrack<Event extends ReplayEvent> {
  /** What leads to the time the track was opened at, and all that follows, in the order in which it counts; ending the iteration closes the source. */
  events(): AsyncIterable<Event> | Iterable<Event>;
  /** Tells what these say; `nowNanos` becomes the records' tsInit. */
  play(events: readonly Event[], nowNanos: bigint): void;
  /** Nothing follows: every book is stale. */
  end(nowNanos: bigint): void;
  /** Messages that could not be read, and those that nobody understood, so far. */
  readonly damaged: number;
  readonly refused: number;
}

/** What a replay plays: a recording of wire messages or a span of the tick store. */
export interface ReplaySource<Event extends ReplayEvent> {
  survey(): Promise<Result<ReplayMarket, VenueError>>;
  /** Opens it so that it can go on from a time; instruments are in the order of their numbers. */
  open(
    instruments: readonly Instrument[],
    atNanos: bigint,
    sink: Pick<MarketDataSink, 'onRecords' | 'onUnknownMessage'>,
  ): ReplayTrack<Event>;
}
