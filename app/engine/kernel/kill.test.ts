import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../base/invariant.ts';
import type { AssetCode } from '../domain/identifiers.ts';
import type { FlattenReceipt } from '../domain/input.ts';
import { ACCOUNT, BALANCES, Desk, sent, sessionStarted, terms } from './testing/desk.ts';
import { accepted, canceled, filled, snapshot } from './testing/reports.ts';

const BASELINE = 500_000_000n;

function receipt(desk: Desk): FlattenReceipt {
  return present(desk.kernel.view().receipts.at(-1), 'receipt');
}

function lastReconcile(desk: Desk): number {
  return sent(desk.effects, 'SendReconcile').at(-1)?.requestId ?? 0;
}

function balances(btc: bigint, usdt: bigint) {
  const [first, second] = BALANCES;
  return [
    { ...present(first, 'BTC'), free: btc },
    { ...present(second, 'USDT'), free: usdt },
  ];
}

/** A resting order at the venue. */
function resting(): { readonly desk: Desk; readonly id: string } {
  const desk = new Desk().open();
  const id = present(desk.command({ type: 'SubmitOrder', terms: terms() }).orders[0], 'order');
  desk.venue(accepted(id));
  return { desk, id };
}

describe('a kill without a private stream', () => {
  it('cancels all of each symbol ever used, again every 2 s, and says what the venue cannot be asked', () => {
    const { desk } = resting();
    desk.venue({ type: 'ConnectionChanged', account: ACCOUNT, state: 'Disconnected' });
    desk.command({ type: 'Kill', via: 'Key' });
    expect(sent(desk.effects, 'SendCancelAll')).toMatchObject([{ symbol: 'BTCUSDT' }]);
    expect(sent(desk.effects, 'SendCancel')).toEqual([]);
    const failed = { code: 'HTTP_NETWORK', message: 'no route' };
    const about = { account: ACCOUNT, request: 'cancelAll', symbol: 'BTCUSDT' } as const;
    desk.venue({ type: 'RequestFailed', ...about, ...failed });
    expect(receipt(desk)).toMatchObject({ via: 'Key', client: 'desk-1', flat: false });
    expect(receipt(desk).unproved.join()).toContain('cannot be asked');
    expect(receipt(desk).unproved.join()).toContain('no route');
    desk.wait(2_000_000);
    expect(sent(desk.effects, 'SendCancelAll')).toHaveLength(2);
  });

  it('goes on after a restart: all is canceled again before anything else', () => {
    const { desk } = resting();
    desk.command({ type: 'Kill' });
    const effects = desk.apply(sessionStarted({ idPrefix: 'q2', recovered: true }));
    const leaves = effects.filter(({ type }) => type !== 'Publish' && type !== 'SetTimer');
    expect(leaves[0]).toMatchObject({ type: 'SendCancelAll', symbol: 'BTCUSDT' });
    expect(desk.kernel.view().accounts).toMatchObject([{ tradingState: 'Halted' }]);
  });
});

