import { expect, test } from 'vitest';
import { roundPercents } from './percent-marks.ts';

test.each([
  [-0.62, 0.41, 8, [-0.6, -0.4, -0.2, 0, 0.2, 0.4]],
  [-3.1, 12.4, 6, [0, 5, 10]],
  [0.113, 0.187, 20, [0.12, 0.13, 0.14, 0.15, 0.16, 0.17, 0.18]],
  [-40, 260, 5, [0, 100, 200]],
])('between %d and %d percent, at most %d: %j', (from, to, most, marks) => {
  expect(roundPercents(from, to, most)).toEqual(marks);
});

test('never two marks of the same text, nor more than there is room for', () => {
  for (const span of [0.004, 0.05, 0.3, 1.7, 9, 99, 1234]) {
    for (const most of [1, 3, 10, 25]) {
      const marks = roundPercents(-span / 3, span, most);
      expect(marks.length).toBeLessThanOrEqual(most);
      expect(new Set(marks.map((mark) => mark.toFixed(2))).size).toBe(marks.length);
    }
  }
});

test('no marks where nothing is in sight', () => {
  expect(roundPercents(1, 1, 9)).toEqual([]);
  expect(roundPercents(Number.NaN, 1, 9)).toEqual([]);
  expect(roundPercents(0, Number.POSITIVE_INFINITY, 9)).toEqual([]);
});
