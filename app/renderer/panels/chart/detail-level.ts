import { INTERVAL_MICROS, INTERVALS, type Interval } from '../../../engine/domain/market.ts';

/** Bars narrower than this are joined; wide enough is what the joined ones must at least be. Pixels. */
const TOO_NARROW = 1;
const WIDE_ENOUGH = 2;
/** Bars are split again when theirs would be this wide: not at once after they were joined. */
const WIDE_AGAIN = 3;

/** The interval whose bars fit the screen, never finer than the chart's own: `pixels` is the width of a bar of `shown`. */
export function detailLevel(own: Interval, shown: Interval, pixels: number): Interval {
  const width = (interval: Interval): number =>
    (pixels * INTERVAL_MICROS[interval]) / INTERVAL_MICROS[shown];
  const levels = INTERVALS.slice(INTERVALS.indexOf(own));
  if (pixels < TOO_NARROW) {
    return levels.find((level) => width(level) >= WIDE_ENOUGH) ?? levels.at(-1) ?? shown;
  }
  const finer = levels.slice(0, Math.max(0, levels.indexOf(shown)));
  return finer.find((level) => width(level) >= WIDE_AGAIN) ?? shown;
}
