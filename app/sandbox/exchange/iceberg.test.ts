import { expect, test } from 'vitest';
import { present } from '../../engine/base/invariant.ts';
import { price, quantity } from '../../engine/domain/price.ts';
import type { MatchingEvents } from '../../engine/native/compute/matching-events.ts';
import { MatchingEngine } from '../../engine/native/compute/matching.ts';
import { DEFAULT_MARKET } from '../../engine/synthetic/instruments.ts';
import { createPast } from '../../engine/synthetic/past.ts';
import { ManualSandboxClock } from '../manual-clock.ts';
import { Exchange } from './exchange.ts';
import type { OrderRequest } from './order.ts';

/** An exchange whose only other trader is the test. */
function quietExchange() {
  const engines = DEFAULT_MARKET.instruments.map(({ tickSize, stepSize }) => {
    return new MatchingEngine({ tickSize: price(tickSize), stepSize: quantity(stepSize) });
  });
  let publish: (index: number, events: MatchingEvents) => void = () => undefined;
  const exchange = new Exchange({
    market: DEFAULT_MARKET,
    seed: 1,
    clock: new ManualSandboxClock(Date.UTC(2026, 2, 14, 15, 9, 26)),
    balances: { USDT: 100_000_000, BTC: 500 },
    crowd: (tell, nowMs) => {
      publish = tell;
      return {
        pasts: createPast(DEFAULT_MARKET, 1, nowMs).instruments,
        labels: [],
        engine: (index) => present(engines[index], 'engine'),
        observe: () => undefined,
        step: () => undefined,
      };
    },
  });
  const market = present(exchange.market('BTCUSDT'), 'BTCUSDT');
  let ids = 5_000_000;
  const other = (side: 'Buy' | 'Sell', px: number, size: number): number => {
    ids += 1;
    const order = { orderId: ids, side, type: 'Limit', owner: 2 } as const;
    const { engine, index } = market;
    publish(index, engine.submit({ ...order, price: price(px), quantity: quantity(size) }));
    return ids;
  };
  const levels: string[] = [];
  market.listen({
    ...{ trade: () => undefined, aggregate: () => undefined },
    ...{ quote: () => undefined, barClosed: () => undefined },
    level: (_market, side, px, total) => levels.push(`${side} ${px} ${total}`),
  });
  return { exchange, market, other, levels };
}

const { exchange, market, other, levels } = quietExchange();

function iceberg(listing: OrderRequest['listing']): OrderRequest {
  return {
    ...{ listing, clientOrderId: 'ice', side: 'Sell', type: 'Limit', timeInForce: 'GTC' },
    ...{ price: 6_000_000, quantity: 1_000, quoteQuantity: undefined, stopPrice: undefined },
    ...{ icebergQuantity: 300, selfTrade: 'None' },
  };
}

test('an iceberg shows one part, then the next behind what waits there', () => {
  const placed = exchange.desk.place(market, iceberg(market.listing));
  const order = present(placed.ok ? placed.value : undefined, 'order');
  expect(levels.at(-1)).toBe('Sell 6000000 300');
  const waiting = other('Sell', 6_000_000, 50);
  expect(levels.at(-1)).toBe('Sell 6000000 350');

  other('Buy', 6_000_000, 100);
  expect(levels.at(-1)).toBe('Sell 6000000 250');
  expect(market.engine.queuePosition(waiting)?.ordersAhead).toBe(1);

  // The part is used up: 300 more come out, behind the 50.
  other('Buy', 6_000_000, 200);
  expect(levels.at(-1)).toBe('Sell 6000000 350');
  expect(market.quote).toMatchObject({ ask: 6_000_000, askQuantity: 350 });
  expect(market.engine.queuePosition(waiting)?.ordersAhead).toBe(0);
  expect(order).toMatchObject({ executed: 300, status: 'PARTIALLY_FILLED', shown: 300 });

  other('Buy', 6_000_000, 50);
  expect(market.engine.leaves(waiting)).toBe(0);
  expect(order.executed).toBe(300);
  exchange.desk.cancel(market, order, 'cancel');
});

test('a large taker meets the hidden rest at its price, and nothing stays hidden', () => {
  exchange.desk.place(market, iceberg(market.listing));
  other('Sell', 6_000_100, 500);
  other('Buy', 6_000_100, 1_200);
  const fills = exchange.desk.fills.slice(2).map((fill) => [fill.price, fill.quantity]);
  expect(fills).toEqual([[6_000_000, 1_000]]);
  expect(levels.slice(-2).sort()).toEqual(['Sell 6000000 0', 'Sell 6000100 300']);
  expect(market.shown('Sell', 6_000_000, 40)).toBe(40);
});

test('a canceled iceberg hides nothing any more', () => {
  const placed = exchange.desk.place(market, iceberg(market.listing));
  const order = present(placed.ok ? placed.value : undefined, 'order');
  exchange.desk.cancel(market, order, 'cancel');
  expect(levels.at(-1)).toBe('Sell 6000000 0');
  expect(market.shown('Sell', 6_000_000, 40)).toBe(40);
});
