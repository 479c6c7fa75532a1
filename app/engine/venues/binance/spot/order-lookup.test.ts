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
  expect(asked).toEqual(['all since 40', 'x']);
});

test('an order that the list lacks is asked for by name: the list may begin too late', async () => {
  const { ask } = setUp({ all: async () => ok([]) });
  const found = await Promise.all(['a', 'b', 'c', 'd', 'x'].map((id) => ask(id)));
  expect(found).toEqual(['Canceled', 'Canceled', 'Canceled', 'Canceled', undefined]);
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
  const second = ['f', 'v', 'w', 'x', 'y'].map((id) => ask(id));
  give();
  expect(await Promise.all(first)).toEqual(Array.from({ length: 5 }, () => 'Canceled'));
  give();
  const [f] = await Promise.all(second);
  expect({ f, lists: lists.length }).toEqual({ f: 'Filled', lists: 2 });
});

/** A source whose answers about single orders come when they are given. */
function slowSource() {
  const open: { readonly id: string; readonly give: () => void }[] = [];
  const one: OrderSource['one'] = async (id) => {
    await new Promise<void>((give) => {
      open.push({ id, give });
    });
    return ok(stated(id, 'Accepted'));
  };
  const asked = async (): Promise<string[]> => {
    await new Promise((resolve) => setImmediate(resolve));
    return open.map(({ id }) => id);
  };
  return { one, asked, give: (index: number) => open[index]?.give() };
}

test('who asks for an order that is asked for already shares the next answer', async () => {
  const { one, asked, give } = slowSource();
  const { ask } = setUp({ one });
  const first = ask('a');
  expect(await asked()).toEqual(['a']);
  const later = [ask('a'), ask('a'), ask('a')];
  expect(await asked()).toEqual(['a']);
  give(0);
  await first;
  expect(await asked()).toEqual(['a', 'a']);
  give(1);
  expect(await Promise.all(later)).toEqual(['Accepted', 'Accepted', 'Accepted']);
  expect(await asked()).toHaveLength(2);
});

test('an answer that does not come holds up no other order', async () => {
  const { one, asked: singles } = slowSource();
  const { ask, asked } = setUp({ one });
  for (const id of ['a', 'b', 'c', 'd']) {
    void ask(id);
    await singles();
  }
  expect(await singles()).toEqual(['a', 'b', 'c', 'd']);
  expect(await ask('e')).toBe('Accepted');
  expect(asked).toEqual(['all since 100']);
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
