/** How much one observation moves the estimate, as a share of it. */
const STEP = 0.05;
/** Observations before the estimate is one. */
const ENOUGH = 30;

/**
 * The median of a stream's sizes, in constant memory: a step up for what lies above it and one down for what does not
 * (stochastic approximation of a quantile, Robbins and Monro 1951). What lies far out moves it no farther than what lies near.
 */
export class RobustScale {
  #median = 0;
  #seen = 0;

  /** Takes one size, at least 0; zeros are no movement and count as none. */
  add(size: number): void {
    if (size <= 0) return;
    this.#seen += 1;
    if (this.#seen === 1) this.#median = size;
    else this.#median *= size > this.#median ? 1 + STEP : 1 - STEP;
  }

  /** The median of the sizes; undefined before there are enough. */
  get median(): number | undefined {
    return this.#seen < ENOUGH ? undefined : this.#median;
  }
}
