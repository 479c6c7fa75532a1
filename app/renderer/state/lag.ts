/** A longer silence of a side that speaks every second is a lag too. */
const SILENCE_MICROS = 2_000_000;

/** Whether the other side speaks all the time or only of what changes. */
export type Habit = 'every second' | 'when it has news';

/** How old what a window shows is, by the times that the engine's messages carry. The two clocks need not agree: the quickest message so far is taken for on time. */
export class Lag {
  readonly #habit: Habit;
  #least = Number.POSITIVE_INFINITY;
  #last = 0;
  #shownAt: number | undefined;

  constructor(habit: Habit) {
    this.#habit = habit;
  }

  /** What the engine said at `at` (its clock) is shown at `now` (the window's), both in microseconds. */
  shown(at: number, now: number): void {
    const travelled = now - at;
    this.#least = Math.min(this.#least, travelled);
    this.#last = travelled - this.#least;
    this.#shownAt = now;
  }

  /** The connection is another one: nothing is known of it. */
  reset(): void {
    this.#least = Number.POSITIVE_INFINITY;
    this.#last = 0;
    this.#shownAt = undefined;
  }

  /** Microseconds by which what is shown lags behind the engine; 0 while nothing was heard on this connection. */
  behind(now: number): number {
    if (this.#shownAt === undefined) return 0;
    const silence = now - this.#shownAt;
    if (silence <= SILENCE_MICROS) return this.#last;
    return this.#habit === 'every second' ? this.#last + silence : 0;
  }
}
