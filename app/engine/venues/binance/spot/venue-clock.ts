import type { Clock } from '../../../base/clock.ts';
import { err, type Result } from '../../../base/result.ts';
import { unixMicros, type UnixMicros } from '../../../domain/time.ts';
import type { Scheduler } from '../../../net/scheduler.ts';
import type { VenueError } from '../../../ports/market-data-client.ts';
import { bestOffset, type ClockOffset, type ClockSample } from '../clock-offset.ts';
import { SETTINGS } from './config.ts';

const DAY_MICROS = 86_400_000_000;

/** Asks the venue for its time, microseconds. */
export type TimeSource = () => Promise<Result<number, VenueError>>;

/** The venue's clock as we know it: our own plus a measured offset, measured again every few minutes and on demand. */
export class VenueClock implements Disposable {
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #source: TimeSource;
  #offset: ClockOffset | undefined;
  #measuring: Promise<Result<ClockOffset, VenueError>> | undefined;
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(clock: Clock, scheduler: Scheduler, source: TimeSource) {
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
  measure(): Promise<Result<ClockOffset, VenueError>> {
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

  async #sample(): Promise<Result<ClockOffset, VenueError>> {
    const samples: ClockSample[] = [];
    let failure: VenueError = { code: 'NO_SAMPLE', kind: 'Retryable', message: 'no time sample' };
    for (let index = 0; index < SETTINGS.clockSamples; index += 1) {
      const sentMicros = this.#clock.nowMicros();
      const answer = await this.#source();
      if (!answer.ok) {
        failure = answer.error;
        break;
      }
      const receivedMicros = this.#clock.nowMicros();
      samples.push({ sentMicros, venueMicros: answer.value, receivedMicros });
    }
    const best = bestOffset(samples);
    if (best === undefined) return err(failure);
    this.#offset = best;
    return { ok: true, value: best };
  }

  #rearm(): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#disposed) return;
    this.#timer = this.#scheduler.setTimer(SETTINGS.clockEveryMs, () => void this.measure());
  }
}
