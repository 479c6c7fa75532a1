import { describe, expect, it } from 'vitest';
import type { ClientOrderId } from '../domain/identifiers.ts';
import { quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import {
  ACCOUNT,
  BTC,
  CLIENT,
  Desk,
  sent,
  sessionStarted,
  START,
  terms,
  updates,
} from './testing/desk.ts';
import { accepted, canceled, filled, queried, snapshot, stated } from './testing/reports.ts';

function submitted(desk: Desk): ClientOrderId {
  const { orders } = desk.command({ type: 'SubmitOrder', terms: terms() });
  return orders[0] ?? ('' as ClientOrderId);
}

function timedOut(desk: Desk, clientOrderId: ClientOrderId) {
  const about = { account: ACCOUNT, instrument: BTC, clientOrderId, venueTime: unixMicros(START) };
  const unknown = { type: 'OutcomeUnknown', request: 'submit', code: 'TIMEOUT' } as const;
  return desk.venue({ ...about, ...unknown });
}

describe('an order without an answer', () => {
  it('is Unknown after 5 s and asked about every 2 s', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    expect(sent(desk.wait(4_999_999), 'SendQuery')).toHaveLength(0);
    expect(desk.order(id)).not.toHaveProperty('unknownSince');
    expect(sent(desk.wait(1), 'SendQuery')).toHaveLength(1);
    expect(desk.order(id)).toMatchObject({ status: 'Submitted', unknownSince: desk.now });
    expect(sent(desk.wait(10_000_000), 'SendQuery')).toHaveLength(5);
  });

  it('is asked about at once when its request timed out', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    expect(sent(timedOut(desk, id), 'SendQuery')).toHaveLength(1);
  });

  it('is not at the venue after two negative answers 5 s apart, and not before', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    timedOut(desk, id);
    desk.venue(queried(id));
    desk.wait(4_999_999);
    desk.venue(queried(id));
    expect(desk.order(id).status).toBe('Submitted');
    desk.wait(1);
    desk.venue(queried(id));
    expect(desk.order(id)).toMatchObject({ status: 'Rejected', reason: { code: 'NOT_AT_VENUE' } });
    expect(desk.order(id)).not.toHaveProperty('unknownSince');
  });

  it('is not given up by a second answer to a question asked too early', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    timedOut(desk, id);
    const early = unixMicros(desk.now);
    desk.venue({ ...queried(id), askedAt: early });
    desk.wait(8_000_000);
    desk.venue({ ...queried(id), askedAt: early });
    expect(desk.order(id).status).toBe('Submitted');
    desk.venue({ ...queried(id), askedAt: unixMicros(START + 5_000_000) });
    expect(desk.order(id).status).toBe('Rejected');
  });

  it('is not revived by a late NEW once the stream said FILLED (barter-rs 206)', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue(filled(id, '1', 10_000));
    desk.venue(accepted(id));
    desk.venue(queried(id, stated(id, 'Accepted')));
    const asked = sent(desk.wait(10_000_000), 'SendListOrders').at(-1)?.requestId ?? 0;
    const lists = { openOrders: [stated(id, 'Accepted')], venueTime: unixMicros(desk.now) };
    desk.venue({ type: 'OrdersListed', account: ACCOUNT, requestId: asked, ...lists });
    expect(desk.order(id)).toMatchObject({ status: 'Filled', leavesQty: 0 });
    expect(desk.kernel.view().positions).toMatchObject([{ quantity: 10_000 }]);
  });

  it('is never given up while its history shows a fill', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    timedOut(desk, id);
    desk.venue(queried(id, undefined, [filled(id, '1', 10_000)]));
    desk.wait(6_000_000);
    desk.venue(queried(id, undefined, [filled(id, '1', 10_000)]));
    expect(desk.order(id)).toMatchObject({ status: 'Filled', cumQty: 10_000 });
  });

  it('stops new risk after 10 s, however often it is asked about by others meanwhile', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    timedOut(desk, id);
    const about = { account: ACCOUNT, instrument: BTC, clientOrderId: id } as const;
    for (let times = 0; times < 9; times += 1) {
      desk.wait(1_000_000);
      desk.command({ type: 'CancelOrder', clientOrderId: id });
      const words = { code: '-2011', message: 'Unknown order sent.' };
      desk.venue({ type: 'CancelRejected', ...about, venueTime: unixMicros(desk.now), ...words });
    }
    desk.wait(500_000);
    desk.command({ type: 'QueryOrder', clientOrderId: id });
    desk.wait(500_000);
    const [account] = desk.kernel.view().accounts;
    expect(account?.tradingState).toBe('Reducing');
  });

  it('stops new risk after 10 s, until a person unlocks what is known again', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    timedOut(desk, id);
    desk.wait(9_999_999);
    expect(desk.kernel.view().accounts[0]?.tradingState).toBe('Active');
    desk.wait(1);
    expect(desk.kernel.view().accounts[0]?.tradingState).toBe('Reducing');
    desk.quote();
    const refused = desk.command({ type: 'SubmitOrder', terms: terms() });
    expect(refused).toMatchObject({ ok: false, code: 'REDUCE_ONLY' });
    const unlock = { type: 'Unlock', account: ACCOUNT } as const;
    expect(desk.command(unlock)).toMatchObject({ ok: false, code: 'ORDERS_UNKNOWN' });
    desk.venue(accepted(id));
    expect(desk.command(unlock)).toMatchObject({ ok: true });
  });

  it('starts the count of negative answers again once the venue knew it', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    timedOut(desk, id);
    desk.venue(queried(id));
    desk.venue(queried(id, stated(id, 'Accepted')));
    expect(desk.order(id)).toMatchObject({ status: 'Accepted' });
    desk.wait(6_000_000);
    desk.venue(queried(id));
    expect(desk.order(id)).toMatchObject({ status: 'Accepted' });
  });

  it.each([
    { name: 'it was never acknowledged', acknowledged: false },
    { name: 'the venue forgot it', acknowledged: true },
  ])('is given up while cancels of it are refused as unknown: $name', ({ acknowledged }) => {
    const desk = new Desk().open();
    const id = submitted(desk);
    if (acknowledged) desk.venue(accepted(id));
    else timedOut(desk, id);
    const about = { account: ACCOUNT, instrument: BTC, venueTime: unixMicros(START) };
    const refusal = { code: '-2011', message: 'Unknown order sent.' };
    for (let round = 0; round < 3; round += 1) {
      desk.venue(queried(id));
      desk.command({ type: 'CancelOrder', clientOrderId: id });
      desk.venue({ type: 'CancelRejected', ...about, clientOrderId: id, ...refusal });
      desk.wait(2_500_000);
    }
    expect(desk.order(id)).toMatchObject({ status: 'Rejected', reason: { code: 'NOT_AT_VENUE' } });
  });

  it('that owes fills is not given up', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    timedOut(desk, id);
    desk.venue(queried(id, stated(id, 'PartiallyFilled', 4_000)));
    for (let round = 0; round < 3; round += 1) {
      desk.venue(queried(id));
      desk.wait(6_000_000);
    }
    expect(desk.order(id).status).toBe('Accepted');
    desk.venue(queried(id, stated(id, 'PartiallyFilled', 4_000), [filled(id, '1', 4_000)]));
    expect(desk.order(id)).toMatchObject({ status: 'PartiallyFilled', cumQty: 4_000 });
  });

  it('that works after it was given up is canceled, and its fills count', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    timedOut(desk, id);
    desk.venue(queried(id));
    desk.wait(5_000_000);
    desk.venue(queried(id));
    const effects = desk.venue(accepted(id));
    expect(sent(effects, 'SendCancel')).toMatchObject([{ order: { clientOrderId: id } }]);
    desk.venue(filled(id, '1', 4_000));
    expect(desk.order(id)).toMatchObject({ status: 'Rejected', cumQty: 4_000 });
    expect(desk.kernel.view().positions).toMatchObject([{ quantity: 4_000 }]);
  });

  it('is never sent again, whatever the answers', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    timedOut(desk, id);
    for (let round = 0; round < 4; round += 1) {
      desk.venue(queried(id));
      desk.wait(6_000_000);
    }
    expect(sent(desk.effects, 'SendOrder')).toHaveLength(1);
  });
});

