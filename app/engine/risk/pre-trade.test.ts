import { describe, expect, it } from 'vitest';
import type { RiskLimits } from '../domain/account.ts';
import type { ClientOrderId } from '../domain/identifiers.ts';
import type { Order, OrderTerms } from '../domain/order.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { newOrder, submitOrder } from '../orders/order-events.ts';
import { checkTerms } from './order-terms.ts';
import { PreTrade } from './pre-trade.ts';
import { ACCOUNT, BTC, CLIENT, INSTRUMENT, LIMITS } from './testing/setup.ts';

const NOW = unixMicros(1_000_000_000);

function gate(limits: Partial<RiskLimits> = {}): PreTrade {
  const made = new PreTrade();
  made.setLimits({ ...LIMITS, ...limits });
  made.setInstrument(INSTRUMENT);
  made.setAccount(ACCOUNT, 'Active');
  made.setArmed(CLIENT, true);
  made.setQuote(BTC, price(9_999), price(10_001), NOW);
  for (const [asset, free] of [
    [INSTRUMENT.base, 500_000_000n],
    [INSTRUMENT.quote, 100_000_000_000n],
  ] as const) {
    made.setBalance({ account: ACCOUNT, asset, scale: 8, free, locked: 0n });
  }
  return made;
}

let ids = 0;

function order(changes: Partial<OrderTerms> = {}): Order {
  ids += 1;
  const clientOrderId = `q1-${ids}` as ClientOrderId;
  const terms: OrderTerms = {
    instrument: BTC,
    account: ACCOUNT,
    side: 'Buy',
    type: 'Limit',
    quantity: quantity(10_000),
    price: price(10_000),
    timeInForce: 'GTC',
    postOnly: false,
    reduceOnly: false,
    ...changes,
  };
  return newOrder(terms, { clientOrderId, origin: 'Manual', client: CLIENT, at: NOW });
}

function sendTo(made: PreTrade, born: Order): void {
  const sent = submitOrder(born, NOW);
  if (sent.ok) made.submitted(sent.value, NOW);
}

describe('pre-trade checks', () => {
  it('takes an order within every limit', () => {
    expect(gate().check(order(), undefined, NOW)).toBeUndefined();
  });

  it.each<[string, Partial<RiskLimits>, Partial<OrderTerms>, string]>([
    ['MAX_ORDER_NOTIONAL', { maxOrderNotional: 9n }, {}, 'at most 9, was 10'],
    ['MAX_POSITION', { maxPositionNotional: 9n }, {}, 'at most 0.08999, would be 0.1'],
    ['MAX_OPEN_ORDERS', { maxOpenOrders: 0 }, {}, 'at most 0, would be 1'],
    [
      'PRICE_COLLAR',
      { priceCollarBps: 10 },
      { price: price(10_020) },
      '10 bps of the touch, was 100.2',
    ],
    [
      'PRICE_COLLAR',
      { maxDistanceBps: 10 },
      { price: price(9_900) },
      '10 bps of the touch, was 99',
    ],
    ['PRICE_OFF_TICK', {}, { price: price(10_003) }, 'multiple of 0.02, was 100.03'],
    ['QUANTITY_OFF_STEP', {}, { quantity: quantity(10_005) }, 'multiple of 0.0001, was 0.10005'],
    ['MIN_QUANTITY', {}, { quantity: quantity(10) }, 'at least 0.0002, was 0.0001'],
    ['MAX_QUANTITY', {}, { quantity: quantity(1_000_000) }, 'at most 9, was 10'],
    ['MAX_PRICE', {}, { price: price(2_000_000) }, 'at most 10000, was 20000'],
    ['BELOW_MIN_NOTIONAL', {}, { quantity: quantity(1_000) }, 'at least 5, was 1'],
    ['INSUFFICIENT_BALANCE', {}, { side: 'Sell', quantity: quantity(600_000) }, '5 left, 6 needed'],
  ])('%s with its limit and what was seen', (code, limits, changes, words) => {
    const denial = gate(limits).check(order(changes), undefined, NOW);
    expect(denial?.code).toBe(code);
    expect(denial?.message).toContain(words);
  });

  it('counts rate, duplicates, open orders and committed money of what was sent', () => {
    const rated = gate({ maxOrdersPerWindow: 1 });
    sendTo(rated, order());
    expect(rated.check(order(), undefined, NOW)?.code).toBe('ORDER_RATE');
    const later = unixMicros(NOW + 1_000_001);
    expect(rated.check(order(), undefined, later)).toBeUndefined();

    const twice = gate({ duplicateWindowMicros: 500_000 });
    sendTo(twice, order());
    const soon = unixMicros(NOW + 120_999);
    expect(twice.check(order(), undefined, soon)).toEqual({
      code: 'DUPLICATE_ORDER',
      message: 'the same order was sent 120 ms ago, within 500 ms',
    });
    expect(twice.check(order({ price: price(9_998) }), undefined, NOW)).toBeUndefined();

    const poor = gate();
    sendTo(poor, order({ quantity: quantity(800_000) }));
    const second = order({ quantity: quantity(300_000) });
    expect(poor.check(second, undefined, NOW)?.code).toBe('INSUFFICIENT_BALANCE');
  });

  it('sets what a replaced order commits against its replacement', () => {
    const made = gate({ maxOpenOrders: 1 });
    const first = order({ quantity: quantity(800_000) });
    sendTo(made, first);
    const next = order({ quantity: quantity(900_000) });
    expect(made.check(next, first, NOW)).toBeUndefined();
    expect(made.check(next, undefined, NOW)?.code).toBe('MAX_OPEN_ORDERS');
  });

  it('goes on from its record with the same answers', () => {
    const made = gate({ maxOrdersPerWindow: 1 });
    sendTo(made, order());
    const record = made.record();
    const limits = { ...LIMITS, maxOrdersPerWindow: 1 };
    const again = new PreTrade(record, { limits, instruments: [INSTRUMENT] });
    expect(again.record()).toEqual(record);
    expect(again.check(order(), undefined, NOW)).toEqual(made.check(order(), undefined, NOW));
  });
});

