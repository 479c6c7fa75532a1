import { expect, test } from 'vitest';
import { spanWords } from './chart-words.ts';

test.each([
  [100, 101.24, 720, '+1.24 (+1.24 %), 12 bars, 12 min'],
  [100, 98, 90_000, '\u22122.00 (\u22122.00 %), 1500 bars, 1 d 1 h'],
  [100, 100, 60, '+0.00 (0.00 %), 1 bar, 1 min'],
  [100, 100, -120, '+0.00 (0.00 %), \u22122 bars, 2 min'],
  [0, 5, 0, '+5.00, 0 bars, 0 min'],
])('from %d to %d in %i s: %s', (from, to, seconds, words) => {
  const begin = { time: 600_000, price: from };
  expect(spanWords(begin, { time: 600_000 + seconds, price: to }, 60, 2)).toBe(words);
});
