import { describe, expect, it } from 'vitest';
import { present } from '../base/invariant.ts';
import type { ClientOrderId } from '../domain/identifiers.ts';
import { ACCOUNT, BALANCES, Desk, sent, sessionStarted, terms, updates } from './testing/desk.ts';
import type { OrdersListed } from '../domain/venue-report.ts';
import { price } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { accepted, filled, queried, snapshot, stated } from './testing/reports.ts';

function reconcileAt(desk: Desk, micros: number): number {
  const asked = sent(desk.wait(micros), 'SendReconcile').at(-1);
  return present(asked, 'reconcile').requestId;
}

/** What was asked of the venue in the next `micros`, and how long after now. */
function sentAt(desk: Desk, micros: number): { readonly type: string; readonly at: number }[] {
  const begun = desk.now;
  const asked: { type: string; at: number }[] = [];
  while (desk.now < begun + micros) {
    for (const { type } of desk.wait(1_000_000)) asked.push({ type, at: desk.now - begun });
  }
  return asked;
}

function reconciled(desk: Desk): string | undefined {
  return desk.kernel.view().accounts[0]?.reconciliation.state;
}

function submitted(desk: Desk): ClientOrderId {
  const { orders } = desk.command({ type: 'SubmitOrder', terms: terms() });
  return orders[0] ?? ('' as ClientOrderId);
}

const bought = [
  { ...present(BALANCES[0], 'BTC'), free: 510_000_000n },
  { ...present(BALANCES[1], 'USDT'), free: 99_999_000_000_000n },
];

