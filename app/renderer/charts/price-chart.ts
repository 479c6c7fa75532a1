import {
  ColorType,
  createChart,
  createSeriesMarkers,
  CrosshairMode,
  HistogramSeries,
  LineStyle,
  PriceScaleMode,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type ISeriesPrimitive,
  TickMarkType,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { percentText } from '../format/number-text.ts';
import { barTime, tickText } from '../format/time-text.ts';
import { onThemeChange, token } from '../ui/theme.ts';
import type { ChartBar, ChartScale, ChartType } from './chart-bar.ts';
import { CompareLine, type ComparePoint } from './compare-line.ts';
import { MainSeries, type PriceFormat } from './main-series.ts';
import type { DrawingPoint } from './drawing.ts';
import { DrawingsLayer } from './drawings-layer.ts';
import { PercentMarks } from './percent-marks.ts';
import { OrderTags, type HeldTag, type TagPaint } from './order-tags.ts';
import { SessionShade } from './session-shade.ts';
import { StudyLines } from './study-lines.ts';
import type { PriceTag } from './tag-boxes.ts';
import { barOf, logicalOf, TimePlaces, timeOf } from './time-places.ts';

/** An own fill on its bar. */
export interface ChartFill {
  readonly time: number;
  readonly side: 'Buy' | 'Sell';
  readonly text: string;
}

/** What a chart is made for. */
export interface PriceChartOptions {
  readonly type: ChartType;
  readonly scale: ChartScale;
  readonly barSeconds: number;
  /** Smallest price step as a plain number. */
  readonly minMove: number;
  readonly priceText: (price: number) => string;
  /** What lies between two points, in words. */
  readonly spanText: (from: DrawingPoint, to: DrawingPoint) => string;
  /** The bar under the crosshair, or undefined when the pointer is elsewhere. */
  readonly onHover: (bar: ChartBar | undefined) => void;
  /** Something else is in sight. */
  readonly onSight: (sight: ChartSight) => void;
}

/** What of a chart is in sight. */
export interface ChartSight {
  /** Times of the first and the last bar, also of those that would be there; seconds. */
  readonly from: number;
  readonly to: number;
  /** Width of a bar with its gap. */
  readonly barPixels: number;
  /** Few bars are left at the left, or at the right. */
  readonly nearStart: boolean;
  readonly nearEnd: boolean;
}

/** Bars left out of sight at which more are asked for. */
const NEAR = 40;
/** Bars of space right of the newest: room for the tags. */
const RIGHT_OFFSET_BARS = 14;
/** Widest bar with its gap, pixels. */
const MOST_BAR_PIXELS = 32;

const PARTS = {
  [TickMarkType.Year]: 'year',
  [TickMarkType.Month]: 'month',
  [TickMarkType.DayOfMonth]: 'day',
  [TickMarkType.Time]: 'time',
  [TickMarkType.TimeWithSeconds]: 'time',
} as const;

/** Candles, volume, own orders and fills: lightweight-charts wrapped once. */
export class PriceChart {
  /** Its studies. */
  readonly studies: StudyLines;
  /** What is drawn over its bars. */
  readonly drawings: DrawingsLayer;
  /** Another instrument over its bars. */
  readonly compare: CompareLine;
  readonly #places: TimePlaces;
  readonly #shade: SessionShade;
  readonly #percents = new PercentMarks(() => this.#base);
  readonly #chart: IChartApi;
  readonly #volume: ISeriesApi<'Histogram'>;
  readonly #tags: OrderTags;
  readonly #options: PriceChartOptions;
  readonly #ended: () => void;
  readonly #bars = new Map<number, ChartBar>();
  #list: ChartBar[] = [];
  #main: MainSeries;
  /** Only while there are fills: with every change of a bar it goes over all of them. */
  #markers: ISeriesMarkersPluginApi<Time> | undefined;
  #fills: readonly ChartFill[] = [];
  #newest: ChartBar | undefined;
  #scale: ChartScale;
  #barSeconds: number;
  /** What was zoomed to since the last picture. */
  #zooming: { readonly from: number; readonly to: number } | undefined;
  /** Close of the first bar in sight: what percent are of. */
  #base = Number.NaN;

  constructor(host: HTMLElement, options: PriceChartOptions) {
    this.#options = options;
    this.#scale = options.scale;
    this.#barSeconds = options.barSeconds;
    this.#chart = createChart(host, {
      autoSize: true,
      // Its logo injects an unsigned style element, which the content security policy forbids; the panel names it in words.
      layout: { attributionLogo: false },
      crosshair: { mode: CrosshairMode.Normal },
      rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.22 } },
      timeScale: {
        borderVisible: false,
        timeVisible: true,
        secondsVisible: false,
        tickMarkFormatter: (time: Time, type: TickMarkType) => tickText(Number(time), PARTS[type]),
        rightOffset: RIGHT_OFFSET_BARS,
        // A market that has just begun has few bars; they must not fill the panel.
        maxBarSpacing: MOST_BAR_PIXELS,
      },
      localization: {
        locale: 'en-GB',
        timeFormatter: (time: Time) => barTime(Number(time)),
      },
    });
    this.#main = new MainSeries(this.#chart, options.type, this.#format());
    this.#volume = this.#chart.addSeries(HistogramSeries, {
      priceScaleId: 'volume',
      priceFormat: { type: 'volume' },
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.86, bottom: 0 } });
    this.#tags = new OrderTags(this.#tagPaint());
    this.#places = new TimePlaces(
      this.#chart,
      () => this.#barSeconds,
      () => this.#list,
    );
    this.#shade = new SessionShade(
      (time) => this.#places.x(time),
      () => this.#span(),
    );
    this.drawings = new DrawingsLayer({
      width: () => this.#chart.timeScale().width(),
      x: (time) => this.#places.x(time),
      y: (price) => this.#main.api.priceToCoordinate(price) ?? undefined,
      priceText: options.priceText,
      spanText: options.spanText,
    });
    this.#attach();
    this.studies = new StudyLines(this.#chart);
    this.compare = new CompareLine(this.#chart, (time) => this.#bars.has(time));
    this.#chart.subscribeCrosshairMove((event) => {
      const bar = event.time === undefined ? undefined : this.#bars.get(Number(event.time));
      options.onHover(bar);
    });
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      this.#rebase();
      const span = this.#span();
      if (range === null || span === undefined) return;
      options.onSight({
        ...span,
        barPixels: this.#chart.timeScale().width() / Math.max(1, range.to - range.from),
        nearStart: range.from < NEAR,
        nearEnd: range.to > this.#list.length - NEAR,
      });
    });
    this.setScale(options.scale);
    this.#paint();
    this.#ended = onThemeChange(() => this.#paint());
  }

  /** Draws the bars another way; what is seen stays where it was. */
  setType(type: ChartType): void {
    const position = this.#chart.timeScale().scrollPosition();
    const before = this.#main;
    for (const layer of this.#layers()) before.api.detachPrimitive(layer);
    this.#markers?.detach();
    this.#markers = undefined;
    this.#main = new MainSeries(this.#chart, type, this.#format());
    before.remove();
    this.#attach();
    this.#main.paint();
    this.#main.setBars(this.#list);
    this.setFills(this.#fills);
    this.#chart.timeScale().scrollToPosition(position, false);
  }

  setScale(scale: ChartScale): void {
    this.#scale = scale;
    const mode = scale === 'log' ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal;
    this.#chart.priceScale('right', 0).applyOptions({ mode });
    this.#chart.applyOptions({ grid: { horzLines: { visible: scale !== 'percent' } } });
    this.#percents.setShown(scale === 'percent');
    this.#rebase();
    this.#main.setFormat(this.#format());
  }

  /** Draws another instrument over the bars, from the first in sight on; none when undefined. */
  setCompare(points: readonly ComparePoint[] | undefined): void {
    this.compare.set(points);
    this.#rebase(true);
  }

  /** Replaces all bars, oldest first; `live`: the newest there is is among them. What is seen stays where it was when `keepView`. */
  setBars(bars: readonly ChartBar[], live: boolean, keepView: boolean): void {
    const scale = this.#chart.timeScale();
    const before = keepView ? scale.getVisibleLogicalRange() : null;
    const first = this.#list[0]?.time;
    this.#list = [...bars];
    this.#bars.clear();
    for (const bar of bars) this.#bars.set(bar.time, bar);
    this.studies.setSpan(
      bars[0]?.time ?? Number.POSITIVE_INFINITY,
      live ? Number.POSITIVE_INFINITY : (bars.at(-1)?.time ?? 0),
    );
    this.#main.setBars(bars);
    if (live) this.#markLast(bars.at(-1));
    this.#volume.setData(bars.map((bar) => this.#volumeBar(bar)));
    if (before === null || first === undefined) return;
    // Only where its right edge is: a range would be fitted into a width that the prices' own scale may just be changing.
    const older = Math.round(logicalOf(first, bars, this.#barSeconds) ?? 0);
    scale.scrollToPosition(before.to + older - (bars.length - 1), false);
  }

  /** The bars that follow are this long, seconds. */
  setBarSeconds(seconds: number): void {
    this.#barSeconds = seconds;
  }

  /** Brings these times into sight, seconds. */
  showTimes(from: number, to: number): void {
    const left = logicalOf(from, this.#list, this.#barSeconds);
    const right = logicalOf(to, this.#list, this.#barSeconds);
    if (left === undefined || right === undefined) return;
    this.#chart.timeScale().setVisibleLogicalRange({ from: left, to: right });
  }

  /** Adds the newest bar or changes it. */
  update(bar: ChartBar): void {
    if (this.#list.at(-1)?.time === bar.time) this.#list.pop();
    this.#list.push(bar);
    this.#bars.set(bar.time, bar);
    this.#main.update(bar);
    this.#markLast(bar);
    this.#volume.update(this.#volumeBar(bar));
  }

  /** Pixels from the top of the chart to each pane, the prices' first. */
  paneTops(): readonly number[] {
    let top = 0;
    return this.#chart.panes().map((pane) => {
      const at = top;
      top += pane.getHeight() + 1;
      return at;
    });
  }

  /** Moves the crosshair by bars, from the newest when it stands nowhere; gives the bar. */
  stepCrosshair(from: ChartBar | undefined, bars: number): ChartBar | undefined {
    const all = this.#list;
    const at =
      from === undefined ? all.length - 1 : all.findIndex(({ time }) => time === from.time);
    const bar = all[Math.min(all.length - 1, Math.max(0, at + (from === undefined ? 0 : bars)))];
    if (bar === undefined) return undefined;
    this.#chart.setCrosshairPosition(bar.close, bar.time as UTCTimestamp, this.#main.api);
    return bar;
  }

  /** Puts the crosshair on the bar of a time (seconds), nowhere when undefined or where no bar is; gives the bar. */
  point(time: number | undefined): ChartBar | undefined {
    const bar = time === undefined ? undefined : barOf(time, this.#list, this.#barSeconds);
    if (bar === undefined) this.#chart.clearCrosshairPosition();
    else this.#chart.setCrosshairPosition(bar.close, bar.time as UTCTimestamp, this.#main.api);
    return bar;
  }

  /** The newest bar in sight. */
  newestInSight(): ChartBar | undefined {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    const last = this.#list.length - 1;
    return this.#list[Math.max(0, Math.min(last, Math.floor(range?.to ?? last)))];
  }

  /** The time of the bar so many bars on, also of one that is yet to come; never before the first. */
  timeBeside(time: number, bars: number): number | undefined {
    const place = logicalOf(time, this.#list, this.#barSeconds);
    if (place === undefined) return undefined;
    return timeOf(Math.max(0, Math.round(place) + bars), this.#list, this.#barSeconds);
  }

  /** Puts the crosshair on a place in time and price, and its time into sight. */
  aim({ time, price }: DrawingPoint): void {
    const scale = this.#chart.timeScale();
    const [seen, place] = [
      scale.getVisibleLogicalRange(),
      logicalOf(time, this.#list, this.#barSeconds),
    ];
    if (seen !== null && place !== undefined) {
      const off = Math.min(0, place - 1 - seen.from) + Math.max(0, place + 1 - seen.to);
      if (off !== 0) scale.setVisibleLogicalRange({ from: seen.from + off, to: seen.to + off });
    }
    this.#chart.setCrosshairPosition(price, time as UTCTimestamp, this.#main.api);
  }

  /** Where a place in time and price is, pixels; undefined where it is not drawn. */
  pixelsOf({ time, price }: DrawingPoint): { readonly x: number; readonly y: number } | undefined {
    const [x, y] = [this.#places.x(time), this.#main.api.priceToCoordinate(price)];
    return x === undefined || y === null ? undefined : { x, y };
  }

  /** Where a time is, pixels from the left; undefined while there are no bars. */
  xOf(time: number): number | undefined {
    return this.#places.x(time);
  }

  /** Pixels from the left to the scale of prices. */
  plotWidth(): number {
    return this.#chart.timeScale().width();
  }

  /** Shows fewer bars, larger (`factor` below 1), or more. */
  zoom(factor: number): void {
    const scale = this.#chart.timeScale();
    const seen = this.#zooming ?? scale.getVisibleLogicalRange();
    if (seen === null) return;
    const range = { from: seen.to - (seen.to - seen.from) * factor, to: seen.to };
    scale.setVisibleLogicalRange(range);
    // The chart takes it with the next picture: until then a further step goes on from here.
    if (this.#zooming === undefined) requestAnimationFrame(() => (this.#zooming = undefined));
    this.#zooming = range;
  }

  /** Shades the sessions, or not. */
  setSessions(shown: boolean): void {
    this.#shade.setShown(shown);
  }

  /** The place in time and price of a point of the pane of prices; undefined outside of it. */
  pointAt(x: number, y: number): DrawingPoint | undefined {
    const height = this.#chart.panes()[0]?.getHeight() ?? 0;
    if (x < 0 || y < 0 || y > height || x > this.#chart.timeScale().width()) return undefined;
    const time = this.#places.timeAt(x);
    const price = this.#main.api.coordinateToPrice(y);
    return time === undefined || price === null ? undefined : { time, price };
  }

  /** The tag of own orders whose box is there. */
  tagAt(x: number, y: number): PriceTag | undefined {
    return this.#tags.tagAt(x, y);
  }

  /** Shows where held orders would go. */
  setHeld(held: HeldTag | undefined): void {
    this.#tags.setHeld(held);
  }

  /** A picture of the chart as it is drawn, without the crosshair. */
  picture(): HTMLCanvasElement {
    return this.#chart.takeScreenshot(true, false);
  }

  setTags(tags: readonly PriceTag[]): void {
    this.#tags.set(tags);
  }

  setFills(fills: readonly ChartFill[]): void {
    this.#fills = fills;
    if (fills.length === 0) {
      this.#markers?.detach();
      this.#markers = undefined;
      return;
    }
    this.#markers ??= createSeriesMarkers(this.#main.api, []);
    this.#markers.setMarkers(
      fills.map((fill): SeriesMarker<Time> => ({
        time: fill.time as UTCTimestamp,
        position: fill.side === 'Buy' ? 'belowBar' : 'aboveBar',
        shape: fill.side === 'Buy' ? 'arrowUp' : 'arrowDown',
        color: token(fill.side === 'Buy' ? 'buy' : 'sell'),
        text: fill.text,
        size: 0.8,
      })),
    );
  }

  /** Brings the newest bar back into sight. */
  toNewest(): void {
    this.#chart.timeScale().scrollToRealTime();
  }

  dispose(): void {
    this.#ended();
    this.#chart.remove();
  }

  #attach(): void {
    for (const layer of this.#layers()) this.#main.api.attachPrimitive(layer);
  }

  /** From the bottom up. */
  #layers(): readonly ISeriesPrimitive<Time>[] {
    return [this.#shade, this.#percents, this.drawings, this.#tags];
  }

  /** Times of the first and the last bar in sight. */
  #span(): { readonly from: number; readonly to: number } | undefined {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    if (range === null) return undefined;
    const from = timeOf(Math.floor(range.from), this.#list, this.#barSeconds);
    const to = timeOf(Math.ceil(range.to), this.#list, this.#barSeconds);
    return from === undefined || to === undefined ? undefined : { from, to };
  }

  /** Percent are of the first bar in sight. */
  #rebase(anew = false): void {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    const first = range && this.#list[Math.max(0, Math.ceil(range.from))];
    if (first === null || first === undefined) return;
    this.compare.rebase(first, anew);
    if (first.close === this.#base) return;
    this.#base = first.close;
    if (this.#scale === 'percent') this.#main.setFormat(this.#format());
  }

  #format(): PriceFormat {
    const { minMove, priceText } = this.#options;
    const base = this.#base;
    if (this.#scale !== 'percent' || Number.isNaN(base)) return { minMove, text: priceText };
    const text = (price: number): string => percentText((price / base - 1) * 100);
    return { minMove, text, marks: false };
  }

  #markLast(bar: ChartBar | undefined): void {
    this.#newest = bar;
    if (bar === undefined) {
      this.#tags.setLast(undefined);
      return;
    }
    const color = token(bar.close >= bar.open ? 'buy-fill' : 'sell-fill');
    this.#tags.setLast({ price: bar.close, text: this.#options.priceText(bar.close), color });
  }

  #volumeBar(bar: ChartBar): { time: UTCTimestamp; value: number; color: string } {
    const color = token(bar.close >= bar.open ? 'chart-vol-up' : 'chart-vol-down');
    return { time: bar.time as UTCTimestamp, value: bar.volume, color };
  }

  #tagPaint(): TagPaint {
    return {
      onFill: token('on-fill'),
      background: token('chart-bg'),
      held: token('accent'),
      font: `500 11px ${token('font-ui')}`,
    };
  }

  #paint(): void {
    const grid = { color: token('chart-grid') };
    const cross = {
      color: token('chart-cross'),
      style: LineStyle.Dotted,
      labelBackgroundColor: token('chart-cross-label'),
    };
    this.#chart.applyOptions({
      layout: {
        background: { type: ColorType.Solid, color: token('chart-bg') },
        textColor: token('chart-axis'),
        fontFamily: token('font-ui'),
        fontSize: 11,
        panes: {
          separatorColor: token('ground'),
          separatorHoverColor: token('accent-faint'),
        },
      },
      grid: { vertLines: grid, horzLines: grid },
      crosshair: { vertLine: cross, horzLine: cross },
    });
    this.#main.paint();
    this.studies.paint();
    this.compare.paint();
    this.#tags.setPaint(this.#tagPaint());
    this.#volume.setData(this.#list.map((bar) => this.#volumeBar(bar)));
    this.#markLast(this.#newest);
    this.setFills(this.#fills);
  }
}
