import { invariant, present } from '../engine/base/invariant.ts';

/** The medians of one repeat and of the baseline that ran beside it. */
export type RepeatMedians = readonly [own: number, baseline: number];

/** The value that `fraction` (0..1) of the samples do not exceed, of samples in rising order. */
export function quantile(rising: ArrayLike<number>, fraction: number): number {
  invariant(rising.length > 0, 'a quantile needs at least one sample, were 0');
  return present(rising[Math.round(fraction * (rising.length - 1))], 'sample');
}

/** The middle of the samples, in any order. */
export function median(samples: Iterable<number>): number {
  return quantile(Float64Array.from(samples).sort(), 0.5);
}

/** Slope of values a step apart, by the median of those of all pairs (Theil 1950, Sen 1968): a few outliers do not move it. */
export function theilSen(values: readonly number[]): number {
  const slopes = values.flatMap((value, at) =>
    values.slice(at + 1).map((later, ahead) => (later - value) / (ahead + 1)),
  );
  return slopes.length === 0 ? 0 : median(slopes);
}

/** The middle of the ratios to the baseline, repeat by repeat: what slows both at once leaves it alone. */
export function ratioOf(medians: readonly RepeatMedians[]): number {
  return median(medians.map(([own, baseline]) => own / baseline));
}

/** How far the repeats lie apart: greatest less least median, as a part of the middle one. */
export function spreadOf(medians: readonly RepeatMedians[]): number {
  const own = Float64Array.from(medians, ([each]) => each).sort();
  return (quantile(own, 1) - quantile(own, 0)) / quantile(own, 0.5);
}