describe('reconciliation', () => {
  it('carries the venue\u2019s fee rates with our time, and keeps them when a later answer has none', () => {
    const feeRates = { maker: 75_000, taker: 100_000 };
    const desk = new Desk().open({ feeRates });
    const first = desk.kernel.view().accounts[0]?.feeRates;
    expect(first).toEqual({ ...feeRates, at: desk.now });
    desk.venue(snapshot(reconcileAt(desk, 30_000_000)));
    expect(desk.kernel.view().accounts[0]?.feeRates).toEqual(first);
    const told = updates(desk.venue(snapshot(reconcileAt(desk, 30_000_000), { feeRates })));
    const account = { feeRates: { ...feeRates, at: desk.now } };
    expect(told).toContainEqual(
      expect.objectContaining({ account: expect.objectContaining(account) as object }),
    );
  });

  it('is asked for on connect and every 30 s, open orders every 10 s, whether anybody answers or not', () => {
    const desk = new Desk().open();
    expect(reconciled(desk)).toBe('Agrees');
    const asked = sentAt(desk, 95_000_000);
    const every = (seconds: number, type: string): number[] =>
      asked.filter((one) => one.type === type).map(({ at }) => at / seconds);
    expect(every(30_000_000, 'SendReconcile')).toEqual([1, 2, 3]);
    expect(every(10_000_000, 'SendListOrders')).toEqual([1, 2, 4, 5, 7, 8]);
  });

  it('takes a late answer, but none older than one already taken', () => {
    const desk = new Desk().open();
    const first = reconcileAt(desk, 30_000_000);
    const second = reconcileAt(desk, 30_000_000);
    const third = reconcileAt(desk, 30_000_000);
    desk.venue(snapshot(second, { openOrders: [stated('web_1', 'Accepted')] }));
    expect(desk.order('web_1').status).toBe('Accepted');
    desk.venue(snapshot(first, { openOrders: [stated('web_0', 'Accepted')] }));
    expect(desk.kernel.view().orders).toHaveLength(1);
    desk.venue(snapshot(third, { openOrders: [stated('web_2', 'Accepted')] }));
    expect(desk.kernel.view().orders).toHaveLength(2);
  });

  it('finds in the list of open orders what the stream did not tell', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue(accepted(id));
    const requestId = sent(desk.wait(10_000_000), 'SendListOrders')[0]?.requestId ?? 0;
    const openOrders = [stated('web_1', 'PartiallyFilled', 4_000)];
    const venueTime = unixMicros(desk.now);
    const list = { type: 'OrdersListed', account: ACCOUNT, requestId, openOrders, venueTime };
    const asked = sent(desk.venue(list as OrdersListed), 'SendQuery');
    expect(asked.map(({ clientOrderId }) => clientOrderId)).toEqual(['web_1', id]);
    const elsewhere = [filled('web_1', '5', 4_000)];
    desk.venue(queried('web_1', stated('web_1', 'PartiallyFilled', 4_000), elsewhere));
    expect(desk.order('web_1')).toMatchObject({ origin: 'External', cumQty: 4_000 });
    const effects = desk.venue({
      ...queried(id, stated(id, 'Canceled')),
      askedAt: unixMicros(desk.now),
    });
    expect(desk.order(id)).toMatchObject({ status: 'Canceled' });
    expect(updates(effects)).toContainEqual(
      expect.objectContaining({ type: 'Alert', code: 'ORDER_REPAIRED' }),
    );
  });

  it('learns that a stop was triggered from what the venue states of it, when the stream did not tell', () => {
    const desk = new Desk().open();
    const stop = { type: 'StopLimit', stopPrice: price(10_000) } as const;
    const [id = ''] = desk.command({ type: 'SubmitOrder', terms: terms(stop) }).orders;
    desk.venue(accepted(id));
    const triggered = (name: string) =>
      ({ ...stated(name, 'Accepted', 0, stop), triggered: true }) as const;
    const openOrders = [stated(id, 'Accepted', 0, stop), triggered('web_1')];
    desk.venue(snapshot(reconcileAt(desk, 30_000_000), { openOrders }));
    expect(desk.order(id)).toMatchObject({ status: 'Accepted' });
    expect(desk.order('web_1')).toMatchObject({ status: 'Triggered' });
    desk.venue(snapshot(reconcileAt(desk, 30_000_000), { openOrders: [triggered(id)] }));
    expect(desk.order(id)).toMatchObject({ status: 'Triggered', triggeredAt: desk.now });
  });

  it('misses in the list of open orders one whose last fill the stream lost, and asks for it at once', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue(accepted(id));
    desk.venue(filled(id, '1', 4_000));
    const requestId = sent(desk.wait(10_000_000), 'SendListOrders')[0]?.requestId ?? 0;
    const list = { requestId, openOrders: [], venueTime: unixMicros(desk.now) };
    const asked = sent(
      desk.venue({ type: 'OrdersListed', account: ACCOUNT, ...list }),
      'SendQuery',
    );
    expect(asked).toMatchObject([{ clientOrderId: id }]);
    desk.venue(queried(id, stated(id, 'Filled', 10_000), [filled(id, '2', 6_000)]));
    expect(desk.order(id)).toMatchObject({ status: 'Filled', cumQty: 10_000 });
    expect(desk.kernel.view().positions).toMatchObject([{ quantity: 10_000 }]);
  });

  it('is done again as soon as what it waited for is found out', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue(accepted(id));
    desk.venue(snapshot(reconcileAt(desk, 30_000_000)));
    desk.venue(queried(id, stated(id, 'Canceled')));
    expect(sent(desk.wait(1), 'SendReconcile')).toHaveLength(1);
    expect(sent(desk.wait(1_000_000), 'SendReconcile')).toHaveLength(0);
  });

  it('does not take back a cancel that was asked for after the list was', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue(accepted(id));
    const requestId = sent(desk.wait(10_000_000), 'SendListOrders')[0]?.requestId ?? 0;
    desk.wait(1);
    desk.command({ type: 'CancelOrder', clientOrderId: id });
    const about = { account: ACCOUNT, instrument: terms().instrument, clientOrderId: id };
    const venueTime = unixMicros(desk.now);
    const unknown = { type: 'OutcomeUnknown', request: 'cancel', code: 'TIMEOUT' } as const;
    desk.venue({ ...about, ...unknown, venueTime });
    const openOrders = [stated(id, 'Accepted')];
    desk.venue({ type: 'OrdersListed', account: ACCOUNT, requestId, openOrders, venueTime });
    expect(desk.order(id)).toMatchObject({ status: 'PendingCancel' });
    expect(desk.order(id)).toHaveProperty('unknownSince');
  });

  it('reads the history of an instrument that never traded from a little before the last comparison', () => {
    const desk = new Desk().open();
    desk.wait(86_400_000_000);
    const requestId = sent(desk.effects, 'SendReconcile').at(-1)?.requestId ?? 0;
    desk.venue(snapshot(requestId, { venueTime: unixMicros(desk.now) }));
    const [asked] = sent(desk.wait(30_000_000), 'SendReconcile');
    expect(asked?.instruments[0]?.since).toBe(desk.now - 30_000_000 - 600_000_000);
  });

  it('takes no baseline from balances that were read before a fill which is counted', () => {
    const desk = new Desk();
    desk.apply(sessionStarted());
    const state = 'Connected' as const;
    const connected = desk.venue({ type: 'ConnectionChanged', account: ACCOUNT, state });
    const { requestId } = present(sent(connected, 'SendReconcile')[0], 'reconcile');
    const early = filled('web-0', '1', 10_000);
    // An order that is not known here keeps the first comparison from being settled.
    desk.venue(snapshot(requestId, { openOrders: [stated('web-1', 'Accepted')], fills: [early] }));
    desk.venue(queried('web-0', stated('web-0', 'Filled', 10_000), [early]));
    const again = reconcileAt(desk, 6_000_000);
    desk.now += 1;
    desk.venue(filled('web-1', '2', 10_000));
    desk.venue(snapshot(again));
    expect(reconciled(desk)).toBe('Pending');
    for (let time = 0; time < 2; time += 1) {
      desk.venue(snapshot(reconcileAt(desk, 31_000_000), { balances: bought }));
      expect(reconciled(desk)).toBe('Agrees');
    }
  });

  it('asks for an account that stands still until it knows what was held before, fills or none', () => {
    const desk = new Desk();
    desk.apply(sessionStarted());
    const state = 'Connected' as const;
    const connected = desk.venue({ type: 'ConnectionChanged', account: ACCOUNT, state });
    const first = present(sent(connected, 'SendReconcile')[0], 'reconcile');
    const early = filled('web-0', '1', 10_000);
    // A trade is counted, and of what was held before nothing is known yet.
    desk.venue(
      snapshot(first.requestId, { openOrders: [stated('web-1', 'Accepted')], fills: [early] }),
    );
    desk.venue(queried('web-0', stated('web-0', 'Filled', 10_000), [early]));
    const again = present(sent(desk.wait(6_000_000), 'SendReconcile').at(-1), 'reconcile');
    expect([first.still, again.still]).toEqual([true, true]);
    desk.venue(snapshot(again.requestId, { openOrders: [stated('web-1', 'Accepted')] }));
    expect(reconciled(desk)).toBe('Agrees');
    const next = present(sent(desk.wait(30_000_000), 'SendReconcile').at(-1), 'reconcile');
    expect(next).not.toHaveProperty('still');
  });

  it('reads on by the venue’s clock, however far ours is from it', () => {
    for (const aheadMicros of [86_400_000_000, -86_400_000_000]) {
      const desk = new Desk();
      const askedAtVenue = unixMicros(desk.now - aheadMicros);
      desk.open({ venueTime: askedAtVenue });
      const [asked] = sent(desk.wait(30_000_000), 'SendReconcile');
      const since = asked?.instruments[0]?.since ?? 0;
      // Never in what is yet to come at the venue; what it had before the first comparison counts already.
      expect(since).toBe(aheadMicros > 0 ? askedAtVenue : askedAtVenue - 600_000_000);
    }
  });

  it('adopts what was placed elsewhere and lets it be canceled', () => {
    const desk = new Desk().open({ openOrders: [stated('web_1', 'Accepted')] });
    expect(desk.order('web_1')).toMatchObject({ origin: 'External', status: 'Accepted' });
    const before = desk.effects.length;
    desk.command({ type: 'CancelOrder', clientOrderId: 'web_1' as ClientOrderId });
    expect(sent(desk.effects.slice(before), 'SendCancel')).toHaveLength(1);
  });

  it('keeps what an adopted order had traded before us out of the position', () => {
    const desk = new Desk().open({ openOrders: [stated('web_1', 'PartiallyFilled', 4_000)] });
    expect(desk.order('web_1')).toMatchObject({ cumQty: 4_000, leavesQty: 6_000 });
    expect(desk.kernel.view().positions).toEqual([]);
    desk.venue(filled('web_1', '9', 6_000));
    expect(desk.order('web_1').status).toBe('Filled');
    expect(desk.kernel.view().positions).toMatchObject([{ quantity: 6_000 }]);
  });

  it('counts fills that nobody reported (IB 249)', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue(accepted(id));
    const requestId = reconcileAt(desk, 30_000_000);
    const fills = [filled(id, '1', 10_000)];
    desk.venue(snapshot(requestId, { fills, balances: bought }));
    expect(desk.order(id).status).toBe('Filled');
    expect(reconciled(desk)).toBe('Agrees');
    const codes = updates(desk.effects).map((one) => one.type === 'Alert' && one.code);
    expect(codes).toContain('FILL_RECOVERED');
  });

  it('asks for history after the last trade that history gave, not the last that came', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue(filled(id, '7', 1_000));
    const [asked] = sent(desk.wait(30_000_000), 'SendReconcile');
    expect(asked?.instruments[0]).not.toHaveProperty('afterTradeId');
    desk.venue(snapshot(asked?.requestId ?? 0, { fills: [filled(id, '7', 1_000)] }));
    const next = sent(desk.wait(30_000_000), 'SendReconcile').at(-1);
    expect(next?.instruments[0]).toMatchObject({ afterTradeId: '7' });
  });

  it('asks by name about an order that the venue does not list', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue(accepted(id));
    desk.wait(1);
    const requestId = reconcileAt(desk, 30_000_000);
    const effects = desk.venue(snapshot(requestId));
    expect(sent(effects, 'SendQuery')).toMatchObject([{ clientOrderId: id }]);
    desk.venue(queried(id, stated(id, 'Expired')));
    expect(desk.order(id).status).toBe('Expired');
  });

  it('differs only when the same difference is seen twice, and says which', () => {
    const desk = new Desk().open();
    desk.venue(snapshot(reconcileAt(desk, 30_000_000), { balances: bought }));
    expect(reconciled(desk)).toBe('Agrees');
    desk.venue(snapshot(reconcileAt(desk, 2_000_000), { balances: bought }));
    const [account] = desk.kernel.view().accounts;
    expect(account?.reconciliation).toMatchObject({
      state: 'Differs',
      differences: [
        'BTC: the venue holds 5.10000000, expected 5.00000000',
        'USDT: the venue holds 999990.00000000, expected 1000000.00000000',
      ],
    });
    // Trading that went on takes no more risk.
    expect(account?.tradingState).toBe('Reducing');
    const denied = desk.command({ type: 'SubmitOrder', terms: terms() });
    expect(denied).toMatchObject({ ok: false, code: 'REDUCE_ONLY' });
    desk.command({ type: 'Lock', account: ACCOUNT });
    const refused = desk.command({ type: 'Unlock', account: ACCOUNT });
    expect(refused).toMatchObject({ ok: false, code: 'NOT_RECONCILED' });
    expect(refused.message).toContain('BTC: the venue holds 5.1');
  });

  it('differs when something of it is not found out for 15 s', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue(accepted(id));
    // The venue counts fills that its own history does not give.
    const openOrders = [stated(id, 'PartiallyFilled', 4_000)];
    desk.venue(snapshot(reconcileAt(desk, 30_000_000), { openOrders }));
    desk.venue(queried(id, stated(id, 'Canceled', 4_000)));
    desk.venue(snapshot(reconcileAt(desk, 30_000_000)));
    for (let round = 0; round < 2; round += 1) {
      desk.venue(snapshot(reconcileAt(desk, 5_000_000)));
      expect(reconciled(desk)).toBe('Agrees');
    }
    desk.venue(snapshot(reconcileAt(desk, 5_000_000)));
    expect(desk.kernel.view().accounts).toMatchObject([
      {
        tradingState: 'Reducing',
        reconciliation: { state: 'Differs', differences: [`fills of ${id} are owed`] },
      },
    ]);
    desk.venue(queried(id, stated(id, 'Canceled', 4_000), [filled(id, '1', 4_000)]));
    desk.venue(snapshot(reconcileAt(desk, 30_000_000)));
    expect(reconciled(desk)).not.toBe('Agrees');
  });

  it('agrees again once the balances are accepted, and positions stay', () => {
    const desk = new Desk().open();
    const accept = { type: 'AcceptBalances', account: ACCOUNT } as const;
    expect(desk.command(accept)).toMatchObject({ ok: false, code: 'NOTHING_TO_ACCEPT' });
    desk.venue(snapshot(reconcileAt(desk, 30_000_000), { balances: bought }));
    desk.venue(snapshot(reconcileAt(desk, 2_000_000), { balances: bought }));
    const before = desk.effects.length;
    expect(desk.command(accept)).toMatchObject({ ok: true });
    const [asked] = sent(desk.effects.slice(before), 'SendReconcile');
    desk.venue(snapshot(asked?.requestId ?? 0, { balances: bought }));
    expect(reconciled(desk)).toBe('Agrees');
    expect(desk.kernel.view().positions).toEqual([]);
  });

  it('is asked again 2 s after it could not be answered, and ignores answers to older requests', () => {
    const desk = new Desk().open();
    const requestId = reconcileAt(desk, 30_000_000);
    const failure = { code: 'HTTP_503', message: 'busy' };
    desk.venue({
      type: 'RequestFailed',
      account: ACCOUNT,
      request: 'reconcile',
      requestId,
      ...failure,
    });
    const next = reconcileAt(desk, 2_000_000);
    expect(next).toBe(requestId + 1);
    desk.venue(snapshot(requestId, { openOrders: [stated('web_1', 'Accepted')] }));
    expect(desk.kernel.view().orders).toEqual([]);
  });

  it('locks, disarms and flags what is in flight when the connection goes', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue({ type: 'ConnectionChanged', account: ACCOUNT, state: 'Disconnected' });
    expect(desk.order(id)).toHaveProperty('unknownSince');
    const view = desk.kernel.view();
    expect(view.armed).toEqual([]);
    expect(view.accounts).toMatchObject([{ tradingState: 'Locked', connected: false }]);
    expect(desk.command({ type: 'Unlock', account: ACCOUNT })).toMatchObject({ ok: false });
  });
});

