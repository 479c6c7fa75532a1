import {
  HistogramSeries,
  LineSeries,
  LineStyle,
  type IChartApi,
  type ISeriesApi,
  type UTCTimestamp,
} from 'lightweight-charts';
import { token } from '../ui/theme.ts';
import { placeIn } from './sorted-times.ts';

/** One line of a study as it is drawn. */
export interface StudyLook {
  readonly look: 'line' | 'band' | 'histogram' | 'dots';
  /** Token of its colour. */
  readonly color: string;
  /** Its colour is too pale for words, and for a dotted line. */
  readonly pale: boolean;
  /** It is drawn so many seconds later than it is computed for. */
  readonly shiftSeconds: number;
  readonly text: (value: number) => string;
}

/** A study as it is drawn: over the prices or in a pane of its own. */
export interface StudyShape {
  readonly id: string;
  readonly place: 'price' | 'pane';
  readonly levels: readonly number[];
  /** No line leads from the last bar of a UTC day to the first of the next. */
  readonly daily: boolean;
  readonly outputs: readonly StudyLook[];
}

/** New values of a study: a column for each output, null where there is none. */
export interface StudyValues {
  /** Nothing told before counts. */
  readonly whole: boolean;
  /** Seconds. */
  readonly times: readonly number[];
  readonly columns: readonly (readonly (number | null)[])[];
}

type LineApi = ISeriesApi<'Line'> | ISeriesApi<'Histogram'>;

interface Drawn {
  readonly shape: StudyShape;
  readonly pane: number;
  readonly series: readonly LineApi[];
  times: number[];
  columns: (number | null)[][];
}

const DAY_SECONDS = 86_400;
/** Share of the height that a pane of a study gets; the prices have 1. */
const PANE_SHARE = 0.28;
const PANE_MARGINS = { top: 0.2, bottom: 0.08 };

/** The studies of a chart and the panes they are in. */
export class StudyLines {
  readonly #chart: IChartApi;
  #drawn: Drawn[] = [];
  /** Values outside of the bars would move the bars. */
  #first = Number.POSITIVE_INFINITY;
  #last = Number.POSITIVE_INFINITY;

  constructor(chart: IChartApi) {
    this.#chart = chart;
  }

  /** Replaces all studies; their values come by `take`. */
  set(shapes: readonly StudyShape[]): void {
    for (const { series } of this.#drawn) for (const api of series) this.#chart.removeSeries(api);
    let pane = 0;
    this.#drawn = shapes.map((shape) => {
      const at = shape.place === 'price' ? 0 : (pane += 1);
      const series = shape.outputs.map((output, index) => this.#add(shape, output, index, at));
      return { shape, pane: at, series, times: [], columns: shape.outputs.map(() => []) };
    });
    for (const [index, one] of this.#chart.panes().entries()) {
      one.setStretchFactor(index === 0 ? 1 : PANE_SHARE);
      if (index > 0) one.priceScale('right').applyOptions({ scaleMargins: PANE_MARGINS });
    }
    this.paint();
  }

  /** Takes new values of a study. */
  take(id: string, { whole, times, columns }: StudyValues): void {
    const study = this.#drawn.find(({ shape }) => shape.id === id);
    const from = times[0];
    if (study === undefined || from === undefined) return;
    const known = study.times.at(-1);
    const keep = whole ? 0 : placeIn(study.times, from, Number);
    // The line to a new day is taken out at its other end.
    const sameDay = !study.shape.daily || !isNewDay(known ?? from, times.at(-1) ?? from);
    const follows = !whole && known !== undefined && from >= known && times.length <= 2 && sameDay;
    study.times.splice(keep, study.times.length, ...times);
    for (const [index, column] of study.columns.entries()) {
      column.splice(keep, column.length, ...(columns[index] ?? []));
    }
    if (!follows) {
      this.#redraw(study);
      return;
    }
    for (const [index, time] of times.entries()) this.#update(study, keep + index, time);
  }