describe('a denied order that the venue tells of', () => {
  it('is not asked about', () => {
    const desk = new Desk().open();
    desk.command({ type: 'Disarm' });
    const [id = ''] = desk.command({ type: 'SubmitOrder', terms: terms() }).orders;
    expect(desk.order(id).status).toBe('Denied');
    const effects = [...desk.venue(canceled(id, 10)), ...desk.wait(10_000_000)];
    expect(sent(effects, 'SendQuery')).toEqual([]);
  });
});

describe('a crowd of orders without an answer', () => {
  it('is asked about a hundred at a time, each in its turn', () => {
    const desk = new Desk().open();
    const ids = Array.from({ length: 250 }, () => submitted(desk));
    expect(sent(desk.wait(5_000_000), 'SendQuery')).toHaveLength(100);
    expect(desk.kernel.view().orders.filter((order) => order.unknownSince)).toHaveLength(250);
    const asked = sent(desk.wait(4_000_000), 'SendQuery').map((one) => one.clientOrderId);
    expect(asked).toHaveLength(200);
    expect(new Set(asked)).toEqual(new Set([...ids.slice(100), ...ids.slice(0, 50)]));
  });
});

describe('a timer', () => {
  it('that fires early is asked for again, and one that nobody set is ignored', () => {
    const desk = new Desk().open();
    submitted(desk);
    const early = desk.apply({ type: 'TimerFired', timer: 'sweep' });
    const dueAt = START + 5_000_000;
    expect(early).toEqual([{ type: 'SetTimer', timer: 'sweep', dueAt }]);
    expect(desk.apply({ type: 'TimerFired', timer: 'nobody' })).toEqual([]);
  });
});

