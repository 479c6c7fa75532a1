import { expect, test } from 'vitest';
import type { Order } from '../../../engine/domain/order.ts';
import { nextStep, stepsTaken, STEPS, type Seen, type Step } from './steps.ts';

const NOTHING: Seen = { chosen: false, armed: false, orders: [], provedFlat: false };
const order = (part: Partial<Order>): Order =>
  ({ origin: 'Manual', status: 'Accepted', cumQty: 0, ...part }) as Order;

function after(...seen: readonly Partial<Seen>[]): ReadonlySet<Step> {
  return seen.reduce<ReadonlySet<Step>>(
    (taken, one) => stepsTaken(taken, { ...NOTHING, ...one }),
    new Set(),
  );
}

test('a step that was taken stays taken when the desk is disarmed again', () => {
  expect([...after({ armed: true }, {})]).toEqual(['arm']);
});

test('an order that works is placed; one that filled in part or ended was watched', () => {
  expect([...after({ orders: [order({})] })]).toEqual(['place']);
  expect([...after({ orders: [order({ cumQty: 1 as Order['cumQty'] })] })]).toEqual([
    'place',
    'watch',
  ]);
  expect([...after({ orders: [order({ status: 'Canceled' })] })]).toEqual(['place', 'watch']);
  expect([...after({ orders: [order({ origin: 'External', status: 'Canceled' })] })]).toEqual([]);
});

test('flat counts from the first order on, and the steps are asked in their order', () => {
  expect(after({ provedFlat: true }).size).toBe(0);
  expect(nextStep(after({ armed: true }))).toBe('choose');
  const all = after(
    { chosen: true, armed: true },
    { orders: [order({ status: 'Filled' })], provedFlat: true },
  );
  expect([...all].toSorted()).toEqual([...STEPS].toSorted());
  expect(nextStep(all)).toBeUndefined();
});
