import type { SandboxClock } from './clock.ts';

interface Timer {
  readonly intervalMicros: number;
  readonly task: () => void;
  nextMicros: number;
}

/** A clock that moves only when told, running the timers it passes in order. */
export class ManualSandboxClock implements SandboxClock {
  readonly #timers = new Set<Timer>();
  #micros: number;

  constructor(startMs: number) {
    this.#micros = startMs * 1000;
  }

  nowMicros(): number {
    return this.#micros;
  }

  every(intervalMs: number, task: () => void): Disposable {
    const intervalMicros = intervalMs * 1000;
    const timer = { intervalMicros, task, nextMicros: this.#micros + intervalMicros };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  /** Moves on by `ms` with every timer late, as after a suspended process. */
  leap(ms: number): void {
    this.#micros += ms * 1000;
    for (const timer of this.#timers) timer.nextMicros = this.#micros + timer.intervalMicros;
  }

  /** Moves on by `ms`. */
  advance(ms: number): void {
    const end = this.#micros + ms * 1000;
    for (;;) {
      let next: Timer | undefined;
      for (const timer of this.#timers) {
        if (timer.nextMicros <= end && timer.nextMicros < (next?.nextMicros ?? Infinity))
          next = timer;
      }
      if (next === undefined) break;
      this.#micros = next.nextMicros;
      next.nextMicros += next.intervalMicros;
      next.task();
    }
    this.#micros = end;
  }
}