describe('a clock that is set back', () => {
  it('does not hold up what waits, and time does not go back', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.now -= 3_600_000_000;
    const effects = desk.apply({ type: 'ClockAdjusted', stepMicros: -3_600_000_000 });
    expect(sent(effects, 'SetTimer')).toContainEqual({
      type: 'SetTimer',
      timer: 'sweep',
      dueAt: desk.now + 5_000_000,
    });
    expect(sent(desk.wait(5_000_000), 'SendQuery')).toHaveLength(1);
    expect(desk.order(id).unknownSince).toBe(START + 5_000_000);
  });
});

describe('a restart', () => {
  it('takes orders although the journal of the process before could not be written', () => {
    const desk = new Desk().open();
    desk.apply({ type: 'JournalChanged', state: 'Failed', detail: 'no room' });
    const unlock = { type: 'Unlock', account: ACCOUNT } as const;
    expect(desk.command(unlock)).toMatchObject({ ok: false, code: 'JOURNAL_UNWRITABLE' });
    desk.open();
    expect(desk.command({ type: 'SubmitOrder', terms: terms() })).toMatchObject({ ok: true });
  });

  it('locks, disarms, and holds what was in flight as Unknown', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    const effects = desk.apply(sessionStarted({ recovered: true, idPrefix: 'q2' }));
    const view = desk.kernel.view();
    expect(view.accounts).toMatchObject([{ tradingState: 'Locked', connected: false }]);
    expect(view.armed).toEqual([]);
    expect(desk.order(id)).toMatchObject({ status: 'Submitted', unknownSince: desk.now });
    expect(sent(effects, 'SendQuery')).toHaveLength(0);
    expect(sent(effects, 'SetTimer').map(({ timer }) => timer)).toContain(`reconcile:${ACCOUNT}`);
  });

  it('resolves it from the venue and stays Locked until unlocked', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.apply(sessionStarted({ recovered: true, idPrefix: 'q2' }));
    const [asked] = sent(
      desk.venue({ type: 'ConnectionChanged', account: ACCOUNT, state: 'Connected' }),
      'SendReconcile',
    );
    const open = { openOrders: [stated(id, 'Accepted')] };
    const effects = desk.venue(snapshot(asked?.requestId ?? 0, open));
    expect(desk.order(id)).toMatchObject({ status: 'Accepted' });
    expect(updates(effects)).toContainEqual({
      type: 'Alert',
      level: 'Info',
      code: 'ORDER_RESOLVED',
      message: `${id} was Submitted, 0.00000 filled, Unknown here; the list of open orders says Accepted, 0.00000 filled, at ${START}: now Accepted, 0.00000 filled`,
    });
    const [account] = desk.kernel.view().accounts;
    expect(account).toMatchObject({ tradingState: 'Locked', reconciliation: { state: 'Agrees' } });
    expect(desk.command({ type: 'Unlock', account: ACCOUNT }).ok).toBe(true);
  });

  it('asks the venue about nothing before its stream is there, then everything, and sends nothing again', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    const before = desk.effects.length;
    desk.apply(sessionStarted({ recovered: true, idPrefix: 'q2' }));
    desk.wait(60_000_000);
    const asks = ['SendOrder', 'SendCancel', 'SendReplace', 'SendQuery', 'SendReconcile'] as const;
    const left = (): string[] => asks.filter((type) => sent(desk.effects.slice(before), type)[0]);
    expect(left()).toEqual([]);
    desk.venue({ type: 'ConnectionChanged', account: ACCOUNT, state: 'Connected' });
    for (let round = 0; round < 3; round += 1) {
      desk.wait(6_000_000);
      desk.venue(queried(id));
    }
    expect(left()).toEqual(['SendQuery', 'SendReconcile']);
    expect(desk.order(id)).toMatchObject({ status: 'Rejected', reason: { code: 'NOT_AT_VENUE' } });
  });

  it('trusts no quote of before', () => {
    const desk = new Desk().open();
    desk.apply(sessionStarted({ recovered: true, idPrefix: 'q2' }));
    const [asked] = sent(
      desk.venue({ type: 'ConnectionChanged', account: ACCOUNT, state: 'Connected' }),
      'SendReconcile',
    );
    desk.venue(snapshot(asked?.requestId ?? 0));
    desk.command({ type: 'Unlock', account: ACCOUNT });
    desk.command({ type: 'Arm' });
    expect(desk.kernel.preview(CLIENT, terms())?.code).toBe('STALE_DATA');
    desk.quote();
    expect(desk.kernel.preview(CLIENT, terms())).toBeUndefined();
  });

  it('never gives an id twice', () => {
    const desk = new Desk().open();
    const first = submitted(desk);
    desk.apply(sessionStarted({ recovered: true, idPrefix: 'q2' }));
    desk.quote();
    const second = submitted(desk);
    expect([first.split('-')[0], second.split('-')[0]]).toEqual(['q1', 'q2']);
  });
});

