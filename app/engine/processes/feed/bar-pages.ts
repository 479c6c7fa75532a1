import { INTERVAL_MICROS, type Bar } from '../../domain/market.ts';
import { MICROS_A_DAY, STORED_INTERVAL } from '../../store/ticks/bar-store.ts';

const LENGTH = INTERVAL_MICROS[STORED_INTERVAL];

/** All minutes the venue has of a UTC day. */
export interface WholeDay {
  /** Days since the epoch. */
  readonly day: number;
  readonly minutes: readonly Bar[];
}

/** Puts pages of minutes together to whole days. It holds one run of time, to which pages are added at either end; a page elsewhere begins another run. */
export class BarPages {
  #bars: readonly Bar[] = [];
  #from = 0;
  #to = 0;

  /** Takes a page: all bars the venue has between its first and `end` (undefined: now). The days it completes, before `today`, oldest first. */
  add(page: readonly Bar[], end: number | undefined, today: number): readonly WholeDay[] {
    const bars = page.filter(({ closed }) => closed);
    const [first, last] = [bars[0], bars.at(-1)];
    if (first === undefined || last === undefined) return [];
    const from = first.openTime;
    // Of the last minute before a given end it is known that there is none after it.
    const to = end === undefined ? last.openTime + LENGTH : Math.max(end, last.openTime + LENGTH);
    const earlier = from < this.#from;
    this.#join(bars, from, to);
    return this.#wholeDays(today, earlier);
  }

  #join(bars: readonly Bar[], from: number, to: number): void {
    if (from > this.#to || to < this.#from) {
      this.#bars = bars;
      this.#from = from;
      this.#to = to;
      return;
    }
    const before = this.#bars.filter(({ openTime }) => openTime < from);
    const after = this.#bars.filter(({ openTime }) => openTime >= to);
    this.#bars = [...before, ...bars, ...after];
    this.#from = Math.min(this.#from, from);
    this.#to = Math.max(this.#to, to);
  }

  #wholeDays(today: number, earlier: boolean): WholeDay[] {
    const firstDay = Math.ceil(this.#from / MICROS_A_DAY);
    const endDay = Math.min(today, Math.floor(this.#to / MICROS_A_DAY));
    const days: WholeDay[] = [];
    for (let day = firstDay; day < endDay; day += 1) {
      const minutes = this.#between(day * MICROS_A_DAY, (day + 1) * MICROS_A_DAY);
      days.push({ day, minutes });
    }
    if (days.length === 0) return days;
    // What is left on the side that grows goes on; the other side would have to be asked for again.
    if (earlier) this.#to = firstDay * MICROS_A_DAY;
    else this.#from = endDay * MICROS_A_DAY;
    this.#bars = this.#between(this.#from, this.#to);
    return days;
  }

  #between(from: number, to: number): readonly Bar[] {
    return this.#bars.filter(({ openTime }) => openTime >= from && openTime < to);
  }
}
