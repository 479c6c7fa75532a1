import type { Clock } from '../base/clock.ts';

/** Longest wait before the pace is looked at again. */
const LONGEST_WAIT_MS = 20;
const NANOS_A_MILLISECOND = 1e6;

/** When recorded times are due on our clock. */
export class ReplayPace {
  readonly #clock: Clock;
  #speed: number;
  /** Recorded time that was due at `#ourNanos` of our clock; undefined before the first. */
  #recordedNanos: bigint | undefined;
  #ourNanos = 0n;
  /** Recorded time of what waits for its time. */
  #nextNanos = 0n;
  #steps = 0;
  #wake: () => void = () => undefined;

  /** `speed` 1 = as recorded, 0 = paused, Infinity = nothing waits. */
  constructor(clock: Clock, speed: number) {
    this.#clock = clock;
    this.#speed = speed;
  }

  get speed(): number {
    return this.#speed;
  }

  /** Another pace from here on. */
  setSpeed(speed: number): void {
    // Before the first event there is no recorded time to go on from: it is taken when that comes.
    if (this.#recordedNanos !== undefined) this.#rebase(this.#position(this.#recordedNanos));
    this.#speed = speed;
    this.#steps = 0;
    this.wake();
  }

  /** Lets one event through that waits while it is paused. */
  step(): void {
    this.#steps += 1;
    this.wake();
  }

  /** This recorded time is due now. */
  restart(recordedNanos: bigint): void {
    this.#steps = 0;
    this.#nextNanos = recordedNanos;
    this.#rebase(recordedNanos);
  }

  /** The event that comes next is of this time. */
  expect(recordedNanos: bigint): void {
    this.#nextNanos = recordedNanos;
  }

  isDue(recordedNanos: bigint): boolean {
    return this.#waitMs(recordedNanos) <= 0;
  }

  /** Settles when the time has come, or nobody waits for it any more; true when it was let through as a step. */
  async due(recordedNanos: bigint, wanted: () => boolean): Promise<boolean> {
    for (;;) {
      if (this.#speed === 0 && this.#steps > 0) {
        this.#steps -= 1;
        this.#rebase(recordedNanos);
        return true;
      }
      const waitMs = this.#waitMs(recordedNanos);
      if (waitMs <= 0 || !wanted()) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(waitMs, LONGEST_WAIT_MS));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Whoever waits looks again. */
  wake(): void {
    this.#wake();
  }

  #waitMs(recordedNanos: bigint): number {
    if (this.#speed === 0) return LONGEST_WAIT_MS;
    if (this.#recordedNanos === undefined) return 0;
    const recorded = Number(recordedNanos - this.#recordedNanos) / this.#speed;
    const passed = Number(this.#clock.nowNanos() - this.#ourNanos);
    return (recorded - passed) / NANOS_A_MILLISECOND;
  }

  /** The recorded time that is due now. */
  #position(recordedNanos: bigint): bigint {
    const passed = Number(this.#clock.nowNanos() - this.#ourNanos) * this.#speed;
    // Behind its pace a replay goes on from where it is; it does not skip.
    if (!(passed < Number(this.#nextNanos - recordedNanos))) return this.#nextNanos;
    return recordedNanos + BigInt(Math.floor(passed));
  }

  #rebase(recordedNanos: bigint): void {
    this.#recordedNanos = recordedNanos;
    this.#ourNanos = this.#clock.nowNanos();
  }
}
