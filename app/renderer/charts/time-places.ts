import type { IChartApi, Logical } from 'lightweight-charts';
import { placeIn } from './sorted-times.ts';

/** Where times are on the screen, also those between two bars and beyond the first and the last. */
export class TimePlaces {
  readonly #chart: IChartApi;
  readonly #barSeconds: () => number;
  readonly #times: () => readonly { readonly time: number }[];

  /** Gives the length of a bar and the bars, oldest first, as they are now. */
  constructor(
    chart: IChartApi,
    barSeconds: () => number,
    times: () => readonly { readonly time: number }[],
  ) {
    this.#chart = chart;
    this.#barSeconds = barSeconds;
    this.#times = times;
  }

  /** Pixels from the left; undefined while there are no bars. */
  x(time: number): number | undefined {
    const place = logicalOf(time, this.#times(), this.#barSeconds());
    if (place === undefined) return undefined;
    return this.#chart.timeScale().logicalToCoordinate(place as Logical) ?? undefined;
  }

  /** The time of the bar at a place, or of the one that would be there. */
  timeAt(x: number): number | undefined {
    const logical = this.#chart.timeScale().coordinateToLogical(x);
    return logical === null ? undefined : timeOf(logical, this.#times(), this.#barSeconds());
  }
}

type Bars = readonly { readonly time: number }[];

/** The place of a time among bars, counted from 0; a fraction between two of them. */
export function logicalOf(time: number, bars: Bars, barSeconds: number): number | undefined {
  const first = bars[0]?.time;
  const last = bars.at(-1)?.time;
  if (first === undefined || last === undefined) return undefined;
  if (time <= first) return (time - first) / barSeconds;
  if (time >= last) return bars.length - 1 + (time - last) / barSeconds;
  const next = placeIn(bars, time, (bar) => bar.time);
  const [from = first, to = last] = [bars[next - 1]?.time, bars[next]?.time];
  return next - 1 + (time - from) / (to - from);
}

/** The bar that a time is in; undefined where there is none. */
export function barOf<Bar extends { readonly time: number }>(
  time: number,
  bars: readonly Bar[],
  barSeconds: number,
): Bar | undefined {
  const next = placeIn(bars, time, (bar) => bar.time);
  const bar = bars[next]?.time === time ? bars[next] : bars[next - 1];
  return bar !== undefined && time < bar.time + barSeconds ? bar : undefined;
}

/** The time at a whole place among bars; the opposite of `logicalOf`. */
export function timeOf(logical: number, bars: Bars, barSeconds: number): number | undefined {
  const first = bars[0]?.time;
  const last = bars.at(-1)?.time;
  if (first === undefined || last === undefined) return undefined;
  if (logical < 0) return first + logical * barSeconds;
  return bars[logical]?.time ?? last + (logical - bars.length + 1) * barSeconds;
}
