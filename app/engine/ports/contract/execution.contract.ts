import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../base/invariant.ts';
import type { AccountId, ClientOrderId } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import { price, quantity, type Price, type Quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import type { VenueReport } from '../../domain/venue-report.ts';
import type { ExecutionClient } from '../execution-client.ts';
import { until } from './until.ts';

/** A venue with an account that holds base and quote, and a client of it. */
export interface ExecutionSetup extends AsyncDisposable {
  readonly account: AccountId;
  readonly instrument: Instrument;
  /** A client that is not started; it is disposed by the suite. */
  readonly client: ExecutionClient;
  /** Small enough to fill at once, large enough for the venue's minimum. */
  readonly quantity: Quantity;
  /** More than the account can pay for. */
  readonly unaffordable: Quantity;
  /** A price far below the market that the venue still takes, and one above it. */
  prices(): Promise<{ readonly passiveBid: Price; readonly crossingBid: Price }>;
  /** Ends the private connection from the venue's side; absent when that cannot be done. */
  dropConnections?(): void;
}

type Of<T extends VenueReport['type']> = Extract<VenueReport, { readonly type: T }>;

/** What every venue's execution client must do. */
export function describeExecution(name: string, open: () => Promise<ExecutionSetup>): void {
  describe(`execution at ${name}`, () => {
    const started = unixMicros(Date.now() * 1000 - 60_000_000);
    const reports: VenueReport[] = [];
    let setup: ExecutionSetup;
    let prices: Awaited<ReturnType<ExecutionSetup['prices']>>;
    let count = 0;

    /** Reports of a type, about one order when it is given. */
    const of = <T extends VenueReport['type']>(type: T, id?: ClientOrderId): Of<T>[] =>
      reports.filter(
        (report): report is Of<T> =>
          report.type === type &&
          (id === undefined || ('clientOrderId' in report && report.clientOrderId === id)),
      );
    const seen = (type: VenueReport['type'], id?: ClientOrderId, times = 1) =>
      until(`${times} ${type} ${id ?? ''}`, () => of(type, id).length >= times);
    const order = (changes: Partial<Order> = {}): Order => {
      count += 1;
      return {
        instrument: setup.instrument.id,
        account: setup.account,
        side: 'Buy',
        type: 'Limit',
        quantity: setup.quantity,
        price: prices.passiveBid,
        timeInForce: 'GTC',
        postOnly: false,
        reduceOnly: false,
        clientOrderId: `contract-${started}-${count}` as ClientOrderId,
        origin: 'Manual',
        status: 'Submitted',
        cumQty: quantity(0),
        leavesQty: setup.quantity,
        cumNotional: 0n,
        decidedAt: started,
        updatedAt: started,
        ...changes,
      };
    };
    /** Sends an order and waits until it rests. */
    const rest = async (changes: Partial<Order> = {}): Promise<Order> => {
      const sent = order(changes);
      setup.client.send({ type: 'SendOrder', order: sent });
      await seen('OrderAccepted', sent.clientOrderId);
      const [accepted] = of('OrderAccepted', sent.clientOrderId);
      return {
        ...sent,
        status: 'Accepted',
        venueOrderId: present(accepted, 'acceptance').venueOrderId,
      };
    };

    beforeAll(async () => {
      setup = await open();
      prices = await setup.prices();
      setup.client.start((report) => reports.push(report));
      await seen('ConnectionChanged');
    }, 30_000);

    afterAll(async () => {
      await setup.client[Symbol.asyncDispose]();
      await setup[Symbol.asyncDispose]();
    });

    test('Connected is the first report', () => {
      expect(reports[0]).toMatchObject({ type: 'ConnectionChanged', state: 'Connected' });
    });

    test('a passive order rests and is canceled, each told once', async () => {
      const resting = await rest();
      const { clientOrderId } = resting;
      setup.client.send({ type: 'SendCancel', order: resting });
      await seen('OrderCanceled', clientOrderId);
      await seen('BalancesChanged');
      expect(of('OrderAccepted', clientOrderId)).toHaveLength(1);
      expect(of('OrderCanceled', clientOrderId)).toMatchObject([{ cumQty: 0 }]);
    });

    test('a market order fills whole, its fills adding up to it', async () => {
      const { price: _price, ...market } = order({ type: 'Market' });
      const { clientOrderId } = market;
      setup.client.send({ type: 'SendOrder', order: market });
      const filled = () =>
        of('OrderFilled', clientOrderId).reduce((sum, { lastQty }) => sum + lastQty, 0);
      await until('the whole quantity', () => filled() >= setup.quantity);
      expect(filled()).toBe(setup.quantity);
      const ids = of('OrderFilled', clientOrderId).map(({ tradeId }) => tradeId);
      expect(new Set(ids).size).toBe(ids.length);
      for (const fill of of('OrderFilled', clientOrderId)) {
        expect(fill.liquidity).toBe('Taker');
        expect(fill.fee).toBeGreaterThanOrEqual(0n);
      }
    });

    test('a post-only order that would take is rejected', async () => {
      const crossing = order({ postOnly: true, price: prices.crossingBid });
      setup.client.send({ type: 'SendOrder', order: crossing });
      await seen('OrderRejected', crossing.clientOrderId);
      expect(of('OrderRejected', crossing.clientOrderId)[0]?.code).toBe('WOULD_MATCH_IMMEDIATELY');
    });

    test('an order beyond the balance is rejected', async () => {
      const large = order({ quantity: setup.unaffordable });
      setup.client.send({ type: 'SendOrder', order: large });
      await seen('OrderRejected', large.clientOrderId);
      expect(of('OrderRejected', large.clientOrderId)[0]?.code).toBe('INSUFFICIENT_BALANCE');
    });

    test('a replace ends the original and starts the replacement', async () => {
      const original = await rest();
      const { tickSize } = setup.instrument;
      const replacement = order({ price: price(prices.passiveBid - tickSize) });
      setup.client.send({ type: 'SendReplace', original, replacement });
      await seen('OrderCanceled', original.clientOrderId);
      await seen('OrderAccepted', replacement.clientOrderId);
      const [accepted] = of('OrderAccepted', replacement.clientOrderId);
      const venueOrderId = present(accepted, 'acceptance').venueOrderId;
      setup.client.send({ type: 'SendCancel', order: { ...replacement, venueOrderId } });
      await seen('OrderCanceled', replacement.clientOrderId);
      expect(of('OrderRejected', replacement.clientOrderId)).toEqual([]);
      expect(of('OrderCanceled', original.clientOrderId)).toHaveLength(1);
    });

    test('a replace of an order that is done leaves no new order', async () => {
      const original = await rest();
      setup.client.send({ type: 'SendCancel', order: original });
      await seen('OrderCanceled', original.clientOrderId);
      const replacement = order();
      setup.client.send({ type: 'SendReplace', original, replacement });
      await seen('ReplaceRejected', original.clientOrderId);
      expect(of('OrderAccepted', replacement.clientOrderId)).toEqual([]);
    });

    test('a cancel of an order that is done tells what became of it', async () => {
      const resting = await rest();
      setup.client.send({ type: 'SendCancel', order: resting });
      await seen('OrderCanceled', resting.clientOrderId);
      setup.client.send({ type: 'SendCancel', order: resting });
      await seen('OrderQueried', resting.clientOrderId);
      expect(of('OrderQueried', resting.clientOrderId)).toMatchObject([
        { order: { status: 'Canceled' } },
      ]);
    });

    test('a question is answered with the order and its fills, or with nothing', async () => {
      const { account, instrument } = setup;
      const query = {
        type: 'SendQuery',
        account,
        instrument: instrument.id,
        since: started,
      } as const;
      const [filled] = of('OrderFilled');
      const { clientOrderId } = present(filled, 'a fill');
      setup.client.send({ ...query, clientOrderId });
      await seen('OrderQueried', clientOrderId);
      expect(of('OrderQueried', clientOrderId)[0]).toMatchObject({
        order: { status: 'Filled', cumQty: setup.quantity },
        fills: of('OrderFilled', clientOrderId).map(({ tradeId }) => ({ tradeId })),
      });
      const unknown = 'contract-never-sent' as ClientOrderId;
      setup.client.send({ ...query, clientOrderId: unknown });
      await seen('OrderQueried', unknown);
      const [answer] = of('OrderQueried', unknown);
      expect(answer?.order).toBeUndefined();
      expect(answer?.fills).toEqual([]);
    });

    test('a reconcile tells balances, open orders and fills', async () => {
      const resting = await rest();
      setup.client.send({
        type: 'SendReconcile',
        account: setup.account,
        requestId: 1,
        instruments: [{ instrument: setup.instrument.id, since: started }],
      });
      await seen('AccountSnapshot');
      const snapshot = present(of('AccountSnapshot')[0], 'snapshot');
      expect(snapshot.openOrders.map((one) => one.clientOrderId)).toContain(resting.clientOrderId);
      expect(snapshot.fills.map((fill) => fill.tradeId)).toEqual(
        of('OrderFilled').map((fill) => fill.tradeId),
      );
      const { account, instrument } = setup;
      const instruments = [instrument.id];
      setup.client.send({ type: 'SendListOrders', account, requestId: 2, instruments });
      await seen('OrdersListed');
      const listed = of('OrdersListed')[0]?.openOrders.map((one) => one.clientOrderId);
      expect(listed).toEqual([resting.clientOrderId]);
      const assets = snapshot.balances.map((balance) => balance.asset);
      expect(assets).toEqual(
        expect.arrayContaining([setup.instrument.base, setup.instrument.quote]),
      );
      setup.client.send({ type: 'SendCancel', order: resting });
      await seen('OrderCanceled', resting.clientOrderId);
    });

    test('a lost connection is told, and orders work after it came back', async ({ skip }) => {
      if (setup.dropConnections === undefined) return skip('the venue cannot drop connections');
      setup.dropConnections();
      await seen('ConnectionChanged', undefined, 3);
      expect(of('ConnectionChanged').map(({ state }) => state)).toEqual([
        'Connected',
        'Disconnected',
        'Connected',
      ]);
      const resting = await rest();
      setup.client.send({ type: 'SendCancel', order: resting });
      await seen('OrderCanceled', resting.clientOrderId);
    });
  });
}
