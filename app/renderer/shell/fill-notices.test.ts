import { beforeEach, expect, test, vi } from 'vitest';
import type { ClientOrderId } from '../../engine/domain/identifiers.ts';
import type { Fill } from '../../engine/domain/order.ts';
import { price, quantity } from '../../engine/domain/price.ts';
import { Notices } from '../state/notices.ts';
import { fill, SOL } from '../state/testdata.ts';
import { FillNotices } from './fill-notices.ts';

beforeEach(() => void vi.useFakeTimers());

function harness(): {
  readonly notices: FillNotices;
  readonly shown: () => readonly (readonly [title: string, text: string])[];
  readonly pass: (ms: number) => void;
} {
  const all = new Notices();
  let now = 0;
  return {
    notices: new FillNotices(
      all,
      (id) => (id === SOL.id ? SOL : undefined),
      () => now,
    ),
    shown: () => all.store.getState().notices.map(({ title, text }) => [title, text]),
    pass: (ms) => {
      now += ms;
      vi.advanceTimersByTime(ms);
    },
  };
}

const of = (id: string, order: string, part: Partial<Fill> = {}): Fill =>
  fill(id, { clientOrderId: order as ClientOrderId, ...part });

test('the fills of one order are one notice with their sum and average', () => {
  const { notices, shown } = harness();
  notices.take([of('1', 'a'), of('2', 'a', { lastPx: price(18_742) })]);
  expect(shown()).toEqual([['Filled 2 at 187.410', 'SOLUSDT buy, taker, 2 fills']]);
});

test('fills of many orders are one notice of the instrument, with a sum for each side', () => {
  const { notices, shown } = harness();
  notices.take([of('1', 'a')]);
  notices.take([of('2', 'b')]);
  expect(shown().map(([title]) => title)).toEqual(['Filled 1 at 187.40', 'Filled 1 at 187.40']);
  const rest = Array.from({ length: 35 }, (_, index) =>
    of(`s${index}`, `order-${index}`, { side: 'Sell', lastQty: quantity(100) }),
  );
  for (const one of rest) notices.take([one]);
  expect(shown()).toEqual([
    ['37 fills, SOLUSDT', '37 orders: bought 2 at 187.40, sold 3.5 at 187.40'],
  ]);
});

test('after a quiet time fills are told of one by one again', () => {
  const { notices, shown, pass } = harness();
  notices.take([of('1', 'a'), of('2', 'b'), of('3', 'c')]);
  expect(shown().map(([title]) => title)).toEqual(['3 fills, SOLUSDT']);
  pass(9000);
  notices.take([of('4', 'd')]);
  expect(shown().map(([title]) => title)).toEqual(['Filled 1 at 187.40']);
});
