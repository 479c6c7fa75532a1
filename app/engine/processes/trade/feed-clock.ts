/**
 * How far the feed's clock is behind ours. Both begin with the wall clock and follow it forward, never back, so that a feed
 * that began after the wall clock was set back is behind by what ours is ahead of it; by its own records it would be stale.
 */
export class FeedClock {
  #oursAheadMicros = 0;
  #feedAheadMicros = 0;

  /** Nanoseconds to add to the feed's times; 0 when it is not behind. */
  get behindNanos(): bigint {
    return BigInt(Math.max(0, this.#oursAheadMicros - this.#feedAheadMicros)) * 1000n;
  }

  /** The wall clock moved against both. */
  onStep(stepMicros: number): void {
    this.#oursAheadMicros = Math.max(0, this.#oursAheadMicros - stepMicros);
    this.#feedAheadMicros = Math.max(0, this.#feedAheadMicros - stepMicros);
  }

  /** Another feed began, with the wall clock of now. */
  onBegun(): void {
    this.#feedAheadMicros = 0;
  }
}
