import type { InstrumentId } from '../domain/identifiers.ts';
import type { TickKind } from '../domain/market.ts';

/** Why nothing is there of a time between a segment's first and last row. */
export const GAP_CAUSES = [
  /** Nobody was writing. */
  'NotRecorded',
  /** The venue's connection was lost: the book did not stand. */
  'Disconnected',
  /** A message of the book was lost, and it was joined again. */
  'MessageLost',
  /** The venue said nothing on an open connection. */
  'Silent',
  /** The book was being joined for the first time. */
  'Starting',
  /** A block on the disk is not what was written. */
  'Damaged',
] as const;
export type GapCause = (typeof GAP_CAUSES)[number];

/** A time of which rows are missing; nanoseconds of receipt. */
export interface TickGap {
  readonly fromNanos: bigint;
  /** Absent: it had not ended with the last row. */
  readonly toNanos?: bigint;
  readonly cause: GapCause;
}

/** Who wrote rows of a segment, from one of them on. */
export interface TickWriting {
  /** The first of these rows, counted from 0. */
  readonly firstRow: number;
  /** When it was received, nanoseconds. */
  readonly fromNanos: bigint;
  /** Where the rows came from: a venue's stream, a file, a venue's answer, or what they were made of. */
  readonly source: string;
  /** The program and its version. */
  readonly writtenBy: string;
  /** The instrument's steps at that time, decimals; absent where nobody told them. */
  readonly tickSize?: string;
  readonly stepSize?: string;
}

/** One kind of one instrument's ticks on one UTC day. */
export interface TickSegmentEntry {
  readonly instrument: InstrumentId;
  readonly kind: TickKind;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly rows: number;
  /** Times of receipt of the first and the last row, nanoseconds. */
  readonly firstNanos: bigint;
  readonly lastNanos: bigint;
  /** Length of what is counted and hashed: a segment that is written to has grown since. */
  readonly bytes: number;
  /** Of the segment's format. */
  readonly version: number;
  readonly priceScale: number;
  readonly quantityScale: number;
  /** SHA-256 of these bytes, hexadecimal: the version of the data. */
  readonly hash: string;
  /** True when every block was read and is good; undefined while the segment may still grow. */
  readonly intact?: boolean;
  readonly gaps: readonly TickGap[];
  readonly writings: readonly TickWriting[];
}

/** Which entries are wanted; what is absent is any. */
export interface TickFilter {
  readonly instrument?: InstrumentId;
  readonly kind?: TickKind;
  /** First and last day, `YYYY-MM-DD`, both included. */
  readonly fromDay?: string;
  readonly toDay?: string;
}

/** What the tick store has, of when, from whom and how good. */
export interface TickCatalogue {
  /** Ordered by instrument, kind and day. */
  entries(filter?: TickFilter): readonly TickSegmentEntry[];
  /** Names exactly the data of the filter: SHA-256 over what `entries` gives, its instrument, kind, day, length and hash; undefined when there is none. */
  dataVersion(filter?: TickFilter): string | undefined;
}
