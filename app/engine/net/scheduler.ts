import type { Clock } from '../base/clock.ts';

/** Where a component gets its timers. Processes give the real one; tests move it by hand. */
export interface Scheduler {
  /** Calls `fire` once after `delayMs`; disposing the handle before then cancels it. */
  setTimer(delayMs: number, fire: () => void): Disposable;
}

/** Clock and timers that move only when told: timers fire in order of due time, then of creation. */
export class ManualTime implements Clock, Scheduler {
  #nowMs: number;
  #created = 0;
  readonly #timers = new Map<number, { readonly dueMs: number; readonly fire: () => void }>();

  constructor(startMs = 1_700_000_000_000) {
    this.#nowMs = startMs;
  }

  nowMicros(): number {
    return this.#nowMs * 1000;
  }

  nowNanos(): bigint {
    return BigInt(this.#nowMs) * 1_000_000n;
  }

  /** Timers not yet fired. */
  get pending(): number {
    return this.#timers.size;
  }

  setTimer(delayMs: number, fire: () => void): Disposable {
    const id = this.#created;
    this.#created += 1;
    this.#timers.set(id, { dueMs: this.#nowMs + Math.max(0, delayMs), fire });
    return { [Symbol.dispose]: () => void this.#timers.delete(id) };
  }

  /** Moves time forward by `ms`, firing what falls due on the way. */
  advance(ms: number): void {
    const end = this.#nowMs + ms;
    for (let next = this.#nextDue(end); next !== undefined; next = this.#nextDue(end)) {
      const [id, timer] = next;
      this.#timers.delete(id);
      this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
      timer.fire();
    }
    this.#nowMs = end;
  }

  #nextDue(
    end: number,
  ): [number, { readonly dueMs: number; readonly fire: () => void }] | undefined {
    let best: [number, { readonly dueMs: number; readonly fire: () => void }] | undefined;
    for (const entry of this.#timers) {
      if (entry[1].dueMs > end) continue;
      if (best === undefined || entry[1].dueMs < best[1].dueMs) best = entry;
    }
    return best;
  }
}
