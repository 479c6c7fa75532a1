import type { Clock } from '../../base/clock.ts';
import type { UnixMicros } from '../../domain/time.ts';
import type { Scheduler } from '../../net/scheduler.ts';

const MICROS_A_MILLISECOND = 1000;

/** The kernel's named timers on the process's clock; setting one again moves it. */
export class KernelTimers implements Disposable {
  readonly #time: Clock & Scheduler;
  readonly #fire: (timer: string) => void;
  readonly #pending = new Map<string, Disposable>();

  constructor(time: Clock & Scheduler, fire: (timer: string) => void) {
    this.#time = time;
    this.#fire = fire;
  }

  /** Fires `timer` once at or after `dueAt`. */
  set(timer: string, dueAt: UnixMicros): void {
    this.#pending.get(timer)?.[Symbol.dispose]();
    const delayMs = Math.max(0, Math.ceil((dueAt - this.#time.nowMicros()) / MICROS_A_MILLISECOND));
    const handle = this.#time.setTimer(delayMs, () => {
      this.#pending.delete(timer);
      this.#fire(timer);
    });
    this.#pending.set(timer, handle);
  }

  [Symbol.dispose](): void {
    for (const handle of this.#pending.values()) handle[Symbol.dispose]();
    this.#pending.clear();
  }
}

/** Work done about every `everyMs` until disposed. */
export class Repeating implements Disposable {
  readonly #time: Scheduler;
  readonly #everyMs: number;
  readonly #work: () => void;
  #next: Disposable;

  constructor(time: Scheduler, everyMs: number, work: () => void) {
    this.#time = time;
    this.#everyMs = everyMs;
    this.#work = work;
    this.#next = this.#arm();
  }

  #arm(): Disposable {
    return this.#time.setTimer(this.#everyMs, () => {
      this.#next = this.#arm();
      this.#work();
    });
  }

  [Symbol.dispose](): void {
    this.#next[Symbol.dispose]();
  }
}
