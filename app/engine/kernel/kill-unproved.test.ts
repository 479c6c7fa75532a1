import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../base/invariant.ts';
import type { ClientOrderId } from '../domain/identifiers.ts';
import type { FlattenReceipt } from '../domain/input.ts';
import { quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import {
  ACCOUNT,
  BALANCES,
  BTC,
  Desk,
  INSTRUMENT,
  sent,
  sessionStarted,
  START,
  terms,
} from './testing/desk.ts';
import { accepted, canceled, filled, snapshot, stated } from './testing/reports.ts';

const about = { account: ACCOUNT, instrument: BTC, venueTime: unixMicros(START) };

function receipt(desk: Desk): FlattenReceipt {
  return present(desk.kernel.view().receipts.at(-1), 'receipt');
}

function asked(desk: Desk): number {
  return sent(desk.effects, 'SendReconcile').length;
}

function balances(btc: bigint, usdt = 100_000_000_000_000n) {
  const [first, second] = BALANCES;
  return [
    { ...present(first, 'BTC'), free: btc },
    { ...present(second, 'USDT'), free: usdt },
  ];
}

const BOUGHT = balances(510_000_000n, 99_999_000_000_000n);

function answer(desk: Desk, changes: Parameters<typeof snapshot>[1] = {}): void {
  const requestId = sent(desk.effects, 'SendReconcile').at(-1)?.requestId ?? 0;
  desk.venue(snapshot(requestId, changes));
}

/** 0.1 BTC bought at 100, as the venue says too. */
function holding(): Desk {
  const desk = new Desk().open();
  const { orders } = desk.command({ type: 'SubmitOrder', terms: terms() });
  desk.venue(filled(orders[0] ?? '', '1', 10_000));
  return desk;
}

function orders(desk: Desk): readonly ClientOrderId[] {
  return sent(desk.effects, 'SendOrder').map(({ order }) => order.clientOrderId);
}

/** A kill whose ten closes the venue rejected, and which it then answered about. */
function givenUp(): Desk {
  const desk = holding();
  desk.command({ type: 'Kill' });
  answer(desk, { balances: BOUGHT });
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    const clientOrderId = present(orders(desk).at(-1), 'close');
    const words = { code: '-2010', message: 'Market is closed.' };
    desk.venue({ type: 'OrderRejected', ...about, clientOrderId, ...words });
    desk.wait(2_000_000);
  }
  answer(desk, { balances: BOUGHT });
  return desk;
}

function expectSilence(desk: Desk, since: number): void {
  const left = desk.effects.slice(since).map(({ type }) => type);
  const leaves = left.filter((type) => type.startsWith('Send'));
  expect(leaves.filter((type) => type !== 'SendReconcile' && type !== 'SendListOrders')).toEqual(
    [],
  );
}

describe('a kill that could not be proved', () => {
  it('says so, sends nothing more, and asks the venue again every 30 s', () => {
    const desk = givenUp();
    expect(receipt(desk)).toMatchObject({ step: 'Unproved', flat: false });
    expect(receipt(desk).lines[0]).toMatchObject({ proved: false, remaining: 10_000 });
    expect(receipt(desk).lines[0]?.detail).toContain('Market is closed.');
    const before = desk.effects.length;
    const times = asked(desk);
    for (let round = 1; round <= 4; round += 1) {
      desk.wait(30_000_000);
      expect(asked(desk)).toBe(times + round);
      answer(desk, { balances: BOUGHT });
      expect(receipt(desk)).toMatchObject({ step: 'Unproved', flat: false });
    }
    expectSilence(desk, before);
  });

  it('completes its receipt when a person closed the position and the venue says so', () => {
    const desk = givenUp();
    desk.command({ type: 'Arm' });
    desk.quote();
    const sell = terms({ side: 'Sell', reduceOnly: true });
    const placed = desk.command({ type: 'SubmitOrder', terms: sell });
    expect(placed).toMatchObject({ ok: true });
    const id = present(placed.orders[0], 'order');
    desk.venue(accepted(id));
    const before = desk.effects.length;
    // What the person works is not cancelled by the kill, and not called flat while it is open.
    desk.wait(30_000_000);
    answer(desk, {
      balances: BOUGHT,
      openOrders: [stated(id, 'Accepted', 0, { side: 'Sell', reduceOnly: true })],
    });
    expect(receipt(desk).unproved.join()).toContain(`${id} is open`);
    expectSilence(desk, before);
    desk.venue(filled(id, '2', 10_000));
    expect(receipt(desk)).toMatchObject({ step: 'Unproved', flat: false });
    desk.wait(30_000_000);
    answer(desk);
    expect(receipt(desk)).toMatchObject({ step: 'Done', flat: true, unproved: [] });
  });

  it('is given up after ten answers that prove nothing, and proved by a later one', () => {
    const desk = holding();
    desk.command({ type: 'Kill' });
    answer(desk, { balances: BOUGHT });
    desk.venue(filled(present(orders(desk).at(-1), 'close'), '2', 10_000));
    const short = { balances: balances(490_000_000n) };
    for (let round = 0; round < 10; round += 1) {
      expect(receipt(desk).step).toBe('ConfirmingFlat');
      answer(desk, short);
      desk.wait(2_000_000);
    }
    expect(receipt(desk)).toMatchObject({ step: 'Unproved', flat: false });
    expect(receipt(desk).lines[0]).toMatchObject({
      proved: false,
      detail: 'BTC: the venue holds 4.90000000, expected 5.00000000',
    });
    const before = desk.effects.length;
    desk.wait(30_000_000);
    answer(desk);
    expect(receipt(desk)).toMatchObject({ step: 'Done', flat: true });
    expectSilence(desk, before);
  });

  it('asks on after a restart and without a private stream, and cancels nothing', () => {
    const desk = givenUp();
    const before = desk.effects.length;
    desk.apply(sessionStarted({ idPrefix: 'q2', recovered: true }));
    const times = asked(desk);
    desk.wait(61_000_000);
    expect(asked(desk)).toBeGreaterThanOrEqual(times + 2);
    expect(receipt(desk)).toMatchObject({ step: 'Unproved' });
    expectSilence(desk, before);
  });

  it('is taken over by another kill, which closes again', () => {
    const desk = givenUp();
    const closes = orders(desk).length;
    desk.command({ type: 'Kill' });
    expect(desk.kernel.view().receipts).toMatchObject([
      { step: 'Done', flat: false },
      { step: 'ConfirmingCanceled' },
    ]);
    answer(desk, { balances: BOUGHT });
    expect(orders(desk)).toHaveLength(closes + 1);
  });

  it('ends as it is, not proved, when a person unlocks', () => {
    const desk = givenUp();
    expect(desk.command({ type: 'Unlock', account: ACCOUNT })).toMatchObject({ ok: true });
    expect(receipt(desk)).toMatchObject({ step: 'Done', flat: false });
    expect(receipt(desk).unproved.join()).toContain('unlocked before it was proved');
  });
});

