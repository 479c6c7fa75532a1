import { expect, test } from 'vitest';
import type { ClientOrderId } from '../../engine/domain/identifiers.ts';
import type { Order } from '../../engine/domain/order.ts';
import { price, quantity } from '../../engine/domain/price.ts';
import { unixMicros } from '../../engine/domain/time.ts';
import type { FeedRequest } from '../client/feed-client.ts';
import { QueuePlaces } from './queue-places.ts';
import { order } from './testdata.ts';

const WORKING = { status: 'Accepted', venueAcceptedAt: unixMicros(10) } as const;

function harness(): { places: QueuePlaces; sent: FeedRequest[]; known: () => unknown[] } {
  const sent: FeedRequest[] = [];
  const places = new QueuePlaces((request) => sent.push(request) > 0, {
    now: () => 0,
    next: (run) => run(),
    done: () => undefined,
    later: (_, run) => run(),
  });
  return { places, sent, known: () => [...places.store.getState().places] };
}

function names(request: FeedRequest | undefined): string[] {
  return request?.type === 'WatchQueue' ? request.orders.map((one) => one.order) : [];
}

test('only what rests whole in sight is watched, and told again only when it is another', () => {
  const { places, sent } = harness();
  const others: Partial<Order>[] = [
    { status: 'Submitted' },
    { displayQuantity: quantity(1) },
    { stopPrice: price(1) },
  ];
  const orders = [
    order('a', WORKING),
    ...others.map((part) => order('x', { ...WORKING, ...part })),
  ];
  places.watch(orders);
  places.watch(orders);
  expect(sent.map(names)).toEqual([['a']]);
  places.watch([order('a', { ...WORKING, leavesQty: quantity(1) })]);
  places.watch([]);
  expect(sent.map(names)).toEqual([['a'], ['a'], []]);
});

test('a place is kept until the feed takes it back, its order goes, or the feed does', () => {
  const { places, sent, known } = harness();
  const id = 'a' as ClientOrderId;
  const place = { ahead: quantity(3), level: quantity(9) };
  places.watch([order('a', WORKING)]);
  places.take([{ order: id, ...place }]);
  expect(known()).toEqual([[id, place]]);
  places.take([{ order: id }]);
  expect(known()).toEqual([]);
  places.take([{ order: id, ...place }]);
  places.disconnected();
  expect(known()).toEqual([]);
  places.welcome();
  expect(names(sent.at(-1))).toEqual(['a']);
  places.take([{ order: id, ...place }]);
  places.watch([]);
  expect(known()).toEqual([]);
});
