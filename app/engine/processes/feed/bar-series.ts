import type { BarRow } from '../../api/feed-service.ts';
import { TimeBars } from '../../bars/time-bars.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { INTERVAL_MICROS, type Bar, type Interval } from '../../domain/market.ts';
import type { BarSource } from './stored-bars.ts';
import type { Print } from './instrument-feed.ts';

/** A bar's row and the version at which it last changed. */
interface Told {
  readonly bar: Bar;
  readonly version: number;
}

/** Closed bars kept for windows that have not been told of them yet; a window that is further behind loads them. */
const MOST_CLOSED = 1000;
/** Pause before the venue is asked again for the unfinished bar. */
const ASK_AGAIN_MS = 5000;

/** The bar being built of one instrument and interval: begun from the venue's unfinished bar, continued by trades. When it closes, the venue's own bar replaces it. */
export class BarSeries implements Disposable {
  readonly instrument: Instrument;
  readonly interval: Interval;
  /** Counts changes: a window compares it with what it was told last. */
  version = 0;
  readonly #source: BarSource;
  #bars: TimeBars | undefined;
  #closed: Told[] = [];
  #again: NodeJS.Timeout | undefined;

  constructor(source: BarSource, instrument: Instrument, interval: Interval) {
    this.#source = source;
    this.instrument = instrument;
    this.interval = interval;
  }

  /** Fetches the unfinished bar, until the venue gives it: one begun in its middle would be no bar. Trades before the answer belong to it. */
  async begin(): Promise<void> {
    const loaded = await this.#source.loadBars(this.instrument, this.interval, { limit: 1 });
    if (!loaded.ok) {
      this.#again = setTimeout(() => void this.begin(), ASK_AGAIN_MS);
      return;
    }
    const last = loaded.value.at(-1);
    const current = last === undefined || last.closed ? undefined : last;
    this.#bars = new TimeBars(INTERVAL_MICROS[this.interval], current);
    this.version += 1;
  }

  /** Counts a trade. */
  add(print: Print): void {
    if (this.#bars === undefined) return;
    this.version += 1;
    const closed: Bar[] = [];
    this.#bars.add(print.price, print.quantity, print.at, (bar) => {
      closed.push(bar);
    });
    if (closed.length === 0) return;
    for (const bar of closed.slice(-MOST_CLOSED)) this.#tell(bar);
    void this.#verify(closed.length);
  }

  /** The closed bars that changed after `version`, oldest first, and the one being built. */
  barsSince(version: number): readonly Bar[] {
    const closed = this.#closed.filter((told) => told.version > version);
    const current = this.#bars?.current;
    return [...closed.map(({ bar }) => bar), ...(current === undefined ? [] : [current])];
  }

  /** The same as windows get them. */
  rowsSince(version: number): BarRow[] {
    return this.barsSince(version).map(barRow);
  }

  /** The version at which the newest closed bar changed; 0 when there is none. */
  get lastClosedVersion(): number {
    return this.#closed.at(-1)?.version ?? 0;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#again);
  }

  #tell(bar: Bar): void {
    const told = { bar, version: this.version };
    const at = this.#closed.findIndex((one) => one.bar.openTime === bar.openTime);
    if (at >= 0) this.#closed[at] = told;
    else this.#closed.push(told);
    if (this.#closed.length > MOST_CLOSED) this.#closed.shift();
  }

  /** Asks for the bars that one trade has closed: more than one when no trade was seen for longer, or none came. */
  async #verify(count: number): Promise<void> {
    const limit = Math.min(count, MOST_CLOSED - 1) + 1;
    const loaded = await this.#source.loadBars(this.instrument, this.interval, { limit });
    if (!loaded.ok) return;
    const ours = new Set(this.#closed.map(({ bar }) => bar.openTime));
    const official = loaded.value.filter(({ openTime }) => ours.has(openTime));
    if (official.length === 0) return;
    this.version += 1;
    for (const bar of official) this.#tell(bar);
  }
}

/** A bar as windows get it. */
export function barRow(bar: Bar): BarRow {
  return [bar.openTime, bar.open, bar.high, bar.low, bar.close, bar.volume];
}
