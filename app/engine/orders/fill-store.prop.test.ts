import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClientOrderId, TradeId } from '../domain/identifiers.ts';
import type { Fill } from '../domain/order.ts';
import { fillOf } from '../portfolio/testing/fill-of.ts';
import { FillStore } from './fill-store.ts';

/** A trade at the venue: who of the two was the account. */
interface Trade {
  readonly ours: 'Buy' | 'Sell' | 'both';
  readonly size: number;
  readonly orders: readonly [number, number];
}

const trade: fc.Arbitrary<Trade> = fc.record({
  ours: fc.constantFrom('Buy', 'Sell', 'both'),
  size: fc.integer({ min: 1, max: 1_000 }),
  orders: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 4, max: 7 })),
});

function sidesOf({ ours, size, orders }: Trade, id: number): Fill[] {
  const sides = ours === 'both' ? (['Buy', 'Sell'] as const) : [ours];
  return sides.map((side) => ({
    ...fillOf({ tradeId: String(id), side, px: 100, size }),
    clientOrderId: `q-${orders[side === 'Buy' ? 0 : 1]}` as ClientOrderId,
  }));
}

test('each side of a trade is one fill, in whatever order and however often they are told', () => {
  fc.assert(
    fc.property(
      fc.array(trade, { maxLength: 20 }),
      fc.infiniteStream(fc.nat()),
      (trades, picks) => {
        const fills = trades.flatMap(sidesOf);
        const waiting = [...fills, ...fills, ...fills];
        const store = new FillStore();
        const told = new Set<Fill>();
        while (waiting.length > 0) {
          const pick: number = picks.next().value;
          const [fill] = waiting.splice(pick % waiting.length, 1);
          if (fill === undefined) continue;
          expect(store.novelty(fill)).toBe(told.has(fill) ? 'Duplicate' : 'New');
          if (!told.has(fill)) store.add(fill);
          told.add(fill);
        }
        expect(store.count).toBe(fills.length);
        for (const id of new Set(fills.map(({ clientOrderId }) => clientOrderId))) {
          expect(new Set(store.of(id))).toEqual(
            new Set(fills.filter(({ clientOrderId }) => clientOrderId === id)),
          );
        }
      },
    ),
  );
});

test('another order or size under the trade id and side of a known fill contradicts it', () => {
  const store = new FillStore();
  const fill = fillOf({ tradeId: '7', side: 'Buy', px: 100, size: 5 });
  store.add(fill);
  expect(store.novelty({ ...fill, clientOrderId: 'q-9' as ClientOrderId })).toBe('Contradiction');
  expect(store.novelty({ ...fill, tradeId: '8' as TradeId })).toBe('New');
  expect(store.novelty(fillOf({ tradeId: '7', side: 'Buy', px: 100, size: 6 }))).toBe(
    'Contradiction',
  );
});