describe('order terms', () => {
  it.each<[Partial<OrderTerms>, string]>([
    [{ type: 'Market' }, 'price must be absent for Market, was 10000'],
    [{ type: 'Stop' }, 'price must be absent for Stop, was 10000'],
    [{ type: 'StopLimit' }, 'stopPrice must be present for StopLimit, was absent'],
    [{ stopPrice: price(9_000) }, 'stopPrice must be absent for Limit, was 9000'],
    [{ type: 'StopLimit', stopPrice: price(9_001) }, 'multiple of 0.02, was 90.01'],
    [{ postOnly: true, timeInForce: 'IOC' }, 'postOnly must be false unless Limit GTC'],
    [{ price: 1.5 as never }, 'price must be a whole number above 0, was 1.5'],
  ])('%j is no order', (changes, words) => {
    expect(checkTerms(order(changes), INSTRUMENT)?.message).toContain(words);
  });

  const shown = (mantissa: number): Partial<OrderTerms> => ({
    displayQuantity: quantity(mantissa),
  });

  it.each<[Partial<OrderTerms>, string, string]>([
    [{ ...shown(1_000), timeInForce: 'IOC' }, 'NOT_LIMIT', 'Limit GTC, was 0.01000 for Limit IOC'],
    [shown(10_000), 'OUT_OF_RANGE', 'below the quantity 0.10000, was 0.10000'],
    [shown(10), 'OUT_OF_RANGE', 'at least 0.00020'],
    [shown(1_005), 'OFF_STEP', 'multiple of 0.00010, was 0.01005'],
    [shown(990), 'TOO_MANY_PARTS', 'at most 10 parts, 0.00990 makes 11'],
  ])('%j shows no part of an order', (changes, code, words) => {
    const denial = checkTerms(order(changes), { ...INSTRUMENT, maxDisplayParts: 10 });
    expect(denial?.code).toBe(`DISPLAY_QUANTITY_${code}`);
    expect(denial?.message).toContain(words);
  });

  it('shows a part where the venue takes that', () => {
    const iceberg = order(shown(1_000));
    expect(checkTerms(iceberg, { ...INSTRUMENT, maxDisplayParts: 10 })).toBeUndefined();
    expect(checkTerms(iceberg, INSTRUMENT)?.code).toBe('DISPLAY_QUANTITY_UNSUPPORTED');
  });

  it.each([
    ['morning 1 ~', undefined],
    ['x'.repeat(32), undefined],
    ['', 'TAG_INVALID'],
    ['x'.repeat(33), 'TAG_INVALID'],
    ['caf\u00e9', 'TAG_INVALID'],
    ['two\nlines', 'TAG_INVALID'],
  ])('tag %j', (tag, code) => {
    expect(checkTerms(order({ tag }), INSTRUMENT)?.code).toBe(code);
  });

  const bracket = (takeProfit?: number, stopLoss?: number): Partial<OrderTerms> => ({
    bracket: {
      ...(takeProfit === undefined ? {} : { takeProfit: price(takeProfit) }),
      ...(stopLoss === undefined ? {} : { stopLoss: price(stopLoss) }),
    },
  });
  const lists = { ...INSTRUMENT, orderLists: true };

  it.each<[Partial<OrderTerms>, string, string]>([
    [bracket(), 'EMPTY', 'must have takeProfit, stopLoss or both'],
    [{ ...bracket(11_000), reduceOnly: true }, 'ON_REDUCE_ONLY', 'reduce-only'],
    [bracket(11_001), 'PRICE_OFF_TICK', 'takeProfit must be a multiple of 0.02, was 110.01'],
    [bracket(undefined, 0), 'PRICE_OUT_OF_RANGE', 'stopLoss must be 0.02 to 10000.00, was 0.00'],
    [bracket(2_000_000), 'PRICE_OUT_OF_RANGE', 'takeProfit must be 0.02 to 10000.00'],
    [bracket(undefined, 2_000), 'BELOW_MIN_NOTIONAL', 'stopLoss 20.00 x quantity'],
    [bracket(10_000), 'PRICE_ON_WRONG_SIDE', 'the entry 100.00 must be below takeProfit 100.00'],
    [bracket(9_000, 11_000), 'PRICE_ON_WRONG_SIDE', 'stopLoss 110.00 must be below takeProfit'],
    [
      { side: 'Sell', ...bracket(11_000) },
      'PRICE_ON_WRONG_SIDE',
      'takeProfit 110.00 must be below',
    ],
  ])('%j is no bracket', (changes, code, words) => {
    const denial = checkTerms(order(changes), lists);
    expect(denial?.code).toBe(`BRACKET_${code}`);
    expect(denial?.message).toContain(words);
  });

  it('two exits need a venue with order lists, one does not', () => {
    expect(checkTerms(order(bracket(11_000, 9_000)), lists)).toBeUndefined();
    expect(checkTerms(order(bracket(11_000)), INSTRUMENT)).toBeUndefined();
    const denial = checkTerms(order(bracket(11_000, 9_000)), INSTRUMENT);
    expect(denial?.code).toBe('BRACKET_LISTS_UNSUPPORTED');
  });

  it('the exits of a market order lie on both sides of the touch', () => {
    const { price: _price, ...market } = order({ ...bracket(11_000, 9_000), type: 'Market' });
    expect(checkTerms(market, lists, price(10_000))).toBeUndefined();
    expect(checkTerms(market, lists, price(12_000))?.code).toBe('BRACKET_PRICE_ON_WRONG_SIDE');
  });

  it.each<[number, Partial<OrderTerms>, string | undefined]>([
    [1_000, bracket(11_000, 9_000), undefined],
    [1_000, bracket(11_002), 'takeProfit must lie within 1000 bps of the entry 100.00, was 110.02'],
    [1_000, bracket(11_000, 8_998), 'stopLoss must lie within 1000 bps of the entry 100.00'],
    [1_000, { side: 'Sell', ...bracket(8_998) }, 'takeProfit must lie within'],
    [0, bracket(900_000), undefined],
  ])('within %d bps, %j: %s', (bps, changes, words) => {
    const denial = checkTerms(order(changes), lists, undefined, bps);
    expect(denial?.code).toBe(words === undefined ? undefined : 'BRACKET_PRICE_TOO_FAR');
    expect(denial?.message ?? '').toContain(words ?? '');
  });

  it('the distance of the exits of a market order counts from the touch', () => {
    const { price: _price, ...market } = order({ ...bracket(11_000), type: 'Market' });
    expect(checkTerms(market, lists, price(10_000), 1_000)).toBeUndefined();
    expect(checkTerms(market, lists, price(9_900), 1_000)?.code).toBe('BRACKET_PRICE_TOO_FAR');
  });

  it('needs an instrument that trades', () => {
    const halted = { ...INSTRUMENT, status: 'Halted' } as const;
    expect(checkTerms(order(), halted)?.code).toBe('INSTRUMENT_NOT_TRADING');
  });
});
