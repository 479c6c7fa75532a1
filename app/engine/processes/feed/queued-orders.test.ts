import { expect, test } from 'vitest';
import type { QueuedOrder } from '../../api/feed-service.ts';
import type { ClientOrderId } from '../../domain/identifiers.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import { BTC, INSTRUMENT } from '../../kernel/testing/desk.ts';
import { InstrumentFeed } from './instrument-feed.ts';
import { QueuedOrders } from './queued-orders.ts';

function queued(name: string): QueuedOrder {
  const order = name as ClientOrderId;
  const terms = { side: 'Buy', price: price(100), leaves: quantity(5) } as const;
  return { order, instrument: BTC, ...terms, takenAt: unixMicros(10) };
}

test('an order is estimated once, for as long as one of its windows watches it', () => {
  const feed = new InstrumentFeed(INSTRUMENT, true);
  const orders = new QueuedOrders((id) => (id === BTC ? feed : undefined));
  const known = (): string[] => feed.queue.since(-1).map(({ order }) => order);
  const [left, right] = [{}, {}];
  orders.set(left, [queued('a'), queued('b')]);
  orders.set(right, [queued('b')]);
  expect(known()).toEqual(['a', 'b']);
  const before = feed.queue.version;
  orders.set(left, []);
  expect(known()).toEqual(['b']);
  expect(feed.queue.version).toBe(before);
  orders.set(right, []);
  expect(known()).toEqual([]);
});
