import type { Instrument } from '../../../engine/domain/instrument.ts';
import { INTERVAL_MICROS, type Interval } from '../../../engine/domain/market.ts';
import type { UnixMicros } from '../../../engine/domain/time.ts';
import { PriceChart, type ChartBar } from '../../charts/price-chart.ts';
import { groupThousands } from '../../format/number-text.ts';
import { workingOrders } from '../../state/account-replica.ts';
import type { Desk } from '../../state/desk.tsx';
import type { BarRow } from '../../state/market-store.ts';
import { token } from '../../ui/theme.ts';
import { chartBar, chartFills, mergeBars } from './chart-data.ts';
import { orderTags, positionTag } from './chart-tags.ts';

/** Bars of the first load and of each load of older ones. */
const PAGE = 500;
/** Bars kept: drawing slows with the number loaded. */
const MOST_BARS = 6000;

/** How a chart stands: loading says how far, failed says why. */
export type ChartPhase =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly bars: number }
  | { readonly kind: 'failed'; readonly message: string };

/** Joins history, live bars, orders and fills to one chart. */
export class ChartController {
  readonly #chart: PriceChart;
  readonly #desk: Desk;
  readonly #instrument: Instrument;
  readonly #interval: Interval;
  readonly #ends: (() => void)[] = [];
  readonly #onPhase: (phase: ChartPhase) => void;
  #bars: readonly ChartBar[] = [];
  #early: BarRow[] = [];
  #loaded = false;
  #loading = false;
  #exhausted = false;
  #disposed = false;

  constructor(
    host: HTMLElement,
    instrument: Instrument,
    interval: Interval,
    desk: Desk,
    handlers: {
      readonly onPhase: (phase: ChartPhase) => void;
      readonly onHover: (bar: ChartBar | undefined) => void;
    },
  ) {
    this.#desk = desk;
    this.#instrument = instrument;
    this.#interval = interval;
    this.#onPhase = handlers.onPhase;
    // All decimals of its prices: those of a time with a finer tick are shown as they were.
    const decimals = instrument.priceScale;
    this.#chart = new PriceChart(host, {
      decimals,
      minMove: 1 / 10 ** decimals,
      priceText: (price) => groupThousands(price.toFixed(decimals)),
      onHover: handlers.onHover,
      onNearStart: () => void this.#loadOlder(),
    });
    this.#ends.push(
      desk.feed.market.onBars(instrument.id, interval, (row) => this.#live(row)),
      desk.trade.store.subscribe((state, before) => {
        if (state.replica !== before.replica) this.#drawOwn();
      }),
    );
    void this.#loadNewest();
  }

  /** The newest bar; undefined before history came. */
  newest(): ChartBar | undefined {
    return this.#bars.at(-1);
  }

  toNewest(): void {
    this.#chart.toNewest();
  }

  dispose(): void {
    this.#disposed = true;
    for (const end of this.#ends) end();
    this.#chart.dispose();
  }

  async #loadNewest(): Promise<void> {
    this.#onPhase({ kind: 'loading' });
    const answer = await this.#desk.feed.market.loadBars(this.#instrument.id, this.#interval, PAGE);
    if (this.#disposed) return;
    if (!answer.ok) {
      this.#onPhase({ kind: 'failed', message: answer.error.message });
      return;
    }
    this.#bars = answer.value.map((row) => chartBar(row, this.#instrument));
    this.#loaded = true;
    this.#chart.setBars(this.#bars, false);
    for (const row of this.#early) this.#live(row);
    this.#early = [];
    this.#drawOwn();
    this.#onPhase({ kind: 'ready', bars: this.#bars.length });
  }

  async #loadOlder(): Promise<void> {
    const oldest = this.#bars[0];
    const full = this.#bars.length >= MOST_BARS;
    if (!this.#loaded || this.#loading || this.#exhausted || full || oldest === undefined) return;
    this.#loading = true;
    const end = (oldest.time * 1_000_000 - 1) as UnixMicros;
    const { market } = this.#desk.feed;
    const answer = await market.loadBars(this.#instrument.id, this.#interval, PAGE, end);
    this.#loading = false;
    if (this.#disposed || !answer.ok) return;
    const older = answer.value.map((row) => chartBar(row, this.#instrument));
    const merged = mergeBars(older, this.#bars);
    this.#exhausted = merged.length === this.#bars.length;
    if (this.#exhausted) return;
    this.#bars = merged;
    this.#chart.setBars(merged, true);
    this.#drawOwn();
    this.#onPhase({ kind: 'ready', bars: merged.length });
  }

  #live(row: BarRow): void {
    if (!this.#loaded) {
      this.#early.push(row);
      return;
    }
    const bar = chartBar(row, this.#instrument);
    const last = this.#bars.at(-1);
    if (last !== undefined && bar.time < last.time) {
      this.#bars = mergeBars(this.#bars, [bar]);
      this.#chart.setBars(this.#bars, true);
      return;
    }
    const same = last?.time === bar.time;
    this.#bars = same ? this.#bars.with(-1, bar) : [...this.#bars, bar];
    this.#chart.update(bar);
  }

  #drawOwn(): void {
    if (!this.#loaded) return;
    const { replica } = this.#desk.trade.store.getState();
    const position = replica.positions.find((held) => held.instrument === this.#instrument.id);
    const held = positionTag(position, this.#instrument, token);
    const orders = orderTags(workingOrders(replica), this.#instrument, token);
    this.#chart.setTags(held === undefined ? orders : [held, ...orders]);
    const seconds = INTERVAL_MICROS[this.#interval] / 1_000_000;
    const first = this.#bars[0]?.time ?? 0;
    const fills = chartFills(replica.fills, this.#instrument, seconds);
    this.#chart.setFills(fills.filter((fill) => fill.time >= first));
  }
}
