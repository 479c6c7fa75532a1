/** Retries that a request earns, and the most that are kept. */
export interface RetryBudgetOptions {
  readonly perRequest: number;
  readonly most: number;
}

/** Keeps retries a share of requests, so that they never become most of what a failing server is asked. It begins full. */
export class RetryBudget {
  readonly #options: RetryBudgetOptions;
  #left: number;

  constructor(options: RetryBudgetOptions) {
    this.#options = options;
    this.#left = options.most;
  }

  /** A request is made for the first time. */
  earn(): void {
    const { perRequest, most } = this.#options;
    this.#left = Math.min(most, this.#left + perRequest);
  }

  /** Takes a retry; false when none is left. */
  take(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
