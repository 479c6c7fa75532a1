import type { Rng } from '../base/rng.ts';

/** Bounds of the waits between attempts, milliseconds. */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Exponential waits with jitter: attempt n waits a uniform time in the upper half of min(maxMs, firstMs * 2^n). */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #rng: Rng;
  #attempts = 0;

  constructor(options: BackoffOptions, rng: Rng) {
    this.#options = options;
    this.#rng = rng;
  }

  /** The wait before the next attempt, milliseconds. */
  next(): number {
    const { firstMs, maxMs } = this.#options;
    const ceiling = Math.min(maxMs, firstMs * 2 ** Math.min(this.#attempts, 30));
    this.#attempts += 1;
    return Math.ceil(ceiling / 2 + (ceiling / 2) * this.#rng.nextDouble());
  }

  /** Starts over after a success. */
  reset(): void {
    this.#attempts = 0;
  }
}
