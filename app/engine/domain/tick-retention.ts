import type { TickKind } from './market.ts';

/** Kinds of ticks that are kept equally long; a book is its changes and its snapshots. In the order in which those of one day give way. */
export const RETENTION_GROUPS = ['books', 'quotes', 'derivatives', 'trades', 'bars'] as const;
/** One of `RETENTION_GROUPS`. */
export type RetentionGroup = (typeof RETENTION_GROUPS)[number];

/** How long what the engine took down by itself is kept. What people imported is theirs and stays. */
export interface TickRetention {
  /** Whole days after a segment's last row; 0 for ever. */
  readonly days: Readonly<Record<RetentionGroup, number>>;
  /** Most bytes of what was recorded, bars left out; 0 for no bound. */
  readonly budgetBytes: number;
}

/** Why ticks are dropped. */
export const DROP_REASONS = [
  /** They are older than their kind is kept. */
  'Age',
  /** The budget had no room for them. */
  'Budget',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** A segment that is no more: what it was, and why it went. */
export interface DroppedTicks {
  readonly kind: TickKind;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly rows: number;
  readonly bytes: number;
  /** The version of the data, as the catalogue had it. */
  readonly hash: string;
  readonly why: DropReason;
  readonly atNanos: bigint;
}

/** How full the room for recorded ticks is. */
export interface TickRoom {
  /** Bytes of what was recorded, bars left out. */
  readonly recordedBytes: number;
  /** Of what was recorded in the newest seven whole days; absent without one. */
  readonly bytesPerDay?: number;
}
