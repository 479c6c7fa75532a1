import type { InstrumentId } from '../../../engine/domain/identifiers.ts';
import { INTERVAL_MICROS, type Interval } from '../../../engine/domain/market.ts';
import type { UnixMicros } from '../../../engine/domain/time.ts';
import type { ChartBar } from '../../charts/chart-bar.ts';
import type { ComparePoint } from '../../charts/compare-line.ts';
import type { PriceChart } from '../../charts/price-chart.ts';
import type { BarRow, MarketStore } from '../../state/market-store.ts';

/** Most bars of one question to the feed. */
const MOST_ASKED = 1000;

/** Gives a chart the closes of another instrument, as far back as it shows bars. */
export class ComparedInstrument {
  readonly #chart: PriceChart;
  readonly #market: MarketStore;
  #known = '';
  #end: (() => void) | undefined;
  /** Counts what was asked for: an answer to an older question is dropped. */
  #asked = 0;

  constructor(chart: PriceChart, market: MarketStore) {
    this.#chart = chart;
    this.#market = market;
  }

  /** Compares with an instrument over these bars, or with none. */
  set(instrument: InstrumentId | null, interval: Interval, bars: readonly ChartBar[]): void {
    const [first, last] = [bars[0]?.time, bars.at(-1)?.time];
    const known = `${instrument} ${interval} ${first}`;
    if (known === this.#known || first === undefined || last === undefined) return;
    this.#known = known;
    this.#end?.();
    this.#end = undefined;
    this.#asked += 1;
    if (instrument === null) this.#chart.setCompare(undefined);
    else void this.#load(instrument, interval, { first, last }, this.#asked);
  }

  dispose(): void {
    this.#asked += 1;
    this.#end?.();
  }

  async #load(
    instrument: InstrumentId,
    interval: Interval,
    { first, last }: { readonly first: number; readonly last: number },
    asked: number,
  ): Promise<void> {
    const length = INTERVAL_MICROS[interval];
    let rows: readonly BarRow[] = [];
    let end = (last * 1_000_000 + length) as UnixMicros;
    for (;;) {
      const answer = await this.#market.loadBars(instrument, interval, MOST_ASKED, end);
      if (this.#asked !== asked) return;
      const oldest = answer.ok ? answer.value[0]?.[0] : undefined;
      if (!answer.ok || oldest === undefined) break;
      rows = [...answer.value, ...rows];
      if (oldest <= first * 1_000_000) break;
      end = (oldest - 1) as UnixMicros;
    }
    this.#chart.setCompare(rows.map(pointOf));
    this.#end = this.#market.onBars(instrument, interval, (row) => {
      this.#chart.compare.update(pointOf(row));
    });
  }
}

function pointOf([time, , , , close]: BarRow): ComparePoint {
  return { time: time / 1_000_000, close };
}
