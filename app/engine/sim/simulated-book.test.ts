import { beforeEach, describe, expect, test } from 'vitest';
import { present } from '../base/invariant.ts';
import { accountId, instrumentId, venueId, type ClientOrderId } from '../domain/identifiers.ts';
import type { Order, OrderTerms, Side } from '../domain/order.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import {
  BOOK_RESYNCING,
  FLAG_AGGRESSOR_SELL,
  FLAG_LAST,
  KIND_ASK_LEVEL,
  KIND_BID_LEVEL,
  KIND_BOOK_STATUS,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  MarketRecords,
} from '../native/compute/market-record.ts';
import { BOOK_REASON } from '../ports/market-data-client.ts';
import { SimulatedBook } from './simulated-book.ts';

const VENUE = venueId('BINANCE', 'replay');
let book: SimulatedBook;
let told: string[];
let orderCount = 0;

function feed(kind: number, px: number, qty: number, flags = 0): void {
  const records = new MarketRecords(1);
  records.set(0, kind, flags, 0, 0n, 0n, px, qty, 0, 0, 0);
  book.onRecord(records, 0);
}

function level(side: Side, px: number, qty: number): void {
  feed(side === 'Buy' ? KIND_BID_LEVEL : KIND_ASK_LEVEL, px, qty, FLAG_LAST);
}

function trade(aggressor: Side, px: number, qty: number): void {
  feed(KIND_TRADE, px, qty, aggressor === 'Sell' ? FLAG_AGGRESSOR_SELL : 0);
}

function order(side: Side, qty: number, px: number, more: Partial<OrderTerms> = {}): Order {
  orderCount += 1;
  return {
    instrument: instrumentId('BTCUSDT', VENUE),
    account: accountId(VENUE, 'main'),
    side,
    type: 'Limit',
    quantity: quantity(qty),
    price: price(px),
    timeInForce: 'GTC',
    postOnly: false,
    reduceOnly: false,
    clientOrderId: `o${orderCount}` as ClientOrderId,
    origin: 'Manual',
    status: 'Submitted',
    cumQty: quantity(0),
    leavesQty: quantity(qty),
    cumNotional: 0n,
    decidedAt: unixMicros(0),
    updatedAt: unixMicros(0),
    ...more,
  };
}

beforeEach(() => {
  orderCount = 0;
  told = [];
  book = new SimulatedBook(price(1), {
    onFill: (filled, px, qty, maker) =>
      told.push(`${filled.order.clientOrderId} ${maker ? 'maker' : 'taker'} ${qty}@${px}`),
    onTriggered: (stop) => told.push(`${stop.order.clientOrderId} triggered`),
    onExpired: (expired, code) => told.push(`${expired.order.clientOrderId} expired ${code}`),
  });
  feed(KIND_SNAPSHOT_HEADER, 0, 4);
  level('Buy', 100, 50);
  level('Buy', 99, 80);
  level('Sell', 101, 30);
  level('Sell', 102, 60);
});

describe('a resting order', () => {
  test('joins behind the recorded quantity and fills only after it traded', () => {
    book.submit(order('Buy', 10, 100));
    trade('Sell', 100, 50);
    expect(told).toEqual([]);
    trade('Sell', 100, 4);
    expect(told).toEqual(['o1 maker 4@100']);
    trade('Sell', 100, 20);
    expect(told).toEqual(['o1 maker 4@100', 'o1 maker 6@100']);
    expect(book.orders).toEqual([]);
  });

  test('moves up by cancels in proportion to what stands ahead', () => {
    book.submit(order('Buy', 10, 100));
    level('Buy', 100, 90);
    level('Buy', 100, 45);
    expect(present(book.orders[0], 'order').ahead).toBe(25);
  });

  test('a decrease that was traded is no cancel', () => {
    book.submit(order('Buy', 10, 100));
    trade('Sell', 100, 20);
    level('Buy', 100, 30);
    expect(present(book.orders[0], 'order').ahead).toBe(30);
  });

  test('fills by a trade through its price, best price first, no more than traded', () => {
    book.submit(order('Buy', 10, 99));
    book.submit(order('Buy', 10, 100));
    trade('Sell', 98, 15);
    expect(told).toEqual(['o2 maker 10@100', 'o1 maker 5@99']);
  });

  test('a trade on the other side fills nothing', () => {
    book.submit(order('Buy', 10, 100));
    trade('Buy', 100, 500);
    expect(told).toEqual([]);
  });

  test('meets a recorded market that moves onto it, once', () => {
    book.submit(order('Buy', 10, 100));
    level('Sell', 100, 6);
    level('Sell', 103, 1);
    expect(told).toEqual(['o1 maker 6@100']);
  });
});