describe('an account halted by a kill that is done', () => {
  function halted(): Desk {
    const desk = holding();
    const { orders: mine } = desk.command({ type: 'SubmitOrder', terms: terms() });
    const resting = present(mine[0], 'order');
    desk.venue(accepted(resting));
    desk.command({ type: 'Kill' });
    desk.venue(canceled(resting));
    answer(desk, { balances: BOUGHT });
    desk.venue(filled(present(orders(desk).at(-1), 'close'), '2', 10_000));
    answer(desk);
    expect(receipt(desk)).toMatchObject({ step: 'Done', flat: true });
    desk.command({ type: 'Arm' });
    desk.quote();
    return desk;
  }

  it('takes nothing that adds risk', () => {
    const desk = halted();
    for (const side of ['Buy', 'Sell'] as const) {
      const refused = desk.command({ type: 'SubmitOrder', terms: terms({ side }) });
      expect(refused).toMatchObject({ ok: false, code: 'TRADING_HALTED' });
    }
    expect(desk.kernel.view().accounts).toMatchObject([{ tradingState: 'Halted' }]);
  });

  it('takes by hand what makes a position smaller, to what fees have left of it and not beyond, until unlocked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5_000, max: 20_000 }).map((size) => size - (size % 10)),
        fc.integer({ min: 0, max: 30 }).map((size) => size - (size % 10)),
        fc.array(
          fc.record({
            side: fc.constantFrom('Buy', 'Sell'),
            size: fc.integer({ min: 5_000, max: 25_000 }).map((size) => size - (size % 10)),
            fills: fc.boolean(),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        (held, spent, tries) => {
          const desk = halted();
          // Bought elsewhere after the kill.
          const bought = stated('web_1', 'Filled', held, { quantity: quantity(held) });
          desk.wait(30_000_000);
          answer(desk, { openOrders: [{ ...bought, status: 'Accepted', cumQty: quantity(0) }] });
          const fee = BigInt(spent) * 1_000n;
          desk.venue(filled('web_1', '3', held, { fee, feeAsset: INSTRUMENT.base }));
          let left = held - spent;
          let trade = 3;
          for (const { side, size, fills } of tries) {
            desk.quote();
            const result = desk.command({
              type: 'SubmitOrder',
              terms: terms({ side, quantity: quantity(size) }),
            });
            const reduces = side === 'Sell' && size <= left;
            expect(result.ok).toBe(reduces);
            if (!reduces) continue;
            const id = present(result.orders[0], 'order');
            if (fills) {
              trade += 1;
              desk.venue(filled(id, String(trade), size));
              left -= size;
            } else desk.venue(canceledAtVenue(desk, id));
          }
          desk.quote();
          expect(desk.kernel.view().accounts).toMatchObject([{ tradingState: 'Halted' }]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

function canceledAtVenue(desk: Desk, id: ClientOrderId) {
  desk.venue(accepted(id));
  return canceled(id);
}

describe('a venue that does not answer', () => {
  it('is said once, counted in the receipt, and said again with the count when it answers', () => {
    const desk = holding();
    desk.command({ type: 'Kill' });
    const alerts = (): string[] =>
      desk.effects.flatMap((effect) =>
        effect.type === 'Publish' &&
        effect.update.type === 'Alert' &&
        effect.update.code.startsWith('RECONCILE_')
          ? [effect.update.code]
          : [],
      );
    for (let round = 1; round <= 20; round += 1) {
      const requestId = sent(desk.effects, 'SendReconcile').at(-1)?.requestId ?? 0;
      const failed = { code: 'HTTP_NETWORK', message: 'no route' };
      desk.venue({
        type: 'RequestFailed',
        account: ACCOUNT,
        request: 'reconcile',
        requestId,
        ...failed,
      });
      desk.wait(2_000_000);
    }
    expect(alerts()).toEqual(['RECONCILE_FAILED']);
    expect(receipt(desk)).toMatchObject({ flat: false });
    expect(receipt(desk).unproved.join()).toMatch(/did not answer, asked \d\d times: no route/);
    answer(desk, { balances: BOUGHT });
    expect(alerts()).toEqual(['RECONCILE_FAILED', 'RECONCILE_ANSWERED']);
  });
});
