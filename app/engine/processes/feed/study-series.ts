import type { StudyRows } from '../../api/feed-service.ts';
import type { Bar } from '../../domain/market.ts';
import type { StudySpec } from '../../domain/study.ts';
import { STUDY_BAR_FIELDS, StudyRun } from '../../native/compute/study.ts';
import type { BarHistory } from './bar-history.ts';

/** Bars before the first that is shown: a day of minutes, in which also slow averages forget where they began. */
const WARM_UP = 1500;

/** A study over the newest bars of a history, told as far as it is new. Prices and quantities are mantissas. */
export class StudySeries {
  readonly #history: BarHistory;
  readonly #spec: StudySpec;
  readonly #shown: number;
  #run: StudyRun;
  /** Values of the bars that were counted, a row each, and how many bars these are. */
  #values: number[] = [];
  #counted = 0;
  #epoch = -1;
  #newest: Bar | undefined;
  /** Opening of the first bar whose values were told; undefined before any was. */
  #from: number | undefined;

  /** Over the newest `shown` bars of now and what follows. */
  constructor(history: BarHistory, spec: StudySpec, shown: number) {
    this.#history = history;
    this.#spec = spec;
    this.#shown = shown;
    this.#run = new StudyRun(spec);
    history.reach(shown + WARM_UP);
  }

  /** What changed since the last time; undefined when nothing did, or the bars are not loaded. */
  take(): Omit<StudyRows, 'subscription'> | undefined {
    this.#history.refresh();
    if (!this.#history.ready) return undefined;
    const { bars, epoch } = this.#history;
    const newest = bars.at(-1);
    if (newest === undefined || (epoch === this.#epoch && newest === this.#newest))
      return undefined;
    const before = this.#counted;
    const changed = epoch === this.#epoch ? before : this.#countAnew(bars);
    this.#epoch = epoch;
    this.#newest = newest;
    this.#count(bars.slice(this.#counted, -1));
    const live = [...this.#run.peek(rowsOf([newest]))];
    const whole = this.#from === undefined;
    this.#from ??= bars[Math.max(0, bars.length - this.#shown)]?.openTime ?? newest.openTime;
    const from = this.#from;
    const told = bars.findIndex(({ openTime }) => openTime >= from);
    return this.#rows(bars, whole ? told : Math.max(changed, told), live, whole);
  }

  /** Counts everything again; gives the place of the first bar whose values are others than before. */
  #countAnew(bars: readonly Bar[]): number {
    const before = this.#values;
    const told = this.#counted;
    const { outputs } = this.#run;
    this.#run = new StudyRun(this.#spec);
    this.#values = [];
    this.#counted = 0;
    this.#count(bars.slice(0, -1));
    // Older bars were added in front: their number is the difference.
    if (this.#counted !== told) return 0;
    const at = this.#values.findIndex((value, index) => !Object.is(value, before[index]));
    return at < 0 ? this.#counted : Math.floor(at / outputs);
  }

  #count(bars: readonly Bar[]): void {
    if (bars.length === 0) return;
    for (const value of this.#run.commit(rowsOf(bars))) this.#values.push(value);
    this.#counted += bars.length;
  }

  #rows(
    bars: readonly Bar[],
    first: number,
    live: readonly number[],
    whole: boolean,
  ): Omit<StudyRows, 'subscription'> {
    const { outputs } = this.#run;
    const columns: (number | null)[][] = Array.from({ length: outputs }, () => []);
    const times = bars.slice(first).map(({ openTime }) => openTime);
    for (let at = first; at < bars.length; at += 1) {
      for (const [output, column] of columns.entries()) {
        const value = at < this.#counted ? this.#values[at * outputs + output] : live[output];
        column.push(value === undefined || !Number.isFinite(value) ? null : value);
      }
    }
    return { whole, times, columns };
  }
}

function rowsOf(bars: readonly Bar[]): Float64Array {
  const rows = new Float64Array(bars.length * STUDY_BAR_FIELDS);
  for (const [at, { openTime, open, high, low, close, volume }] of bars.entries()) {
    rows.set([openTime / 1_000_000, open, high, low, close, volume], at * STUDY_BAR_FIELDS);
  }
  return rows;
}
