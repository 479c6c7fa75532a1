import type { Clock } from '../engine/base/clock.ts';
import type { Scheduler } from '../engine/net/scheduler.ts';
import type { SandboxClock } from '../sandbox/clock.ts';

const MICROS_A_MILLISECOND = 1000;

interface Due {
  readonly atMicros: number;
  readonly order: number;
  fire: (() => void) | undefined;
}

function before(left: Due, right: Due): boolean {
  return (
    left.atMicros < right.atMicros || (left.atMicros === right.atMicros && left.order < right.order)
  );
}

/** The one time of a simulated world: what is due happens in order of its time, then of its asking. */
export class VirtualTime implements Clock, Scheduler, SandboxClock {
  readonly #heap: Due[] = [];
  #micros: number;
  #asked = 0;

  constructor(startMicros: number) {
    this.#micros = startMicros;
  }

  nowMicros(): number {
    return this.#micros;
  }

  nowNanos(): bigint {
    return BigInt(this.#micros) * 1000n;
  }

  setTimer(delayMs: number, fire: () => void): Disposable {
    const delay = Math.max(0, Math.round(delayMs * MICROS_A_MILLISECOND));
    return this.at(this.#micros + delay, fire);
  }

  /** Calls `fire` at a time that is not before now. */
  at(atMicros: number, fire: () => void): Disposable {
    const due: Due = { atMicros: Math.max(atMicros, this.#micros), order: this.#asked, fire };
    this.#asked += 1;
    this.#push(due);
    return {
      [Symbol.dispose]() {
        due.fire = undefined;
      },
    };
  }

  every(intervalMs: number, task: () => void): Disposable {
    let next: Disposable | undefined;
    const arm = (): void => {
      next = this.setTimer(intervalMs, () => {
        arm();
        task();
      });
    };
    arm();
    return {
      [Symbol.dispose]() {
        next?.[Symbol.dispose]();
      },
    };
  }

  /** Does the next thing due up to `untilMicros`; false when there is none, and it is then. */
  step(untilMicros: number): boolean {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.atMicros > untilMicros) break;
      this.#pop();
      const { fire } = first;
      if (fire === undefined) continue;
      this.#micros = first.atMicros;
      first.fire = undefined;
      fire();
      return true;
    }
    this.#micros = Math.max(this.#micros, untilMicros);
    return false;
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let index = heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(due, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      let least = heap[child];
      const right = heap[child + 1];
      if (least !== undefined && right !== undefined && before(right, least)) {
        child += 1;
        least = right;
      }
      if (least === undefined || !before(least, last)) break;
      heap[index] = least;
      index = child;
    }
    heap[index] = last;
  }
}
