import { expect, it } from 'vitest';
import { present } from '../base/invariant.ts';
import type { ClientOrderId } from '../domain/identifiers.ts';
import { quantity } from '../domain/price.ts';
import type { VenueReport } from '../domain/venue-report.ts';
import { createKernel } from './kernel.ts';
import { BALANCES, Desk, sent, sessionStarted, terms, updates } from './testing/desk.ts';
import { accepted, canceled, filled, queried, snapshot, stated } from './testing/reports.ts';

const [BTC_BEFORE, USDT_BEFORE] = BALANCES;

/** What the venue holds after so many buys of 0.1 at 100. */
function held(buys: number): typeof BALANCES {
  const base = present(BTC_BEFORE, 'BTC');
  const quote = present(USDT_BEFORE, 'USDT');
  const count = BigInt(buys);
  return [
    { ...base, free: base.free + count * 10_000_000n },
    { ...quote, free: quote.free - count * 1_000_000_000n },
  ];
}

function submit(desk: Desk): ClientOrderId {
  return present(desk.command({ type: 'SubmitOrder', terms: terms() }).orders[0], 'order');
}

function buy(desk: Desk, tradeId: string): ClientOrderId {
  const id = submit(desk);
  desk.venue(accepted(id));
  desk.venue(filled(id, tradeId, 10_000));
  return id;
}

/** The account compared, `trades` told by its history. */
function compare(desk: Desk, buys: number, fills: ReturnType<typeof filled>[], open = {}): void {
  desk.wait(31_000_000);
  const asked = sent(desk.effects, 'SendReconcile').at(-1)?.requestId ?? 0;
  desk.venue(snapshot(asked, { balances: held(buys), fills, ...open }));
}

/** Three buys, of which the first is forgotten. */
function forgetful() {
  const desk = new Desk(createKernel({ ended: 2, ageMicros: 0 })).open();
  const ids = ['1', '2', '3'].map((trade) => buy(desk, trade));
  const [first, second, third] = ids.map((id) => present(id, 'id'));
  const fills = ids.map((id, index) => filled(id, String(index + 1), 10_000));
  return { desk, first: present(first, 'first'), second, third, fills };
}

function idsOf(desk: Desk): ClientOrderId[] {
  return desk.kernel.view().orders.map(({ clientOrderId }) => clientOrderId);
}

function alerts(desk: Desk): string[] {
  return updates(desk.effects).flatMap((one) => (one.type === 'Alert' ? [one.code] : []));
}

it('keeps the last that ended, once history has told of what the others traded', () => {
  const { desk, second, third, fills } = forgetful();
  compare(desk, 3, []);
  expect(idsOf(desk)).toHaveLength(3);
  compare(desk, 3, fills);
  expect(idsOf(desk)).toEqual([second, third]);
  const view = desk.kernel.view();
  expect(view).toMatchObject({ fillCount: 3, positions: [{ quantity: 30_000 }] });
  expect(view.fills).toHaveLength(2);
  const other = createKernel({ ended: 2, ageMicros: 0 });
  other.restore(desk.kernel.snapshot());
  expect(other.encodeState()).toEqual(desk.kernel.encodeState());
  expect(other.view().fillCount).toBe(3);
});

it('keeps what ended a moment ago', () => {
  const desk = new Desk(createKernel({ ended: 0, ageMicros: 60_000_000 })).open();
  const id = buy(desk, '1');
  compare(desk, 1, [filled(id, '1', 10_000)]);
  expect(idsOf(desk)).toEqual([id]);
  compare(desk, 1, []);
  expect(idsOf(desk)).toEqual([]);
});

it('counts a trade of a forgotten order once, whoever tells of it again', () => {
  const { desk, first, fills } = forgetful();
  compare(desk, 3, fills);
  const before = desk.kernel.view().positions;
  const told: VenueReport[] = [
    filled(first, '1', 10_000),
    accepted(first),
    queried(first, stated(first, 'Filled', 10_000), [filled(first, '1', 10_000)]),
    filled(first, '1', 10_000),
  ];
  for (const report of told) desk.venue(report);
  compare(desk, 3, []);
  expect(desk.kernel.view().positions).toEqual(before);
  expect(desk.kernel.view().accounts[0]?.reconciliation.state).toBe('Agrees');
  expect(alerts(desk)).not.toContain('ORDER_ADOPTED');
  expect(idsOf(desk)).not.toContain(first);
});

it('counts a later trade of a forgotten order, as one placed elsewhere', () => {
  const desk = new Desk(createKernel({ ended: 0, ageMicros: 0 })).open();
  const gone = submit(desk);
  desk.venue(accepted(gone));
  desk.venue(canceled(gone));
  const id = buy(desk, '1');
  compare(desk, 1, [filled(id, '1', 10_000)]);
  expect(idsOf(desk)).toEqual([]);
  desk.venue(filled(gone, '2', 10_000));
  desk.venue(queried(gone, stated(gone, 'Canceled', 10_000), [filled(gone, '2', 10_000)]));
  expect(desk.kernel.view().positions).toMatchObject([{ quantity: 20_000 }]);
  expect(desk.order(gone)).toMatchObject({ origin: 'External', cumQty: 10_000 });
});

it('keeps the whole chain of an order that works in the place of others', () => {
  const desk = new Desk(createKernel({ ended: 0, ageMicros: 0 })).open();
  const first = submit(desk);
  desk.venue(accepted(first));
  const wanted = { clientOrderId: first, quantity: quantity(20_000) };
  const { orders } = desk.command({ type: 'ReplaceOrder', ...wanted });
  const next = present(orders[1], 'replacement');
  desk.venue(canceled(first));
  desk.venue(accepted(next));
  const openOrders = [stated(next, 'Accepted', 0, { quantity: quantity(20_000) })];
  compare(desk, 0, [], { openOrders });
  expect(idsOf(desk)).toEqual([first, next]);
  desk.venue(canceled(next));
  compare(desk, 0, []);
  expect(idsOf(desk)).toEqual([]);
});

it('a kill without its stream cancels on every symbol an order was ever sent for', () => {
  const desk = new Desk(createKernel({ ended: 0, ageMicros: 0 })).open();
  const id = buy(desk, '1');
  compare(desk, 1, [filled(id, '1', 10_000)]);
  expect(idsOf(desk)).toEqual([]);
  desk.apply(sessionStarted({ recovered: true, idPrefix: 'q2' }));
  const before = desk.effects.length;
  desk.command({ type: 'Kill' });
  expect(sent(desk.effects.slice(before), 'SendCancelAll')).toMatchObject([{ symbol: 'BTCUSDT' }]);
});

it('says that it does not know a forgotten order', () => {
  const { desk, first, fills } = forgetful();
  compare(desk, 3, fills);
  const asked = desk.command({ type: 'QueryOrder', clientOrderId: first });
  expect(asked).toMatchObject({ ok: false, code: 'ORDER_UNKNOWN' });
});
