import type { Scheduler } from '../../../net/scheduler.ts';

/**
 * The second sending of a request whose timestamp the venue refused. It goes out soon after the request was asked for or never:
 * who waits for it asks the venue whether the order exists, and an order that was given up must not be placed afterwards.
 */
export class Resend implements Disposable {
  readonly #timer: Disposable;
  #tooLate = false;
  #decide: ((inTime: boolean) => void) | undefined;

  /** `withinMs` counts from now. */
  constructor(scheduler: Scheduler, withinMs: number) {
    this.#timer = scheduler.setTimer(withinMs, () => {
      this.#tooLate = true;
      this.#decide?.(false);
    });
  }

  /** True as soon as `ready` has settled, false once it is too late for that. */
  inTime(ready: Promise<unknown>): Promise<boolean> {
    if (this.#tooLate) return Promise.resolve(false);
    const decided = new Promise<boolean>((resolve) => {
      this.#decide = resolve;
    });
    void ready.then(() => this.#decide?.(true));
    return decided.finally(() => this[Symbol.dispose]());
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }
}