  /** Draws nothing before the first and after the last of these times. */
  setSpan(first: number, last: number): void {
    if (first === this.#first && last === this.#last) return;
    this.#first = first;
    this.#last = last;
    for (const study of this.#drawn) this.#redraw(study);
  }

  /** The values of a study at a bar, as text; undefined where it has none. */
  textAt(id: string, time: number): readonly (string | undefined)[] {
    const study = this.#drawn.find(({ shape }) => shape.id === id);
    if (study === undefined) return [];
    return study.shape.outputs.map(({ shiftSeconds, text }, index) => {
      const at = time - shiftSeconds;
      const place = placeIn(study.times, at, Number);
      const value = study.times[place] === at ? study.columns[index]?.[place] : undefined;
      return value === undefined || value === null ? undefined : text(value);
    });
  }

  /** The pane of a study, from 0, the prices'. */
  paneOf(id: string): number {
    return this.#drawn.find(({ shape }) => shape.id === id)?.pane ?? 0;
  }

  /** Takes the colours of the theme. */
  paint(): void {
    for (const { shape, series } of this.#drawn) {
      for (const [index, api] of series.entries()) {
        const look = shape.outputs[index];
        if (look !== undefined) api.applyOptions({ color: token(look.color) });
      }
    }
  }

  #add(shape: StudyShape, { look, pale, text }: StudyLook, index: number, pane: number): LineApi {
    const shared = {
      lastValueVisible: false,
      priceLineVisible: false,
      priceFormat: { type: 'custom', minMove: 1e-8, formatter: text },
      // The bars say what prices are in sight: an average far from them would press them flat.
      ...(shape.place === 'price' && { autoscaleInfoProvider: () => null }),
    } as const;
    const series =
      look === 'histogram'
        ? this.#chart.addSeries(HistogramSeries, shared, pane)
        : this.#chart.addSeries(
            LineSeries,
            {
              ...shared,
              lineWidth: 1,
              crosshairMarkerVisible: false,
              lineStyle: look === 'band' && !pale ? LineStyle.Dotted : LineStyle.Solid,
              ...(look === 'dots' && {
                lineVisible: false,
                pointMarkersVisible: true,
                pointMarkersRadius: 1.5,
              }),
            },
            pane,
          );
    if (index > 0) return series;
    for (const price of shape.levels) {
      series.createPriceLine({
        price,
        color: token('chart-cross'),
        lineStyle: LineStyle.SparseDotted,
        lineWidth: 1,
        axisLabelVisible: false,
      });
    }
    return series;
  }

  #redraw(study: Drawn): void {
    for (const [index, api] of study.series.entries()) {
      const shift = study.shape.outputs[index]?.shiftSeconds ?? 0;
      const column = study.columns[index] ?? [];
      api.setData(
        study.times.flatMap((time, at) =>
          this.#draws(time + shift) ? [pointAt(study, at, time + shift, column[at])] : [],
        ),
      );
    }
  }

  #update(study: Drawn, at: number, time: number): void {
    for (const [index, api] of study.series.entries()) {
      const shift = study.shape.outputs[index]?.shiftSeconds ?? 0;
      if (this.#draws(time + shift)) {
        api.update(pointAt(study, at, time + shift, study.columns[index]?.[at]));
      }
    }
  }

  #draws(time: number): boolean {
    return time >= this.#first && time <= this.#last;
  }
}

interface Point {
  readonly time: UTCTimestamp;
  readonly value?: number;
  readonly color?: string;
}

/** What is drawn of a study's value. The colour of a point is that of the line behind it. */
function pointAt(
  { shape, times }: Drawn,
  at: number,
  seconds: number,
  value: number | null | undefined,
): Point {
  const time = seconds as UTCTimestamp;
  if (value === null || value === undefined) return { time };
  const next = times[at + 1];
  const ends = shape.daily && next !== undefined && isNewDay(times[at] ?? next, next);
  return ends ? { time, value, color: 'transparent' } : { time, value };
}

/** True when a bar is the first of its UTC day; bars of a day and longer have none. */
function isNewDay(before: number, time: number): boolean {
  return (
    time - before < DAY_SECONDS &&
    Math.floor(before / DAY_SECONDS) !== Math.floor(time / DAY_SECONDS)
  );
}
