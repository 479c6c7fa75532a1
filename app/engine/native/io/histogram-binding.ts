/** The cells in `native/binding/histogram.cpp`; arguments are not checked there. */
export interface HistogramCore {
  record(value: number): void;
  recordAll(values: BigInt64Array, count: number): void;
  merge(other: HistogramCore): void;
  /** Replaces percents by values; `totals` gets count, min, max, mean. */
  percentiles(percents: Float64Array, totals: Float64Array): void;
  reset(): void;
}

/** What the addon offers for histograms. */
export interface HistogramBinding {
  readonly HistogramCore: new () => HistogramCore;
}
