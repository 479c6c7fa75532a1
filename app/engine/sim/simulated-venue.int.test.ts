import { describe, expect, test } from 'vitest';
import { ManualClock } from '../base/clock.ts';
import { present } from '../base/invariant.ts';
import type { AssetCode, ClientOrderId } from '../domain/identifiers.ts';
import type { Order } from '../domain/order.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import type { VenueReport } from '../domain/venue-report.ts';
import { ACCOUNT, Desk, INSTRUMENT, terms } from '../kernel/testing/desk.ts';
import {
  FLAG_AGGRESSOR_SELL,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_ASK_LEVEL,
  KIND_BID_LEVEL,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  MarketRecords,
} from '../native/compute/market-record.ts';
import { describeExecution } from '../ports/contract/execution.contract.ts';
import { SimulatedVenue } from './simulated-venue.ts';

const LOT = 10_000;

/** A venue whose book has 5 lots at 99.99 and 100.01, 50 lots a cent further out. */
function open(usdt = 1000n, btc = 5n) {
  const venue = new SimulatedVenue({
    account: ACCOUNT,
    instruments: [INSTRUMENT],
    clock: new ManualClock(1_700_000_000_000_000),
    balances: [
      { asset: 'USDT' as AssetCode, units: usdt },
      { asset: 'BTC' as AssetCode, units: btc },
    ],
  });
  book(venue);
  return venue;
}

function book(venue: SimulatedVenue): void {
  const levels = [
    [KIND_BID_LEVEL, 9_999, 5 * LOT],
    [KIND_BID_LEVEL, 9_998, 50 * LOT],
    [KIND_ASK_LEVEL, 10_001, 5 * LOT],
    [KIND_ASK_LEVEL, 10_002, 50 * LOT],
  ] as const;
  const records = new MarketRecords(5);
  records.set(0, KIND_SNAPSHOT_HEADER, FLAG_SNAPSHOT, 0, 0n, 0n, 0, 4, 0, 0, 1);
  for (const [index, [kind, px, qty]] of levels.entries()) {
    const last = index === 3 ? FLAG_LAST : 0;
    records.set(index + 1, kind, FLAG_SNAPSHOT | last, 0, 0n, 0n, px, qty, 0, 0, 1);
  }
  venue.onRecords(records, 5);
}

function trade(venue: SimulatedVenue, px: number, qty: number): void {
  const records = new MarketRecords(1);
  records.set(0, KIND_TRADE, FLAG_LAST | FLAG_AGGRESSOR_SELL, 0, 0n, 0n, px, qty, 0, 0, 9);
  venue.onRecords(records, 1);
}

function order(id: string, changes: Partial<Order> = {}): Order {
  const at = unixMicros(1);
  const asked = { ...terms(), ...changes };
  return {
    ...asked,
    clientOrderId: id as ClientOrderId,
    origin: 'Manual',
    status: 'Submitted',
    cumQty: quantity(0),
    leavesQty: asked.quantity,
    cumNotional: 0n,
    decidedAt: at,
    updatedAt: at,
  };
}

function market(id: string, side: Order['side'], lots: number): Order {
  const { price: _price, ...rest } = order(id, {
    side,
    type: 'Market',
    quantity: quantity(lots * LOT),
  });
  return rest;
}

function listen(venue: SimulatedVenue) {
  const reports: VenueReport[] = [];
  venue.start((report) => reports.push(report));
  const types = (): string[] =>
    reports.map(({ type }) => type).filter((type) => type !== 'BalancesChanged');
  const free = (asset: string): bigint => {
    const told = reports.findLast((report) => report.type === 'BalancesChanged');
    return present(
      told?.balances.find((line) => line.asset === asset),
      asset,
    ).free;
  };
  return { reports, types, free };
}

