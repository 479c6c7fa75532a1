import { invariant } from '../../base/invariant.ts';
import { addon } from '../addon.mjs';

/** The largest value a histogram tells apart, in nanoseconds: a little over an hour. */
export const HISTOGRAM_LARGEST_NANOS = 2 ** 42 - 1;

/** What a histogram holds, in the unit that was recorded (nanoseconds); zeros when empty. */
export interface HistogramSummary {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** Latencies in fixed memory (265 KiB), known to three significant digits. */
export class Histogram {
  readonly #core = new addon.HistogramCore();

  /** Counts one value; negative ones count as 0, larger than `HISTOGRAM_LARGEST_NANOS` as that. */
  record(nanos: number): void {
    invariant(!Number.isNaN(nanos), 'nanos must be a number, was NaN');
    this.#core.record(nanos);
  }

  /** Counts the first `count` values. */
  recordAll(nanos: BigInt64Array, count: number): void {
    invariant(
      Number.isInteger(count) && count >= 0 && count <= nanos.length,
      `count must be 0..${nanos.length}, was ${count}`,
    );
    this.#core.recordAll(nanos, count);
  }

  /** Adds the counts of `other`. */
  merge(other: Histogram): void {
    this.#core.merge(other.#core);
  }

  reset(): void {
    this.#core.reset();
  }

  /** The value that at least `percent` (0..100) of the values do not exceed. */
  percentile(percent: number): number {
    invariant(percent >= 0 && percent <= 100, `percent must be 0..100, was ${percent}`);
    const percents = Float64Array.of(percent);
    this.#core.percentiles(percents, new Float64Array(4));
    return percents[0] ?? 0;
  }

  summary(): HistogramSummary {
    const percents = Float64Array.of(50, 99, 99.9);
    const totals = new Float64Array(4);
    this.#core.percentiles(percents, totals);
    const [p50 = 0, p99 = 0, p999 = 0] = percents;
    const [count = 0, min = 0, max = 0, mean = 0] = totals;
    return { count, min, max, mean, p50, p99, p999 };
  }
}
