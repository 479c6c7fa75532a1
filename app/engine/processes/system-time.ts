import type { Clock } from '../base/clock.ts';
import type { Scheduler } from '../net/scheduler.ts';

/** A wall clock that moves otherwise than the monotonic one by this much was set, or the machine slept. */
const STEP_NANOS = 500_000_000n;

/** Where the machine's time is read, nanoseconds. */
export interface TimeSource {
  wall(): bigint;
  monotonic(): bigint;
}

const MACHINE: TimeSource = {
  wall: () => BigInt(Date.now()) * 1_000_000n,
  monotonic: () => process.hrtime.bigint(),
};

/** The machine's time: wall time sampled once, advanced by the monotonic clock. It never goes back; `takeStep` makes up for a sleep. */
export class SystemTime implements Clock, Scheduler {
  /** As it will be once `takeStep` has followed the wall clock: for a venue's messages, which may be read before that. */
  readonly following: Clock = {
    nowNanos: () => this.#followed(),
    nowMicros: () => Number(this.#followed() / 1000n),
  };
  readonly #source: TimeSource;
  #wallAtStart: bigint;
  readonly #monotonicAtStart: bigint;
  /** Wall time less ours when it was last compared. */
  #ahead = 0n;

  constructor(source: TimeSource = MACHINE) {
    this.#source = source;
    this.#wallAtStart = source.wall();
    this.#monotonicAtStart = source.monotonic();
  }

  nowNanos(): bigint {
    return this.#wallAtStart + this.#source.monotonic() - this.#monotonicAtStart;
  }

  nowMicros(): number {
    return Number(this.nowNanos() / 1000n);
  }

  #followed(): bigint {
    const ours = this.nowNanos();
    const ahead = this.#source.wall() - ours;
    return ahead > 0n && ahead - this.#ahead >= STEP_NANOS ? ours + ahead : ours;
  }

  /**
   * By how many microseconds the wall clock moved against ours since the last call, 0 when it did not jump. Ours follows
   * forward, as after a sleep; a clock that was set back is told only: what measures by our time must not see it go back.
   */
  takeStep(): number {
    const ahead = this.#source.wall() - this.nowNanos();
    const step = ahead - this.#ahead;
    this.#ahead = ahead;
    if (step < STEP_NANOS && step > -STEP_NANOS) return 0;
    if (ahead > 0n) {
      this.#wallAtStart += ahead;
      this.#ahead = 0n;
    }
    return Number(step / 1000n);
  }

  setTimer(delayMs: number, fire: () => void): Disposable {
    const timer = setTimeout(fire, delayMs);
    return {
      [Symbol.dispose]() {
        clearTimeout(timer);
      },
    };
  }
}
