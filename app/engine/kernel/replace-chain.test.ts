import { describe, expect, it } from 'vitest';
import { present } from '../base/invariant.ts';
import type { ClientOrderId } from '../domain/identifiers.ts';
import { quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { ACCOUNT, BTC, Desk, sent, START, terms } from './testing/desk.ts';
import { accepted, canceled, filled, queried, stated } from './testing/reports.ts';

const about = { account: ACCOUNT, instrument: BTC, venueTime: unixMicros(START) };

function replaceBy(desk: Desk, id: ClientOrderId, size: number): ClientOrderId {
  const command = { type: 'ReplaceOrder', clientOrderId: id, quantity: quantity(size) } as const;
  const { ok, orders } = desk.command(command);
  expect(ok).toBe(true);
  return present(orders[1], 'replacement');
}

/** A of 100,000 replaced by B of 80,000, which stands; B being replaced by C of 60,000. */
function chain(): {
  readonly desk: Desk;
  readonly a: ClientOrderId;
  readonly b: ClientOrderId;
  readonly c: ClientOrderId;
} {
  const desk = new Desk().open();
  const { orders } = desk.command({
    type: 'SubmitOrder',
    terms: terms({ quantity: quantity(100_000) }),
  });
  const a = present(orders[0], 'order');
  desk.venue(accepted(a));
  const b = replaceBy(desk, a, 80_000);
  desk.venue(canceled(a));
  desk.venue(accepted(b));
  return { desk, a, b, c: replaceBy(desk, b, 60_000) };
}

describe('a late fill of what was replaced before', () => {
  it('makes the order that stands now smaller', () => {
    const { desk, a, b, c } = chain();
    desk.venue(filled(a, '1', 10_000));
    desk.venue(canceled(b));
    const [smaller] = sent(desk.venue(accepted(c)), 'SendReplace');
    expect(smaller?.replacement).toMatchObject({ quantity: 50_000, replaces: c });
  });

  it('counts once, however many orders have stood since', () => {
    const { desk, a, b, c } = chain();
    desk.venue(canceled(b));
    desk.venue(accepted(c));
    const [first] = sent(desk.venue(filled(a, '1', 10_000)), 'SendReplace');
    const d = present(first, 'correction').replacement;
    expect(d.quantity).toBe(50_000);
    desk.venue(canceled(c));
    expect(sent(desk.venue(accepted(d.clientOrderId)), 'SendReplace')).toEqual([]);
    const [second] = sent(desk.venue(filled(b, '2', 20_000)), 'SendReplace');
    expect(second?.replacement).toMatchObject({ quantity: 30_000 });
  });

  it('that was known when the last one was asked for takes nothing from it', () => {
    const desk = new Desk().open();
    const { orders } = desk.command({
      type: 'SubmitOrder',
      terms: terms({ quantity: quantity(100_000) }),
    });
    const a = present(orders[0], 'order');
    desk.venue(accepted(a));
    desk.venue(filled(a, '1', 20_000));
    const b = replaceBy(desk, a, 100_000);
    desk.venue(canceled(a, 20_000));
    desk.venue(accepted(b));
    const c = replaceBy(desk, b, 60_000);
    desk.venue(canceled(b));
    expect(sent(desk.venue(accepted(c)), 'SendReplace')).toEqual([]);
    expect(desk.order(c)).toMatchObject({ quantity: 60_000, status: 'Accepted' });
  });

  it('leaves nothing when it was all there was to trade', () => {
    const { desk, a, b, c } = chain();
    desk.venue(filled(a, '1', 60_000));
    desk.venue(canceled(b));
    const effects = desk.venue(accepted(c));
    expect(sent(effects, 'SendCancel')).toMatchObject([{ order: { clientOrderId: c } }]);
  });

  it('corrects the one before when the venue refused the last', () => {
    const { desk, a, b, c } = chain();
    const ids = { clientOrderId: b, replacement: c };
    desk.venue({ type: 'ReplaceRejected', ...about, ...ids, code: '-2022', message: 'failed' });
    const [smaller] = sent(desk.venue(filled(a, '1', 10_000)), 'SendReplace');
    expect(smaller?.replacement).toMatchObject({ quantity: 70_000, replaces: b });
  });

  it('is corrected again when the correction did not leave', () => {
    const { desk, a, b, c } = chain();
    desk.venue(canceled(b));
    desk.venue(accepted(c));
    const [first] = sent(desk.venue(filled(a, '1', 10_000)), 'SendReplace');
    const lost = present(first, 'correction').replacement.clientOrderId;
    const refusal = { request: 'replace', code: 'QUEUE_FULL', message: 'full' } as const;
    desk.venue({ type: 'NotSent', ...about, clientOrderId: c, replacement: lost, ...refusal });
    const requestId = sent(desk.wait(10_000_000), 'SendListOrders')[0]?.requestId ?? 0;
    const list = { account: ACCOUNT, requestId, openOrders: [], venueTime: unixMicros(desk.now) };
    const [again] = sent(desk.venue({ type: 'OrdersListed', ...list }), 'SendReplace');
    expect(again?.replacement).toMatchObject({ quantity: 50_000, replaces: c });
  });

  it('is found, though an answer older than the replace said that what it replaced works on', () => {
    const { desk, b, c } = chain();
    const unanswered = { type: 'OutcomeUnknown', request: 'replace', code: 'TIMEOUT' } as const;
    desk.venue({ ...about, ...unanswered, clientOrderId: b, replacement: c });
    desk.venue(queried(b, stated(b, 'Accepted', 0, { quantity: quantity(80_000) })));
    expect(desk.order(b)).toMatchObject({ status: 'Accepted', quantity: 80_000 });
    const command = { type: 'ReplaceOrder', clientOrderId: b, quantity: quantity(70_000) } as const;
    expect(desk.command(command)).toMatchObject({ ok: false, code: 'ORDER_NOT_REPLACEABLE' });
    desk.venue(accepted(c));
    desk.venue(canceled(b, 10_000));
    const [smaller] = sent(desk.venue(filled(b, '1', 10_000)), 'SendReplace');
    expect(smaller?.replacement).toMatchObject({ quantity: 50_000, replaces: c });
  });

  it('waits for a younger answer when one about what it replaced was asked for before the replace', () => {
    const { desk, b, c } = chain();
    const unanswered = { type: 'OutcomeUnknown', request: 'replace', code: 'TIMEOUT' } as const;
    desk.venue({ ...about, ...unanswered, clientOrderId: b, replacement: c });
    const works = queried(b, stated(b, 'Accepted', 0, { quantity: quantity(80_000) }));
    const before = unixMicros(desk.now - 1_000_000);
    desk.venue({ ...works, askedAt: before });
    expect(desk.order(b)).toMatchObject({ status: 'PendingReplace' });
    desk.wait(1_000_000);
    desk.venue({ ...works, askedAt: unixMicros(desk.now) });
    expect(desk.order(b)).toMatchObject({ status: 'Accepted' });
  });
});
