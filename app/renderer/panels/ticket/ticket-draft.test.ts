import { expect, test } from 'vitest';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { OrderTerms } from '../../../engine/domain/order.ts';
import { price } from '../../../engine/domain/price.ts';
import { setNumberForm } from '../../format/number-form.ts';
import { MAIN, SOL as PLAIN } from '../../state/testdata.ts';
import { EMPTY_DRAFT, nudged, quantityIn, termsOf, type TicketDraft } from './ticket-draft.ts';

const SOL: Instrument = { ...PLAIN, maxDisplayParts: 100, orderLists: true };
const ASK = price(18_743);
const DRAFT: TicketDraft = {
  ...EMPTY_DRAFT,
  side: 'Sell',
  quantity: '1,250.5',
  price: '187.40',
  postOnly: true,
};

function terms(part: Partial<TicketDraft>, instrument = SOL): Partial<OrderTerms> {
  const made = termsOf({ ...DRAFT, ...part }, instrument, MAIN, ASK);
  if (!made.ok) throw new Error(`${made.error.field}: ${made.error.message}`);
  return made.value;
}

test('a draft becomes exact terms; grouping is allowed, nothing is rounded', () => {
  expect(terms({})).toEqual({
    instrument: SOL.id,
    account: MAIN,
    side: 'Sell',
    type: 'Limit',
    quantity: 1_250_500,
    price: 18_740,
    timeInForce: 'GTC',
    postOnly: true,
    reduceOnly: false,
  });
});

test('a comma that was meant for the point is refused, never left out', () => {
  const made = termsOf({ ...DRAFT, quantity: '0,5' }, SOL, MAIN, ASK);
  expect(made).toEqual({
    ok: false,
    error: { field: 'quantity', message: 'Not a number: 0,5' },
  });
});

test('with a comma for the point the same order is typed and shown in that form', () => {
  setNumberForm('1.234,56');
  try {
    expect(terms({ quantity: '1.250,5', price: '187,40' })).toMatchObject({
      quantity: 1_250_500,
      price: 18_740,
    });
    const made = termsOf({ ...DRAFT, quantity: '1250,5', price: '187,40' }, SOL, MAIN, ASK);
    expect(quantityIn('base', made.ok ? made.value : undefined, ASK, SOL)).toBe('1250,5');
    expect(termsOf(DRAFT, SOL, MAIN, ASK)).toMatchObject({ ok: false });
  } finally {
    setNumberForm('1,234.56');
  }
});

test('each type carries the prices it has and no other', () => {
  const prices = (type: TicketDraft['type']): unknown => {
    const made = terms({ type, stopPrice: '190' });
    return [made.price, made.stopPrice, made.postOnly];
  };
  expect(prices('Market')).toEqual([undefined, undefined, false]);
  expect(prices('Stop')).toEqual([undefined, 19_000, false]);
  expect(prices('StopLimit')).toEqual([18_740, 19_000, false]);
});

// 1,000 / 187.40 = 5.33617…; / 190 = 5.26315…; / 187.43 = 5.33532…
test.each([
  [{ type: 'Limit' }, 5_336],
  [{ type: 'Stop', stopPrice: '190' }, 5_263],
  [{ type: 'Market' }, 5_335],
] as const)(
  '1,000 USDT of %j are %i at the price that would be used, down to the lot',
  (part, lots) => {
    expect(terms({ ...part, unit: 'quote', quantity: '1,000' }).quantity).toBe(lots);
  },
);

test('the unit can change without the order', () => {
  const made = terms({ quantity: '5.336' }) as OrderTerms;
  const quote = quantityIn('quote', made, ASK, SOL);
  expect(quote).toBe('999.9664');
  const back = terms({ unit: 'quote', quantity: quote }) as OrderTerms;
  expect(back).toEqual(made);
  expect(quantityIn('base', back, ASK, SOL)).toBe('5.336');
});

// A sell at 187.40 takes its profit below; 0.5 % of it is 0.937, which is 94 ticks away from the entry.
test.each([
  ['price', '186.00', '188.00', { takeProfit: 18_600, stopLoss: 18_800 }],
  ['ticks', '12', '7', { takeProfit: 18_728, stopLoss: 18_747 }],
  ['percent', '0.5', '', { takeProfit: 18_646 }],
  ['percent', '', '0.5', { stopLoss: 18_834 }],
] as const)('exits by %s of %s and %s are %j', (exitUnit, takeProfit, stopLoss, bracket) => {
  expect(terms({ exitUnit, takeProfit, stopLoss }).bracket).toEqual(bracket);
});

