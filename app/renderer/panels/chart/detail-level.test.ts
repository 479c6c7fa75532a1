import fc from 'fast-check';
import { expect, test } from 'vitest';
import { INTERVAL_MICROS, INTERVALS } from '../../../engine/domain/market.ts';
import { detailLevel } from './detail-level.ts';

test.each([
  ['1m', '1m', 6, '1m'],
  ['1m', '1m', 1, '1m'],
  ['1m', '1m', 0.9, '5m'],
  ['1m', '1m', 0.3, '15m'],
  ['1m', '1m', 0.001, '1d'],
  ['1m', '5m', 4.5, '5m'],
  ['1m', '5m', 14, '5m'],
  ['1m', '5m', 15, '1m'],
  ['1h', '1d', 200, '1h'],
  ['1h', '1h', 0.9, '4h'],
  ['1d', '1d', 0.2, '1d'],
] as const)(
  'a chart of %s drawn as %s bars of %d pixels is drawn as %s',
  (own, shown, pixels, level) => {
    expect(detailLevel(own, shown, pixels)).toBe(level);
  },
);

test('a level is never finer than the chart\u2019s own, and stands once it is taken', () => {
  const someInterval = fc.constantFrom(...INTERVALS);
  fc.assert(
    fc.property(
      someInterval,
      fc.nat(5),
      fc.double({ min: 0.0005, max: 40, noNaN: true }),
      (own, up, pixels) => {
        const shown = INTERVALS[Math.min(INTERVALS.length - 1, INTERVALS.indexOf(own) + up)] ?? own;
        const level = detailLevel(own, shown, pixels);
        expect(INTERVAL_MICROS[level]).toBeGreaterThanOrEqual(INTERVAL_MICROS[own]);
        const width = (pixels * INTERVAL_MICROS[level]) / INTERVAL_MICROS[shown];
        expect(detailLevel(own, level, width)).toBe(level);
      },
    ),
  );
});
