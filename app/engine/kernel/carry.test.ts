import { describe, expect, it } from 'vitest';
import { present } from '../base/invariant.ts';
import type { CarriedAccount } from '../domain/carried.ts';
import type { AssetCode, ClientOrderId } from '../domain/identifiers.ts';
import { price, quantity } from '../domain/price.ts';
import type { AccountSnapshot } from '../domain/venue-report.ts';
import { createKernel } from './kernel.ts';
import {
  ACCOUNT,
  BALANCES,
  Desk,
  INSTRUMENT,
  sent,
  sessionStarted,
  terms,
  updates,
} from './testing/desk.ts';
import { accepted, canceled, filled, queried, snapshot, stated } from './testing/reports.ts';

const [BTC_BEFORE, USDT_BEFORE] = BALANCES;

function held(btc: bigint, usdt: bigint): AccountSnapshot['balances'] {
  return [
    { ...present(BTC_BEFORE, 'BTC'), free: btc },
    { ...present(USDT_BEFORE, 'USDT'), free: usdt },
  ];
}

/** 5.1 BTC after 0.1 were bought at 100. */
const BOUGHT = held(510_000_000n, 99_999_000_000_000n);

function carried(desk: Desk, changes: Partial<CarriedAccount> = {}): CarriedAccount {
  const carry = present(desk.kernel.carry(ACCOUNT), 'carry');
  return { ...carry, session: 's1', stateHash: 'ab', proved: true, ...changes };
}

/** The next session, connected and answered with `report`. */
function next(
  before: CarriedAccount | undefined,
  report: Partial<AccountSnapshot>,
  changes: Parameters<typeof sessionStarted>[0] = {},
): Desk {
  const desk = new Desk();
  const start = { session: 's2', idPrefix: 'q2', ...changes };
  desk.apply(sessionStarted(before === undefined ? start : { ...start, carried: [before] }));
  desk.quote();
  answer(desk, report);
  return desk;
}

function answer(desk: Desk, report: Partial<AccountSnapshot>): void {
  const connected = { type: 'ConnectionChanged', account: ACCOUNT, state: 'Connected' } as const;
  const [asked] = sent(desk.venue(connected), 'SendReconcile');
  desk.venue(snapshot(present(asked, 'reconcile').requestId, report));
}

function bought(): { readonly desk: Desk; readonly id: ClientOrderId } {
  const desk = new Desk().open();
  const { orders } = desk.command({ type: 'SubmitOrder', terms: terms() });
  const id = present(orders[0], 'order');
  desk.venue(accepted(id));
  desk.venue(filled(id, '7', 10_000));
  return { desk, id };
}

function account(desk: Desk) {
  return present(desk.kernel.view().accounts[0], 'account');
}

