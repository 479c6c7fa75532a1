import type { UnixMicros } from './time.ts';

/** What a part of a trading day is: before the market opens, the market, after it. */
export type SessionKind = 'Pre' | 'Regular' | 'Post';

/** Which session a time belongs to. */
export interface SessionPlace {
  /** The day the session is counted to, `YYYY-MM-DD`: that on which it ends. */
  readonly tradeDate: string;
  readonly kind: SessionKind;
}

/** The session of a time; undefined while the market is closed. */
export type SessionOf = (at: UnixMicros) => SessionPlace | undefined;