describe('a kill', () => {
  it('is not flat while an order is open on a symbol that is not followed, and cancels there too', () => {
    const { desk, id } = resting();
    desk.command({ type: 'Kill' });
    desk.venue(canceled(id));
    const foreignOrders = [{ symbol: 'ETHUSDT', clientOrderId: 'web_1' }];
    desk.venue(snapshot(lastReconcile(desk), { foreignOrders }));
    expect(sent(desk.effects, 'SendCancelAll')).toMatchObject([{ symbol: 'ETHUSDT' }]);
    expect(receipt(desk).unproved.join()).toContain('web_1');
    for (let round = 0; round < 3; round += 1) {
      desk.venue(snapshot(lastReconcile(desk), { foreignOrders }));
      expect(receipt(desk).flat).toBe(false);
    }
    desk.venue(snapshot(lastReconcile(desk)));
    desk.venue(snapshot(lastReconcile(desk)));
    expect(receipt(desk)).toMatchObject({ step: 'Done', flat: true, unproved: [] });
  });

  it('names each order with its end, and its receipt stays as it was', () => {
    const { desk, id } = resting();
    desk.command({ type: 'Kill' });
    desk.venue(canceled(id));
    desk.venue(snapshot(lastReconcile(desk)));
    desk.venue(snapshot(lastReconcile(desk)));
    const done = receipt(desk);
    expect(done.lines[0]?.orders).toMatchObject([{ clientOrderId: id, outcome: 'Canceled' }]);
    expect(done.lines[0]?.baseline).toBe(BASELINE);
    desk.command({ type: 'Unlock', account: ACCOUNT });
    desk.command({ type: 'Arm' });
    desk.quote();
    const [next] = desk.command({ type: 'SubmitOrder', terms: terms() }).orders;
    desk.venue(filled(present(next, 'order'), '9', 10_000));
    expect(receipt(desk)).toEqual(done);
  });

  it('leaves the baseline to the last unit whatever was bought, sold and taken as fees', () => {
    const trade = fc.record({
      buys: fc.boolean(),
      size: fc.integer({ min: 500, max: 3_000 }).map((units) => units * 10),
      feePpm: fc.integer({ min: 0, max: 2_000 }),
    });
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 12 }), (trades) => {
        const desk = new Desk().open();
        let btc = BASELINE;
        let usdt = 100_000_000_000_000n;
        let id = 0;
        const fill = (order: string, buys: boolean, size: number, feePpm: number): void => {
          id += 1;
          // Scales: size 5, price 2, balances 8; the fee is in what is received.
          const base = BigInt(size) * 1000n;
          const quote = 10_000n * BigInt(size) * 10n;
          const fee = ((buys ? base : quote) * BigInt(feePpm)) / 1_000_000n;
          btc += buys ? base - fee : -base;
          usdt += buys ? -quote : quote - fee;
          const feeAsset = (buys ? 'BTC' : 'USDT') as AssetCode;
          desk.venue(filled(order, String(id), size, { fee, feeAsset }));
        };
        for (const { buys, size, feePpm } of trades) {
          const side = buys ? 'Buy' : 'Sell';
          const quantity = size as ReturnType<typeof terms>['quantity'];
          const { ok, orders } = desk.command({
            type: 'SubmitOrder',
            terms: terms({ side, quantity }),
          });
          if (ok) fill(orders[0] ?? '', buys, size, feePpm);
        }
        desk.command({ type: 'Kill' });
        for (let round = 0; round < 20 && receipt(desk).step !== 'Done'; round += 1) {
          const before = desk.effects.length;
          desk.venue(snapshot(lastReconcile(desk), { balances: balances(btc, usdt) }));
          for (const { order } of sent(desk.effects.slice(before), 'SendOrder')) {
            fill(order.clientOrderId, order.side === 'Buy', order.quantity, 0);
          }
          desk.wait(2_000_000);
        }
        const end = receipt(desk);
        expect(end).toMatchObject({ step: 'Done', flat: true });
        const [line] = end.lines;
        // What is left beyond the baseline is what the receipt lists: less than the venue takes.
        const rest = btc - BASELINE;
        const least = 50_000n * 1000n;
        expect(rest < least && rest > -least).toBe(true);
        expect(line === undefined || line.baseline === BASELINE).toBe(true);
        if (line?.dust === true) expect(line.worth).toBeDefined();
      }),
      { numRuns: 60 },
    );
  });
});

describe('a drill', () => {
  it('asks the venue, says what a kill would do, and touches nothing', () => {
    const { desk, id } = resting();
    const before = desk.effects.length;
    desk.command({ type: 'Drill', via: 'Button' });
    expect(receipt(desk)).toMatchObject({ kind: 'Drill', step: 'Drilling', via: 'Button' });
    const openOrders = [
      {
        terms: terms(),
        clientOrderId: id,
        venueOrderId: `v-${id}`,
        status: 'Accepted',
        cumQty: 0,
        cumNotional: 0n,
        venueTime: desk.now,
      },
    ] as unknown as NonNullable<Parameters<typeof snapshot>[1]>['openOrders'];
    desk.venue(snapshot(lastReconcile(desk), { ...(openOrders && { openOrders }) }));
    const end = receipt(desk);
    expect(end).toMatchObject({ step: 'Done', flat: false });
    expect(end.lines[0]?.orders).toMatchObject([{ clientOrderId: id, outcome: 'WouldCancel' }]);
    const left = desk.effects.slice(before).map(({ type }) => type);
    expect(left.filter((type) => type.startsWith('Send'))).toEqual(['SendReconcile']);
    expect(desk.kernel.view().accounts).toMatchObject([{ tradingState: 'Active' }]);
    expect(desk.kernel.view().armed).toHaveLength(1);
  });

  it('ends unproved when the venue does not answer within 10 s', () => {
    const { desk } = resting();
    desk.command({ type: 'Drill' });
    desk.wait(12_000_000);
    expect(receipt(desk)).toMatchObject({ kind: 'Drill', step: 'Done' });
    expect(receipt(desk).unproved.join()).toContain('did not answer');
  });
});
