import { expect, test } from 'vitest';
import { feeEstimate } from './fee-estimate.ts';
import { fill, SOL } from './testdata.ts';

// 1,874.00 USDT at scale 5.
const VALUE = 187_400_000n;

test('an order costs what our last fill of its kind did in proportion', () => {
  // 0.1874 USDT of 187.40 is 0.1 %: 1.874.
  expect(feeEstimate([fill('1')], SOL, 'Taker', VALUE)).toBe(187_400n);
});

test('a fee in the base asset is valued at its own fill', () => {
  const inBase = fill('1', { feeAsset: 'SOL', fee: 100_000n });
  expect(feeEstimate([inBase], SOL, 'Taker', VALUE)).toBe(187_400n);
});

test('without a fill of the kind, or in a third asset, the fee is not known', () => {
  expect(feeEstimate([], SOL, 'Taker', VALUE)).toBeUndefined();
  expect(feeEstimate([fill('1')], SOL, 'Maker', VALUE)).toBeUndefined();
  expect(feeEstimate([fill('1', { feeAsset: 'BNB' })], SOL, 'Taker', VALUE)).toBeUndefined();
});
