import { INTERVAL_MICROS, type Bar } from '../../domain/market.ts';
import { unixMicros } from '../../domain/time.ts';
import type { BarSource } from './stored-bars.ts';
import type { BarSeries } from './bar-series.ts';

/** Bars of one question to the venue. */
const PAGE = 1000;
/** Bars kept beyond what was asked for before the oldest are forgotten. */
const SLACK = 2000;
/** Pause before the venue is asked again when it gave none. */
const ASK_AGAIN_MS = 5000;

/** The bars of one instrument and interval without a hole, from as far back as was asked for up to the one being built. */
export class BarHistory implements Disposable {
  readonly series: BarSeries;
  /** Another number: bars before the last were added or changed. */
  epoch = 0;
  readonly #source: BarSource;
  #bars: Bar[] = [];
  #seen = 0;
  #wanted = 0;
  #loading = false;
  #exhausted = false;
  #restarts = 0;
  #again: NodeJS.Timeout | undefined;

  constructor(source: BarSource, series: BarSeries) {
    this.#source = source;
    this.series = series;
  }

  /** The bars now, oldest first; the last may be unfinished. */
  get bars(): readonly Bar[] {
    return this.#bars;
  }

  /** True when it reaches as far back as was asked for, or the venue has no more. */
  get ready(): boolean {
    return this.#bars.length > 0 && (this.#exhausted || this.#bars.length >= this.#wanted);
  }

  /** Asks for at least `count` bars. */
  reach(count: number): void {
    this.#wanted = Math.max(this.#wanted, count);
    void this.#load();
  }

  /** Takes in what the series has since the last time. */
  refresh(): void {
    if (this.#seen === this.series.version) return;
    const rows = this.series.barsSince(this.#seen);
    this.#seen = this.series.version;
    for (const bar of rows) this.#take(bar);
    if (this.#bars.length <= this.#wanted + SLACK) return;
    this.#bars = this.#bars.slice(-this.#wanted);
    this.epoch += 1;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#again);
  }

  #take(bar: Bar): void {
    const last = this.#bars.at(-1);
    if (last === undefined) {
      // Before the venue answered, a bar of ours would hide those before it.
      if (this.#exhausted) this.#bars.push(bar);
      return;
    }
    if (bar.openTime < (this.#bars[0]?.openTime ?? 0)) return;
    if (bar.openTime === last.openTime) {
      this.#bars[this.#bars.length - 1] = bar;
      return;
    }
    if (bar.openTime > last.openTime) {
      this.#bars.push(bar);
      // A bar that does not follow the last one: what is between must be asked for.
      if (bar.openTime - last.openTime > INTERVAL_MICROS[this.series.interval]) this.#restart();
      return;
    }
    const at = this.#bars.findLastIndex(({ openTime }) => openTime === bar.openTime);
    const known = this.#bars[at];
    if (known === undefined || isSame(known, bar)) return;
    this.#bars[at] = bar;
    this.epoch += 1;
  }

  #restart(): void {
    this.#bars = [];
    this.#exhausted = false;
    this.#restarts += 1;
    this.epoch += 1;
    void this.#load();
  }

  async #load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    while (!this.#exhausted && this.#bars.length < this.#wanted) {
      const oldest = this.#bars[0];
      const range = { limit: PAGE, ...(oldest && { endTime: oldest.openTime }) };
      const { instrument, interval } = this.series;
      const restarts = this.#restarts;
      const loaded = await this.#source.loadBars(instrument, interval, range);
      // A page from before everything was dropped would not reach up to now.
      if (restarts !== this.#restarts) continue;
      if (!loaded.ok) {
        this.#loading = false;
        this.#again = setTimeout(() => void this.#load(), ASK_AGAIN_MS);
        return;
      }
      this.#prepend(loaded.value);
    }
    this.#loading = false;
  }

  #prepend(page: readonly Bar[]): void {
    const first = this.#bars[0]?.openTime ?? unixMicros(Number.MAX_SAFE_INTEGER);
    const older = page.filter(({ openTime }) => openTime < first);
    this.#exhausted = older.length === 0;
    if (this.#exhausted) return;
    if (this.#bars.length === 0) this.#seen = 0;
    this.#bars = [...older, ...this.#bars];
    this.epoch += 1;
  }
}

function isSame(left: Bar, right: Bar): boolean {
  return (
    left.open === right.open &&
    left.high === right.high &&
    left.low === right.low &&
    left.close === right.close &&
    left.volume === right.volume
  );
}
