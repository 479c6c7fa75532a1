/** How long orders that have ended are kept. */
export interface Retention {
  /** So many of an account at least, those that ended last. */
  readonly ended: number;
  /** None that ended less than this ago, microseconds. */
  readonly ageMicros: number;
}

/** The program's own: what is told late is told within seconds, and what is kept is hashed every few of them. */
export const RETENTION: Retention = { ended: 5_000, ageMicros: 60_000_000 };
