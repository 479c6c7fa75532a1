import { expect, test } from 'vitest';
import { price, quantity } from '../../../engine/domain/price.ts';
import { unixMicros } from '../../../engine/domain/time.ts';
import { order, SOL } from '../../state/testdata.ts';
import { orderTags } from './chart-tags.ts';

const colour = (token: string): string => token;

test('orders of one side and state at one price are one line with their sum', () => {
  const tags = orderTags(
    [
      order('a'),
      order('b', { leavesQty: quantity(500) }),
      order('c', { side: 'Sell' }),
      order('d', { price: price(18_741) }),
      order('e', { status: 'Submitted' }),
      order('f', { unknownSince: unixMicros(1) }),
    ],
    SOL,
    colour,
  );
  expect(tags.map(({ label, price: at, color }) => [label, at, color])).toEqual([
    ['Buy 2.5, 2 orders', 187.4, 'buy'],
    ['Sell 2', 187.4, 'sell'],
    ['Buy 2', 187.41, 'buy'],
    ['Buy 2 sent', 187.4, 'st-sent'],
    ['Buy 2 unknown', 187.4, 'st-unknown'],
  ]);
});

test('a moving order stands at its old and its new price', () => {
  const moving = order('a', {
    status: 'PendingReplace',
    pending: { quantity: quantity(2000), price: price(18_745) },
  });
  expect(orderTags([moving], SOL, colour).map(({ label, price: at }) => [label, at])).toEqual([
    ['Buy 2 was', 187.4],
    ['Buy 2 moving', 187.45],
  ]);
});

test('a line is moved by its box only when each of its orders may be', () => {
  const orders = [
    order('a'),
    order('b'),
    order('c', { side: 'Sell', price: price(18_800) }),
    order('d', { side: 'Sell', price: price(18_800), stopPrice: price(18_700) }),
    order('e', { price: price(18_600), unknownSince: unixMicros(1) }),
    order('f', { price: price(18_500), parent: order('p').clientOrderId }),
  ];
  expect(orderTags(orders, SOL, colour).map((tag) => [tag.label, tag.orders])).toEqual([
    ['Buy 4, 2 orders', ['a', 'b']],
    ['Sell 2', ['c']],
    ['Sell stop 2', []],
    ['Buy 2 unknown', []],
    ['Buy 2', []],
  ]);
  const moving = order('g', {
    status: 'PendingReplace',
    pending: { quantity: quantity(2000), price: price(18_745) },
  });
  expect(orderTags([moving], SOL, colour).flatMap((tag) => tag.orders)).toEqual([]);
});
