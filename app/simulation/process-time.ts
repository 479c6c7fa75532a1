import type { Clock } from '../engine/base/clock.ts';
import { SystemTime, type TimeSource } from '../engine/processes/system-time.ts';
import type { Scheduler } from '../engine/net/scheduler.ts';
import type { VirtualTime } from './virtual-time.ts';

const MICROS_A_MILLISECOND = 1000;

/** The clocks of the machine the engine runs on: one that can be set, and one that stands while the machine sleeps. */
export class MachineClock implements TimeSource {
  readonly #time: VirtualTime;
  #setMicros = 0;
  #sleptMicros = 0;
  #asleepSince: number | undefined;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** Sets the wall clock forward, or back when `micros` is below 0. */
  set(micros: number): void {
    this.#setMicros += micros;
  }

  sleep(): void {
    this.#asleepSince ??= this.#time.nowMicros();
  }

  wake(): void {
    if (this.#asleepSince === undefined) return;
    this.#sleptMicros += this.#time.nowMicros() - this.#asleepSince;
    this.#asleepSince = undefined;
  }

  /** Nanoseconds in whole milliseconds, as the system tells it. */
  wall(): bigint {
    const micros = this.#time.nowMicros() + this.#setMicros;
    return BigInt(Math.floor(micros / MICROS_A_MILLISECOND)) * 1_000_000n;
  }

  monotonic(): bigint {
    return BigInt(this.monotonicMicros()) * 1000n;
  }

  monotonicMicros(): number {
    return (this.#asleepSince ?? this.#time.nowMicros()) - this.#sleptMicros;
  }
}

/** Whether one start of a process still is, and whether it runs: what comes in while it does not waits for it, in order. */
export class Life {
  readonly #time: VirtualTime;
  readonly #waiting: (() => void)[] = [];
  readonly #onThaw: (() => void)[] = [];
  #stopped = false;
  #asleep = false;
  alive = true;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** Stopped, or asleep with its machine. */
  get frozen(): boolean {
    return this.#stopped || this.#asleep;
  }

  set stopped(stopped: boolean) {
    this.#change(() => {
      this.#stopped = stopped;
    });
  }

  set asleep(asleep: boolean) {
    this.#change(() => {
      this.#asleep = asleep;
    });
  }

  /** Does `work` now, when the process runs again, or never when it is gone. */
  whenRunning(work: () => void): void {
    if (!this.alive) return;
    if (this.frozen || this.#waiting.length > 0) this.#waiting.push(work);
    else work();
  }

  /** Calls `again` when the process runs again, ahead of what came in. */
  onThaw(again: () => void): void {
    this.#onThaw.push(again);
  }

  #change(change: () => void): void {
    const before = this.frozen;
    change();
    if (!before || this.frozen) return;
    for (const again of this.#onThaw.splice(0)) again();
    if (this.#waiting.length > 0) this.#time.setTimer(0, () => this.#drain());
  }

  /** One a turn, as an event loop takes them. */
  #drain(): void {
    if (!this.alive || this.frozen) return;
    const work = this.#waiting[0];
    work?.();
    this.#waiting.shift();
    if (this.#waiting.length > 0) this.#time.setTimer(0, () => this.#drain());
  }
}

/** The time as one process sees it: the real reading of the machine's clocks, and timers that stand with the machine and die with the process. */
export class ProcessTime implements Clock, Scheduler {
  readonly #time: VirtualTime;
  readonly #life: Life;
  readonly #machine: MachineClock;
  readonly #system: SystemTime;

  constructor(time: VirtualTime, life: Life, machine: MachineClock) {
    this.#time = time;
    this.#life = life;
    this.#machine = machine;
    this.#system = new SystemTime(machine);
  }

  nowMicros(): number {
    return this.#system.nowMicros();
  }

  nowNanos(): bigint {
    return this.#system.nowNanos();
  }

  /** `SystemTime.following`. */
  get following(): Clock {
    return this.#system.following;
  }

  /** `SystemTime.takeStep`. */
  takeStep(): number {
    return this.#system.takeStep();
  }

  setTimer(delayMs: number, fire: () => void): Disposable {
    const machine = this.#machine;
    const delay = Math.max(0, Math.round(delayMs * MICROS_A_MILLISECOND));
    const dueMicros = machine.monotonicMicros() + delay;
    let disposed = false;
    let timer: Disposable | undefined;
    const arm = (): void => {
      if (disposed) return;
      const left = dueMicros - machine.monotonicMicros();
      timer = this.#time.at(this.#time.nowMicros() + left, expire);
    };
    const expire = (): void => {
      if (!this.#life.alive) return;
      if (this.#life.frozen) this.#life.onThaw(arm);
      else if (machine.monotonicMicros() < dueMicros) arm();
      else fire();
    };
    arm();
    return {
      [Symbol.dispose]() {
        disposed = true;
        timer?.[Symbol.dispose]();
      },
    };
  }
}
