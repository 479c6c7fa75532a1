import type { Clock } from '../base/clock.ts';
import type { Scheduler } from '../net/scheduler.ts';
import { SystemTime } from './system-time.ts';

/** The system's time as two processes of a benchmark share it: one base, and the monotonic clock that both read. */
export class PathTime implements Clock, Scheduler {
  readonly base: bigint;
  readonly #timers = new SystemTime();

  constructor(base: bigint) {
    this.base = base;
  }

  nowNanos(): bigint {
    return this.base + process.hrtime.bigint();
  }

  nowMicros(): number {
    return Number(this.nowNanos() / 1000n);
  }

  setTimer(delayMs: number, fire: () => void): Disposable {
    return this.#timers.setTimer(delayMs, fire);
  }
}
