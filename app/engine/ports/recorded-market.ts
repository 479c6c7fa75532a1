import type { Instrument } from '../domain/instrument.ts';
import type { WireLine } from './feed-verification.ts';

/** What a first reading of a recording found. */
export interface RecordingSurvey {
  readonly instruments: readonly Instrument[];
  readonly firstNanos: bigint;
  readonly lastNanos: bigint;
  readonly messages: number;
  /** Lines that could not be read; the good ones before and after them are replayed. */
  readonly problems: readonly string[];
}

/** Turns recorded wire messages into market records, joining every book as the venue's connector does. */
export interface RecordedDecoder {
  /** Decodes lines in order; `nowNanos` becomes the records' tsInit. */
  add(lines: readonly WireLine[], nowNanos: bigint): void;
  /** Marks every book stale: the recording is over or paused for good. */
  end(nowNanos: bigint): void;
}
