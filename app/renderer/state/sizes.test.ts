import fc from 'fast-check';
import { expect, test } from 'vitest';
import { price, quantity } from '../../engine/domain/price.ts';
import { defaultSize, nextSize, sizePresets } from './sizes.ts';
import { SOL } from './testdata.ts';

test('sizes are neighbours of 1, 2, 5 around a thousand quote units', () => {
  // 1000 / 187.40 = 5.3, so 5.000 stands in the middle.
  expect(sizePresets(SOL, price(18_740))).toEqual([1000, 2000, 5000, 10_000, 20_000]);
  expect(defaultSize(SOL, price(18_740))).toBe(5000);
});

test('every size can be traded, whatever the price', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 50 }), fc.constantFrom(1, 7, 1000), (at, step) => {
      const coarse = { ...SOL, stepSize: quantity(step), minQuantity: quantity(step * 3) };
      for (const size of sizePresets(coarse, price(at))) {
        expect(size % step).toBe(0);
        expect(size).toBeGreaterThanOrEqual(step * 3);
        expect(size).toBeLessThanOrEqual(coarse.maxQuantity);
      }
    }),
  );
});

test('the next size is the next of the series, from between two as well', () => {
  expect(nextSize(SOL, quantity(5000), 1)).toBe(10_000);
  expect(nextSize(SOL, quantity(5000), -1)).toBe(2000);
  expect(nextSize(SOL, quantity(7000), 1)).toBe(10_000);
  expect(nextSize(SOL, quantity(7000), -1)).toBe(5000);
  expect(nextSize(SOL, SOL.minQuantity, -1)).toBe(SOL.minQuantity);
  expect(nextSize(SOL, SOL.maxQuantity, 1)).toBe(SOL.maxQuantity);
});

test('up and down by the series stay tradable and go their way, or stand', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 10 ** 9 }), fc.constantFrom(1, 7, 1000), (raw, step) => {
      const coarse = { ...SOL, stepSize: quantity(step), minQuantity: quantity(step * 3) };
      const size = quantity(Math.min(SOL.maxQuantity, Math.max(step * 3, raw - (raw % step))));
      const up = nextSize(coarse, size, 1);
      const down = nextSize(coarse, size, -1);
      expect(up).toBeGreaterThanOrEqual(size);
      expect(down).toBeLessThanOrEqual(size);
      expect(up).toBeLessThanOrEqual(coarse.maxQuantity);
      expect(down).toBeGreaterThanOrEqual(coarse.minQuantity);
    }),
  );
});