describe('a report about an order nobody knows', () => {
  it('is held until the venue has said what it is, then counted once', () => {
    const desk = new Desk().open();
    const effects = desk.venue(filled('web_2', '5', 3_000));
    expect(sent(effects, 'SendQuery')).toMatchObject([{ clientOrderId: 'web_2' }]);
    desk.venue(filled('web_2', '6', 1_000));
    const order = stated('web_2', 'PartiallyFilled', 4_000);
    desk.venue(queried('web_2', order, [filled('web_2', '5', 3_000), filled('web_2', '6', 1_000)]));
    expect(desk.order('web_2')).toMatchObject({ origin: 'External', cumQty: 4_000 });
    expect(desk.kernel.view()).toMatchObject({ fillCount: 2, positions: [{ quantity: 4_000 }] });
  });

  it('is let go, told, when the venue does not know it either', () => {
    const desk = new Desk().open();
    desk.venue(accepted('web_3'));
    desk.venue(queried('web_3'));
    desk.venue(queried('web_3'));
    const alerts = updates(desk.venue(queried('web_3')));
    expect(alerts).toMatchObject([{ type: 'Alert', code: 'STRAY_ORDER_LOST' }]);
    expect(sent(desk.wait(10_000_000), 'SendQuery')).toHaveLength(0);
  });
});
