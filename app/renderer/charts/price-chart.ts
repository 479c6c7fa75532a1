import {
  CandlestickSeries,
  ColorType,
  createChart,
  createSeriesMarkers,
  CrosshairMode,
  HistogramSeries,
  LineStyle,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  TickMarkType,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { barTime, tickText } from '../format/time-text.ts';
import { onThemeChange, token } from '../ui/theme.ts';
import { OrderTags, type TagPaint } from './order-tags.ts';
import type { PriceTag } from './tag-boxes.ts';

/** A bar in the chart's own numbers: seconds and plain prices; only for the eye. */
export interface ChartBar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** An own fill on its bar. */
export interface ChartFill {
  readonly time: number;
  readonly side: 'Buy' | 'Sell';
  readonly text: string;
}

/** What a chart is made for. */
export interface PriceChartOptions {
  readonly decimals: number;
  /** Smallest price step as a plain number. */
  readonly minMove: number;
  readonly priceText: (price: number) => string;
  /** The bar under the crosshair, or undefined when the pointer is elsewhere. */
  readonly onHover: (bar: ChartBar | undefined) => void;
  /** Fewer than this many bars are left to the left of what is seen. */
  readonly onNearStart: () => void;
}

/** Bars left on the left at which older ones are asked for. */
const NEAR_START = 40;
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
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<'Candlestick'>;
  readonly #volume: ISeriesApi<'Histogram'>;
  readonly #markers: ISeriesMarkersPluginApi<Time>;
  readonly #tags: OrderTags;
  readonly #priceText: (price: number) => string;
  readonly #ended: () => void;
  readonly #bars = new Map<number, ChartBar>();
  #count = 0;

  constructor(host: HTMLElement, options: PriceChartOptions) {
    this.#priceText = options.priceText;
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
        priceFormatter: options.priceText,
        timeFormatter: (time: Time) => barTime(Number(time)),
      },
    });
    this.#candles = this.#chart.addSeries(CandlestickSeries, {
      priceFormat: {
        type: 'custom',
        minMove: options.minMove,
        formatter: options.priceText,
      },
      priceLineStyle: LineStyle.Dotted,
      // Its own label shows the last bar in sight, which is not the last price.
      lastValueVisible: false,
    });
    this.#volume = this.#chart.addSeries(HistogramSeries, {
      priceScaleId: 'volume',
      priceFormat: { type: 'volume' },
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.86, bottom: 0 } });
    this.#tags = new OrderTags(this.#tagPaint());
    this.#candles.attachPrimitive(this.#tags);
    this.#markers = createSeriesMarkers(this.#candles, []);
    this.#chart.subscribeCrosshairMove((event) => {
      const bar = event.time === undefined ? undefined : this.#bars.get(Number(event.time));
      options.onHover(bar);
    });
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range !== null && this.#count > 0 && range.from < NEAR_START) options.onNearStart();
    });
    this.#paint();
    this.#ended = onThemeChange(() => this.#paint());
  }

  /** Replaces all bars, oldest first; what is seen stays where it was when `keepView`. */
  setBars(bars: readonly ChartBar[], keepView: boolean): void {
    const scale = this.#chart.timeScale();
    const before = keepView ? scale.getVisibleLogicalRange() : null;
    const [first] = this.#bars.keys();
    this.#bars.clear();
    for (const bar of bars) this.#bars.set(bar.time, bar);
    this.#count = bars.length;
    this.#candles.setData(bars.map(candle));
    this.#markLast(bars.at(-1));
    this.#volume.setData(bars.map((bar) => this.#volumeBar(bar)));
    if (before === null) return;
    // By number and not by time: a range of times ends with the newest bar and would lose the margin of the tags.
    const older = Math.max(
      0,
      bars.findIndex(({ time }) => time === first),
    );
    scale.setVisibleLogicalRange({ from: before.from + older, to: before.to + older });
  }

  /** Adds the newest bar or changes it. */
  update(bar: ChartBar): void {
    this.#bars.set(bar.time, bar);
    this.#count += 1;
    this.#candles.update(candle(bar));
    this.#markLast(bar);
    this.#volume.update(this.#volumeBar(bar));
  }

  setTags(tags: readonly PriceTag[]): void {
    this.#tags.set(tags);
  }

  setFills(fills: readonly ChartFill[]): void {
    this.#markers.setMarkers(
      fills.map((fill): SeriesMarker<Time> => ({
        time: fill.time as UTCTimestamp,
        position: fill.side === 'Buy' ? 'belowBar' : 'aboveBar',
        shape: fill.side === 'Buy' ? 'arrowUp' : 'arrowDown',
        color: token(fill.side === 'Buy' ? 'green-text' : 'red-text'),
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

  #markLast(bar: ChartBar | undefined): void {
    if (bar === undefined) {
      this.#tags.setLast(undefined);
      return;
    }
    const color = token(bar.close >= bar.open ? 'green-fill' : 'red-fill');
    this.#tags.setLast({ price: bar.close, text: this.#priceText(bar.close), color });
  }

  #volumeBar(bar: ChartBar): { time: UTCTimestamp; value: number; color: string } {
    const color = token(bar.close >= bar.open ? 'chart-vol-up' : 'chart-vol-down');
    return { time: bar.time as UTCTimestamp, value: bar.volume, color };
  }

  #tagPaint(): TagPaint {
    return {
      onFill: token('on-fill'),
      background: token('chart-bg'),
      font: `500 11px ${token('font-ui')}`,
    };
  }

  #paint(): void {
    const up = token('candle-up');
    const down = token('candle-down');
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
    this.#candles.applyOptions({
      upColor: up,
      downColor: down,
      wickUpColor: up,
      wickDownColor: down,
      borderUpColor: up,
      borderDownColor: down,
    });
    this.#tags.setPaint(this.#tagPaint());
    if (this.#bars.size > 0) this.setBars([...this.#bars.values()], true);
  }
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
