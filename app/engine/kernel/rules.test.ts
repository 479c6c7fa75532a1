import { describe, expect, it } from 'vitest';
import { present } from '../base/invariant.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { ACCOUNT, BALANCES, Desk, sent, sessionStarted, START, terms } from './testing/desk.ts';
import { accepted, filled, snapshot } from './testing/reports.ts';

const DAY = 86_400_000_000;
const ARRIVAL = { bid: 9_999, ask: 10_001 };

function place(desk: Desk, changes: Parameters<typeof terms>[0] = {}): string {
  const { ok, orders } = desk.command({ type: 'SubmitOrder', terms: terms(changes) });
  expect(ok).toBe(true);
  return present(orders[0], 'order');
}

describe('the touch an order was decided at', () => {
  it('stays with it, and with what replaces it, whatever the market does', () => {
    const desk = new Desk().open();
    const id = place(desk) as never;
    desk.venue(accepted(id));
    desk.quote(9_950, 9_960);
    expect(desk.order(id)).toMatchObject({ arrival: ARRIVAL });
    const command = { clientOrderId: id, quantity: quantity(20_000), price: price(9_940) };
    const { orders } = desk.command({ type: 'ReplaceOrder', ...command });
    expect(desk.order(orders[1])).toMatchObject({ arrival: ARRIVAL, replaces: id });
    expect(desk.order(place(desk, { price: price(9_900) }))).toMatchObject({
      arrival: { bid: 9_950, ask: 9_960 },
    });
  });

  it('is kept of exits', () => {
    const desk = new Desk().open();
    const id = place(desk, { bracket: { stopLoss: price(9_000) } }) as never;
    desk.venue(accepted(id));
    desk.quote(9_950, 9_960);
    const [exit] = sent(desk.venue(filled(id, '1', 10_000)), 'SendOrder');
    expect(exit?.order).toMatchObject({ origin: 'Bracket', arrival: { bid: 9_950, ask: 9_960 } });
  });

  it('is kept of what closes a position', () => {
    const desk = new Desk().open();
    const id = place(desk) as never;
    desk.venue(filled(id, '1', 10_000));
    desk.command({ type: 'Flatten', account: ACCOUNT });
    const { requestId } = present(sent(desk.effects, 'SendReconcile').at(-1), 'reconcile');
    const [btc, usdt] = BALANCES;
    const balances = [
      { ...present(btc, 'BTC'), free: 510_000_000n },
      { ...present(usdt, 'USDT'), free: 99_999_000_000_000n },
    ];
    desk.quote(9_940, 9_945);
    const [closing] = sent(desk.venue(snapshot(requestId, { balances })), 'SendOrder');
    expect(closing?.order).toMatchObject({
      origin: 'Flatten',
      arrival: { bid: 9_940, ask: 9_945 },
    });
  });

  it('is not made up from a price that is doubted or old', () => {
    const desk = new Desk().open();
    desk.apply({ type: 'FeedLapped', lost: 3 });
    desk.command({ type: 'SubmitOrder', terms: terms() });
    const [denied] = desk.kernel.view().orders;
    expect(denied?.status).toBe('Denied');
    expect(denied).not.toHaveProperty('arrival');
  });
});

it('what was realized before the day is kept apart, by the time of the venue', () => {
  const desk = new Desk().open();
  const today = Math.floor(START / DAY) * DAY;
  const trade = (side: 'Buy' | 'Sell', px: number, trade: string, at: number): void => {
    const id = place(desk, { side, price: price(px) }) as never;
    desk.venue(accepted(id));
    desk.venue({ ...filled(id, trade, 10_000), lastPx: price(px), venueTime: unixMicros(at) });
  };
  trade('Buy', 10_000, '1', today - 5);
  trade('Sell', 10_010, '2', today - 4);
  trade('Buy', 10_000, '3', today + 1);
  trade('Sell', 9_990, '4', today + 2);
  expect(desk.kernel.view().positions).toMatchObject([
    { quantity: 0, realized: 0n, day: { start: today, realizedBefore: 100_000n } },
  ]);
});

it('a session that names no rules keeps none of it: its journal runs again to the same state', () => {
  const { rules, ...first } = sessionStarted();
  const now = new Desk().open();
  const id = place(now) as never;
  now.venue(accepted(id));
  now.venue(filled(id, '1', 10_000));
  const before = new Desk();
  for (const { at, ...input } of now.inputs) {
    before.now = at;
    before.apply(input.type === 'SessionStarted' ? first : input);
  }
  expect(rules).toBe(2);
  const plain = (desk: Desk): unknown => {
    const { orders, positions } = desk.kernel.view();
    return {
      orders: orders.map(({ arrival: _arrival, ...order }) => order),
      positions: positions.map(({ day: _day, ...position }) => position),
    };
  };
  expect(plain(before)).toEqual(plain(now));
  expect(before.kernel.view().orders[0]).not.toHaveProperty('arrival');
  expect(before.kernel.view().positions[0]).not.toHaveProperty('day');
  expect(now.kernel.view().orders[0]).toHaveProperty('arrival');
});
