import { expect, test } from 'vitest';
import { unixMicros } from '../../engine/domain/time.ts';
import { quantity } from '../../engine/domain/price.ts';
import { boughtLessFee, feeEstimate } from './fee-estimate.ts';
import { fill, SOL } from './testdata.ts';

// 1,874.00 USDT at scale 5.
const VALUE = 187_400_000n;
const RATES = { maker: 75_000, taker: 100_000, at: unixMicros(1) };

test('an order costs what the venue says it charges, before any fill and whatever a fill cost', () => {
  expect(feeEstimate(RATES, [], SOL, 'Maker', VALUE)).toEqual({
    amount: 140_550n,
    source: 'venue',
  });
  const dear = fill('1', { fee: 187_400_000n });
  expect(feeEstimate(RATES, [dear], SOL, 'Taker', VALUE)?.amount).toBe(187_400n);
});

test('what is below a unit of the fee counts as one, and a rebate stays a rebate', () => {
  expect(feeEstimate(RATES, [], SOL, 'Taker', 1n)?.amount).toBe(1n);
  expect(feeEstimate({ ...RATES, maker: -10_000 }, [], SOL, 'Maker', VALUE)?.amount).toBe(-18_740n);
});

test('without the venue\u2019s rates it costs what our last fill of its kind did in proportion', () => {
  // 0.1874 USDT of 187.40 is 0.1 %: 1.874.
  expect(feeEstimate(undefined, [fill('1')], SOL, 'Taker', VALUE)).toEqual({
    amount: 187_400n,
    source: 'fill',
  });
});

test('a fee in the base asset is valued at its own fill', () => {
  const inBase = fill('1', { feeAsset: 'SOL', fee: 100_000n });
  expect(feeEstimate(undefined, [inBase], SOL, 'Taker', VALUE)?.amount).toBe(187_400n);
});

test('without rates and a fill of the kind, or in a third asset, the fee is not known', () => {
  const bnb = fill('1', { feeAsset: 'BNB' });
  expect(feeEstimate(undefined, [], SOL, 'Taker', VALUE)).toBeUndefined();
  expect(feeEstimate(undefined, [fill('1')], SOL, 'Maker', VALUE)).toBeUndefined();
  expect(feeEstimate(undefined, [bnb], SOL, 'Taker', VALUE)).toBeUndefined();
});

test('a buy leaves what is bought less its fee, which the venue rounds for itself', () => {
  // 10 SOL at 0.1 %, then 0.001 SOL at a fee of a third of its value.
  expect(boughtLessFee(quantity(10_000), VALUE, 187_400n, SOL)).toBe(999_000_000n);
  expect(boughtLessFee(quantity(1), 3n, 1n, SOL)).toBe(66_666n);
  expect(boughtLessFee(quantity(1), 0n, 0n, SOL)).toBe(100_000n);
});
