import { LineSeries, type IChartApi, type ISeriesApi, type UTCTimestamp } from 'lightweight-charts';
import { percentText } from '../format/number-text.ts';
import { token } from '../ui/theme.ts';

/** The close of another instrument at a time, in its own prices. */
export interface ComparePoint {
  readonly time: number;
  readonly close: number;
}

/** Another instrument over the bars: both begin at one place, the first bar in sight, and part by their percent. */
export class CompareLine {
  readonly #chart: IChartApi;
  readonly #has: (time: number) => boolean;
  readonly #closes = new Map<number, number>();
  #series: ISeriesApi<'Line'> | undefined;
  #newest = 0;
  #base: { readonly price: number; readonly close: number } | undefined;

  /** `has` says whether there is a bar of that time: another time would move the bars. */
  constructor(chart: IChartApi, has: (time: number) => boolean) {
    this.#chart = chart;
    this.#has = has;
  }

  /** Replaces what is compared; nothing when undefined. */
  set(points: readonly ComparePoint[] | undefined): void {
    this.#closes.clear();
    this.#base = undefined;
    if (points === undefined) {
      if (this.#series !== undefined) this.#chart.removeSeries(this.#series);
      this.#series = undefined;
      return;
    }
    for (const { time, close } of points) this.#closes.set(time, close);
    this.#newest = points.at(-1)?.time ?? 0;
    this.#series ??= this.#chart.addSeries(LineSeries, {
      lineWidth: 1,
      lastValueVisible: false,
      priceLineVisible: false,
      crosshairMarkerVisible: false,
    });
    this.paint();
  }

  /** Adds the newest point or changes it. */
  update({ time, close }: ComparePoint): void {
    this.#closes.set(time, close);
    if (this.#base === undefined || !this.#has(time)) return;
    if (time < this.#newest) return;
    this.#newest = time;
    this.#series?.update(this.#point(time, close, this.#base));
  }

  /** Both begin at this bar of the chart; draws all again when that is another place than before, or `anew`. */
  rebase(bar: { readonly time: number; readonly close: number }, anew: boolean): void {
    const close = this.#closes.get(bar.time);
    if (this.#series === undefined || close === undefined || close === 0) return;
    if (!anew && this.#base?.close === close && this.#base.price === bar.close) return;
    const base = { price: bar.close, close };
    this.#base = base;
    const drawn = [...this.#closes].filter(([time]) => this.#has(time));
    this.#series.setData(
      drawn
        .toSorted(([left], [right]) => left - right)
        .map(([time, value]) => this.#point(time, value, base)),
    );
  }

  /** Its change since the first bar in sight; undefined where it has none. */
  textAt(time: number): string | undefined {
    const close = this.#closes.get(time);
    if (close === undefined || this.#base === undefined) return undefined;
    return percentText((close / this.#base.close - 1) * 100);
  }

  /** Takes the colours of the theme. */
  paint(): void {
    this.#series?.applyOptions({ color: token('link-3') });
  }

  #point(
    time: number,
    close: number,
    base: { readonly price: number; readonly close: number },
  ): { time: UTCTimestamp; value: number } {
    return { time: time as UTCTimestamp, value: (close / base.close) * base.price };
  }
}
