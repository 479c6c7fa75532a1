import { expect, test } from 'vitest';
import {
  boundsOn,
  boundsToKeep,
  findDisplay,
  placeWindow,
  type DisplayNow,
  type Rectangle,
} from './displays.ts';

const BAR = 40;

function display(id: string, label: string, bounds: Rectangle, scale = 1): DisplayNow {
  const workArea = { ...bounds, top: bounds.top + BAR, height: bounds.height - BAR };
  return { id, label, bounds, workArea, scale };
}

const at = (left: number, top: number, width: number, height: number): Rectangle => ({
  left,
  top,
  width,
  height,
});
const LAPTOP = display('1', 'eDP-1', at(0, 0, 1920, 1080));
const WIDE = display('2', 'DELL U3423WE', at(1920, -200, 3440, 1440));
/** In the middle of the wide one. */
const CHART = at(2400, 0, 1200, 900);
const SAVED = boundsOn(CHART, WIDE, undefined);

test('a window comes back exactly where it was when its monitor is there', () => {
  expect(placeWindow(SAVED, [LAPTOP, WIDE], 0)).toEqual({
    rectangle: CHART,
    display: WIDE,
    home: true,
  });
});

test('it follows its monitor that stands elsewhere now', () => {
  const left = { ...WIDE, ...display('2', WIDE.label, at(-3440, 0, 3440, 1440)) };
  const { rectangle } = placeWindow(SAVED, [LAPTOP, left], 0);
  expect(rectangle).toEqual(at(CHART.left - 1920 - 3440, CHART.top + 200, 1200, 900));
});

test('without its monitor it is wholly on one that is left, and is not at home', () => {
  const placed = placeWindow(SAVED, [LAPTOP], 0);
  expect(placed).toMatchObject({ display: LAPTOP, home: false });
  const { left, top, width, height } = placed.rectangle;
  expect(left).toBeGreaterThanOrEqual(0);
  expect(top).toBeGreaterThanOrEqual(BAR);
  expect(left + width).toBeLessThanOrEqual(1920);
  expect(top + height).toBeLessThanOrEqual(1080);
});

test('a monitor at another scale keeps the part of it that the window covers', () => {
  const half = boundsOn(at(1920 + 1720, -160, 1720, 1400), WIDE, undefined);
  const scaled = display('2', WIDE.label, at(1920, -100, 1720, 720), 2);
  const { rectangle, home } = placeWindow(half, [LAPTOP, scaled], 0);
  expect(home).toBe(true);
  expect(rectangle.left).toBe(1920 + 860);
  expect(rectangle.width).toBe(860);
  expect(rectangle.top).toBeGreaterThanOrEqual(-100 + BAR);
});

const TWIN_LEFT = display('7', 'TWIN', at(0, 0, 2560, 1440));
const TWIN_RIGHT = display('8', 'TWIN', at(2560, 0, 2560, 1440));

test.each([
  ['its number', TWIN_RIGHT, [TWIN_LEFT, TWIN_RIGHT], '8'],
  [
    'its number, though the twins changed places',
    TWIN_RIGHT,
    [display('8', 'TWIN', TWIN_LEFT.bounds), display('7', 'TWIN', TWIN_RIGHT.bounds)],
    '8',
  ],
  [
    'its place, when twins have new numbers',
    TWIN_RIGHT,
    [display('17', 'TWIN', TWIN_LEFT.bounds), display('18', 'TWIN', TWIN_RIGHT.bounds)],
    '18',
  ],
  [
    'its name, when it has another number and size',
    WIDE,
    [LAPTOP, display('9', WIDE.label, at(1920, 0, 2560, 1080))],
    '9',
  ],
  [
    'its size and place, when nothing has a name',
    display('2', '', WIDE.bounds),
    [display('5', '', LAPTOP.bounds), display('6', '', WIDE.bounds)],
    '6',
  ],
  [
    'not a number that another monitor has now',
    WIDE,
    [display('2', 'BEAMER', at(0, 0, 1024, 768))],
    undefined,
  ],
  [
    'not the place that another monitor has now',
    WIDE,
    [LAPTOP, display('3', 'OTHER', WIDE.bounds)],
    undefined,
  ],
] as const)('a monitor is known by %s', (_, saved, displays, wanted) => {
  const { display: fingerprint } = boundsOn(saved.bounds, saved, undefined);
  expect(findDisplay(fingerprint, [...displays] as [DisplayNow, ...DisplayNow[]])?.id).toBe(wanted);
});

test('what a browser saved is found by the work area', () => {
  const { workArea } = WIDE;
  const saved = { ...at(2000, 0, 800, 600), display: { ...workArea, scale: 1 } };
  expect(placeWindow(saved, [LAPTOP, WIDE], 0)).toMatchObject({
    rectangle: at(2000, 0, 800, 600),
    home: true,
  });
});

test('windows that were never saved do not hide each other', () => {
  const places = [0, 1, 2].map((nth) => placeWindow(null, [LAPTOP], nth).rectangle.left);
  expect(new Set(places).size).toBe(3);
});

const ELSEWHERE = at(100, 100, 800, 600);

test('a window that was moved by hand is kept where it stands', () => {
  const standing = { rectangle: ELSEWHERE, display: LAPTOP, filling: undefined };
  const kept = boundsToKeep(standing, CHART, SAVED, [LAPTOP, WIDE]);
  expect(kept).toEqual(boundsOn(ELSEWHERE, LAPTOP, undefined));
  expect(boundsToKeep(standing, ELSEWHERE, null, [LAPTOP])).toEqual(kept);
});

test('one that fills the screen is kept as that, with what it goes back to', () => {
  const standing = { rectangle: CHART, display: WIDE, filling: 'maximized' as const };
  const kept = boundsToKeep(standing, CHART, SAVED, [LAPTOP, WIDE]);
  expect(kept).toMatchObject({ ...CHART, filling: 'maximized' });
});

test('where we put it is no wish, and while its monitor is away nothing is', () => {
  const moved = { rectangle: ELSEWHERE, display: LAPTOP, filling: undefined };
  expect(boundsToKeep(moved, ELSEWHERE, SAVED, [LAPTOP, WIDE])).toBeUndefined();
  expect(boundsToKeep(moved, CHART, SAVED, [LAPTOP])).toBeUndefined();
  // Kept, it would creep on at every start.
  const off = { rectangle: at(2405, 3, 1205, 905), display: WIDE, filling: undefined };
  expect(boundsToKeep(off, CHART, SAVED, [LAPTOP, WIDE])).toBeUndefined();
});
