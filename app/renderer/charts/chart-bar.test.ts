import { expect, test } from 'vitest';
import { heikinAshi, heikinAshiBars, type ChartBar } from './chart-bar.ts';
import { shadedDays } from './session-shade.ts';

function bar(time: number, open: number, high: number, low: number, close: number): ChartBar {
  return { time, open, high, low, close, volume: 1 };
}

const BARS = [bar(0, 10, 14, 8, 12), bar(60, 12, 13, 11, 11), bar(120, 11, 20, 11, 18)];

test('a Heikin-Ashi bar opens in the middle of the body before and closes at the bar\u2019s mean', () => {
  const drawn = heikinAshiBars(BARS);
  expect(drawn.map(({ open, high, low, close }) => [open, high, low, close])).toEqual([
    [11, 14, 8, 11],
    [11, 13, 11, 11.75],
    [11.375, 20, 11, 15],
  ]);
  expect(drawn.map(({ time, volume }) => [time, volume])).toEqual([
    [0, 1],
    [60, 1],
    [120, 1],
  ]);
});

test('the newest Heikin-Ashi bar follows from the one before it alone', () => {
  const drawn = heikinAshiBars(BARS);
  expect(heikinAshi(bar(120, 11, 20, 11, 18), drawn[1])).toEqual(drawn[2]);
});

test('every other day is shaded, from the one that the first bar is in', () => {
  const day = 86_400;
  expect(shadedDays(20_000 * day + 5, 20_003 * day)).toEqual([20_000 * day, 20_002 * day]);
  expect(shadedDays(20_001 * day, 20_001 * day + 60)).toEqual([]);
});
