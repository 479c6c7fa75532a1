import '@fontsource-variable/inter/index.css';
import '../ui/tokens.css';
import '../ui/ui.css';
import { CandlestickSeries, createChart, type UTCTimestamp } from 'lightweight-charts';
import { present } from '../../engine/base/invariant.ts';
import { Xoshiro128 } from '../../engine/base/rng.ts';
import type { ChartBar } from '../charts/chart-bar.ts';
import { PriceChart } from '../charts/price-chart.ts';
import { applyTheme } from '../ui/theme.ts';

/** What the program that measures calls in the page. */
export interface ChartBench {
  /** Milliseconds from `count` bars given to the picture with them. */
  readonly paint: (count: number) => Promise<number>;
  /** Milliseconds that one of `count` changes of the newest bar takes, its picture aside: the mean, for a page's clock is coarse. */
  readonly update: (count: number) => number;
}

const SEED = 17;
const MINUTE = 60;
const FIRST = 1_700_000_040;

applyTheme(document);
const root = present(document.getElementById('root') ?? undefined, 'root element');
const rng = new Xoshiro128(SEED);

function barAfter(last: ChartBar | undefined): ChartBar {
  const open = last?.close ?? 60_000;
  const close = Math.max(1, open + rng.nextBelow(2001) / 100 - 10);
  return {
    time: (last?.time ?? FIRST) + MINUTE,
    open,
    high: Math.max(open, close) + rng.nextBelow(500) / 100,
    low: Math.min(open, close) - rng.nextBelow(500) / 100,
    close,
    volume: rng.nextBelow(1000),
  };
}

interface Chart {
  readonly set: (bars: readonly ChartBar[]) => void;
  readonly change: (bar: ChartBar) => void;
}

/** The product's chart. */
function ours(): Chart {
  const chart = new PriceChart(root, {
    type: 'candles',
    scale: 'linear',
    barSeconds: MINUTE,
    minMove: 0.01,
    priceText: (price) => price.toFixed(2),
    spanText: () => '',
    onHover: () => {},
    onSight: () => {},
  });
  return {
    set: (bars) => chart.setBars(bars, true, false),
    change: (bar) => chart.update(bar),
  };
}

/** The library's chart, given all bars. */
function alone(): Chart {
  const series = createChart(root, { autoSize: true }).addSeries(CandlestickSeries);
  const point = (bar: ChartBar) => ({ ...bar, time: bar.time as UTCTimestamp });
  return {
    set: (bars) => series.setData(bars.map(point)),
    change: (bar) => series.update(point(bar)),
  };
}

const chart = location.hash === '#alone' ? alone() : ours();
let last: ChartBar | undefined;

async function paint(count: number): Promise<number> {
  const bars: ChartBar[] = [];
  for (let index = 0; index < count; index += 1) bars.push((last = barAfter(last)));
  const begun = performance.now();
  chart.set(bars);
  await new Promise((done) => requestAnimationFrame(done));
  // The picture is drawn when what follows it has its turn.
  await new Promise((done) => setTimeout(done));
  return performance.now() - begun;
}

function update(count: number): number {
  const newest = present(last, 'a bar');
  const changes = Array.from({ length: count }, () => {
    const { close } = barAfter(newest);
    return { ...newest, close, high: Math.max(newest.high, close) };
  });
  const begun = performance.now();
  for (const bar of changes) chart.change(bar);
  return (performance.now() - begun) / count;
}

const bench: ChartBench = { paint, update };
Object.assign(globalThis, { chartBench: bench });