test('exits of a market order lie around the price it would meet', () => {
  const market = { side: 'Buy', type: 'Market', exitUnit: 'ticks' } as const;
  expect(terms({ ...market, takeProfit: '7', stopLoss: '3' }).bracket).toEqual({
    takeProfit: 18_750,
    stopLoss: 18_740,
  });
});

test('a part shown and a tag travel with the order', () => {
  expect(terms({ display: '12.505', tag: ' open run ' })).toMatchObject({
    displayQuantity: 12_505,
    tag: 'open run',
  });
});

test.each([
  [{ quantity: '' }, 'quantity', /number/i],
  [{ quantity: '0' }, 'quantity', /quantity/],
  [{ quantity: '-1' }, 'quantity', /number: -1/],
  [{ quantity: '1.0005' }, 'quantity', /0\.001, was 1\.0005/],
  [{ quantity: '0.005' }, 'quantity', /0\.01 SOL or more, was 0\.005/],
  [{ unit: 'quote', quantity: '1' }, 'quantity', /0\.01 SOL or more, was 0\.005/],
  [{ unit: 'quote', quantity: '0' }, 'quantity', /amount of USDT/],
  [{ unit: 'quote', quantity: '9'.repeat(29) }, 'quantity', /large/],
  [{ price: '187.405' }, 'price', /0\.01, was 187\.405/],
  [{ price: '1e2' }, 'price', /number: 1e2/],
  [{ price: '99999999999999999' }, 'price', /large/],
  [{ display: '1250.5' }, 'display', /less than 1250\.5, was 1250\.5/],
  [{ display: '12.504' }, 'display', /more than 100 parts/],
  [{ display: '1', timeInForce: 'IOC' }, 'display', /limit order GTC/],
  [{ takeProfit: '187.40' }, 'takeProfit', /Target lies below the entry at 187\.40, was 187\.40/],
  [{ stopLoss: '187.3' }, 'stopLoss', /Stop lies above the entry at 187\.40, was 187\.30/],
  [{ takeProfit: '1.5', exitUnit: 'ticks' }, 'takeProfit', /1 tick, was 1\.5/],
  [{ takeProfit: '100', exitUnit: 'percent' }, 'takeProfit', /was 0\.00/],
  [{ takeProfit: '1', exitUnit: 'ticks', reduceOnly: true }, 'takeProfit', /only reduces/],
  [{ tag: 'x'.repeat(33) }, 'tag', /1 to 32/],
  [{ tag: 'caf\u00e9' }, 'tag', /ASCII characters, was "caf\u00e9"/],
] as const)('%o is refused at its field', (part, field, message) => {
  const made = termsOf({ ...DRAFT, ...part }, SOL, MAIN, ASK);
  expect(made).toMatchObject({ ok: false, error: { field } });
  if (!made.ok) expect(made.error.message).toMatch(message);
});

test('what the venue of an instrument lacks is refused by name', () => {
  const refused = (part: Partial<TicketDraft>): unknown => {
    const made = termsOf({ ...DRAFT, ...part }, PLAIN, MAIN, undefined);
    return made.ok ? made.value : made.error.message;
  };
  expect(refused({ display: '100' })).toMatch(/takes no displayed quantity/);
  expect(refused({ takeProfit: '186', stopLoss: '188' })).toMatch(/one exit, not two/);
  expect(refused({ type: 'Market', unit: 'quote' })).toMatch(/No price to convert USDT/);
});

test('arrows move a price by ticks and leave what is no price alone', () => {
  expect(nudged('187.40', -3, SOL)).toBe(18_737);
  expect(nudged('abc', 1, SOL)).toBeUndefined();
  const coarse = { ...SOL, tickSize: price(10) };
  expect(nudged('187.43', 1, coarse)).toBe(18_750);
  expect(nudged('187.43', -1, coarse)).toBe(18_740);
  expect(nudged('187.40', 2, coarse)).toBe(18_760);
});
