import { INTERVAL_MICROS } from '../../domain/market.ts';
import { unixMicros, type UnixMicros } from '../../domain/time.ts';
import type { Print } from './instrument-feed.ts';

/** Most steps of price that are counted of one instrument. */
export const MOST_STEPS = 8000;
/** Factors by which steps become coarser: of two that follow, each divides the other. */
const COARSER = 10;
const DAY = INTERVAL_MICROS['1d'];

/**
 * What traded at each price since 00:00 UTC of the venue's clock, or since the first trade that came after it when the feed began
 * later. Sums are exact and saturate at 2^53 - 1. Prices are counted in steps, a tick at first; when there are more than
 * `MOST_STEPS` the step becomes ten times as high, so that sums over whole steps stay exact.
 */
export class VolumeByPrice {
  /** Another number: what was told before does not count any more. */
  epoch = 0;
  readonly #sums = new Map<number, number>();
  #step: number;
  #since: UnixMicros | undefined;
  #lastId = 0;
  #missed = 0;

  /** `tick` in units of price. */
  constructor(tick: number) {
    this.#step = tick;
  }

  /** Height of a step, in units of price. */
  get step(): number {
    return this.#step;
  }

  /** When counting began, by the venue's clock; undefined before the first trade. */
  get since(): UnixMicros | undefined {
    return this.#since;
  }

  /** Trades that the venue numbered and that never came. */
  get missed(): number {
    return this.#missed;
  }

  /** The lowest price of the step of a price. */
  stepOf(price: number): number {
    return Math.floor(price / this.#step) * this.#step;
  }

  /** What traded in the step that begins at this price, and all such steps. */
  at(step: number): number {
    return this.#sums.get(step) ?? 0;
  }

  steps(): Iterable<number> {
    return this.#sums.keys();
  }

  /** Counts a trade; one of a day that has ended is left out. */
  add({ id, price, quantity, at }: Print): void {
    const day = at - (at % DAY);
    if (this.#since === undefined) this.#since = at;
    else if (day > this.#since) this.#begin(unixMicros(day));
    else if (day + DAY <= this.#since) return;
    if (this.#lastId > 0 && id > this.#lastId + 1) this.#missed += id - this.#lastId - 1;
    this.#lastId = id;
    this.#count(this.stepOf(price), quantity);
    while (this.#sums.size > MOST_STEPS) this.#coarsen();
  }

  #begin(since: UnixMicros): void {
    this.#since = since;
    this.#sums.clear();
    this.#missed = 0;
    this.epoch += 1;
  }

  #coarsen(): void {
    const finer = [...this.#sums];
    this.#step *= COARSER;
    this.#sums.clear();
    for (const [price, quantity] of finer) this.#count(this.stepOf(price), quantity);
    this.epoch += 1;
  }

  #count(step: number, quantity: number): void {
    this.#sums.set(step, Math.min(Number.MAX_SAFE_INTEGER, this.at(step) + quantity));
  }
}
