import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barOf, logicalOf, timeOf } from './time-places.ts';

const bars = [60, 120, 180, 300].map((time) => ({ time }));

test.each([
  [60, 0],
  [90, 0.5],
  [240, 2.5],
  [300, 3],
  [420, 5],
  [0, -1],
])('the time %i has the place %d', (time, place) => {
  expect(logicalOf(time, bars, 60)).toBe(place);
});

test('a whole place and its time are each other\u2019s', () => {
  fc.assert(
    fc.property(fc.integer({ min: -50, max: 60 }), (place) => {
      const time = timeOf(place, bars, 60);
      expect(time === undefined ? undefined : logicalOf(time, bars, 60)).toBe(place);
    }),
  );
});

test.each([
  [59, undefined],
  [60, 60],
  [119, 60],
  [180, 180],
  [240, undefined],
  [359, 300],
  [360, undefined],
])('the time %i is in the bar of %s', (time, bar) => {
  expect(barOf(time, bars, 60)?.time).toBe(bar);
});

test('without bars nothing has a place', () => {
  expect(logicalOf(60, [], 60)).toBeUndefined();
  expect(timeOf(0, [], 60)).toBeUndefined();
});
