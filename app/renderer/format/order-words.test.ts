import { expect, test } from 'vitest';
import type { Instrument } from '../../engine/domain/instrument.ts';
import type { OrderTerms } from '../../engine/domain/order.ts';
import { ORDER_STATUSES } from '../../engine/domain/order.ts';
import { price, quantity } from '../../engine/domain/price.ts';
import { unixMicros } from '../../engine/domain/time.ts';
import { averagePriceText, conditionWords, statusWords, termsWords } from './order-words.ts';

const SOL = {
  priceScale: 2,
  quantityScale: 3,
  tickSize: price(1),
  stepSize: quantity(1),
} as Instrument;
const TERMS = {
  side: 'Buy',
  type: 'Limit',
  quantity: quantity(600_000),
  price: price(18_740),
  timeInForce: 'GTC',
  postOnly: true,
  reduceOnly: false,
} as OrderTerms;

test('an order is repeated in words, exactly', () => {
  const { price: _price, ...market } = TERMS;
  const stop = price(19_000);
  expect(termsWords(TERMS, SOL)).toBe('Buy 600 at 187.40');
  expect(termsWords({ ...market, type: 'Market', side: 'Sell' }, SOL)).toBe('Sell 600 at market');
  expect(termsWords({ ...market, type: 'Stop', stopPrice: stop }, SOL)).toBe('Buy 600 stop 190.00');
  expect(termsWords({ ...TERMS, type: 'StopLimit', stopPrice: stop }, SOL)).toBe(
    'Buy 600 stop 190.00 limit 187.40',
  );
  expect(conditionWords(TERMS, SOL)).toBe('post only, GTC');
  const bracket = { takeProfit: price(19_000), stopLoss: price(18_000) };
  const extras = { displayQuantity: quantity(1_500), tag: 'open run', bracket };
  expect(conditionWords({ ...TERMS, ...extras }, SOL)).toBe(
    'post only, GTC, shows 1.5, target 190.00, stop 180.00, tag open run',
  );
});

test('every status has a word and a shape, and what is unknown is never called anything else', () => {
  const order = { type: 'Limit' } as const;
  for (const status of ORDER_STATUSES) {
    expect(statusWords({ ...order, status }).label).not.toBe('');
    expect(statusWords({ ...order, status, unknownSince: unixMicros(1) }).label).toBe('Unknown');
  }
});

test('a stop waits at its trigger until it is reached', () => {
  const stop = { type: 'Stop', status: 'Accepted' } as const;
  expect(statusWords(stop).label).toBe('At trigger');
  expect(statusWords({ ...stop, triggeredAt: unixMicros(1) }).label).toBe('Working');
});

test('an average is one decimal finer than a tick, the same for long and short', () => {
  // 1.000 at 187.40 and 2.000 at 187.41: 187.40666…
  const cost = 18_740_000n + 2n * 18_741_000n;
  expect(averagePriceText(cost, 3000, SOL)).toBe('187.407');
  expect(averagePriceText(-cost, -3000, SOL)).toBe('187.407');
  expect(averagePriceText(0n, 0, SOL)).toBeUndefined();
});