describe('fills that the venue counts and that have not come', () => {
  const said = (source: 'RequestAnswer' | 'UserStream', cumQty: number) =>
    ({ said: { source, status: 'PartiallyFilled', cumQty: quantity(cumQty) } }) as const;
  const gone = (desk: Desk, micros: number) => sent(desk.wait(micros), 'SendQuery');

  it('are asked for half a second after the answer to the order counted them', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue({ ...accepted(id), ...said('RequestAnswer', 4_000) });
    expect(gone(desk, 499_999)).toHaveLength(0);
    expect(gone(desk, 1)).toMatchObject([{ clientOrderId: id }]);
    expect(desk.order(id)).not.toHaveProperty('unknownSince');
    desk.venue(queried(id, stated(id, 'PartiallyFilled', 4_000), [filled(id, '1', 4_000)]));
    expect(desk.order(id)).toMatchObject({ status: 'PartiallyFilled', cumQty: 4_000 });
    expect(gone(desk, 10_000_000)).toHaveLength(0);
  });

  it('are not asked for when they come by themselves', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue({ ...accepted(id), ...said('RequestAnswer', 4_000) });
    desk.wait(300_000);
    desk.venue({ ...filled(id, '1', 4_000), ...said('UserStream', 4_000) });
    expect(gone(desk, 10_000_000)).toHaveLength(0);
  });

  it('are missed by the next fill, and by an answer that comes after the stream', () => {
    const desk = new Desk().open();
    const [first, second] = [submitted(desk), submitted(desk)];
    for (const id of [first, second]) desk.venue(accepted(id));
    desk.venue({ ...filled(first, '2', 1_000), ...said('UserStream', 3_000) });
    const { venueOrderId: _id, ...restated } = accepted(second);
    desk.venue({ ...restated, type: 'OrderRestated', ...said('RequestAnswer', 2_000) });
    const asked = gone(desk, 500_000).map(({ clientOrderId }) => clientOrderId);
    expect(asked).toEqual([first, second]);
  });
});
