import { describe, expect, test } from 'vitest';

import { price, quantity } from '../../domain/price.ts';
import { RiskGate } from './risk-gate.ts';
import { RISK_REASON, type RiskInstrument, type RiskOrder } from './risk-terms.ts';

const terms: RiskInstrument = {
  tickSize: price(1),
  minPrice: price(1),
  maxPrice: price(Number.MAX_SAFE_INTEGER),
  stepSize: quantity(1),
  minQuantity: quantity(1),
  maxQuantity: quantity(Number.MAX_SAFE_INTEGER),
  minNotional: 0n,
  notionalMultiplier: 1,
  venue: 0,
};

function gate(more: Partial<RiskInstrument> = {}): RiskGate {
  const made = new RiskGate();
  made.defineInstrument(0, { ...terms, ...more });
  made.defineScope('Account', 0, {});
  made.setTradingState(0, 'Active');
  made.onQuote(0, 1000, 1001, 1);
  return made;
}

let nextId = 0;

function order(more: Partial<RiskOrder> = {}): RiskOrder {
  nextId += 1;
  return {
    orderId: nextId,
    instrument: 0,
    account: 0,
    side: 'Buy',
    price: price(1000),
    quantity: quantity(10),
    ...more,
  };
}

describe('RiskGate', () => {
  test('values an order beyond 64 bits exactly', () => {
    const made = gate({ notionalMultiplier: 1000 });
    const large = Number.MAX_SAFE_INTEGER;
    const worth = BigInt(large) * BigInt(large);
    made.defineScope('Instrument', 0, { maxOrderNotional: 1n << 95n });
    expect(made.check(order({ price: price(large), quantity: quantity(large) }), 1)).toBe(
      RISK_REASON.MAX_ORDER_NOTIONAL,
    );
    // More than 2^96 counts as 2^96.
    expect(made.lastVerdict()).toEqual({
      ok: false,
      reason: 'MAX_ORDER_NOTIONAL',
      scope: 'Instrument',
      limit: 1n << 95n,
      seen: 1n << 96n,
    });
    const half = 2 ** 31 + 1;
    const exact = BigInt(half) * BigInt(half) * 1000n;
    made.defineScope('Instrument', 0, { maxOrderNotional: exact });
    expect(made.check(order({ price: price(half), quantity: quantity(half) }), 1)).toBe(
      RISK_REASON.OK,
    );
    made.defineScope('Instrument', 0, { maxOrderNotional: exact - 1n });
    made.check(order({ price: price(half), quantity: quantity(half) }), 1);
    expect(made.lastVerdict()).toMatchObject({ limit: exact - 1n, seen: exact });
    expect(worth).toBeGreaterThan(1n << 96n);
  });

  test('lets a reducing order pass while Reducing, Halted, disarmed and stale, but not one unit more', () => {
    const made = gate();
    made.configure({ staleAfterMicros: 10, duplicateWindowMicros: 0 });
    made.onFill(order({ quantity: quantity(30) }));
    const sell = (size: number) =>
      order({ side: 'Sell', quantity: quantity(size), manual: true, client: 0 });
    for (const state of ['Reducing', 'Halted', 'Active'] as const) {
      made.setTradingState(0, state);
      expect(made.check(sell(30), 1000)).toBe(RISK_REASON.OK);
    }
    expect(made.check(sell(31), 1000)).toBe(RISK_REASON.NOT_ARMED);
    made.setTradingState(0, 'Reducing');
    expect(made.onSubmitted(sell(20), 1000)).toBe(true);
    expect(made.check(sell(10), 1000)).toBe(RISK_REASON.OK);
    expect(made.check(sell(11), 1000)).toBe(RISK_REASON.REDUCE_ONLY);
    made.setTradingState(0, 'Locked');
    expect(made.check(sell(10), 1000)).toBe(RISK_REASON.TRADING_LOCKED);
  });

  test('takes no more to close than fees have left of the position', () => {
    const made = gate();
    made.setTradingState(0, 'Halted');
    made.onFill(order({ quantity: quantity(30) }));
    const sell = (size: number) =>
      order({ side: 'Sell', quantity: quantity(size), spent: quantity(3) });
    expect(made.check(sell(27), 1000)).toBe(RISK_REASON.OK);
    expect(made.check(sell(28), 1000)).toBe(RISK_REASON.TRADING_HALTED);
  });

  test('counts an order rate in a sliding window', () => {
    const made = gate();
    made.defineScope('Account', 0, { orderRate: { count: 2, windowMicros: 100 } });
    made.onSubmitted(order(), 1000);
    made.onSubmitted(order(), 1050);
    expect(made.check(order(), 1099)).toBe(RISK_REASON.ORDER_RATE);
    expect(made.lastVerdict()).toMatchObject({ scope: 'Account', limit: 2n });
    expect(made.check(order(), 1100)).toBe(RISK_REASON.OK);
  });

  test('reserves what works and releases it by fills and ends', () => {
    const made = gate({
      quoteAsset: { id: 1, multiplier: 1 },
      baseAsset: { id: 2, multiplier: 1 },
    });
    made.setBalance(0, 1, 10_000n);
    const buy = order();
    expect(made.check(buy, 1)).toBe(RISK_REASON.OK);
    made.onSubmitted(buy, 1);
    expect(made.available(0, 1)).toBe(0n);
    expect(made.check(order(), 1)).toBe(RISK_REASON.INSUFFICIENT_BALANCE);
    expect(made.check(order({ replaces: buy.orderId }), 1)).toBe(RISK_REASON.OK);
    made.onFill({ ...buy, price: price(990), quantity: quantity(4) }, { asset: 1, amount: 7n });
    expect(made.available(0, 1)).toBe(10_000n - 990n * 4n - 7n - 6000n);
    expect(made.available(0, 2)).toBe(4n);
    expect(made.onDone(buy.orderId)).toBe(true);
    expect(made.onDone(buy.orderId)).toBe(false);
    expect(made.available(0, 1)).toBe(10_000n - 990n * 4n - 7n);
  });

  test('refuses an id that works already', () => {
    const made = gate();
    const first = order();
    made.onSubmitted(first, 1);
    expect(made.check(first, 1)).toBe(RISK_REASON.DUPLICATE_ORDER_ID);
    expect(made.onSubmitted(first, 1)).toBe(false);
  });

  test('refuses tallies that are cut, extended or foreign and keeps its own', () => {
    const made = gate();
    made.onSubmitted(order(), 5);
    made.onFill(order());
    const tallies = made.tallies();
    for (let length = 0; length < tallies.length; length += 1) {
      expect(made.restore(tallies.slice(0, length)).ok).toBe(false);
    }
    expect(made.restore(new BigInt64Array([...tallies, 0n])).ok).toBe(false);
    expect(made.tallies()).toEqual(tallies);
    const other = new RiskGate();
    expect(other.restore(tallies)).toEqual({ ok: false, error: { code: 'TALLIES_MALFORMED' } });
  });

  test('throws on numbers that are not whole and on assets that would change', () => {
    const made = gate();
    expect(() => made.check(order({ quantity: 0.5 as never }), 1)).toThrow(
      'quantity must be a whole number',
    );
    expect(() => made.setTradingState(-1, 'Active')).toThrow('account');
    expect(() => made.defineInstrument(0, { ...terms, venue: 1 })).toThrow('must stay the same');
  });
});
