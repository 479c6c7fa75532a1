import type { InstrumentId } from '../domain/identifiers.ts';
import type { UnixMicros } from '../domain/time.ts';

/** An instrument as the tick store knows it: how its numbers are written, and its steps (mantissas) where they were told. */
export interface StoredInstrument {
  readonly id: InstrumentId;
  readonly priceScale: number;
  readonly quantityScale: number;
  readonly tickSize?: number;
  readonly stepSize?: number;
  /** Quotes of it are stored; else its book tells them. */
  readonly quoted: boolean;
}

/** One stored message: a change or snapshot of a book with its levels, a trade, a quote, a state. */
export interface StoredEvent {
  /** When it was received; of a book's message that waited for another, when that came. */
  readonly receivedNanos: bigint;
  /** `count` packed market records whose instrument is its place in the market; not to be changed. */
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Stored ticks of several instruments as one market. */
export interface StoredMarket {
  /** Their places are their numbers in records. */
  readonly instruments: readonly StoredInstrument[];
  /** Received at or after, and before. */
  readonly fromNanos: bigint;
  readonly toNanos: bigint;
  /**
   * What was received from a time on, in the order of receipt; of the same time: by instrument, and of one instrument trades, then
   * its book, quotes, derivatives. Before it comes what leads to that time: each book from its last snapshot, the last quote, trades of
   * a day. Ending the iteration closes the files.
   */
  events(atNanos: bigint): Generator<StoredEvent, undefined>;
}

/** Which part of the tick store is one market; a bound that is absent is the first or last stored. */
export interface StoredSpan {
  readonly instruments: readonly InstrumentId[];
  readonly from?: UnixMicros;
  readonly to?: UnixMicros;
}
