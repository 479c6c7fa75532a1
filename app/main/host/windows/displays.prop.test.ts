import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WindowBounds } from '../../../engine/api/workspace.ts';
import {
  boundsOn,
  isReachable,
  placeWindow,
  type DisplayNow,
  type Displays,
  type Rectangle,
} from './displays.ts';

const rectangle = fc.record({
  left: fc.integer({ min: -10_000, max: 10_000 }),
  top: fc.integer({ min: -10_000, max: 10_000 }),
  width: fc.integer({ min: 1, max: 8000 }),
  height: fc.integer({ min: 1, max: 8000 }),
});
const scale = fc.constantFrom(1, 1.25, 1.5, 2, 3);
const label = fc.constantFrom('', 'DELL', 'LG', 'TWIN');

interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly bar: number;
  readonly scale: number;
  readonly label: string;
  readonly id: number;
}

const drawn = fc.record<Drawn>({
  width: fc.integer({ min: 640, max: 7680 }),
  height: fc.integer({ min: 480, max: 4320 }),
  top: fc.integer({ min: -2000, max: 2000 }),
  bar: fc.integer({ min: 0, max: 80 }),
  scale,
  label,
  id: fc.integer({ min: 0, max: 5 }),
});

/** Displays side by side, as a desktop has them: none covers another, each has a number of its own. */
function desktop(all: readonly Drawn[]): Displays {
  let left = 0;
  const displays = all.map(({ width, height, top, bar, scale: factor, label: name, id }, index) => {
    const bounds = { left, top, width, height };
    left += width;
    const workArea = { ...bounds, top: top + bar, height: height - bar };
    return { id: String(id + 10 * index), label: name, bounds, workArea, scale: factor };
  });
  return displays as unknown as Displays;
}

const desktops = fc.array(drawn, { minLength: 1, maxLength: 4 }).map(desktop);

const saved: fc.Arbitrary<WindowBounds | null> = fc.option(
  fc
    .record({
      window: rectangle,
      display: rectangle,
      scale,
      id: fc.option(fc.string({ maxLength: 3 }), { nil: undefined }),
      label: fc.option(label, { nil: undefined }),
    })
    .map(({ window, display, scale: factor, id, label: name }) => ({
      ...window,
      display: {
        ...display,
        scale: factor,
        ...(id === undefined ? {} : { id }),
        ...(name === undefined || name === '' ? {} : { label: name }),
      },
    })),
);

const isInside = (inner: Rectangle, outer: Rectangle): boolean =>
  inner.left >= outer.left &&
  inner.top >= outer.top &&
  inner.left + inner.width <= outer.left + outer.width &&
  inner.top + inner.height <= outer.top + outer.height;

/** A window somewhere on one of the displays. */
const standing = fc
  .record({
    displays: desktops,
    which: fc.nat(3),
    part: fc.record({ x: fc.nat(100), y: fc.nat(100), w: fc.nat(100), h: fc.nat(100) }),
  })
  .map(({ displays, which, part }) => {
    const on = displays[which % displays.length] ?? displays[0];
    const { left, top, width, height } = on.workArea;
    const wide = Math.max(200, Math.floor((width * part.w) / 100));
    const high = Math.max(200, Math.floor((height * part.h) / 100));
    const window = {
      left: left + Math.floor(((width - wide) * part.x) / 100),
      top: top + Math.floor(((height - high) * part.y) / 100),
      width: wide,
      height: high,
    };
    return { displays, on, window };
  });

/** The others of a desktop, or one that stands alone for what is left. */
function without(displays: Displays, gone: DisplayNow): Displays {
  const left = displays.filter((display) => display !== gone);
  const stranger: DisplayNow = {
    id: 'stranger',
    label: 'STRANGER',
    bounds: { left: 0, top: 0, width: 1280, height: 720 },
    workArea: { left: 0, top: 30, width: 1280, height: 690 },
    scale: 1,
  };
  return left.length === 0 ? [stranger] : (left as unknown as Displays);
}

test('whatever was saved and whatever displays there are, the title bar can be reached', () => {
  fc.assert(
    fc.property(saved, desktops, fc.nat(40), (bounds, displays, nth) => {
      const placed = placeWindow(bounds, displays, nth);
      expect(isReachable(placed.rectangle, displays)).toBe(true);
      if (!placed.home) expect(isInside(placed.rectangle, placed.display.workArea)).toBe(true);
    }),
  );
});

test('a window that stands on a display comes back to the pixel', () => {
  fc.assert(
    fc.property(standing, ({ displays, on, window }) => {
      const placed = placeWindow(boundsOn(window, on, undefined), displays, 0);
      expect(placed).toEqual({ rectangle: window, display: on, home: true });
    }),
  );
});

test('unplugged it is inside another display, plugged in again it is where it was, in any order of the displays', () => {
  fc.assert(
    fc.property(standing, fc.nat(5), ({ displays, on, window }, turn) => {
      const bounds = boundsOn(window, on, undefined);
      const left = without(displays, on);
      const away = placeWindow(bounds, left, 0);
      expect(left).toContain(away.display);
      expect(isReachable(away.rectangle, left)).toBe(true);
      const order = [
        ...displays.slice(turn % displays.length),
        ...displays.slice(0, turn % displays.length),
      ];
      const back = placeWindow(bounds, order as unknown as Displays, 0);
      expect(back).toEqual({ rectangle: window, display: on, home: true });
    }),
  );
});

test('it moves along with its display, and a scale that comes back brings back its place', () => {
  fc.assert(
    fc.property(standing, rectangle, scale, ({ displays, on, window }, by, factor) => {
      const bounds = boundsOn(window, on, undefined);
      const shift = ({ left, top, width, height }: Rectangle): Rectangle => ({
        left: left + by.left,
        top: top + by.top,
        width,
        height,
      });
      const moved = { ...on, bounds: shift(on.bounds), workArea: shift(on.workArea) };
      expect(placeWindow(bounds, [moved], 0).rectangle).toEqual(shift(window));
      const divide = ({ left, top, width, height }: Rectangle): Rectangle => ({
        left,
        top,
        width: Math.max(640, Math.floor(width / factor)),
        height: Math.max(480, Math.floor(height / factor)),
      });
      const other = {
        ...on,
        bounds: divide(on.bounds),
        workArea: divide(on.bounds),
        scale: factor,
      };
      expect(isReachable(placeWindow(bounds, [other], 0).rectangle, [other])).toBe(true);
      expect(placeWindow(bounds, displays, 0).rectangle).toEqual(window);
    }),
  );
});
