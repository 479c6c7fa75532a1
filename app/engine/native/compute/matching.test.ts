import { describe, expect, test } from 'vitest';

import { price, quantity } from '../../domain/price.ts';
import { MatchingCommands, type MatchingOrder } from './matching-commands.ts';
import { MATCHING_EVENT, type MatchingEvents } from './matching-events.ts';
import { MatchingEngine, MatchingLevels } from './matching.ts';

function engine(): MatchingEngine {
  return new MatchingEngine({ tickSize: price(5), stepSize: quantity(10), windowTicks: 64 });
}

function limit(
  orderId: number,
  side: 'Buy' | 'Sell',
  at: number,
  size: number,
  more: Partial<MatchingOrder> = {},
): MatchingOrder {
  return { orderId, side, type: 'Limit', price: price(at), quantity: quantity(size), ...more };
}

const NAMES = Object.keys(MATCHING_EVENT);

function told(events: MatchingEvents): string[] {
  return Array.from({ length: events.count }, (_, index) => {
    const kind = NAMES[events.kind[index] ?? -1];
    const reason = events.reasonAt(index);
    return `${kind}${reason === 'NONE' ? '' : `(${reason})`} ${events.orderId[index]} ${events.quantity[index]}@${events.price[index]}`;
  });
}

describe('MatchingEngine', () => {
  test('trades at the maker’s price in the order of arrival and rests what is left', () => {
    const book = engine();
    book.submit(limit(1, 'Sell', 100, 20));
    book.submit(limit(2, 'Sell', 100, 30));
    const events = book.submit(limit(3, 'Buy', 105, 60));
    expect(told(events)).toEqual(['Accepted 3 60@105', 'Traded 3 20@100', 'Traded 3 30@100']);
    expect([...events.makerOrderId.subarray(1, 3)]).toEqual([1, 2]);
    expect([...events.tradeId.subarray(1, 3)]).toEqual([1, 2]);
    expect(events.leaves[2]).toBe(10);
    expect(book.levelTotal('Buy', price(105))).toBe(10);
    expect(book.leaves(3)).toBe(10);
    expect(book.leaves(1)).toBe(0);
  });

  test.each<[string, Partial<MatchingOrder>, string]>([
    ['a price between ticks', { price: price(101) }, 'Rejected(PRICE_OFF_TICK)'],
    ['a quantity between steps', { quantity: quantity(15) }, 'Rejected(QUANTITY_OFF_STEP)'],
    ['no quantity', { quantity: quantity(0) }, 'Rejected(INVALID_QUANTITY)'],
    ['an id that is live', { orderId: 1 }, 'Rejected(DUPLICATE_ORDER_ID)'],
    ['a post-only order that would take', { type: 'LimitMaker' }, 'Rejected(WOULD_TAKE)'],
    [
      'a post-only order that is not GTC',
      { type: 'LimitMaker', timeInForce: 'IOC' },
      'Rejected(INVALID_ORDER)',
    ],
    ['a stop without a stop price', { type: 'Stop' }, 'Rejected(INVALID_STOP_PRICE)'],
  ])('refuses %s', (_, terms, expected) => {
    const book = engine();
    book.submit(limit(1, 'Sell', 100, 20));
    const events = book.submit({ ...limit(2, 'Buy', 100, 10), ...terms });
    expect(told(events)[0]).toContain(expected);
    expect(events.count).toBe(1);
  });

  test('expires the rest of IOC, a FOK that cannot fill, a market order without liquidity, and by self-trade prevention', () => {
    const book = engine();
    book.submit(limit(1, 'Sell', 100, 20, { owner: 7 }));
    expect(told(book.submit(limit(2, 'Buy', 100, 30, { timeInForce: 'FOK' }))).at(-1)).toBe(
      'Expired(FILL_OR_KILL) 2 30@100',
    );
    expect(
      told(book.submit(limit(3, 'Buy', 100, 30, { owner: 7, selfTrade: 'ExpireTaker' }))).at(-1),
    ).toBe('Expired(SELF_TRADE_PREVENTION) 3 30@100');
    expect(told(book.submit(limit(4, 'Buy', 100, 30, { timeInForce: 'IOC' }))).at(-1)).toBe(
      'Expired(IMMEDIATE_OR_CANCEL) 4 10@100',
    );
    expect(
      told(book.submit({ orderId: 5, side: 'Buy', type: 'Market', quantity: quantity(10) })).at(-1),
    ).toBe('Expired(NO_LIQUIDITY) 5 10@0');
  });

  test('spends a quote amount beyond 2^53 exactly', () => {
    const book = new MatchingEngine({ tickSize: price(1), stepSize: quantity(1) });
    const px = 3_000_000_019;
    const amount = BigInt(px) * 1_000_000_007n + BigInt(px) - 1n;
    book.submit(limit(1, 'Sell', px, 2_000_000_000));
    const events = book.submit({ orderId: 2, side: 'Buy', type: 'Market', quoteAmount: amount });
    expect(told(events)).toEqual([
      `Accepted 2 0@0`,
      `Traded 2 1000000007@${px}`,
      'Completed 2 0@0',
    ]);
  });

  test('fires a stop after the trade that reaches it', () => {
    const book = engine();
    book.submit(limit(1, 'Buy', 100, 10));
    book.submit(limit(2, 'Buy', 95, 10));
    book.submit({
      orderId: 3,
      side: 'Sell',
      type: 'Stop',
      quantity: quantity(10),
      stopPrice: price(100),
    });
    expect(told(book.submit(limit(4, 'Sell', 100, 10)))).toEqual([
      'Accepted 4 10@100',
      'Traded 4 10@100',
      'Triggered 3 10@100',
      'Traded 3 10@95',
    ]);
  });

  test('keeps an order’s place on amend and loses it on replace', () => {
    const book = engine();
    book.submit(limit(1, 'Buy', 100, 50));
    book.submit(limit(2, 'Buy', 100, 70));
    expect(told(book.amend(1, quantity(20)))).toEqual(['Amended 1 30@100']);
    expect(book.queuePosition(2)).toEqual({ quantityAhead: 20, ordersAhead: 1 });
    expect(told(book.replace(1, limit(3, 'Buy', 100, 40)))).toEqual([
      'Canceled(REPLACED) 1 20@100',
      'Accepted 3 40@100',
    ]);
    expect(book.queuePosition(2)).toEqual({ quantityAhead: 0, ordersAhead: 0 });
    expect(book.queuePosition(3)).toEqual({ quantityAhead: 70, ordersAhead: 1 });
    expect(book.queuePosition(1)).toBeUndefined();
  });

  test('takes only cancels and reductions in CancelOnly and nothing when Halted', () => {
    const book = engine();
    book.submit(limit(1, 'Buy', 100, 50));
    book.setState('CancelOnly');
    expect(told(book.submit(limit(2, 'Buy', 100, 50)))[0]).toMatch('Rejected(CANCEL_ONLY)');
    expect(told(book.amend(1, quantity(20)))[0]).toMatch('Amended');
    book.setState('Halted');
    expect(told(book.cancel(1))[0]).toMatch('Rejected(HALTED)');
    book.setState('Trading');
    expect(told(book.cancel(1))).toEqual(['Canceled 1 20@100']);
    expect(told(book.cancel(1))[0]).toMatch('Rejected(UNKNOWN_ORDER)');
    expect(book.liveOrders).toBe(0);
  });

  test('gives levels best first and each changed level once', () => {
    const book = engine();
    const batch = new MatchingCommands(1);
    for (const at of [100, 95, 100, 5000, 90]) batch.submit(limit(batch.count + 1, 'Buy', at, 10));
    batch.cancel(2);
    expect(book.apply(batch).count).toBe(6);
    const levels = book.top('Buy', new MatchingLevels(2));
    expect(levels.count).toBe(2);
    expect([levels.price(0), levels.total(0), levels.orders(0)]).toEqual([5000, 10, 1]);
    expect([levels.price(1), levels.total(1), levels.orders(1)]).toEqual([100, 20, 2]);
    const { count, rows } = book.drainLevelChanges();
    const changes = new Map<number, number>();
    for (let index = 0; index < count; index += 1) {
      changes.set(rows[index * 3 + 1] ?? 0, rows[index * 3 + 2] ?? -1);
    }
    expect(count).toBe(4);
    expect(changes).toEqual(
      new Map([
        [100, 20],
        [95, 0],
        [5000, 10],
        [90, 10],
      ]),
    );
    expect(book.drainLevelChanges().count).toBe(0);
  });

  test('makes room for more events and changes than expected', () => {
    const book = engine();
    const batch = new MatchingCommands();
    for (let id = 1; id <= 3000; id += 1) batch.submit(limit(id, 'Sell', id * 5, 10));
    expect(book.apply(batch).count).toBe(3000);
    expect(book.events.orderId[2999]).toBe(3000);
    const { count, rows } = book.drainLevelChanges();
    expect(count).toBe(3000);
    expect(new Set(Array.from({ length: count }, (_, index) => rows[index * 3 + 1])).size).toBe(
      3000,
    );
    expect(
      book.submit({ orderId: 9000, side: 'Buy', type: 'Market', quantity: quantity(30000) }).count,
    ).toBe(3001);
    expect(book.liveOrders).toBe(0);
  });

  test('throws on numbers that are not whole', () => {
    const book = engine();
    expect(() => book.cancel(1.5)).toThrow('orderId must be a whole number');
    expect(() => book.submit({ ...limit(1, 'Buy', 100, 10), owner: -1 })).toThrow('owner');
    expect(() => new MatchingEngine({ tickSize: price(0), stepSize: quantity(1) })).toThrow(
      'tickSize',
    );
  });
});
