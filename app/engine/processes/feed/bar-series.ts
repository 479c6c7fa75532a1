import type { BarRow } from '../../api/feed-service.ts';
import { TimeBars } from '../../bars/time-bars.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { INTERVAL_MICROS, type Bar, type Interval } from '../../domain/market.ts';
import type { MarketDataClient } from '../../ports/market-data-client.ts';
import type { Print } from './instrument-feed.ts';

/** The bar being built of one instrument and interval: begun from the venue's unfinished bar, continued by trades. When it closes, the venue's own bar replaces it. */
export class BarSeries {
  readonly instrument: Instrument;
  readonly interval: Interval;
  /** Bars that changed since a window was last told, by version. */
  version = 0;
  readonly #client: MarketDataClient;
  #bars: TimeBars | undefined;
  #closed: Bar | undefined;

  constructor(client: MarketDataClient, instrument: Instrument, interval: Interval) {
    this.#client = client;
    this.instrument = instrument;
    this.interval = interval;
  }

  /** Fetches the unfinished bar; trades before the answer belong to it. */
  async begin(): Promise<void> {
    const loaded = await this.#client.loadBars(this.instrument, this.interval, { limit: 1 });
    const last = loaded.ok ? loaded.value.at(-1) : undefined;
    const current = last === undefined || last.closed ? undefined : last;
    this.#bars = new TimeBars(INTERVAL_MICROS[this.interval], current);
    this.version += 1;
  }

  /** Counts a trade. */
  add(print: Print): void {
    if (this.#bars === undefined) return;
    this.#bars.add(print.price, print.quantity, print.at, (bar) => {
      this.#closed = bar;
      void this.#verify(bar);
    });
    this.version += 1;
  }

  /** The last closed bar, if any, and the one being built. */
  rows(): BarRow[] {
    return [this.#closed, this.#bars?.current].filter((bar) => bar !== undefined).map(barRow);
  }

  async #verify(bar: Bar): Promise<void> {
    const loaded = await this.#client.loadBars(this.instrument, this.interval, { limit: 2 });
    if (!loaded.ok) return;
    const official = loaded.value.find((candidate) => candidate.openTime === bar.openTime);
    if (official === undefined || this.#closed?.openTime !== bar.openTime) return;
    this.#closed = official;
    this.version += 1;
  }
}

/** A bar as windows get it. */
export function barRow(bar: Bar): BarRow {
  return [bar.openTime, bar.open, bar.high, bar.low, bar.close, bar.volume];
}
