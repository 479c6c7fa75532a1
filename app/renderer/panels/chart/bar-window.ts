import type { Instrument } from '../../../engine/domain/instrument.ts';
import { INTERVAL_MICROS, type Interval } from '../../../engine/domain/market.ts';
import type { UnixMicros } from '../../../engine/domain/time.ts';
import type { ChartBar } from '../../charts/chart-bar.ts';
import type { BarRow, MarketStore } from '../../state/market-store.ts';
import { chartBar, mergeBars } from './chart-data.ts';

/** Bars of the first load and of each load of more; the most that the feed gives at once for another level. */
const PAGE = 500;
const LEVEL_PAGE = 1000;
/** Bars kept: drawing slows with the number loaded. */
export const MOST_BARS = 6000;

/** What a window of bars tells its chart. */
export interface BarWindowHandlers {
  /** Nothing is there yet. */
  readonly onLoading: () => void;
  readonly onFailed: (message: string) => void;
  /** Other bars; `seen` are the times that were looked for, undefined for the newest or what is in sight. */
  readonly onBars: (seen: TimeSpan | 'newest' | 'same') => void;
  /** A load of more bars has ended: what waited for it may be asked now. */
  readonly onIdle: () => void;
  /** The newest bar is another one. */
  readonly onUpdate: (bar: ChartBar) => void;
}

/** Where bars come from. */
export type BarSource = Pick<MarketStore, 'loadBars' | 'onBars'>;

/** Seconds from and to. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** The run of bars that a chart holds: at the detail that fits, as far as was looked at, never more than `MOST_BARS`. */
export class BarWindow {
  readonly #market: BarSource;
  readonly #instrument: Instrument;
  readonly #handlers: BarWindowHandlers;
  #level: Interval;
  #bars: readonly ChartBar[] = [];
  /** Ends with the newest bar there is. */
  #live = false;
  #early: BarRow[] = [];
  #exhausted = false;
  /** Counts loads: an answer to an earlier one is dropped. */
  #asked = 0;
  #loading = false;
  #loaded = false;
  #end: () => void;

  constructor(
    market: BarSource,
    instrument: Instrument,
    interval: Interval,
    handlers: BarWindowHandlers,
  ) {
    this.#market = market;
    this.#instrument = instrument;
    this.#level = interval;
    this.#handlers = handlers;
    this.#end = this.#listen();
  }

  /** The interval of its bars. */
  get level(): Interval {
    return this.#level;
  }