describe('a taking order', () => {
  test('takes recorded liquidity once', () => {
    book.submit(order('Buy', 40, 102));
    expect(told).toEqual(['o1 taker 30@101', 'o1 taker 10@102']);
    told.length = 0;
    book.submit(order('Buy', 60, 102, { timeInForce: 'IOC' }));
    expect(told).toEqual(['o2 taker 50@102', 'o2 expired IOC_REST']);
  });

  test('quantity that comes new to a level can be taken', () => {
    book.submit(order('Buy', 30, 101));
    level('Sell', 101, 42);
    told.length = 0;
    book.submit(order('Buy', 20, 101, { timeInForce: 'IOC' }));
    expect(told).toEqual(['o2 taker 12@101', 'o2 expired IOC_REST']);
  });

  test('fill or kill is all or nothing', () => {
    book.submit(order('Buy', 91, 102, { timeInForce: 'FOK' }));
    expect(told).toEqual(['o1 expired FOK_NOT_FILLABLE']);
    book.submit(order('Buy', 90, 102, { timeInForce: 'FOK' }));
    expect(told.slice(1)).toEqual(['o2 taker 30@101', 'o2 taker 60@102']);
  });

  test('post only is refused when it would take', () => {
    expect(book.submit(order('Buy', 1, 101, { postOnly: true }))).toBe('WOULD_MATCH_IMMEDIATELY');
    expect(book.submit(order('Buy', 1, 100, { postOnly: true }))).toBeUndefined();
    expect(told).toEqual([]);
  });
});

describe('a stop order', () => {
  test('waits for a trade at its price and then takes', () => {
    const { price: _, ...stop } = order('Buy', 5, 0, { type: 'Stop', stopPrice: price(101) });
    expect(book.submit(stop)).toBeUndefined();
    trade('Buy', 100, 1);
    expect(told).toEqual([]);
    trade('Buy', 101, 1);
    expect(told).toEqual(['o1 triggered', 'o1 taker 5@101']);
  });
});

describe('a market that goes to another time', () => {
  test('ends every order and stop, and has nothing to take until it stands there', () => {
    book.submit(order('Buy', 10, 100));
    book.submit(order('Sell', 10, 90, { type: 'StopLimit', stopPrice: price(95) }));
    feed(KIND_BOOK_STATUS, BOOK_RESYNCING, BOOK_REASON.sought);
    expect(told).toEqual(['o1 expired REPLAY_SOUGHT', 'o2 expired REPLAY_SOUGHT']);
    expect(book.orders).toEqual([]);
    book.submit(order('Buy', 5, 200, { timeInForce: 'IOC' }));
    expect(told.at(-1)).toBe('o3 expired IOC_REST');
    feed(KIND_SNAPSHOT_HEADER, 0, 1);
    level('Sell', 150, 5);
    book.submit(order('Buy', 5, 200, { timeInForce: 'IOC' }));
    expect(told.at(-1)).toBe('o4 taker 5@150');
  });

  test('a book that is only taken anew keeps them', () => {
    book.submit(order('Buy', 10, 100));
    feed(KIND_BOOK_STATUS, BOOK_RESYNCING, BOOK_REASON.gap);
    expect(told).toEqual([]);
    expect(book.orders).toHaveLength(1);
  });
});
