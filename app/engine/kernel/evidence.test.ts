import { describe, expect, it } from 'vitest';
import type { ClientOrderId } from '../domain/identifiers.ts';
import { isDoubtful, judgeStatement, outcomeClass } from '../domain/order-evidence.ts';
import { quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import type { VenueReport } from '../domain/venue-report.ts';
import { createKernel } from './kernel.ts';
import { ACCOUNT, BTC, Desk, sent, START, terms } from './testing/desk.ts';
import { accepted, filled, queried, snapshot, stated } from './testing/reports.ts';

const STREAM = { source: 'UserStream' } as const;
const QUERY = { source: 'Query' } as const;

function submitted(desk: Desk): ClientOrderId {
  const { orders } = desk.command({ type: 'SubmitOrder', terms: terms() });
  return orders[0] ?? ('' as ClientOrderId);
}

function statements(desk: Desk, id: ClientOrderId) {
  const found = desk.kernel.view().evidence.find((one) => one.clientOrderId === id);
  return found?.statements ?? [];
}

function restated(id: ClientOrderId): VenueReport {
  const about = { account: ACCOUNT, instrument: BTC, clientOrderId: id };
  const said = { source: 'RequestAnswer', status: 'Accepted' } as const;
  return { type: 'OrderRestated', ...about, venueTime: unixMicros(START), said };
}

describe('what each source said last', () => {
  it('is kept per source and changes nothing else', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue({ ...accepted(id), said: { ...STREAM, status: 'Accepted', cumQty: quantity(0) } });
    const before = desk.order(id);
    desk.venue(restated(id));
    expect(desk.order(id)).toEqual(before);
    const [stream, answer] = statements(desk, id);
    expect(stream).toMatchObject({ source: 'UserStream', says: 'State', status: 'Accepted' });
    expect(answer).toMatchObject({ source: 'RequestAnswer', says: 'State', status: 'Accepted' });
    desk.venue({
      ...filled(id, '1', 4_000),
      said: { ...STREAM, status: 'PartiallyFilled', cumQty: quantity(4_000) },
    });
    expect(statements(desk, id)).toHaveLength(2);
    expect(statements(desk, id)[0]).toMatchObject({ status: 'PartiallyFilled', cumQty: 4_000 });
  });

  it('of a question gives the order and its history, or that it is not found', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue({
      ...queried(id, stated(id, 'PartiallyFilled', 4_000), [filled(id, '1', 4_000)]),
      said: QUERY,
    });
    expect(statements(desk, id)).toMatchObject([
      { source: 'Query', says: 'State', status: 'PartiallyFilled', cumQty: 4_000 },
      { source: 'TradeHistory', says: 'Fills', cumQty: 4_000 },
    ]);
    desk.venue({ ...queried(id), said: QUERY });
    expect(statements(desk, id)[0]).toMatchObject({ source: 'Query', says: 'NotFound' });
  });

  it('of a list of open orders names those it lacks', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue(accepted(id));
    desk.venue({ ...snapshot(2), said: { source: 'OpenOrders' } });
    expect(statements(desk, id)).toMatchObject([{ source: 'OpenOrders', says: 'NotFound' }]);
    expect(isDoubtful(desk.order(id), statements(desk, id))).toBe(true);
  });

  it('survives a snapshot to the byte, and reports of an older journal leave none', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue(accepted(id));
    expect(desk.kernel.view().evidence).toEqual([]);
    const early = createKernel();
    early.restore(desk.kernel.snapshot());
    const report = { ...filled(id, '1', 4_000), said: STREAM };
    for (const kernel of [desk.kernel, early]) {
      kernel.apply({ type: 'Venue', at: unixMicros(START + 1), report });
    }
    expect(early.encodeState()).toEqual(desk.kernel.encodeState());
    const late = createKernel();
    late.restore(desk.kernel.snapshot());
    expect(late.view().evidence).toEqual(desk.kernel.view().evidence);
  });
});

describe('asking again by hand', () => {
  it('sends one question a second at most, needs no arming, and refuses what never left', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue(accepted(id));
    desk.command({ type: 'Disarm' });
    expect(desk.command({ type: 'QueryOrder', clientOrderId: id })).toMatchObject({ ok: true });
    const again = desk.command({ type: 'QueryOrder', clientOrderId: id });
    expect(again).toMatchObject({ ok: false, code: 'ASKED_JUST_NOW' });
    desk.wait(1_000_000);
    expect(desk.command({ type: 'QueryOrder', clientOrderId: id })).toMatchObject({ ok: true });
    const nobody = 'nobody' as ClientOrderId;
    expect(desk.command({ type: 'QueryOrder', clientOrderId: nobody })).toMatchObject({
      code: 'ORDER_UNKNOWN',
    });
  });

  it('is a question to the venue and the answer is evidence, also for an ended order', () => {
    const desk = new Desk().open();
    const id = submitted(desk);
    desk.venue(filled(id, '1', 10_000));
    expect(desk.order(id).status).toBe('Filled');
    const command = { type: 'QueryOrder', clientOrderId: id } as const;
    const envelope = { commandId: 'by-hand-1', client: 'desk-1' as never, command };
    const effects = desk.apply({ type: 'UserCommand', envelope });
    expect(sent(effects, 'SendQuery')).toMatchObject([{ clientOrderId: id }]);
    desk.venue({ ...queried(id), said: QUERY });
    expect(desk.order(id).status).toBe('Filled');
    const [answer] = statements(desk, id);
    expect(answer && judgeStatement(desk.order(id), answer, [answer])).toBe('Differs');
  });
});

it('the outcome is unknown until the venue has answered the last request', () => {
  const desk = new Desk().open();
  const id = submitted(desk);
  expect(outcomeClass(desk.order(id))).toBe('Unknown');
  desk.venue(accepted(id));
  expect(outcomeClass(desk.order(id))).toBe('Confirmed');
  desk.command({ type: 'CancelOrder', clientOrderId: id });
  expect(outcomeClass(desk.order(id))).toBe('Unknown');
});

it('a statement that a newer one overtook is older, not different', () => {
  const desk = new Desk().open();
  const id = submitted(desk);
  desk.venue({ ...accepted(id), said: { ...STREAM, status: 'Accepted', cumQty: quantity(0) } });
  desk.wait(10);
  desk.venue({
    ...queried(id, stated(id, 'PartiallyFilled', 4_000), [filled(id, '1', 4_000)]),
    said: QUERY,
  });
  const all = statements(desk, id);
  const verdicts = all.map((one) => [one.source, judgeStatement(desk.order(id), one, all)]);
  expect(verdicts).toEqual([
    ['UserStream', 'Older'],
    ['Query', 'Agrees'],
    ['TradeHistory', 'Agrees'],
  ]);
  expect(isDoubtful(desk.order(id), all)).toBe(false);
});
