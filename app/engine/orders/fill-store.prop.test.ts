import fc from 'fast-check';
import { expect, test } from 'vitest';
import type {
  AccountId,
  ClientOrderId,
  InstrumentId,
  TradeId,
  VenueOrderId,
} from '../domain/identifiers.ts';
import type { Fill, Side } from '../domain/order.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { FillStore } from './fill-store.ts';

function fillOf(tradeId: string, side: Side, size: number, order = 'q-0'): Fill {
  return {
    tradeId: tradeId as TradeId,
    clientOrderId: order as ClientOrderId,
    venueOrderId: '7' as VenueOrderId,
    instrument: 'BTCUSDT.BINANCE@sandbox' as InstrumentId,
    account: 'BINANCE@sandbox/main' as AccountId,
    side,
    lastPx: price(100),
    lastQty: quantity(size),
    liquidity: 'Taker',
    fee: 0n,
    feeScale: 8,
    feeAsset: 'USDT',
    venueTime: unixMicros(1),
    receivedAt: unixMicros(2),
  };
}

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
  return sides.map((side) => {
    return fillOf(String(id), side, size, `q-${orders[side === 'Buy' ? 0 : 1]}`);
  });
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
  const fill = fillOf('7', 'Buy', 5);
  store.add(fill);
  expect(store.novelty({ ...fill, clientOrderId: 'q-9' as ClientOrderId })).toBe('Contradiction');
  expect(store.novelty({ ...fill, tradeId: '8' as TradeId })).toBe('New');
  expect(store.novelty(fillOf('7', 'Buy', 6))).toBe('Contradiction');
});
