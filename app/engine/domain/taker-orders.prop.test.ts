import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Side } from './order.ts';
import { price, quantity } from './price.ts';
import { unixMicros } from './time.ts';
import { TakerOrders, type TakerOrder, type TakerTrade } from './taker-orders.ts';

const START = 1_700_000_000_000_000;

/** An order that takes `size` from a book of one lot a price, from `best` on. */
interface Order {
  readonly side: Side;
  readonly best: number;
  readonly levels: readonly number[];
}

const orders = fc.array(
  fc.record({
    side: fc.constantFrom<Side>('Buy', 'Sell'),
    best: fc.integer({ min: 9_000, max: 11_000 }),
    levels: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 }),
  }),
  { maxLength: 40 },
);

/** The trades that a venue prints when the orders come one after the other. */
function printsOf(all: readonly Order[]): readonly TakerTrade[] {
  let id = 0;
  return all.flatMap(({ side, best, levels }, index) =>
    levels.map((size, depth): TakerTrade => {
      // Two makers at each price: an order may fill twice at one.
      const away = Math.floor(depth / 2) * (side === 'Buy' ? 1 : -1);
      const at = unixMicros(START + index);
      id += 1;
      return { id, price: price(best + away), quantity: quantity(size), aggressor: side, at };
    }),
  );
}

function joined(trades: readonly TakerTrade[]): readonly TakerOrder[] {
  const takers = new TakerOrders();
  const over = trades.flatMap((trade) => takers.add(trade) ?? []);
  return [...over, ...(takers.current === undefined ? [] : [takers.current])];
}

test('the orders that took are found again, each whole, with what it paid', () => {
  fc.assert(
    fc.property(orders, (all) => {
      const found = joined(printsOf(all));
      const told = found.map(({ side, quantity: size, fills, firstPrice }) => [
        side,
        size,
        fills,
        firstPrice,
      ]);
      const sent = all.map(({ side, best, levels }) => [
        side,
        levels.reduce((sum, size) => sum + size, 0),
        levels.length,
        best,
      ]);
      expect(told).toEqual(sent);
      const paid = printsOf(all).reduce((sum, one) => sum + BigInt(one.price * one.quantity), 0n);
      expect(found.reduce((sum, order) => sum + order.notional, 0n)).toBe(paid);
    }),
  );
});

test('a better price, another side, a later time or an untold aggressor is another order', () => {
  const first = { id: 1, price: price(100), quantity: quantity(1), at: unixMicros(START) };
  const buy = { ...first, aggressor: 'Buy' as const };
  const second = [
    { ...buy, id: 2, price: price(99) },
    { ...buy, id: 2, aggressor: 'Sell' as const },
    { ...buy, id: 2, at: unixMicros(START + 1) },
    { ...first, id: 2 },
  ];
  for (const trade of second) expect(joined([buy, trade])).toHaveLength(2);
  expect(joined([first, { ...first, id: 2 }])).toHaveLength(2);
  expect(joined([buy, { ...buy, id: 2, price: price(101) }])).toMatchObject([
    { fills: 2, firstId: 1, lastId: 2, lastPrice: 101 },
  ]);
});
