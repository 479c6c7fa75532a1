import { expect, test } from 'vitest';
import type { ClientOrderId, InstrumentId } from '../../../engine/domain/identifiers.ts';
import { price, quantity } from '../../../engine/domain/price.ts';
import { unixMicros } from '../../../engine/domain/time.ts';
import { order, SOL } from '../../state/testdata.ts';
import { askedTags, ownTags, stackTags } from './own-orders.ts';

test('a moving order stands at its old and its new price until it is answered, its successor not twice', () => {
  const moving = order('a', {
    status: 'PendingReplace',
    pending: { quantity: quantity(2000), price: price(18_745) },
  });
  const successor = order('b', {
    status: 'Submitted',
    replaces: 'a' as ClientOrderId,
    price: price(18_745),
  });
  const tags = ownTags(SOL.id, [moving, successor]);
  expect(tags.map(({ price: at, look }) => [at, look])).toEqual([
    [18_740, 'gone'],
    [18_745, 'pending'],
  ]);
  expect(ownTags(SOL.id, [successor]).map(({ price: at }) => at)).toEqual([18_745]);
});

test.each([
  [{}, 'working', 18_740],
  [{ status: 'Submitted' as const }, 'pending', 18_740],
  [{ status: 'PendingCancel' as const }, 'gone', 18_740],
  [{ unknownSince: unixMicros(5) }, 'unknown', 18_740],
  [{ type: 'StopLimit' as const, stopPrice: price(18_800) }, 'trigger', 18_800],
  [
    { type: 'StopLimit' as const, stopPrice: price(18_800), triggeredAt: unixMicros(5) },
    'working',
    18_740,
  ],
])('an order of %o looks %s at %i', (part, look, at) => {
  expect(ownTags(SOL.id, [order('a', part)])).toMatchObject([{ look, price: at }]);
});

test('orders of another instrument and without a price have no place', () => {
  const { price: _price, ...market } = order('m', { type: 'Market' });
  expect(ownTags(SOL.id, [market])).toEqual([]);
  expect(ownTags('X.Y' as InstrumentId, [order('a')])).toEqual([]);
});

test('orders of one look on a row are one tag with their sum; doubt is never mixed in', () => {
  const tags = ownTags(SOL.id, [
    order('a'),
    order('b', { leavesQty: quantity(300), price: price(18_741) }),
    order('c', { unknownSince: unixMicros(5) }),
  ]);
  expect(
    stackTags(tags, new Map()).map((stack) => [
      stack.look,
      stack.quantity,
      stack.tags.map(({ id }) => id),
    ]),
  ).toEqual([
    ['working', 2300, ['a', 'b']],
    ['unknown', 2000, ['c']],
  ]);
});

test('a tag of several orders stands where the foremost of them does', () => {
  const place = (ahead: number) => ({ ahead: quantity(ahead), level: quantity(9000) });
  const tags = ownTags(SOL.id, [order('a'), order('b'), order('c')]);
  const [, second, third] = tags.map(({ id }) => id);
  if (second === undefined || third === undefined) throw new Error('three orders have three tags');
  const places = new Map([
    [second, place(700)],
    [third, place(1200)],
  ]);
  expect(stackTags(tags, places).map((stack) => stack.place)).toEqual([place(700)]);
  expect(stackTags(tags, new Map()).map((stack) => stack.place)).toEqual([undefined]);
});

test('what is asked for stands at its price without a name; a stop at its trigger, a market order nowhere', () => {
  const limit = order('l');
  const stop = order('s', { type: 'StopLimit', stopPrice: price(18_800) });
  const { price: _price, ...market } = order('m', { type: 'Market' });
  const elsewhere = { ...limit, instrument: 'X.Y' as InstrumentId };
  const tags = askedTags(SOL.id, [limit, stop, market, elsewhere]);
  expect(tags.map(({ id, look, price: at }) => [id, look, at])).toEqual([
    [undefined, 'asked', 18_740],
    [undefined, 'asked', 18_800],
  ]);
  expect(
    stackTags([...ownTags(SOL.id, [limit]), ...tags], new Map()).map(({ look }) => look),
  ).toEqual(['working', 'asked']);
});