describe('a new session', () => {
  it('goes on with position, average price and baseline: 5 BTC before, 0.1 bought', () => {
    const { desk, id } = bought();
    const after = next(carried(desk), { balances: BOUGHT, fills: [filled(id, '7', 10_000)] });
    const { positions, fillCount } = after.kernel.view();
    expect(positions).toMatchObject([{ quantity: 10_000, openCost: 100_000_000n }]);
    expect(fillCount).toBe(1);
    expect(after.kernel.carry(ACCOUNT)?.ledger).toContainEqual(
      expect.objectContaining({ asset: 'BTC', baseline: 500_000_000n, flow: 10_000_000n }),
    );
    expect(account(after)).toMatchObject({
      tradingState: 'Locked',
      reconciliation: { state: 'Agrees' },
    });
    // The gate counts it: encoding compares its tallies with the portfolio.
    after.kernel.encodeState();
    expect(after.command({ type: 'Unlock', account: ACCOUNT }).ok).toBe(true);
  });

  it('counts what an order of before filled while nothing ran, once and as ours', () => {
    const desk = new Desk().open();
    const { orders } = desk.command({ type: 'SubmitOrder', terms: terms() });
    const id = present(orders[0], 'order');
    desk.venue(accepted(id));
    desk.venue(filled(id, '7', 4_000));
    const fills = [filled(id, '7', 4_000), filled(id, '9', 6_000)];
    const after = next(carried(desk), { balances: BOUGHT, fills });
    after.venue(queried(id, stated(id, 'Filled', 10_000), fills));
    expect(after.order(id)).toMatchObject({ origin: 'Manual', status: 'Filled', cumQty: 10_000 });
    expect(after.kernel.view()).toMatchObject({ fillCount: 2, positions: [{ quantity: 10_000 }] });
    expect(account(after).reconciliation.state).toBe('Agrees');
  });

  it('finds out what was in flight, and sends nothing again', () => {
    const desk = new Desk().open();
    const { orders } = desk.command({ type: 'SubmitOrder', terms: terms() });
    const id = present(orders[0], 'order');
    const after = next(carried(desk), {});
    expect(after.order(id)).toHaveProperty('unknownSince');
    for (let round = 0; round < 3; round += 1) {
      after.wait(6_000_000);
      after.venue(queried(id));
    }
    expect(after.order(id)).toMatchObject({ reason: { code: 'NOT_AT_VENUE' } });
    expect(sent(after.effects, 'SendOrder')).toEqual([]);
  });

  it('asks for history after the last trade that was read', () => {
    const { desk, id } = bought();
    const [asked] = sent(desk.wait(30_000_000), 'SendReconcile');
    const requestId = present(asked, 'reconcile').requestId;
    desk.venue(snapshot(requestId, { balances: BOUGHT, fills: [filled(id, '7', 10_000)] }));
    const after = next(carried(desk), { balances: BOUGHT });
    const [first] = sent(after.effects, 'SendReconcile');
    expect(first?.instruments[0]).toMatchObject({ afterTradeId: '7' });
  });

  it('knows the order of a trade that is told again, however many orders ended since', () => {
    const { desk, id } = bought();
    for (let count = 0; count < 1_001; count += 1) {
      const { orders } = desk.command({ type: 'SubmitOrder', terms: terms() });
      const later = present(orders[0], 'order');
      desk.venue(accepted(later));
      desk.venue(canceled(later));
    }
    const after = next(carried(desk), { balances: BOUGHT, fills: [filled(id, '7', 10_000)] });
    expect(after.order(id)).toMatchObject({ origin: 'Manual', status: 'Filled' });
    expect(after.kernel.view()).toMatchObject({ fillCount: 1, positions: [{ quantity: 10_000 }] });
  });

  it('takes reducing orders while Halted, and none that add', () => {
    const { desk } = bought();
    const after = next(carried(desk, { tradingState: 'Halted' }), { balances: BOUGHT });
    expect(account(after)).toMatchObject({ tradingState: 'Halted', connected: true });
    expect(after.command({ type: 'Arm' })).toMatchObject({ ok: true });
    const order = (changes: Parameters<typeof terms>[0]) =>
      after.command({ type: 'SubmitOrder', terms: terms(changes) });
    expect(order({ side: 'Buy' })).toMatchObject({ ok: false, code: 'TRADING_HALTED' });
    const more = quantity(10_010);
    expect(order({ side: 'Sell', quantity: more })).toMatchObject({ code: 'TRADING_HALTED' });
    expect(order({ side: 'Sell' })).toMatchObject({ ok: true });
  });

  it('is Halted after a kill, and says what was not finished', () => {
    const { desk } = bought();
    desk.command({ type: 'Kill' });
    const after = next(carried(desk), { balances: BOUGHT });
    expect(account(after).tradingState).toBe('Halted');
    const codes = updates(after.effects).map((one) => one.type === 'Alert' && one.code);
    expect(codes).toContain('FLATTEN_UNFINISHED');
    expect(sent(after.effects, 'SendOrder')).toEqual([]);
  });

  it('keeps a position of an instrument that is not watched any more, in the scales it had', () => {
    const { desk } = bought();
    const without = next(carried(desk), { balances: BOUGHT }, { instruments: [] });
    expect(without.kernel.view().positions).toMatchObject([{ quantity: 10_000 }]);
    expect(without.command({ type: 'Flatten', account: ACCOUNT }).ok).toBe(true);
    const other = { ...INSTRUMENT, quantityScale: 8 };
    const scaled = next(carried(desk), { balances: BOUGHT }, { instruments: [other] });
    const codes = updates(scaled.effects).map((one) => one.type === 'Alert' && one.code);
    expect(codes).toContain('INSTRUMENT_IDENTITY_CHANGED');
    expect(account(scaled).reconciliation.state).toBe('Agrees');
  });

  it('differs, until a person accepts it, when the last one cannot be run again', () => {
    const uncarried = [{ account: ACCOUNT, session: 's1', code: 'RECORD_MALFORMED', message: 'x' }];
    const after = next(undefined, { balances: BOUGHT }, { uncarried });
    expect(account(after).reconciliation).toMatchObject({
      state: 'Differs',
      differences: [
        'what was held before is not known, session s1 cannot be run again: RECORD_MALFORMED x',
      ],
    });
    const unlock = { type: 'Unlock', account: ACCOUNT } as const;
    expect(after.command(unlock)).toMatchObject({ ok: false, code: 'NOT_RECONCILED' });
    expect(after.command({ type: 'AcceptBalances', account: ACCOUNT }).ok).toBe(true);
    const requestId = sent(after.effects, 'SendReconcile').at(-1)?.requestId ?? 0;
    after.venue(snapshot(requestId, { balances: BOUGHT }));
    expect(after.command(unlock).ok).toBe(true);
  });
});

describe('another account behind the same name', () => {
  const OTHER = { venueAccount: '2', balances: held(100_000_000n, 7n) };

  function swapped(): { readonly after: Desk; readonly id: ClientOrderId } {
    const desk = new Desk().open({ venueAccount: '1' });
    const { orders } = desk.command({ type: 'SubmitOrder', terms: terms() });
    const id = present(orders[0], 'order');
    desk.venue(accepted(id));
    const feeAsset = 'BTC' as AssetCode;
    desk.venue(filled(id, '7', 4_000, { lastPx: price(9_900), feeAsset }));
    return { after: next(carried(desk), OTHER), id };
  }

  it('differs at once and gives nothing of itself to what was held', () => {
    const { after, id } = swapped();
    expect(account(after)).toMatchObject({
      tradingState: 'Locked',
      reconciliation: {
        state: 'Differs',
        differences: ["the venue's account is 2 and was 1: what was held there is not here"],
      },
    });
    expect(after.kernel.view()).toMatchObject({ positions: [{ quantity: 4_000 }], balances: [] });
    expect(after.order(id)).toHaveProperty('unknownSince');
  });

  it('begins anew once a person accepts it', () => {
    const { after, id } = swapped();
    for (let round = 0; round < 3; round += 1) {
      after.wait(6_000_000);
      after.venue(queried(id));
    }
    after.command({ type: 'AcceptBalances', account: ACCOUNT });
    const requestId = sent(after.effects, 'SendReconcile').at(-1)?.requestId ?? 0;
    after.venue(snapshot(requestId, OTHER));
    after.kernel.encodeState();
    expect(after.kernel.view().positions).toEqual([]);
    expect(account(after).reconciliation.state).toBe('Agrees');
    expect(after.command({ type: 'Unlock', account: ACCOUNT }).ok).toBe(true);
    const again = createKernel();
    for (const input of after.inputs) again.apply(input);
    expect(again.encodeState()).toEqual(after.kernel.encodeState());
  });
});
