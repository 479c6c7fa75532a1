import type { Clock } from '../base/clock.ts';
import type { Rng } from '../base/rng.ts';
import { Backoff, type BackoffOptions } from './backoff.ts';

/** `Closed`: every request goes; `Open`: none does until its time is over; `HalfOpen`: one goes, and decides. */
export type CircuitState = 'Closed' | 'Open' | 'HalfOpen';

/** What became of a request that was let through; `Unsent`: it never left, which says nothing of the other side. */
export type CircuitOutcome = 'Answered' | 'Failed' | 'Unsent';

/** When a circuit opens and for how long. */
export interface CircuitOptions {
  readonly clock: Clock;
  readonly rng: Rng;
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open, longer each time nothing is answered. */
  readonly openFor: BackoffOptions;
  readonly onChange?: (state: CircuitState) => void;
}

const MICROS_A_MILLISECOND = 1000;

/** Keeps requests from a server that answers none (Nygard, "Release It!"): they are refused at once instead of waited for. */
export class CircuitBreaker {
  readonly #options: CircuitOptions;
  readonly #backoff: Backoff;
  #state: CircuitState = 'Closed';
  #failures = 0;
  #openUntilMicros = 0;

  constructor(options: CircuitOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.openFor, options.rng);
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** Lets a request through, which is settled later, and gives undefined; or refuses it and gives the milliseconds until another may be tried. */
  enter(): number | undefined {
    if (this.#state === 'Closed') return undefined;
    const leftMs = Math.ceil(
      (this.#openUntilMicros - this.#options.clock.nowMicros()) / MICROS_A_MILLISECOND,
    );
    if (this.#state === 'HalfOpen' || leftMs > 0) {
      return Math.max(leftMs, this.#options.openFor.firstMs);
    }
    this.#become('HalfOpen');
    return undefined;
  }

  /** Takes what became of a request that was let through. */
  settle(outcome: CircuitOutcome): void {
    if (outcome === 'Answered') {
      this.#failures = 0;
      this.#backoff.reset();
      this.#become('Closed');
    } else if (outcome === 'Failed') {
      this.#failures += 1;
      if (this.#state === 'HalfOpen') this.#open();
      else if (this.#state === 'Closed' && this.#failures >= this.#options.failures) this.#open();
    } else if (this.#state === 'HalfOpen') {
      // Nobody was asked: the next one decides.
      this.#become('Open');
    }
  }

  #open(): void {
    const now = this.#options.clock.nowMicros();
    this.#openUntilMicros = now + this.#backoff.next() * MICROS_A_MILLISECOND;
    this.#become('Open');
  }

  #become(state: CircuitState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onChange?.(state);
  }
}
