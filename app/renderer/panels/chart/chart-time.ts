import type { UnixMicros } from '../../../engine/domain/time.ts';
import type { Choice, Link } from '../../state/links.ts';
import type { TimeSpan } from './bar-window.ts';

/** What of a chart is needed to look at another time. All times in seconds. */
export interface TimedChart {
  /** First and last bar there are; `live` when the last is the newest of the market. */
  readonly loaded: () => (TimeSpan & { readonly live: boolean }) | undefined;
  /** What is in sight; undefined before anything is. */
  readonly sight: () => TimeSpan | undefined;
  readonly barSeconds: () => number;
  readonly showTimes: (span: TimeSpan) => void;
  /** Loads bars around times and shows them. */
  readonly load: (span: TimeSpan) => void;
  readonly toNewest: () => void;
  /** Puts the crosshair on the bar of a time; nowhere when undefined or where no bar is. */
  readonly point: (time: number | undefined) => void;
}

/** Joins a chart's place in time and its crosshair to its link: only what a hand did is told, so that charts that follow each other stand still. */
export class ChartTime {
  readonly #link: Link;
  readonly #chart: TimedChart;
  readonly #ended = new AbortController();
  readonly #unlisten: () => void;
  /** A hand moved the chart, and the picture after it is still to come. */
  #moving = false;
  /** For what bars were loaded last: a market that has none there is not asked again. */
  #loaded: UnixMicros | null = null;
  /** The pointer is on the chart: the crosshair is its own. */
  #inside = false;

  constructor(host: HTMLElement, link: Link, chart: TimedChart) {
    this.#link = link;
    this.#chart = chart;
    const { signal } = this.#ended;
    // Before the chart sees it: what it shows in answer is what the hand wanted.
    const options = { capture: true, passive: true, signal };
    host.addEventListener('wheel', () => this.byHand(), options);
    host.addEventListener('touchmove', () => this.byHand(), options);
    host.addEventListener(
      'pointermove',
      ({ buttons }) => {
        this.#inside = true;
        if (buttons !== 0) this.byHand();
      },
      options,
    );
    host.addEventListener('pointerleave', () => this.#leave(), { signal });
    this.#unlisten = link.store.subscribe((now, before) => {
      // Who is no longer linked stays where it is.
      if (now.seen !== before.seen && link.carries('time')) this.#follow(now);
      if (now.pointed !== before.pointed && !this.#inside) this.#point(now);
    });
  }

  /** What comes into sight with the next pictures is what a hand wanted. */
  byHand(): void {
    this.#moving = true;
    requestAnimationFrame(() => requestAnimationFrame(() => (this.#moving = false)));
  }

  /** Bars were drawn; `elsewhere` when not around what was in sight. */
  drawn(elsewhere: boolean): void {
    const now = this.#link.store.getState();
    if (elsewhere && now.seen !== null) this.#follow(now);
    if (now.pointed !== null && !this.#inside) this.#point(now);
  }

  /** The newest bar was asked for. */
  toNewest(): void {
    this.#link.choose({ seen: null });
  }

  /** Other times are in sight. */
  seen({ to }: TimeSpan): void {
    // The crosshair stays at its place on the screen: the bar that is pointed at is elsewhere now.
    const now = this.#link.store.getState();
    if (now.pointed !== null && !this.#inside) this.#point(now);
    const loaded = this.#chart.loaded();
    if (!this.#moving || loaded === undefined) return;
    const newest = loaded.live && to >= loaded.to;
    const { seen } = now;
    if (newest ? seen === null : this.#isAt(seen, to)) return;
    // Where a longer bar ends is not told to charts that look more closely.
    if (newest && this.#isAt(seen, loaded.to)) return;
    this.#link.choose({ seen: newest ? null : micros(to) });
  }

  /** The crosshair stands on a bar, by the pointer or by a key. */
  pointed(time: number | undefined, byKey: boolean): void {
    if (!byKey && !this.#inside) return;
    this.#link.choose({ pointed: time === undefined ? null : micros(time) });
  }

  dispose(): void {
    this.#unlisten();
    if (this.#inside) this.#leave();
    this.#ended.abort();
  }

  #leave(): void {
    this.#inside = false;
    this.#link.choose({ pointed: null });
  }

  #isAt(seen: UnixMicros | null, time: number): boolean {
    return seen !== null && Math.abs(seen / 1e6 - time) < this.#chart.barSeconds();
  }

  #point({ pointed }: Choice): void {
    this.#chart.point(pointed === null ? undefined : pointed / 1e6);
  }

  #follow({ seen }: Choice): void {
    const loaded = this.#chart.loaded();
    const sight = this.#chart.sight();
    // What is loading asks again when it is drawn.
    if (loaded === undefined || sight === undefined) return;
    if (seen === null) {
      if (!loaded.live || sight.to < loaded.to) this.#chart.toNewest();
      return;
    }
    if (this.#isAt(seen, sight.to)) return;
    const to = seen / 1e6;
    const span = { from: to - (sight.to - sight.from), to };
    const there = span.to >= loaded.from && (loaded.live || span.to <= loaded.to);
    if (there) this.#chart.showTimes(span);
    else if (this.#loaded !== seen) {
      this.#loaded = seen;
      this.#chart.load(span);
    }
  }
}

function micros(seconds: number): UnixMicros {
  return Math.round(seconds * 1e6) as UnixMicros;
}
