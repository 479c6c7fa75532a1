import type { Clock } from '../base/clock.ts';
import type { Scheduler } from '../net/scheduler.ts';

/** The machine's time: wall time sampled once, advanced by the monotonic clock, so that it never steps. */
export class SystemTime implements Clock, Scheduler {
  readonly #wallAtStart = BigInt(Date.now()) * 1_000_000n;
  readonly #monotonicAtStart = process.hrtime.bigint();

  nowNanos(): bigint {
    return this.#wallAtStart + process.hrtime.bigint() - this.#monotonicAtStart;
  }

  nowMicros(): number {
    return Number(this.nowNanos() / 1000n);
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
