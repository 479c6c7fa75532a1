import { describe, expect, it } from 'vitest';
import type { AssetCode, ClientOrderId } from '../domain/identifiers.ts';
import type { Effect } from '../domain/input.ts';
import type { Order, OrderTerms } from '../domain/order.ts';
import type { VenueReport } from '../domain/venue-report.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { createKernel } from './kernel.ts';
import { ACCOUNT, BTC, Desk, sent, START, terms, updates } from './testing/desk.ts';
import { accepted, canceled, filled, queried, stated } from './testing/reports.ts';

const BOTH = { takeProfit: price(10_500), stopLoss: price(9_500) };
const ENTRY = 'q1-1';
const PROFIT = 'q1-2';
const LOSS = 'q1-3';

/** A desk with an entry of 0.10000 at 100.00 working. */
function entered(bracket: NonNullable<OrderTerms['bracket']> = BOTH, more = {}): Desk {
  const desk = new Desk().open();
  desk.command({ type: 'SubmitOrder', terms: terms({ bracket, ...more }) });
  desk.venue(accepted(ENTRY));
  return desk;
}

/** Reports of the venue for orders that sell. */
function sold(id: string, tradeId: string, size: number): ReturnType<typeof filled> {
  return filled(id, tradeId, size, { lastPx: price(10_500) });
}

function alerts(effects: readonly Effect[]): string[] {
  return updates(effects).flatMap((one) => (one.type === 'Alert' ? [one.code] : []));
}

function exitsOf(desk: Desk): Order[] {
  return desk.kernel.view().orders.filter(({ parent }) => parent === ENTRY);
}

describe('a bracket', () => {
  it('sends its entry alone', () => {
    const desk = new Desk().open();
    desk.command({ type: 'SubmitOrder', terms: terms({ bracket: BOTH }) });
    expect(sent(desk.effects, 'SendOrder')).toMatchObject([{ order: { bracket: BOTH } }]);
    expect(exitsOf(desk)).toEqual([]);
  });

  it('sends both exits as one list when the entry fills', () => {
    const desk = entered(BOTH, { tag: 'swing' });
    const effects = desk.venue(filled(ENTRY, '1', 10_000));
    const common = {
      ...{ side: 'Sell', quantity: 10_000, parent: ENTRY, origin: 'Bracket', status: 'Submitted' },
      ...{ reduceOnly: true, timeInForce: 'GTC', tag: 'swing', client: 'desk-1' },
    };
    const [profit, loss] = sent(effects, 'SendOrderList')[0]?.orders ?? [];
    expect(profit).toMatchObject({
      ...common,
      ...{ clientOrderId: PROFIT, type: 'Limit', price: 10_500, postOnly: true },
      contingency: { type: 'OneCancelsOther', sibling: LOSS },
    });
    expect(loss).toMatchObject({
      ...common,
      ...{ clientOrderId: LOSS, type: 'Stop', stopPrice: 9_500, postOnly: false },
      contingency: { type: 'OneCancelsOther', sibling: PROFIT },
    });
    expect(sent(effects, 'SendOrder')).toEqual([]);
    expect(profit?.bracket ?? loss?.bracket).toBeUndefined();
  });

  it.each([
    [{ takeProfit: price(10_500) }, { type: 'Limit', price: 10_500, postOnly: false }],
    [{ stopLoss: price(9_500) }, { type: 'Stop', stopPrice: 9_500 }],
  ])('with %j alone is a plain order', (bracket, expected) => {
    const effects = entered(bracket).venue(filled(ENTRY, '1', 10_000));
    expect(sent(effects, 'SendOrder')).toMatchObject([{ order: { ...expected, parent: ENTRY } }]);
    expect(sent(effects, 'SendOrderList')).toEqual([]);
  });

  it('of a sale buys back', () => {
    const bracket = { takeProfit: price(9_500), stopLoss: price(10_500) };
    const effects = entered(bracket, { side: 'Sell' }).venue(filled(ENTRY, '1', 10_000));
    const [list] = sent(effects, 'SendOrderList');
    expect(list?.orders.map(({ side }) => side)).toEqual(['Buy', 'Buy']);
  });

  it('answers each part fill at once that the venue takes, and saves smaller ones up', () => {
    const desk = entered();
    // At 95.00 the venue's 5 USDT are 0.05264 and more.
    expect(sent(desk.venue(filled(ENTRY, '1', 3_000)), 'SendOrderList')).toEqual([]);
    const [list] = sent(desk.venue(filled(ENTRY, '2', 3_000)), 'SendOrderList');
    expect(list?.orders.map((order) => order.quantity)).toEqual([6_000, 6_000]);
    expect(sent(desk.venue(filled(ENTRY, '3', 3_000)), 'SendOrderList')).toEqual([]);
    const told = desk.venue(canceled(ENTRY, 9_000));
    expect(sent(told, 'SendOrderList')).toEqual([]);
    expect(alerts(told)).toEqual(['BRACKET_TOO_SMALL']);
    expect(alerts(desk.wait(1_000_000))).toEqual([]);
  });

  it('sells what is left of a fill whose fee was taken from it, in steps of the venue', () => {
    const desk = entered();
    // 0.1 % of 0.1 BTC is 0.0001 BTC; a little more takes a whole step more.
    const fee = { fee: 10_001n, feeAsset: 'BTC' as AssetCode };
    const [list] = sent(desk.venue(filled(ENTRY, '1', 10_000, fee)), 'SendOrderList');
    expect(list?.orders.map((order) => order.quantity)).toEqual([9_980, 9_980]);
  });

  it('a fill told twice has one answer', () => {
    const desk = entered();
    desk.venue(filled(ENTRY, '1', 10_000));
    expect(sent(desk.venue(filled(ENTRY, '1', 10_000)), 'SendOrderList')).toEqual([]);
    expect(exitsOf(desk)).toHaveLength(2);
  });

  it('a fill after the entry was canceled has exits too', () => {
    const desk = entered();
    desk.venue(canceled(ENTRY, 0));
    const late = desk.venue(filled(ENTRY, '1', 10_000));
    expect(sent(late, 'SendOrderList')).toHaveLength(1);
  });
});

