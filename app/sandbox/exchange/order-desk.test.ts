import { describe, expect, test } from 'vitest';
import { present } from '../../engine/base/invariant.ts';
import { Xoshiro128 } from '../../engine/base/rng.ts';
import { MatchingLevels } from '../../engine/native/compute/matching.ts';
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
  const timeInForce =
    type === 'Limit'
      ? present((['GTC', 'GTC', 'IOC', 'FOK'] as const)[rng.nextBelow(4)], 'tif')
      : 'GTC';
  const hides = timeInForce === 'GTC' && type.startsWith('Limit') && rng.nextBelow(3) === 0;
  return {
    listing,
    clientOrderId,
    side,
    type,
    timeInForce,
    icebergQuantity: hides ? 1 + rng.nextBelow(quantity) : undefined,
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

/** Two exits around the last price, now and then on its wrong sides. */
function randomList(market: Market, rng: Xoshiro128, id: string): [OrderRequest, OrderRequest] {
  const common = randomOrder(market, rng, id);
  const quantity = common.quantity ?? 1;
  const away = (common.side === 'Sell' ? 1 : -1) * Math.floor(market.lastPrice / 10_000);
  const near = market.lastPrice + away * (rng.nextBelow(8) - 1);
  const far = market.lastPrice - away * (rng.nextBelow(8) - 1);
  const leg = { ...common, quantity, quoteQuantity: undefined, timeInForce: 'GTC' as const };
  return [
    { ...leg, type: 'LimitMaker', price: near, stopPrice: undefined },
    {
      ...{ ...leg, clientOrderId: `${id}-stop`, icebergQuantity: undefined },
      ...{ type: 'Stop', price: undefined, stopPrice: far },
    },
  ];
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
  exchange.desk.listen({
    report: (report) => reports.push(report),
    balances: () => undefined,
    list: () => undefined,
  });
  const rng = new Xoshiro128(seed);
  const wrong: string[] = [];
  const outcomes = new Map<string, number>();
  for (let request = 0; request < 2000; request += 1) {
    const market = present(exchange.market(SYMBOLS[rng.nextBelow(3)] ?? ''), 'market');
    const open = exchange.desk.openOrders(market.listing.symbol);
    const target = open[rng.nextBelow(Math.max(1, open.length))];
    const action = rng.nextBelow(10);
    let outcome = 'time';
    if (action === 0) {
      const placed = exchange.desk.placeList(
        market,
        randomList(market, rng, `list-${request}`),
        `list-${request}`,
      );
      outcome = placed.ok ? 'list' : placed.error.code;
    } else if (action < 6) {
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
    for (const kind of [
      'Limit',
      'Market',
      'StopLimit',
      'canceled',
      'amended',
      'WOULD_TAKE',
      'list',
    ]) {
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

  test('the legs of a list trade its quantity once and end together', () => {
    const lists = new Set([...exchange.desk.orders()].flatMap(({ list }) => list ?? []));
    for (const { legs, done } of lists) {
      const [first, second] = legs.map(({ executed }) => executed);
      expect(Math.min(first ?? 0, second ?? 0)).toBe(0);
      const open = legs.filter((leg) => exchange.desk.openOrders().includes(leg));
      expect(done).toBe(open.length === 0);
      // One leg alone lives on after its activation only.
      if (open.length === 1) {
        expect((open[0]?.executed ?? 0) > 0 || open[0]?.request.type === 'Stop').toBe(true);
      }
    }
    expect([...lists].filter(({ done }) => done).length).toBeGreaterThan(5);
  });

  test('the book hides the rest of icebergs and nothing else', () => {
    for (const market of exchange.markets) {
      for (const side of ['Buy', 'Sell'] as const) {
        const hidden = new Map<number, number>();
        for (const { request, working, quantity, executed, shown } of exchange.desk.openOrders()) {
          const here = request.listing === market.listing && request.side === side && working;
          if (!here || request.icebergQuantity === undefined || request.price === undefined)
            continue;
          expect(shown).toBeGreaterThan(0);
          expect(shown).toBeLessThanOrEqual(request.icebergQuantity);
          const rest = quantity - executed - shown;
          hidden.set(request.price, (hidden.get(request.price) ?? 0) + rest);
        }
        const levels = market.engine.top(side, new MatchingLevels(1000));
        for (let index = 0; index < levels.count; index += 1) {
          const price = levels.price(index);
          const expected = levels.total(index) - (hidden.get(price) ?? 0);
          expect(market.shown(side, price, levels.total(index))).toBe(expected);
        }
      }
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