  get levelSeconds(): number {
    return INTERVAL_MICROS[this.#level] / 1_000_000;
  }

  get bars(): readonly ChartBar[] {
    return this.#bars;
  }

  /** True when the newest bar there is is in it. */
  get live(): boolean {
    return this.#live;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  /** Loads the newest bars. */
  async loadNewest(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    if (!this.#loaded) this.#handlers.onLoading();
    const answer = await this.#market.loadBars(this.#instrument.id, this.#level, PAGE);
    if (asked !== this.#asked) return;
    if (!answer.ok) {
      this.#handlers.onFailed(answer.error.message);
      return;
    }
    this.#become(answer.value, true);
    this.#handlers.onBars('newest');
  }

  /** Takes bars of another interval for the times that are looked at. */
  async show(level: Interval, seen: TimeSpan): Promise<void> {
    if (this.#loading || !this.#loaded) return;
    this.#loading = true;
    this.#asked += 1;
    const asked = this.#asked;
    const span = Math.max(1, seen.to - seen.from);
    const newest = this.#live ? (this.#bars.at(-1)?.time ?? seen.to) : Date.now() / 1000;
    const live = seen.to + span >= newest;
    const end = live ? undefined : Math.round((seen.to + span) * 1_000_000);
    const rows = await this.#load(level, seen.from - span, end);
    this.#loading = false;
    if (asked !== this.#asked || rows === undefined) return;
    this.#level = level;
    this.#end();
    this.#early = [];
    this.#end = this.#listen();
    this.#become(rows, live);
    this.#handlers.onBars(seen);
  }

  /** Loads bars before the first. */
  async loadOlder(): Promise<void> {
    const oldest = this.#bars[0];
    if (!this.#loaded || this.#loading || this.#exhausted || oldest === undefined) return;
    const older = await this.#more((oldest.time * 1_000_000 - 1) as UnixMicros);
    if (older !== undefined) this.#prepend(older);
    this.#handlers.onIdle();
  }

  /** Loads bars after the last, where that is not the newest. */
  async loadNewer(): Promise<void> {
    const newest = this.#bars.at(-1);
    if (!this.#loaded || this.#loading || this.#live || newest === undefined) return;
    const end = (newest.time + PAGE * this.levelSeconds) * 1_000_000;
    const newer = await this.#more(end as UnixMicros);
    if (newer !== undefined) this.#append(newer, newest.time);
    this.#handlers.onIdle();
  }

  dispose(): void {
    this.#asked += 1;
    this.#end();
  }

  #prepend(older: readonly ChartBar[]): void {
    const merged = mergeBars(older, this.#bars);
    this.#exhausted = merged.length === this.#bars.length;
    if (this.#exhausted) return;
    this.#live &&= merged.length <= MOST_BARS;
    this.#bars = merged.slice(0, MOST_BARS);
    this.#handlers.onBars('same');
  }

  #append(newer: readonly ChartBar[], newest: number): void {
    const merged = mergeBars(newer, this.#bars);
    const last = newer.at(-1)?.time ?? newest;
    // Fewer than were asked for: there are no more.
    this.#live = last < newest + (PAGE - 1) * this.levelSeconds;
    this.#exhausted &&= merged.length <= MOST_BARS;
    this.#bars = merged.slice(-MOST_BARS);
    this.#handlers.onBars('same');
  }

  #listen(): () => void {
    return this.#market.onBars(this.#instrument.id, this.#level, (row) => this.#take(row));
  }

  async #more(end: UnixMicros): Promise<readonly ChartBar[] | undefined> {
    this.#loading = true;
    const asked = this.#asked;
    const answer = await this.#market.loadBars(this.#instrument.id, this.#level, PAGE, end);
    this.#loading = false;
    if (asked !== this.#asked || !answer.ok) return undefined;
    return answer.value.map((row) => chartBar(row, this.#instrument));
  }

  /** Bars from a time (seconds) on, up to `end` or now, at most as many as are kept. */
  async #load(
    level: Interval,
    from: number,
    end: number | undefined,
  ): Promise<readonly BarRow[] | undefined> {
    let rows: readonly BarRow[] = [];
    let before = end;
    while (rows.length < MOST_BARS) {
      const answer = await this.#market.loadBars(
        this.#instrument.id,
        level,
        LEVEL_PAGE,
        before as UnixMicros | undefined,
      );
      if (!answer.ok) return undefined;
      rows = [...answer.value, ...rows];
      const oldest = answer.value[0]?.[0];
      if (oldest === undefined || oldest <= from * 1_000_000) break;
      before = oldest - 1;
    }
    return rows.length === 0 ? undefined : rows;
  }

  #become(rows: readonly BarRow[], live: boolean): void {
    this.#bars = rows.map((row) => chartBar(row, this.#instrument)).slice(-MOST_BARS);
    this.#live = live;
    this.#loaded = true;
    this.#exhausted = false;
    const early = this.#early;
    this.#early = [];
    for (const row of early) this.#bars = mergeBars(this.#bars, [chartBar(row, this.#instrument)]);
  }

  #take(row: BarRow): void {
    if (!this.#loaded) {
      this.#early.push(row);
      return;
    }
    if (!this.#live) return;
    const bar = chartBar(row, this.#instrument);
    const last = this.#bars.at(-1);
    if (last !== undefined && bar.time < last.time) {
      this.#bars = mergeBars(this.#bars, [bar]);
      this.#handlers.onBars('same');
      return;
    }
    const same = last?.time === bar.time;
    this.#bars = same ? this.#bars.with(-1, bar) : [...this.#bars, bar];
    if (this.#bars.length > MOST_BARS + PAGE) {
      this.#bars = this.#bars.slice(-MOST_BARS);
      this.#exhausted = false;
      this.#handlers.onBars('same');
      return;
    }
    // The first bar of all: until now the chart was empty and said so.
    if (last === undefined) this.#handlers.onBars('newest');
    else this.#handlers.onUpdate(bar);
  }
}