describe('exits', () => {
  function bracketed(): Desk {
    const desk = entered();
    desk.venue(filled(ENTRY, '1', 10_000));
    desk.venue(accepted(PROFIT));
    desk.venue(accepted(LOSS));
    return desk;
  }

  it('count their exposure once: what they close may be closed by nothing else', () => {
    const desk = bracketed();
    const more = terms({ side: 'Sell', reduceOnly: true, quantity: quantity(10_000) });
    const answer = desk.command({ type: 'SubmitOrder', terms: more });
    expect(answer.code).toBe('REDUCE_ONLY');
    // The hash checks that the gate's tallies and the orders agree.
    expect(desk.kernel.encodeState().length).toBeGreaterThan(0);
    desk.venue(canceled(PROFIT));
    // The stop still holds it.
    expect(desk.command({ type: 'SubmitOrder', terms: more }).code).toBe('REDUCE_ONLY');
    expect(desk.kernel.encodeState().length).toBeGreaterThan(0);
    desk.venue(canceled(LOSS));
    expect(desk.command({ type: 'SubmitOrder', terms: more }).ok).toBe(true);
  });

  it('end together, in whatever order the venue tells it', () => {
    const desk = bracketed();
    desk.venue(sold(LOSS, '9', 4_000));
    desk.venue(sold(LOSS, '10', 6_000));
    expect(desk.kernel.encodeState().length).toBeGreaterThan(0);
    desk.venue({ ...canceled(PROFIT), type: 'OrderExpired', code: 'EXPIRED' });
    expect(exitsOf(desk).map(({ status }) => status)).toEqual(['Expired', 'Filled']);
    expect(desk.kernel.view().positions[0]?.quantity).toBe(0);
    expect(desk.kernel.encodeState().length).toBeGreaterThan(0);
  });

  it.each(['first', 'last'])(
    'tell once that the rest of a target has no stop, when the end of the stop comes %s',
    (when) => {
      const desk = bracketed();
      const ended = { ...canceled(LOSS), type: 'OrderExpired', code: 'EXPIRED' } as const;
      const reports = [ended, sold(PROFIT, '9', 4_000)];
      if (when === 'last') reports.reverse();
      const told = reports.flatMap((report) => desk.venue(report));
      expect(alerts(told)).toEqual(['BRACKET_REST_UNPROTECTED']);
      const words = updates(told).flatMap((one) => (one.type === 'Alert' ? [one.message] : []));
      expect(words[0]).toContain('q1-2, target of q1-1, filled 4000 units');
      expect(words[0]).toContain('the other 6000 have no stop');
      expect(alerts(desk.venue(sold(PROFIT, '10', 3_000)))).toEqual([]);
    },
  );

  it('say nothing of a stop that ends with a target that is done', () => {
    const desk = bracketed();
    const told = [
      ...desk.venue(sold(PROFIT, '9', 10_000)),
      ...desk.venue({ ...canceled(LOSS), type: 'OrderExpired', code: 'EXPIRED' }),
    ];
    expect(alerts(told)).toEqual([]);
  });

  it('go on through a snapshot between their ends', () => {
    const desk = bracketed();
    desk.venue(sold(PROFIT, '9', 4_000));
    const other = createKernel();
    other.restore(desk.kernel.snapshot());
    const report = sold(PROFIT, '10', 6_000);
    const input = { type: 'Venue', at: unixMicros(START), report } as const;
    expect(other.apply(input)).toEqual(desk.kernel.apply(input));
    expect(other.encodeState()).toEqual(desk.kernel.encodeState());
  });

  it('are not replaced', () => {
    const desk = bracketed();
    const clientOrderId = PROFIT as ClientOrderId;
    const wanted = { clientOrderId, quantity: quantity(5_000) } as const;
    const answer = desk.command({ type: 'ReplaceOrder', ...wanted });
    expect(answer).toMatchObject({ ok: false, code: 'EXIT_NOT_REPLACEABLE' });
  });

  it('that the venue refuses are told, and not tried again', () => {
    const desk = entered();
    desk.venue(filled(ENTRY, '1', 10_000));
    const about = { account: ACCOUNT, instrument: BTC, venueTime: unixMicros(START) };
    const words = { code: 'WOULD_MATCH_IMMEDIATELY', message: 'would match' };
    const effects = [PROFIT, LOSS].flatMap((id) => {
      const clientOrderId = id as ClientOrderId;
      return desk.venue({ type: 'OrderRejected', ...about, ...words, clientOrderId });
    });
    expect(alerts(effects)).toEqual(['BRACKET_EXIT_REJECTED', 'BRACKET_EXIT_REJECTED']);
    const after = desk.wait(60_000_000);
    expect([...sent(after, 'SendOrderList'), ...sent(after, 'SendOrder')]).toEqual([]);
    expect(desk.kernel.encodeState().length).toBeGreaterThan(0);
  });

  it('whose acknowledgement is lost are asked about one by one, and never sent again', () => {
    const desk = entered();
    desk.venue(filled(ENTRY, '1', 10_000));
    const asked = sent(desk.wait(6_000_000), 'SendQuery').map((one) => one.clientOrderId);
    expect(new Set(asked)).toEqual(new Set([PROFIT, LOSS]));
    desk.venue(queried(PROFIT, stated(PROFIT, 'Accepted', 0, { side: 'Sell' })));
    desk.venue(queried(LOSS, stated(LOSS, 'Accepted', 0, { side: 'Sell' })));
    expect(exitsOf(desk).map(({ status }) => status)).toEqual(['Accepted', 'Accepted']);
    expect(exitsOf(desk).some(({ unknownSince }) => unknownSince !== undefined)).toBe(false);
    expect(sent(desk.effects, 'SendOrderList')).toHaveLength(1);
  });

  it('settle by a question when the cancel of one was overtaken by the end of the other', () => {
    const desk = bracketed();
    desk.command({ type: 'CancelAll', account: ACCOUNT });
    desk.venue(canceled(PROFIT));
    const refused = {
      ...{ account: ACCOUNT, instrument: BTC, venueTime: unixMicros(START) },
      ...{ clientOrderId: LOSS as ClientOrderId, code: 'UNKNOWN_ORDER', message: 'Unknown order.' },
    };
    const effects = desk.venue({ type: 'CancelRejected', ...refused });
    expect(sent(effects, 'SendQuery')).toMatchObject([{ clientOrderId: LOSS }]);
    desk.venue(queried(LOSS, stated(LOSS, 'Canceled', 0, { side: 'Sell' })));
    expect(exitsOf(desk).map(({ status }) => status)).toEqual(['Canceled', 'Canceled']);
    expect(desk.kernel.encodeState().length).toBeGreaterThan(0);
  });

  it('wait while the account is Locked or away, told once, and leave when it trades', () => {
    const desk = entered();
    desk.command({ type: 'Lock', account: ACCOUNT });
    const told = desk.venue(filled(ENTRY, '1', 10_000));
    expect(alerts(told)).toEqual(['BRACKET_WAITS']);
    expect(alerts(desk.wait(1_000_000))).toEqual([]);
    expect(exitsOf(desk)).toEqual([]);
    desk.command({ type: 'Unlock', account: ACCOUNT });
    expect(sent(desk.effects, 'SendOrderList')).toHaveLength(1);
  });

  const unsent = (id: string, code: string): VenueReport => ({
    type: 'NotSent',
    ...{ account: ACCOUNT, instrument: BTC, venueTime: unixMicros(START) },
    ...{ clientOrderId: id as ClientOrderId, request: 'submit', code, message: 'it cannot' },
  });

  it('wait while the journal cannot be written, told once, and leave when it can', () => {
    const desk = entered();
    desk.apply({ type: 'JournalChanged', state: 'Failed', detail: 'no room' });
    const told = desk.venue(filled(ENTRY, '1', 10_000));
    expect(alerts(told)).toEqual(['BRACKET_WAITS']);
    expect(alerts(desk.wait(60_000_000))).toEqual([]);
    expect(exitsOf(desk)).toEqual([]);
    const effects = desk.apply({ type: 'JournalChanged', state: 'Ready', detail: '' });
    // Without an unlock: they only reduce.
    expect(desk.kernel.view().accounts[0]?.tradingState).toBe('Reducing');
    expect(sent(effects, 'SendOrderList')).toHaveLength(1);
  });

  it.each(['JOURNAL_UNWRITABLE', 'NOT_CONNECTED', 'QUEUE_TIMEOUT', 'QUEUE_FULL', 'VENUE_BANNED'])(
    'that never left (%s) are tried again, told, under ids of their own, once both legs came back',
    (code) => {
      const desk = entered();
      desk.venue(filled(ENTRY, '1', 10_000));
      const first = desk.venue(unsent(PROFIT, code));
      expect(alerts(first)).toEqual([]);
      expect(alerts(desk.venue(unsent(LOSS, code)))).toEqual(['BRACKET_WAITS']);
      expect(sent(desk.wait(4_000_000), 'SendOrderList')).toEqual([]);
      const [list] = sent(desk.wait(1_000_000), 'SendOrderList');
      expect(list?.orders.map((one) => [one.clientOrderId, one.quantity, one.parent])).toEqual([
        ['q1-4', 10_000, ENTRY],
        ['q1-5', 10_000, ENTRY],
      ]);
      expect(alerts(desk.wait(60_000_000)).filter((one) => one.startsWith('BRACKET'))).toEqual([]);
      expect(desk.kernel.encodeState().length).toBeGreaterThan(0);
    },
  );

  it.each(['WITHDRAWN', 'ORDER_TERMS_INVALID'])('that never left (%s) stay away, told', (code) => {
    const desk = entered({ takeProfit: price(10_500) });
    desk.venue(filled(ENTRY, '1', 10_000));
    expect(alerts(desk.venue(unsent(PROFIT, code)))).toEqual(['BRACKET_EXIT_REJECTED']);
    expect(sent(desk.wait(60_000_000), 'SendOrder')).toEqual([]);
  });

  it('are left to a flatten, which closes what the entry fills', () => {
    const desk = entered();
    desk.command({ type: 'Flatten', account: ACCOUNT });
    const effects = desk.venue(filled(ENTRY, '1', 10_000));
    expect(alerts(effects)).toContain('BRACKET_DROPPED');
    expect(exitsOf(desk)).toEqual([]);
  });

  it('close no more than is open', () => {
    const desk = entered();
    desk.command({ type: 'SubmitOrder', terms: terms({ side: 'Sell', price: price(10_400) }) });
    const effects = desk.venue(filled(ENTRY, '1', 10_000));
    expect(sent(effects, 'SendOrderList')).toEqual([]);
    expect(alerts(effects)).toEqual(['BRACKET_TOO_SMALL']);
  });
});