describe('SimulatedVenue', () => {
  test('a market buy that costs more than there is is rejected, one that costs all there is fills', () => {
    const venue = open(100n);
    const { types, free } = listen(venue);
    venue.send({ type: 'SendOrder', order: market('a', 'Buy', 10) });
    expect(types()).toEqual(['ConnectionChanged', 'OrderRejected']);
    venue.send({ type: 'SendOrder', order: market('b', 'Buy', 9) });
    expect(types().slice(2)).toEqual(['OrderAccepted', 'OrderFilled', 'OrderFilled']);
    // 5 lots of 0.1 at 100.01 and 4 at 100.02 cost 90.013.
    expect(free('USDT')).toBe(998_700_000n);
  });

  test('what was taken is not there again after the book is told anew', () => {
    const venue = open(1_000_000n);
    const { reports } = listen(venue);
    venue.send({ type: 'SendOrder', order: market('a', 'Buy', 5) });
    book(venue);
    venue.send({ type: 'SendOrder', order: market('b', 'Buy', 1) });
    const fills = reports.filter((report) => report.type === 'OrderFilled');
    expect(fills.map(({ lastPx }) => lastPx)).toEqual([10_001, 10_002]);
  });

  test('an account goes on where it was: its kernel finds nothing that differs, and its order fills', () => {
    const desk = new Desk();
    const before = open(1000n);
    const run = (venue: SimulatedVenue): void => {
      const waiting: VenueReport[] = [];
      const drain = (): void => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          for (const effect of desk.venue(next)) {
            if (effect.type !== 'Publish' && effect.type !== 'SetTimer') venue.send(effect);
          }
        }
      };
      venue.start((report) => waiting.push(report));
      drain();
      if (venue !== before) return;
      desk.command({ type: 'Unlock', account: ACCOUNT });
      desk.command({ type: 'Arm' });
      for (const px of [9_990, 10_001]) {
        const effects = desk.apply({
          type: 'UserCommand',
          envelope: {
            commandId: `c-${px}`,
            client: 'desk-1' as never,
            command: {
              type: 'SubmitOrder',
              terms: terms({ price: price(px), quantity: quantity(LOT) }),
            },
          },
        });
        for (const effect of effects) if (effect.type === 'SendOrder') venue.send(effect);
        drain();
      }
    };
    desk.apply({
      type: 'SessionStarted',
      session: 's',
      idPrefix: 'q1',
      accounts: [ACCOUNT],
      instruments: [INSTRUMENT],
      limits: wide(),
      recovered: false,
    });
    desk.quote();
    run(before);
    expect(desk.kernel.view().orders.map(({ status }) => status)).toEqual(['Accepted', 'Filled']);
    const after = open(1000n);
    after.restore(desk.kernel.view());
    desk.apply({
      type: 'SessionStarted',
      session: 's',
      idPrefix: 'q2',
      accounts: [ACCOUNT],
      instruments: [INSTRUMENT],
      limits: wide(),
      recovered: true,
    });
    run(after);
    expect(desk.kernel.view().accounts[0]?.reconciliation).toMatchObject({
      state: 'Agrees',
      differences: [],
    });
    const { reports } = listen(after);
    trade(after, 9_980, 100 * LOT);
    expect(reports.find((report) => report.type === 'OrderFilled')).toMatchObject({
      tradeId: '2',
      lastPx: 9_990,
    });
  });
});

function wide() {
  return {
    maxOrderNotional: 1_000_000n,
    maxPositionNotional: 1_000_000n,
    maxOpenOrders: 100,
    maxOrdersPerWindow: 100,
    orderRateWindowMicros: 1_000_000,
    priceCollarBps: 1000,
    maxDistanceBps: 9000,
    staleAfterMicros: 10_000_000,
    duplicateWindowMicros: 0,
  };
}

describeExecution('the simulated venue', async () => ({
  account: ACCOUNT,
  instrument: INSTRUMENT,
  client: open(100_000n, 5n),
  quantity: quantity(LOT),
  unaffordable: quantity(100_000 * LOT),
  prices: async () => ({ passiveBid: price(9_000), crossingBid: price(10_002) }),
  [Symbol.asyncDispose]: async () => undefined,
}));
