import { expect, test } from 'vitest';
import { err, ok } from '../../../base/result.ts';
import type { ClientOrderId, VenueOrderId } from '../../../domain/identifiers.ts';
import { unixMicros } from '../../../domain/time.ts';
import type { VenueOrder } from '../../../domain/venue-report.ts';
import { OrderLookup, type OrderSource } from './order-lookup.ts';
import { restingOrder } from './testdata/orders.ts';

const known = new Set(['a', 'b', 'c', 'd', 'e', 'f']);

function stated(id: string, status: VenueOrder['status']): VenueOrder {
  const order = restingOrder({ clientOrderId: id as ClientOrderId });
  const { clientOrderId, cumQty, cumNotional, venueOrderId = '1' as VenueOrderId } = order;
  const venueTime = unixMicros(1);
  return { terms: order, clientOrderId, venueOrderId, status, cumQty, cumNotional, venueTime };
}

function setUp(changes: Partial<OrderSource> = {}) {
  const asked: string[] = [];
  const lookup = new OrderLookup({
    one: async (id) => {
      asked.push(id);
      return ok(known.has(id) ? stated(id, 'Canceled') : undefined);
    },
    all: async (since) => {
      asked.push(`all since ${since}`);
      return ok([...known].map((id) => stated(id, 'Accepted')));
    },
    ...changes,
  });
  const ask = async (id: string, since = 100) => {
    const found = await lookup.ask(id as ClientOrderId, unixMicros(since));
    return found.ok ? found.value?.status : found.error.code;
  };
  return { asked, ask };
}

test('a few orders are asked for one by one', async () => {
  const { asked, ask } = setUp();
  expect(await Promise.all([ask('a'), ask('x')])).toEqual(['Canceled', undefined]);
  expect(asked).toEqual(['a', 'x']);
});

test('a crowd is looked for in one list, from the earliest time asked for', async () => {
  const { asked, ask } = setUp();
  const found = await Promise.all([ask('a'), ask('b', 40), ask('c'), ask('x'), ask('d')]);
  expect(found).toEqual(['Accepted', 'Accepted', 'Accepted', undefined, 'Accepted']);
  expect(asked).toEqual(['all since 40']);
});

test('what is asked for while a list is under way is answered by a later one', async () => {
  let give = (): void => undefined;
  const lists: number[] = [];
  const { ask } = setUp({
    all: async () => {
      lists.push(lists.length);
      await new Promise<void>((resolve) => {
        give = resolve;
      });
      return ok(lists.length === 1 ? [] : [stated('f', 'Filled')]);
    },
  });
  const first = ['a', 'b', 'c', 'd', 'e'].map((id) => ask(id));
  await Promise.resolve();
  await Promise.resolve();
  const second = ['f', 'x', 'x', 'x', 'x'].map((id) => ask(id));
  give();
  expect(await Promise.all(first)).toEqual(Array.from({ length: 5 }));
  give();
  const [f] = await Promise.all(second);
  expect({ f, lists: lists.length }).toEqual({ f: 'Filled', lists: 2 });
});

test('a list that fails, or that the venue does not give, is no negative answer', async () => {
  const error = { code: 'TIMEOUT', kind: 'Retryable', message: 'no answer' } as const;
  const failing = setUp({ all: async () => err(error) });
  const ids = ['a', 'x', 'c', 'd', 'e'];
  expect(await Promise.all(ids.map((id) => failing.ask(id)))).toEqual(ids.map(() => 'TIMEOUT'));
  const old = setUp({ all: () => undefined });
  await Promise.all(ids.map((id) => old.ask(id)));
  expect(old.asked).toEqual(ids);
});
