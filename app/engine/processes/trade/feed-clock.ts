import type { MarketRecords } from '../../native/compute/market-record.ts';

/** Older than any limit takes for fresh. */
const TOO_OLD_NANOS = 86_400_000_000_000n;
/** The ring is looked at more often than this: what may have waited longer did so while we were held. */
const HELD_NANOS = 500_000_000n;

/**
 * How far the feed's clock is from ours. Both begin with the wall clock and follow it forward, never back, so that a feed
 * that began after the wall clock was set back is behind by what ours is ahead of it; by its own records it would be
 * stale. A feed that saw the wall clock set forward while we were held is ahead of us. By how much its records say only
 * within bounds: one was made after the ring was last seen empty and before it is read. What waited while we were held
 * is as old as it can be.
 */
export class FeedClock {
  #oursAheadMicros = 0;
  #feedAheadMicros = 0;
  /** The feed's clock less ours at most, once a record showed that it is ahead; else 0. */
  #leadNanos = 0n;
  /** Records made before this are of an unknown age. */
  #doubtBefore = 0n;

  /** Nanoseconds to add to the feed's times; 0 when it is not behind. */
  get behindNanos(): bigint {
    return BigInt(Math.max(0, this.#oursAheadMicros - this.#feedAheadMicros)) * 1000n;
  }

  /** The wall clock moved against both; `nowNanos` is our time after it. A clock that was set hides how long the machine slept meanwhile. */
  onStep(stepMicros: number, nowNanos: bigint): void {
    this.#leadNanos = 0n;
    this.#doubtBefore = nowNanos;
    this.#oursAheadMicros = Math.max(0, this.#oursAheadMicros - stepMicros);
    this.#feedAheadMicros = Math.max(0, this.#feedAheadMicros - stepMicros);
  }

  /** Another feed began, with the wall clock of now. */
  onBegun(): void {
    this.#feedAheadMicros = 0;
    this.#leadNanos = 0n;
  }

  /**
   * Brings the times of the first `count` records to our clock, none later than `nowNanos` and none fresher than it is by
   * more than half a second; `emptyAtNanos` is our time before the last read that found nothing more. What is in doubt
   * becomes too old for anything.
   */
  align(records: MarketRecords, count: number, nowNanos: bigint, emptyAtNanos: bigint): void {
    const behind = this.behindNanos;
    const held = nowNanos - emptyAtNanos > HELD_NANOS;
    records.moveTsInit(count, (at) => {
      const theirs = at + behind;
      const most = theirs - emptyAtNanos;
      const ahead = theirs - this.#leadNanos > nowNanos;
      if (ahead || most < this.#leadNanos) this.#leadNanos = most > 0n ? most : 0n;
      const told = theirs - this.#leadNanos;
      const made = held && told > emptyAtNanos ? emptyAtNanos : told;
      return made < this.#doubtBefore ? made - TOO_OLD_NANOS : made;
    });
  }
}
