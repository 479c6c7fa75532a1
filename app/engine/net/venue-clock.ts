import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import { unixMicros, type UnixMicros } from '../domain/time.ts';
import { bestOffset, type ClockOffset, type ClockSample } from './clock-offset.ts';
import type { Scheduler } from './scheduler.ts';

const DAY_MICROS = 86_400_000_000;

/** Questions of one measurement, and the time between two. */
export const SAMPLES = 5;
export const MEASURE_EVERY_MS = 180_000;

/** Asks the venue for its time, microseconds. */
export type TimeSource<E> = () => Promise<Result<number, E>>;

/** The venue's clock as we know it: our own plus a measured offset, measured again every few minutes and on demand. */
export class VenueClock<E> implements Disposable {
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #source: TimeSource<E>;
  #offset: ClockOffset | undefined;
  #measuring: Promise<Result<ClockOffset, E>> | undefined;
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(clock: Clock, scheduler: Scheduler, source: TimeSource<E>) {
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#source = source;
  }

  /** The last measurement; absent before the first. */
  get offset(): ClockOffset | undefined {
    return this.#offset;
  }

  /** Our own time, microseconds. */
  ourMicros(): number {
    return this.#clock.nowMicros();
  }

  /** Venue time, milliseconds. */
  nowMs(): number {
    return Math.floor((this.#clock.nowMicros() + (this.#offset?.offsetMicros ?? 0)) / 1000);
  }

  /** The venue's time at one of ours, microseconds. One that lies ahead was read off a clock that was set back since: then a whole day before now. */
  fromOurs(micros: UnixMicros): UnixMicros {
    const now = this.nowMs() * 1000;
    const there = micros + (this.#offset?.offsetMicros ?? 0);
    return unixMicros(there <= now ? there : now - DAY_MICROS);
  }

  /** Measures now; a measurement under way is shared. A failure keeps the last offset. */
  measure(): Promise<Result<ClockOffset, E>> {
    this.#measuring ??= this.#sample().finally(() => {
      this.#measuring = undefined;
      this.#rearm();
    });
    return this.#measuring;
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#timer?.[Symbol.dispose]();
  }

  async #sample(): Promise<Result<ClockOffset, E>> {
    const samples: ClockSample[] = [];
    for (let index = 0; index < SAMPLES; index += 1) {
      const sentMicros = this.#clock.nowMicros();
      const answer = await this.#source();
      if (!answer.ok) {
        if (samples.length === 0) return err(answer.error);
        break;
      }
      const receivedMicros = this.#clock.nowMicros();
      samples.push({ sentMicros, venueMicros: answer.value, receivedMicros });
    }
    this.#offset = bestOffset(samples);
    return ok(this.#offset);
  }

  #rearm(): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#disposed) return;
    this.#timer = this.#scheduler.setTimer(MEASURE_EVERY_MS, () => void this.measure());
  }
}
