import { expect, test } from 'vitest';
import { err, ok } from '../../../base/result.ts';
import type { ClientOrderId, VenueOrderId } from '../../../domain/identifiers.ts';
import type { VenueOrder } from '../../../domain/venue-report.ts';
import { namesOf, type OrderNameSource } from './order-names.ts';

const PAGE = 1000;
const idOf = (id: number): VenueOrderId => String(id) as VenueOrderId;
const order = (id: number): VenueOrder =>
  ({ venueOrderId: idOf(id), clientOrderId: `qd-${id}` as ClientOrderId }) as VenueOrder;

/** A venue that keeps these orders, and what it was asked. */
function venue(kept: readonly number[]): OrderNameSource & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    one: async (id) => {
      asked.push(`one ${id}`);
      return ok(kept.includes(Number(id)) ? order(Number(id)) : undefined);
    },
    page: async (from) => {
      asked.push(`page ${from}`);
      return ok(
        kept
          .filter((id) => id >= Number(from))
          .slice(0, PAGE)
          .map(order),
      );
    },
  };
}

const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

test('fills of more orders than may be looked up one by one are named by pages', async () => {
  const source = venue(range(1, 3000));
  const strangers = range(1, 3000).filter((id) => id % 10 === 0);
  const names = await namesOf(strangers.toReversed().map(idOf), source);
  if (!names.ok) throw new Error(names.error.message);
  expect(names.value.get(idOf(10))).toBe('qd-10');
  expect(strangers.filter((id) => names.value.get(idOf(id)) !== `qd-${id}`)).toEqual([]);
  expect(source.asked).toEqual(['page 10', 'page 1010', 'page 2010']);
});

test('a few orders are looked up one by one, each once', async () => {
  const source = venue([3, 4, 5]);
  const names = await namesOf([5, 3, 4, 3].map(idOf), source);
  expect(names.ok && [...names.value.values()]).toEqual(['qd-3', 'qd-4', 'qd-5']);
  expect(source.asked).toEqual(['one 3', 'one 4', 'one 5']);
});

test('an order that the venue no longer keeps goes under its own id, among many too', async () => {
  const names = await namesOf(range(1, 8).map(idOf), venue(range(2, 7)));
  expect(names.ok && names.value.get(idOf(1))).toBe('venue-1');
  expect(names.ok && names.value.get(idOf(8))).toBe('qd-8');
});

test('orders that lie too far apart end the question, not the budget', async () => {
  const apart = range(1, 300).map((id) => id * 10_000);
  const source: OrderNameSource = {
    one: async (id) => ok(order(Number(id))),
    page: async () => ok([]),
  };
  const names = await namesOf(apart.map(idOf), source);
  expect(names).toMatchObject({ ok: false, error: { code: 'HISTORY_TOO_LARGE' } });
});

test('what the venue does not answer is an answer to nobody', async () => {
  const error = { code: 'DOWN', kind: 'Retryable', message: 'down' } as const;
  const source: OrderNameSource = { one: async () => err(error), page: async () => err(error) };
  expect(await namesOf([1].map(idOf), source)).toEqual(err(error));
  expect(await namesOf(range(1, 9).map(idOf), source)).toEqual(err(error));
});
