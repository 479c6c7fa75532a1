import type { InstrumentId } from '../../../engine/domain/identifiers.ts';
import { INTERVAL_MICROS, type Interval } from '../../../engine/domain/market.ts';
import type { UnixMicros } from '../../../engine/domain/time.ts';
import type { ComparePoint } from '../../charts/compare-line.ts';
import type { PriceChart } from '../../charts/price-chart.ts';
import type { BarRow, MarketStore } from '../../state/market-store.ts';

/** Most bars of one question to the feed. */
const MOST_ASKED = 1000;

/** Gives a chart the closes of another instrument, as far back as it shows bars. */
export class ComparedInstrument {
  readonly #chart: PriceChart;
  readonly #market: MarketStore;
  readonly #interval: Interval;
  #instrument: InstrumentId | null = null;
  #end: (() => void) | undefined;
  /** Counts what was asked for: an answer to an older question is dropped. */
  #asked = 0;

  constructor(chart: PriceChart, market: MarketStore, interval: Interval) {
    this.#chart = chart;
    this.#market = market;
    this.#interval = interval;
  }

  get instrument(): InstrumentId | null {
    return this.#instrument;
  }

  /** Compares with an instrument from a time on (seconds), or with none. */
  set(instrument: InstrumentId | null, from: number): void {
    this.#end?.();
    this.#end = undefined;
    this.#instrument = instrument;
    this.#asked += 1;
    if (instrument === null) {
      this.#chart.setCompare(undefined);
      return;
    }
    void this.#load(instrument, from, this.#asked);
  }

  dispose(): void {
    this.#asked += 1;
    this.#end?.();
  }

  async #load(instrument: InstrumentId, from: number, asked: number): Promise<void> {
    let rows: readonly BarRow[] = [];
    const first = from * 1_000_000;
    for (;;) {
      const oldest = rows[0]?.[0];
      if (oldest !== undefined && oldest <= first) break;
      const end = oldest === undefined ? undefined : ((oldest - 1) as UnixMicros);
      const answer = await this.#market.loadBars(instrument, this.#interval, MOST_ASKED, end);
      if (this.#asked !== asked) return;
      if (!answer.ok || answer.value.length === 0) break;
      rows = [...answer.value, ...rows];
    }
    // Only bars that open where ours do: the two lie beside each other bar by bar.
    const whole = INTERVAL_MICROS[this.#interval];
    this.#chart.setCompare(rows.filter(([time]) => time % whole === 0).map(pointOf));
    this.#end = this.#market.onBars(instrument, this.#interval, (row) => {
      this.#chart.compare.update(pointOf(row));
    });
  }
}

function pointOf([time, , , , close]: BarRow): ComparePoint {
  return { time: time / 1_000_000, close };
}
