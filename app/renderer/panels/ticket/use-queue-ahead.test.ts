import { expect, test } from 'vitest';
import { price, quantity } from '../../../engine/domain/price.ts';
import type { DepthMessage } from '../../state/market-store.ts';
import { SOL } from '../../state/testdata.ts';
import { aheadText } from './use-queue-ahead.ts';

const DEPTH: DepthMessage = {
  instrument: SOL.id,
  state: 'Live',
  updateId: 1,
  bids: [
    [price(18_740), quantity(4_112_000)],
    [price(18_738), quantity(2_000)],
  ],
  asks: [[price(18_742), quantity(1_000)]],
};

test.each([
  ['Buy', 18_740, '4,112 ahead'],
  ['Buy', 18_739, 'none ahead'],
  ['Buy', 18_741, 'none ahead'],
  ['Buy', 18_737, 'not known, beyond the book in sight'],
  ['Buy', 18_742, 'none, it trades at once'],
  ['Sell', 18_742, '1 ahead'],
  ['Sell', 18_743, 'not known, beyond the book in sight'],
  ['Sell', 18_740, 'none, it trades at once'],
] as const)('%s at %d: %s', (side, at, words) => {
  expect(aheadText(DEPTH, side, at, SOL)).toBe(words);
});

test('of a book that is not current nothing is said', () => {
  const stale: DepthMessage = { ...DEPTH, state: 'Stale' };
  expect(aheadText(stale, 'Buy', 18_740, SOL)).toBe('not known, the book is not current');
});
