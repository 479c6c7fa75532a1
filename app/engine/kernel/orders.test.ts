import { describe, expect, it } from 'vitest';
import type { AssetCode, ClientId, ClientOrderId } from '../domain/identifiers.ts';
import { price, quantity, type Quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import {
  ACCOUNT,
  BTC,
  CLIENT,
  Desk,
  INSTRUMENT,
  sent,
  START,
  terms,
  updates,
} from './testing/desk.ts';
import { accepted, canceled, filled, queried, stated } from './testing/reports.ts';

const about = { account: ACCOUNT, instrument: BTC, venueTime: unixMicros(START) };

function submit(desk: Desk, changes: Parameters<typeof terms>[0] = {}): string {
  const result = desk.command({ type: 'SubmitOrder', terms: terms(changes) });
  expect(result).toMatchObject({ ok: true });
  return result.orders[0] ?? '';
}

function codes(desk: Desk): string[] {
  return updates(desk.effects).flatMap((update) => (update.type === 'Alert' ? [update.code] : []));
}

describe('an order', () => {
  it('is written Submitted before it leaves, with an id of this start', () => {
    const desk = new Desk().open();
    const before = desk.effects.length;
    const id = submit(desk);
    expect(id).toMatch(/^q1-[0-9a-z]+$/);
    const effects = desk.effects.slice(before);
    const kinds = effects.map((effect) =>
      effect.type === 'Publish' ? effect.update.type : effect.type,
    );
    expect(kinds).toEqual(['OrderChanged', 'SendOrder', 'CommandAnswered', 'SetTimer']);
    expect(sent(effects, 'SendOrder')[0]?.order).toMatchObject({ status: 'Submitted' });
  });

  it('is carried out once for one command id', () => {
    const desk = new Desk().open();
    const command = { type: 'SubmitOrder', terms: terms() } as const;
    const envelope = { commandId: 'same', client: CLIENT, command };
    const first = desk.apply({ type: 'UserCommand', envelope });
    const second = desk.apply({ type: 'UserCommand', envelope });
    expect(sent(first, 'SendOrder')).toHaveLength(1);
    expect(sent(second, 'SendOrder')).toHaveLength(0);
    expect(updates(second)).toEqual(
      updates(first).filter((update) => update.type === 'CommandAnswered'),
    );
  });

  it('stays filled when the acknowledgement comes after the fill (barter-rs 206)', () => {
    const desk = new Desk().open();
    const id = submit(desk);
    desk.venue(filled(id, '1', 10_000));
    desk.venue(accepted(id));
    expect(desk.order(id)).toMatchObject({ status: 'Filled', venueOrderId: `v-${id}` });
    expect(desk.kernel.view().counters.illegalTransitions).toBe(0);
  });

  it('counts a trade id once, and tells when it comes again with other content', () => {
    const desk = new Desk().open();
    const id = submit(desk);
    desk.venue(filled(id, '1', 3_000));
    desk.venue(filled(id, '1', 3_000));
    desk.venue(filled(id, '1', 4_000));
    expect(desk.order(id)).toMatchObject({ status: 'PartiallyFilled', cumQty: 3_000 });
    expect(desk.kernel.view().positions).toMatchObject([{ quantity: 3_000 }]);
    const { counters } = desk.kernel.view();
    expect(counters).toMatchObject({ duplicateFills: 1, contradictoryFills: 1 });
    expect(codes(desk)).toContain('FILL_CONTRADICTION');
  });

  it('counts both sides of a trade between two orders of the account', () => {
    const desk = new Desk().open();
    const buy = submit(desk);
    const sell = submit(desk, { side: 'Sell' });
    desk.venue(filled(buy, '1', 10_000));
    desk.venue(filled(sell, '1', 10_000));
    expect(desk.kernel.view()).toMatchObject({ fillCount: 2, positions: [{ quantity: 0 }] });
  });

  it('records what its status does not take and changes nothing', () => {
    const desk = new Desk().open();
    const id = submit(desk);
    desk.venue(filled(id, '1', 10_000));
    desk.venue(canceled(id, 10_000));
    expect(desk.order(id).status).toBe('Filled');
    expect(desk.kernel.view().counters.illegalTransitions).toBe(1);
    expect(codes(desk)).toContain('ORDER_TRANSITION_ILLEGAL');
  });

  it('asks for fills that the venue counted and nobody reported (TradeStation 101)', () => {
    const desk = new Desk().open();
    const id = submit(desk);
    desk.venue(accepted(id));
    desk.venue(canceled(id, 4_000));
    expect(desk.order(id)).toMatchObject({ status: 'Canceled', cumQty: 0 });
    const asked = desk.wait(1);
    expect(sent(asked, 'SendQuery')).toMatchObject([{ clientOrderId: id }]);
    desk.venue(queried(id, stated(id, 'Canceled', 4_000), [filled(id, '1', 4_000)]));
    expect(desk.order(id)).toMatchObject({ status: 'Canceled', cumQty: 4_000 });
    expect(desk.kernel.view().positions).toMatchObject([{ quantity: 4_000 }]);
    expect(sent(desk.wait(10_000_000), 'SendQuery')).toHaveLength(0);
  });

  it('is rejected when it surely never left', () => {
    const desk = new Desk().open();
    const id = submit(desk);
    const words = { code: 'BANNED', message: 'until noon' };
    const clientOrderId = id as ClientOrderId;
    desk.venue({ type: 'NotSent', ...about, clientOrderId, request: 'submit', ...words });
    expect(desk.order(id)).toMatchObject({ status: 'Rejected', reason: words });
  });

  it('that the venue refuses after it traded is Unknown until the venue says what it is', () => {
    const desk = new Desk().open();
    const id = submit(desk);
    desk.venue(filled(id, '1', 4_000));
    const words = { code: '-2010', message: 'no' };
    const clientOrderId = id as ClientOrderId;
    const effects = desk.venue({ type: 'OrderRejected', ...about, clientOrderId, ...words });
    expect(desk.order(id)).toMatchObject({ status: 'PartiallyFilled', unknownSince: desk.now });
    expect(sent(effects, 'SendQuery')).toHaveLength(1);
  });

  it('is refused with words, without an order, when it is on nothing of ours', () => {
    const desk = new Desk().open();
    const account = 'KRAKEN/x' as typeof ACCOUNT;
    expect(desk.command({ type: 'SubmitOrder', terms: terms({ account }) })).toMatchObject({
      ok: false,
      code: 'ACCOUNT_UNKNOWN',
      orders: [],
    });
    expect(
      desk.command({ type: 'CancelOrder', clientOrderId: 'zz' as ClientOrderId }),
    ).toMatchObject({ ok: false, code: 'ORDER_UNKNOWN' });
  });
});

describe('cancel', () => {
  it('reaches orders of a side only', () => {
    const desk = new Desk().open();
    const buy = submit(desk);
    const sell = submit(desk, { side: 'Sell' });
    const { orders } = desk.command({ type: 'CancelAll', account: ACCOUNT, side: 'Sell' });
    expect(orders).toEqual([sell]);
    expect(desk.order(buy).status).toBe('Submitted');
    expect(desk.order(sell).status).toBe('PendingCancel');
  });

  it('that is refused gives back what the quantities say and asks the venue', () => {
    const desk = new Desk().open();
    const id = submit(desk) as ClientOrderId;
    desk.venue(accepted(id));
    desk.venue(filled(id, '1', 2_000));
    desk.command({ type: 'CancelOrder', clientOrderId: id });
    const words = { code: '-2011', message: 'Unknown order sent.' };
    const effects = desk.venue({ type: 'CancelRejected', ...about, clientOrderId: id, ...words });
    expect(desk.order(id).status).toBe('PartiallyFilled');
    expect(sent(effects, 'SendQuery')).toHaveLength(1);
  });

  it('on its way is left alone by an answer to another question', () => {
    const desk = new Desk().open();
    const id = submit(desk) as ClientOrderId;
    desk.venue(accepted(id));
    desk.command({ type: 'CancelOrder', clientOrderId: id });
    desk.venue(queried(id, stated(id, 'Accepted')));
    expect(desk.order(id).status).toBe('PendingCancel');
  });

  it('is possible while disconnected and locked', () => {
    const desk = new Desk().open();
    const id = submit(desk) as ClientOrderId;
    desk.venue(accepted(id));
    desk.venue({ type: 'ConnectionChanged', account: ACCOUNT, state: 'Disconnected' });
    const before = desk.effects.length;
    expect(desk.command({ type: 'CancelOrder', clientOrderId: id }).ok).toBe(true);
    expect(sent(desk.effects.slice(before), 'SendCancel')).toHaveLength(1);
  });
});

describe('replace', () => {
  function replaced(desk: Desk): { readonly original: string; readonly next: string } {
    const original = submit(desk);
    desk.venue(accepted(original));
    const clientOrderId = original as ClientOrderId;
    const changes = { quantity: quantity(20_000), price: price(9_990) };
    const result = desk.command({ type: 'ReplaceOrder', clientOrderId, ...changes });
    expect(result.ok).toBe(true);
    return { original, next: result.orders[1] ?? '' };
  }

  it('sends a new order for what is left and shows what is asked until it is answered', () => {
    const desk = new Desk().open();
    const { original, next } = replaced(desk);
    const pending = { quantity: 20_000, price: 9_990 };
    expect(desk.order(original)).toMatchObject({ status: 'PendingReplace', pending });
    expect(desk.order(next)).toMatchObject({ status: 'Submitted', replaces: original });
    desk.venue(accepted(next));
    desk.venue(canceled(original));
    expect(desk.order(original)).toMatchObject({
      status: 'Canceled',
      reason: { code: 'REPLACED' },
    });
    expect(desk.order(next)).toMatchObject({ status: 'Accepted', quantity: 20_000 });
  });

  it('that is refused leaves the original as it was', () => {
    const desk = new Desk().open();
    const { original, next } = replaced(desk);
    const ids = {
      clientOrderId: original as ClientOrderId,
      replacement: next as ClientOrderId,
    };
    const words = { code: '-2022', message: 'failed' };
    desk.venue({ type: 'ReplaceRejected', ...about, ...ids, ...words });
    expect(desk.order(original)).toMatchObject({ status: 'Accepted', leavesQty: 10_000 });
    expect(desk.order(next)).toMatchObject({ status: 'Rejected', reason: words });
  });

  it('keeps the total asked for when the original fills on the way (TradeStation 84, BYTEX 26)', () => {
    const desk = new Desk().open();
    const { original, next } = replaced(desk);
    desk.venue(filled(original, '1', 6_000));
    desk.venue(canceled(original, 6_000));
    const effects = desk.venue(accepted(next));
    const [smaller] = sent(effects, 'SendReplace');
    expect(smaller?.replacement).toMatchObject({ quantity: 14_000, replaces: next });
    expect(codes(desk)).toContain('REPLACE_OVERSHOOT');
    expect(desk.kernel.view().positions).toMatchObject([{ quantity: 6_000 }]);
  });

  it('is canceled instead of made smaller when the account may not trade', () => {
    const desk = new Desk().open();
    const { original, next } = replaced(desk);
    desk.command({ type: 'Lock', account: ACCOUNT });
    desk.venue(filled(original, '1', 6_000));
    desk.venue(canceled(original, 6_000));
    const effects = desk.venue(accepted(next));
    expect(sent(effects, 'SendReplace')).toHaveLength(0);
    expect(sent(effects, 'SendCancel')).toMatchObject([{ order: { clientOrderId: next } }]);
  });

  it('that cannot be known asks about both orders', () => {
    const desk = new Desk().open();
    const { original, next } = replaced(desk);
    const ids = { clientOrderId: original as ClientOrderId, replacement: next as ClientOrderId };
    const unknown = { type: 'OutcomeUnknown', request: 'replace', code: 'TIMEOUT' } as const;
    const effects = desk.venue({ ...about, ...ids, ...unknown });
    const asked = sent(effects, 'SendQuery').map(({ clientOrderId }) => clientOrderId);
    expect(asked.sort()).toEqual([original, next].sort());
    desk.venue(queried(original, stated(original, 'Accepted')));
    expect(desk.order(original)).toMatchObject({ status: 'Accepted' });
    expect(desk.order(original)).not.toHaveProperty('unknownSince');
  });

  it('is refused below what has filled and while something is asked of the order', () => {
    const desk = new Desk().open();
    const id = submit(desk) as ClientOrderId;
    const replace = (size: number) =>
      desk.command({ type: 'ReplaceOrder', clientOrderId: id, quantity: size as Quantity });
    expect(replace(5_000)).toMatchObject({ ok: false, code: 'ORDER_NOT_REPLACEABLE' });
    desk.venue(accepted(id));
    desk.venue(filled(id, '1', 6_000));
    expect(replace(6_000)).toMatchObject({ ok: false, code: 'REPLACE_BELOW_FILLED' });
    const refused = replace(-1);
    expect(refused.message).toContain('was -1');
  });
});

describe('a preview', () => {
  it('says what an order would meet and changes nothing', () => {
    const desk = new Desk().open();
    const bytes = desk.kernel.encodeState();
    const stranger = 'desk-9' as ClientId;
    expect(desk.kernel.preview(CLIENT, terms())).toBeUndefined();
    expect(desk.kernel.preview(stranger, terms())?.code).toBe('NOT_ARMED');
    expect(desk.kernel.preview(CLIENT, terms({ quantity: quantity(5) }))?.code).toBe(
      'MIN_QUANTITY',
    );
    expect(desk.kernel.encodeState()).toEqual(bytes);
  });
});

describe('an instrument', () => {
  it.each([
    { changes: { priceScale: 3 }, code: 'INSTRUMENT_IDENTITY_CHANGED' },
    { changes: { base: 'ETH' as AssetCode }, code: 'INSTRUMENT_IDENTITY_CHANGED' },
    {
      changes: { id: 'X.BINANCE@sandbox' as typeof BTC, priceScale: 12 },
      code: 'INSTRUMENT_UNSUPPORTED',
    },
  ])('is not taken with $code', ({ changes, code }) => {
    const desk = new Desk().open();
    const instrument = { ...INSTRUMENT, ...changes };
    expect(updates(desk.apply({ type: 'InstrumentChanged', instrument }))).toMatchObject([
      { code },
    ]);
    expect(desk.kernel.preview(CLIENT, terms())).toBeUndefined();
  });

  it('that halts takes no order', () => {
    const desk = new Desk().open();
    desk.apply({ type: 'InstrumentChanged', instrument: { ...INSTRUMENT, status: 'Halted' } });
    expect(desk.kernel.preview(CLIENT, terms())?.code).toBe('INSTRUMENT_NOT_TRADING');
  });
});

describe('risk', () => {
  it('takes reducing orders from who is not armed, and none that add', () => {
    const desk = new Desk().open();
    const id = submit(desk);
    desk.venue(filled(id, '1', 10_000));
    const other = 'desk-2' as ClientId;
    const order = (side: 'Buy' | 'Sell') =>
      desk.command({ type: 'SubmitOrder', terms: terms({ side }) }, other);
    expect(order('Buy')).toMatchObject({ ok: false, code: 'NOT_ARMED' });
    expect(order('Sell')).toMatchObject({ ok: true });
  });

  it.each([
    {
      name: 'a lock',
      code: 'TRADING_LOCKED',
      act: (desk: Desk) => desk.command({ type: 'Lock', account: ACCOUNT }),
    },
    {
      name: 'a client that left',
      code: 'NOT_ARMED',
      act: (desk: Desk) => desk.apply({ type: 'ClientLeft', client: CLIENT }),
    },
    {
      name: 'a lapped feed',
      code: 'STALE_DATA',
      act: (desk: Desk) => desk.apply({ type: 'FeedLapped', lost: 3 }),
    },
    {
      name: 'a clock step',
      code: 'NOT_ARMED',
      act: (desk: Desk) => desk.apply({ type: 'ClockAdjusted', stepMicros: 9 }),
    },
    {
      name: 'a lost connection',
      code: 'VENUE_DISCONNECTED',
      act: (desk: Desk) =>
        desk.venue({ type: 'ConnectionChanged', account: ACCOUNT, state: 'Disconnected' }),
    },
    {
      name: 'time without a quote',
      code: 'STALE_DATA',
      act: (desk: Desk) => (desk.now += 20_000_000_000),
    },
  ])('denies with $code after $name', ({ code, act }) => {
    const desk = new Desk().open();
    act(desk);
    const result = desk.command({ type: 'SubmitOrder', terms: terms() });
    expect(result).toMatchObject({ ok: false, code });
    expect(desk.order(result.orders[0])).toMatchObject({ status: 'Denied', reason: { code } });
  });

  it('takes a quote that waited for as old as it says', () => {
    const desk = new Desk().open();
    const madeAt = desk.now;
    desk.now += 11_000_000_000;
    desk.apply({ type: 'TimerFired', timer: 'any' });
    const now = desk.now;
    desk.now = madeAt;
    desk.quote();
    desk.now = now;
    expect(desk.kernel.preview(CLIENT, terms())?.code).toBe('STALE_DATA');
    desk.quote();
    expect(desk.kernel.preview(CLIENT, terms())).toBeUndefined();
  });

  it('trusts a quote again after the next one', () => {
    const desk = new Desk().open();
    desk.apply({ type: 'FeedLapped', lost: 3 });
    desk.quote();
    expect(desk.order(submit(desk)).status).toBe('Submitted');
  });
});
