import { expect, test } from 'vitest';
import { price } from './price.ts';
import { slippageOf } from './slippage.ts';

const arrival = { bid: price(9_999), ask: price(10_002) };

test.each([
  // Mid 10,000.5: 1.5 above it is 1.4999 bp.
  ['a buy at the ask', 'Buy', 10_002, { arrival }, 150n],
  ['a buy at the bid', 'Buy', 9_999, { arrival }, -150n],
  ['a sell at the bid', 'Sell', 9_999, { arrival }, 150n],
  ['a sell that rested at the ask', 'Sell', 10_002, { arrival }, -150n],
  ['a sell through the book', 'Sell', 9_900, { arrival }, 10_049n],
  ['a stop, against its trigger', 'Sell', 9_890, { arrival, stopPrice: price(9_900) }, 1_010n],
  ['a stop filled at its trigger', 'Sell', 9_900, { stopPrice: price(9_900) }, 0n],
  ['an order without an arrival', 'Buy', 10_002, {}, undefined],
] as const)('%s', (_name, side, lastPx, order, wanted) => {
  expect(slippageOf({ side, lastPx: price(lastPx) }, order)).toBe(wanted);
});
