/** A trade as a tape showed it: its time, its price, and when its picture was done, in milliseconds since midnight. */
export interface PaintedTrade {
  readonly stamp: number;
  readonly price: number;
  readonly at: number;
}

/** What the probe in a window saw since it was last asked; `app/renderer/bench/probe.ts` fills it. */
export interface Seen {
  readonly frames: readonly number[];
  readonly longTasks: readonly number[];
  readonly trades: readonly PaintedTrade[];
  readonly keys: readonly number[];
  readonly presses: readonly number[];
  readonly tags: readonly number[];
}
