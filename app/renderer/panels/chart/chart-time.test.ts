import { beforeEach, expect, test, vi } from 'vitest';
import type { UnixMicros } from '../../../engine/domain/time.ts';
import { Links, type Chosen } from '../../state/links.ts';
import type { TimeSpan } from './bar-window.ts';
import { ChartTime } from './chart-time.ts';

const HOUR = 3600;
const NEWEST = 100 * HOUR;

/** A chart as its place in time is seen: it holds bars from 50 h to 100 h. */
class Drawn {
  readonly host = new EventTarget() as HTMLElement;
  readonly calls: string[] = [];
  readonly time: ChartTime;
  sight: TimeSpan = { from: 80 * HOUR, to: NEWEST };
  loaded = { from: 50 * HOUR, to: NEWEST, live: true };
  pointed: number | undefined;

  constructor(links: Links, panel: string, barSeconds: number) {
    this.time = new ChartTime(this.host, links.panel(panel), {
      loaded: () => this.loaded,
      sight: () => this.sight,
      barSeconds: () => barSeconds,
      showTimes: (span) => this.#move('show', span),
      load: (span) => this.#move('load', span),
      toNewest: () => this.#move('newest', { from: NEWEST - 20 * HOUR, to: NEWEST }),
      point: (time) => (this.pointed = time),
    });
  }

  /** A hand scrolls so that this is the last time in sight. */
  scroll(to: number): void {
    this.host.dispatchEvent(new Event('wheel'));
    this.#see(to);
  }

  #see(to: number): void {
    this.sight = { from: to - 20 * HOUR, to };
    this.time.seen(this.sight);
  }

  #move(how: string, { to }: TimeSpan): void {
    this.calls.push(`${how} ${to / HOUR}`);
    this.#see(to);
  }
}

let frames: (() => void)[] = [];
beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
});

/** The pictures that a movement was waiting for. */
function paint(): void {
  while (frames.length > 0) frames.shift()?.();
}

function pair(): {
  readonly links: Links;
  readonly hours: Drawn;
  readonly days: Drawn;
  readonly told: Chosen[];
} {
  const told: Chosen[] = [];
  const links = new Links((_group, choice) => {
    told.push(choice);
    return true;
  });
  const link = { group: 6, role: 'both', what: ['time'] } as const;
  links.configure(
    new Map([
      ['hours', { ...link, what: [...link.what] }],
      ['days', { ...link, what: [...link.what] }],
    ]),
  );
  const hours = new Drawn(links, 'hours', HOUR);
  const days = new Drawn(links, 'days', 24 * HOUR);
  return { links, hours, days, told };
}

test('a chart that is scrolled takes the others along, which tell nothing themselves', () => {
  const { hours, days, told } = pair();
  hours.scroll(60 * HOUR);
  expect(days.calls).toEqual(['show 60']);
  expect(told).toEqual([{ seen: 60 * HOUR * 1e6 }]);
  hours.scroll(70 * HOUR);
  expect(days.calls).toEqual(['show 60']);
  hours.scroll(NEWEST + HOUR);
  expect(days.calls).toEqual(['show 60', 'newest 100']);
  expect(hours.calls).toEqual([]);
});

test('what moves by itself, a load or a new bar, is told nobody', () => {
  const { hours, days, told } = pair();
  hours.scroll(NEWEST);
  paint();
  hours.time.seen({ from: 0, to: 60 * HOUR });
  expect([told, days.calls]).toEqual([[], []]);
});

test('a time before the bars there are is loaded once', () => {
  const { hours, days } = pair();
  hours.loaded = { ...hours.loaded, from: 0 };
  hours.scroll(10 * HOUR);
  expect(days.calls).toEqual(['load 10']);
  days.sight = { from: 80 * HOUR, to: NEWEST };
  days.time.drawn(true);
  expect(days.calls).toEqual(['load 10']);
  days.loaded = { ...days.loaded, from: 0 };
  days.time.drawn(true);
  expect(days.calls).toEqual(['load 10', 'show 10']);
});

test('the crosshair is followed by who the pointer is not on, and goes when the pointer goes', () => {
  const { hours, days } = pair();
  hours.host.dispatchEvent(new Event('pointermove'));
  hours.time.pointed(70 * HOUR, false);
  expect(days.pointed).toBe(70 * HOUR);
  days.time.pointed(69 * HOUR, false);
  expect(hours.pointed).toBeUndefined();
  hours.host.dispatchEvent(new Event('pointerleave'));
  expect(days.pointed).toBeUndefined();
  days.time.pointed(60 * HOUR, true);
  expect(hours.pointed).toBe(60 * HOUR);
});

test('a chart that is drawn anew goes where its group looks', () => {
  const { links, days } = pair();
  links.hear(6, { seen: (60 * HOUR * 1e6) as UnixMicros, pointed: 5e6 as UnixMicros }, false);
  days.sight = { from: 80 * HOUR, to: NEWEST };
  days.time.drawn(true);
  expect(days.calls).toEqual(['show 60', 'show 60']);
  expect(days.pointed).toBe(5);
});
