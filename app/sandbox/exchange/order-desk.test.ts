import { describe, expect, test } from 'vitest';
import { present } from '../../engine/base/invariant.ts';
import { Xoshiro128 } from '../../engine/base/rng.ts';
import { DEFAULT_MARKET } from '../../engine/synthetic/instruments.ts';
import { ManualSandboxClock } from '../manual-clock.ts';
import { Exchange } from './exchange.ts';
import type { Market } from './market.ts';
import type { ExecutionReport, OrderRequest } from './order.ts';

const BALANCES = { USDT: 100_000, BTC: 5, ETH: 50, SOL: 500 };
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];
const ASSET_UNIT = 100_000_000n;

function randomOrder(market: Market, rng: Xoshiro128, clientOrderId: string): OrderRequest {
  const { listing } = market;
  const side = rng.nextBelow(2) === 0 ? 'Buy' : 'Sell';
  const type = present(
    (
      [
        'Limit',
        'Limit',
        'Limit',
        'LimitMaker',
        'Market',
        'Stop',
        'StopLimit',
        'TakeProfitLimit',
      ] as const
    )[rng.nextBelow(8)],
    'type',
  );
  const priceNear = (): number =>
    market.lastPrice +
    (rng.nextBelow(41) - 20) * Math.max(1, Math.floor(market.lastPrice / 100_000));
  const byQuote = type === 'Market' && rng.nextBelow(2) === 0;
  const worth =
    1_000_000 / Number(market.lastPrice) / 10 ** -(listing.quantityScale + listing.priceScale - 2);
  const quantity = 1 + rng.nextBelow(Math.max(2, Math.floor(worth)));
  const trigger = type === 'Stop' || type === 'StopLimit' || type === 'TakeProfitLimit';
  return {
    listing,
    clientOrderId,
    side,
    type,
    timeInForce:
      type === 'Limit'
        ? present((['GTC', 'GTC', 'IOC', 'FOK'] as const)[rng.nextBelow(4)], 'tif')
        : 'GTC',
    price: type === 'Market' || type === 'Stop' ? undefined : priceNear(),
    quantity: byQuote ? undefined : quantity,
    quoteQuantity: byQuote ? BigInt(quantity) * BigInt(market.lastPrice) : undefined,
    stopPrice: trigger ? priceNear() : undefined,
    selfTrade: present(
      (['None', 'ExpireMaker', 'ExpireTaker', 'ExpireBoth'] as const)[rng.nextBelow(4)],
      'mode',
    ),
  };
}

/** Free and locked amounts as the fills and open orders alone would have them. */
function expectedBalances(exchange: Exchange): Map<string, { total: bigint; locked: bigint }> {
  const result = new Map<string, { total: bigint; locked: bigint }>();
  const at = (asset: string): { total: bigint; locked: bigint } => {
    const known = result.get(asset) ?? { total: 0n, locked: 0n };
    result.set(asset, known);
    return known;
  };
  for (const [asset, units] of Object.entries(BALANCES))
    at(asset).total = BigInt(units) * ASSET_UNIT;
  for (const fill of exchange.desk.fills) {
    const { listing, side } = fill.order.request;
    const base = BigInt(fill.quantity) * 10n ** BigInt(8 - listing.quantityScale);
    const notional = BigInt(fill.price) * BigInt(fill.quantity);
    const quote = notional * 10n ** BigInt(8 - listing.priceScale - listing.quantityScale);
    at(listing.base).total += side === 'Buy' ? base : -base;
    at(listing.quote).total += side === 'Buy' ? -quote : quote;
    at(fill.commissionAsset).total -= fill.commission;
  }
  for (const order of exchange.desk.openOrders()) {
    const { listing, side } = order.request;
    at(side === 'Buy' ? listing.quote : listing.base).locked += order.locked;
  }
  return result;
}

describe.each([11, 12, 13])('two thousand random requests, seed %i', (seed) => {
  const clock = new ManualSandboxClock(Date.UTC(2026, 2, 14, 15, 9, 26));
  const exchange = new Exchange({ market: DEFAULT_MARKET, seed, clock, balances: BALANCES });
  const reports: ExecutionReport[] = [];
  exchange.desk.listen({ report: (report) => reports.push(report), balances: () => undefined });
  const rng = new Xoshiro128(seed);
  const wrong: string[] = [];
  const outcomes = new Map<string, number>();
  for (let request = 0; request < 2000; request += 1) {
    const market = present(exchange.market(SYMBOLS[rng.nextBelow(3)] ?? ''), 'market');
    const open = exchange.desk.openOrders(market.listing.symbol);
    const target = open[rng.nextBelow(Math.max(1, open.length))];
    const action = rng.nextBelow(10);
    let outcome = 'time';
    if (action < 6) {
      const placed = exchange.desk.place(market, randomOrder(market, rng, `order-${request}`));
      outcome = placed.ok ? placed.value.request.type : placed.error.code;
    } else if (action < 8 && target !== undefined) {
      outcome = exchange.desk.cancel(market, target, `cancel-${request}`).ok ? 'canceled' : 'kept';
    } else if (action < 9 && target !== undefined && target.quantity > 1) {
      const smaller = 1 + rng.nextBelow(target.quantity - 1);
      outcome = exchange.desk.amend(market, target, smaller, target.clientOrderId).ok
        ? 'amended'
        : 'kept';
    } else {
      clock.advance(rng.nextBelow(3000));
      exchange.advance();
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    for (const [asset, expected] of expectedBalances(exchange)) {
      const balance = present(exchange.account.balances.get(asset), asset);
      const agrees =
        balance.locked === expected.locked &&
        balance.free + balance.locked === expected.total &&
        balance.free >= 0n;
      if (!agrees) wrong.push(`${request} ${outcome} ${asset}`);
    }
  }

  test('money is neither made nor lost and locked for open orders only', () => {
    expect(wrong).toEqual([]);
    expect(exchange.desk.fills.length).toBeGreaterThan(200);
    for (const kind of ['Limit', 'Market', 'StopLimit', 'canceled', 'amended', 'WOULD_TAKE']) {
      expect(outcomes.get(kind) ?? 0).toBeGreaterThan(5);
    }
  });

  test('reports of an order begin with NEW, add up and end once', () => {
    const byOrder = Map.groupBy(reports, (report) => report.order.orderId);
    for (const told of byOrder.values()) {
      const done = told.filter((report) => !['NEW', 'PARTIALLY_FILLED'].includes(report.status));
      expect(told[0]?.executionType).toBe('NEW');
      expect(done.length).toBeLessThanOrEqual(1);
      if (done.length === 1) expect(told.at(-1)).toBe(done[0]);
      const filled = told.reduce((sum, report) => sum + (report.fill?.quantity ?? 0), 0);
      expect(told.at(-1)?.executed).toBe(filled);
      expect(filled).toBe(told[0]?.order.executed);
    }
  });

  test('what the exchange shows as open is what its book holds', () => {
    for (const market of exchange.markets) {
      for (const order of exchange.desk.openOrders(market.listing.symbol)) {
        expect(market.engine.leaves(order.orderId)).toBe(order.quantity - order.executed);
      }
    }
  });
});
