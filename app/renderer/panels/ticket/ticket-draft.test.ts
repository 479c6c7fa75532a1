import { expect, test } from 'vitest';
import { MAIN, SOL } from '../../state/testdata.ts';
import { nudged, termsOf, type TicketDraft } from './ticket-draft.ts';

const DRAFT: TicketDraft = {
  side: 'Sell',
  type: 'Limit',
  quantity: '1,250.5',
  price: '187.40',
  stopPrice: '',
  timeInForce: 'GTC',
  postOnly: true,
  reduceOnly: false,
};

test('a draft becomes exact terms; grouping is allowed, nothing is rounded', () => {
  expect(termsOf(DRAFT, SOL, MAIN)).toEqual({
    ok: true,
    value: {
      instrument: SOL.id,
      account: MAIN,
      side: 'Sell',
      type: 'Limit',
      quantity: 1_250_500,
      price: 18_740,
      timeInForce: 'GTC',
      postOnly: true,
      reduceOnly: false,
    },
  });
});

test('each type carries the prices it has and no other', () => {
  const typed = { ...DRAFT, stopPrice: '190' };
  const prices = (type: TicketDraft['type']): unknown => {
    const made = termsOf({ ...typed, type }, SOL, MAIN);
    return made.ok && [made.value.price, made.value.stopPrice, made.value.postOnly];
  };
  expect(prices('Market')).toEqual([undefined, undefined, false]);
  expect(prices('Stop')).toEqual([undefined, 19_000, false]);
  expect(prices('StopLimit')).toEqual([18_740, 19_000, false]);
});

test.each([
  [{ quantity: '' }, 'quantity', /number/i],
  [{ quantity: '0' }, 'quantity', /quantity/],
  [{ quantity: '-1' }, 'quantity', /number/],
  [{ quantity: '1.0005' }, 'quantity', /0\.001/],
  [{ quantity: '0.005' }, 'quantity', /0\.01 or more/],
  [{ price: '187.405' }, 'price', /0\.01/],
  [{ price: '1e2' }, 'price', /number/],
  [{ price: '99999999999999999' }, 'price', /large/],
])('%o is refused at its field', (part, field, message) => {
  const made = termsOf({ ...DRAFT, ...part }, SOL, MAIN);
  expect(made).toMatchObject({ ok: false, error: { field } });
  if (!made.ok) expect(made.error.message).toMatch(message);
});

test('arrows move a price by ticks and leave what is no price alone', () => {
  expect(nudged('187.40', -3, SOL)).toBe(18_737);
  expect(nudged('abc', 1, SOL)).toBeUndefined();
});
