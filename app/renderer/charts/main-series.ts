import {
  AreaSeries,
  BarSeries,
  CandlestickSeries,
  LineSeries,
  LineStyle,
  type IChartApi,
  type ISeriesApi,
  type PriceFormatCustom,
  type SeriesType,
  type UTCTimestamp,
} from 'lightweight-charts';
import { token } from '../ui/theme.ts';
import { heikinAshi, heikinAshiBars, type ChartBar, type ChartType } from './chart-bar.ts';

/** What the axis and the crosshair write for a price. */
export interface PriceFormat {
  readonly minMove: number;
  readonly text: (price: number) => string;
  /** False where something else marks the axis: its own marks keep their room and are empty. */
  readonly marks?: boolean;
}

/** The bars of a chart in one of its types. */
export class MainSeries {
  readonly api: ISeriesApi<SeriesType>;
  readonly #chart: IChartApi;
  readonly #type: ChartType;
  readonly #draw: {
    readonly all: (bars: readonly ChartBar[]) => void;
    readonly one: (bar: ChartBar) => void;
  };
  readonly #paint: () => void;
  /** The Heikin-Ashi bars before the newest one and that of the newest. */
  #before: ChartBar | undefined;
  #newest: ChartBar | undefined;

  constructor(chart: IChartApi, type: ChartType, format: PriceFormat) {
    this.#chart = chart;
    this.#type = type;
    const shared = {
      priceFormat: customFormat(format),
      priceLineStyle: LineStyle.Dotted,
      // Its own label shows the last bar in sight, which is not the last price.
      lastValueVisible: false,
    } as const;
    if (type === 'line' || type === 'area') {
      const series =
        type === 'line'
          ? chart.addSeries(LineSeries, { ...shared, lineWidth: 1 })
          : chart.addSeries(AreaSeries, { ...shared, lineWidth: 1 });
      this.api = series;
      this.#draw = {
        all: (bars) => series.setData(bars.map(point)),
        one: (bar) => series.update(point(bar)),
      };
      this.#paint = () => {
        const color = token('chart-cross');
        if (series.seriesType() === 'Line') series.applyOptions({ color });
        else {
          series.applyOptions({
            lineColor: color,
            topColor: token('chart-vwap-band'),
            bottomColor: 'transparent',
          });
        }
      };
    } else {
      const series =
        type === 'bars'
          ? chart.addSeries(BarSeries, { ...shared, thinBars: true })
          : chart.addSeries(CandlestickSeries, shared);
      this.api = series;
      this.#draw = {
        all: (bars) => series.setData(bars.map(candle)),
        one: (bar) => series.update(candle(bar)),
      };
      this.#paint = () => {
        const up = token('candle-up');
        const down = token('candle-down');
        const body = { upColor: up, downColor: down };
        const edge = { wickUpColor: up, wickDownColor: down };
        const border = { borderUpColor: up, borderDownColor: down };
        series.applyOptions(type === 'bars' ? body : { ...body, ...edge, ...border });
      };
    }
    // Behind what is drawn over the prices.
    this.api.setSeriesOrder(0);
  }

  /** Replaces all bars, oldest first. */
  setBars(bars: readonly ChartBar[]): void {
    if (this.#type !== 'heikin-ashi') {
      this.#draw.all(bars);
      return;
    }
    const drawn = heikinAshiBars(bars);
    this.#before = drawn.at(-2);
    this.#newest = drawn.at(-1);
    this.#draw.all(drawn);
  }

  /** Adds the newest bar or changes it. */
  update(bar: ChartBar): void {
    if (this.#type !== 'heikin-ashi') {
      this.#draw.one(bar);
      return;
    }
    if (this.#newest !== undefined && this.#newest.time < bar.time) this.#before = this.#newest;
    this.#newest = heikinAshi(bar, this.#before);
    this.#draw.one(this.#newest);
  }

  setFormat(format: PriceFormat): void {
    this.api.applyOptions({ priceFormat: customFormat(format) });
  }

  /** Takes the colours of the theme. */
  paint(): void {
    this.#paint();
  }

  remove(): void {
    this.#chart.removeSeries(this.api);
  }
}

const FIGURE_SPACE = '\u2007';

function customFormat({ minMove, text, marks = true }: PriceFormat): PriceFormatCustom {
  const empty = (price: number): string => text(price).replaceAll(/./gu, FIGURE_SPACE);
  return {
    type: 'custom',
    minMove,
    formatter: text,
    tickmarksFormatter: (prices) => prices.map((price) => (marks ? text : empty)(price)),
  };
}

function candle(bar: ChartBar): {
  time: UTCTimestamp;
  open: number;
  high: number;
  low: number;
  close: number;
} {
  const { open, high, low, close } = bar;
  return { time: bar.time as UTCTimestamp, open, high, low, close };
}

function point(bar: ChartBar): { time: UTCTimestamp; value: number } {
  return { time: bar.time as UTCTimestamp, value: bar.close };
}
