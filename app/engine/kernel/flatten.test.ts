import { describe, expect, it } from 'vitest';
import { present } from '../base/invariant.ts';
import type { AssetCode, ClientOrderId } from '../domain/identifiers.ts';
import type { FlattenReceipt } from '../domain/input.ts';
import { quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { ACCOUNT, BALANCES, BTC, Desk, sent, START, terms } from './testing/desk.ts';
import { accepted, canceled, filled, queried, snapshot, stated } from './testing/reports.ts';

const about = { account: ACCOUNT, instrument: BTC, venueTime: unixMicros(START) };

function receipt(desk: Desk): FlattenReceipt {
  return present(desk.kernel.view().receipts.at(-1), 'receipt');
}

function lastReconcile(desk: Desk): number {
  return sent(desk.effects, 'SendReconcile').at(-1)?.requestId ?? 0;
}

function closing(desk: Desk) {
  return sent(desk.effects, 'SendOrder')
    .map(({ order }) => order)
    .filter(({ origin }) => origin === 'Flatten');
}

/** 0.1 BTC bought at 100 with the fee taken in BTC; a resting sell besides. */
function withPosition(fee = 0n): { readonly desk: Desk; readonly resting: ClientOrderId } {
  const desk = new Desk().open();
  const { orders } = desk.command({ type: 'SubmitOrder', terms: terms() });
  const feeAsset = 'BTC' as AssetCode;
  desk.venue(filled(orders[0] ?? '', '1', 10_000, { fee, feeAsset }));
  const sell = desk.command({ type: 'SubmitOrder', terms: terms({ side: 'Sell' }) });
  const resting = present(sell.orders[0], 'resting order');
  desk.venue(accepted(resting));
  return { desk, resting };
}

function balances(btc: bigint, usdt = 100_000_000_000_000n) {
  const [first, second] = BALANCES;
  return [
    { ...present(first, 'BTC'), free: btc },
    { ...present(second, 'USDT'), free: usdt },
  ];
}

const BOUGHT = balances(510_000_000n, 99_999_000_000_000n);

describe('flatten', () => {
  it('cancels, confirms, closes, confirms, and only then says flat: 5 BTC before, 5 BTC after', () => {
    const { desk, resting } = withPosition();
    desk.command({ type: 'Flatten', account: ACCOUNT });
    expect(receipt(desk)).toMatchObject({ step: 'Canceling', flat: false });
    expect(desk.order(resting).status).toBe('PendingCancel');
    desk.venue(canceled(resting));
    expect(receipt(desk)).toMatchObject({ step: 'ConfirmingCanceled', flat: false });
    expect(closing(desk)).toHaveLength(0);
    desk.venue(snapshot(lastReconcile(desk), { balances: BOUGHT }));
    expect(receipt(desk)).toMatchObject({ step: 'Closing', flat: false });
    const [close] = closing(desk);
    const market = { type: 'Market', side: 'Sell', quantity: 10_000, reduceOnly: true };
    expect(close).toMatchObject(market);
    desk.venue(filled(close?.clientOrderId ?? '', '2', 10_000));
    expect(receipt(desk)).toMatchObject({ step: 'ConfirmingFlat', flat: false });
    desk.venue(snapshot(lastReconcile(desk)));
    expect(receipt(desk)).toMatchObject({
      step: 'Done',
      flat: true,
      lines: [
        {
          instrument: BTC,
          canceled: 1,
          closedQuantity: 10_000,
          remaining: 0,
          dust: false,
          proved: true,
        },
      ],
    });
    expect(closing(desk)).toHaveLength(1);
  });

  it('sells less by the fee taken in BTC and lists no dust that is not there', () => {
    const { desk, resting } = withPosition(10_000n);
    desk.command({ type: 'Flatten', account: ACCOUNT });
    desk.venue(canceled(resting));
    desk.venue(
      snapshot(lastReconcile(desk), { balances: balances(509_990_000n, 99_999_000_000_000n) }),
    );
    expect(closing(desk)).toMatchObject([{ quantity: 9_990 }]);
    desk.venue(filled(closing(desk)[0]?.clientOrderId ?? '', '2', 9_990));
    const after = balances(500_000_000n, 99_999_999_000_000n);
    desk.venue(snapshot(lastReconcile(desk), { balances: after }));
    expect(receipt(desk)).toMatchObject({ flat: true, lines: [{ remaining: 0, dust: false }] });
  });

  it('lists a rest below the smallest order as dust', () => {
    const { desk, resting } = withPosition();
    desk.venue(filled(resting, '2', 6_000));
    desk.command({ type: 'Flatten', account: ACCOUNT, instrument: BTC });
    desk.venue(canceled(resting, 6_000));
    const held = { balances: balances(504_000_000n, 99_999_600_000_000n) };
    desk.venue(snapshot(lastReconcile(desk), held));
    desk.venue(snapshot(lastReconcile(desk), held));
    expect(closing(desk)).toHaveLength(0);
    expect(receipt(desk)).toMatchObject({ flat: true, lines: [{ remaining: 4_000, dust: true }] });
  });

  it('does not close before the venue confirms that nothing is open (go-trader 1462)', () => {
    const { desk, resting } = withPosition();
    desk.command({ type: 'Flatten', account: ACCOUNT });
    desk.venue(canceled(resting));
    const openOrders = [stated('web_9', 'Accepted', 0, { side: 'Sell' })];
    desk.venue(snapshot(lastReconcile(desk), { balances: BOUGHT, openOrders }));
    expect(closing(desk)).toHaveLength(0);
    expect(desk.order('web_9').status).toBe('PendingCancel');
    expect(receipt(desk).step).toBe('Canceling');
  });

  it('never sends a second close while the first is Unknown', () => {
    const { desk, resting } = withPosition();
    desk.command({ type: 'Flatten', account: ACCOUNT });
    desk.venue(canceled(resting));
    desk.venue(snapshot(lastReconcile(desk), { balances: BOUGHT }));
    const [close] = closing(desk);
    const clientOrderId = present(close, 'close').clientOrderId;
    const unknown = { type: 'OutcomeUnknown', request: 'submit', code: 'TIMEOUT' } as const;
    desk.venue({ ...about, clientOrderId, ...unknown });
    desk.wait(20_000_000);
    expect(closing(desk)).toHaveLength(1);
    desk.venue(
      queried(clientOrderId, stated(clientOrderId, 'Filled', 10_000), [
        filled(clientOrderId, '2', 10_000),
      ]),
    );
    desk.venue(snapshot(lastReconcile(desk)));
    expect(receipt(desk)).toMatchObject({ step: 'Done', flat: true });
  });

  it('tries a rejected close again after 2 s, capped at what is left, and says so when it cannot', () => {
    const { desk, resting } = withPosition();
    desk.command({ type: 'Flatten', account: ACCOUNT });
    desk.venue(canceled(resting));
    desk.venue(snapshot(lastReconcile(desk), { balances: BOUGHT }));
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      expect(closing(desk)).toHaveLength(attempt);
      const clientOrderId = present(closing(desk).at(-1), 'close').clientOrderId;
      const words = { code: '-2010', message: 'Market is closed.' };
      desk.venue({ type: 'OrderRejected', ...about, clientOrderId, ...words });
      desk.wait(2_000_000);
    }
    expect(closing(desk)).toHaveLength(10);
    desk.venue(snapshot(lastReconcile(desk), { balances: BOUGHT }));
    const [line] = receipt(desk).lines;
    expect(receipt(desk)).toMatchObject({ step: 'Done', flat: false });
    expect(line?.detail).toContain('Market is closed.');
  });

  it('says what it could not prove when the balance is not what it should be', () => {
    const { desk, resting } = withPosition();
    desk.command({ type: 'Flatten', account: ACCOUNT });
    desk.venue(canceled(resting));
    desk.venue(snapshot(lastReconcile(desk), { balances: BOUGHT }));
    desk.venue(filled(closing(desk)[0]?.clientOrderId ?? '', '2', 10_000));
    for (let round = 0; round < 10; round += 1) {
      desk.venue(snapshot(lastReconcile(desk), { balances: balances(490_000_000n) }));
      desk.wait(5_000_000);
    }
    expect(receipt(desk)).toMatchObject({ step: 'Done', flat: false });
    expect(receipt(desk).lines[0]).toMatchObject({
      proved: false,
      detail: 'BTC: the venue holds 4.90000000, expected 5.00000000',
    });
  });

  it('does not close while fills of a canceled order are owed', () => {
    const { desk, resting } = withPosition();
    desk.command({ type: 'Flatten', account: ACCOUNT });
    desk.venue(canceled(resting, 4_000));
    desk.venue(snapshot(lastReconcile(desk), { balances: BOUGHT }));
    expect(closing(desk)).toHaveLength(0);
    desk.venue(filled(resting, '2', 4_000));
    desk.wait(2_000_000);
    desk.venue(snapshot(lastReconcile(desk)));
    expect(closing(desk)).toMatchObject([{ quantity: 6_000 }]);
  });

  it('does not close again while fills of a close are owed', () => {
    const { desk, resting } = withPosition();
    desk.command({ type: 'Flatten', account: ACCOUNT });
    desk.venue(canceled(resting));
    desk.venue(snapshot(lastReconcile(desk), { balances: BOUGHT }));
    const { clientOrderId } = present(closing(desk)[0], 'close');
    const rest = { cumQty: quantity(4_000), code: 'NO_LIQUIDITY' };
    desk.venue({ type: 'OrderExpired', ...about, clientOrderId, ...rest });
    desk.wait(10_000_000);
    expect(closing(desk)).toHaveLength(1);
    desk.venue(filled(clientOrderId, '2', 4_000));
    expect(closing(desk)).toMatchObject([{ quantity: 10_000 }, { quantity: 6_000 }]);
  });

  it('asked for twice runs once', () => {
    const { desk } = withPosition();
    desk.command({ type: 'Flatten', account: ACCOUNT });
    desk.command({ type: 'Flatten', account: ACCOUNT, instrument: BTC });
    expect(desk.kernel.view().receipts).toHaveLength(1);
  });

  it('keeps new orders off what is being flattened', () => {
    const { desk } = withPosition();
    desk.command({ type: 'Flatten', account: ACCOUNT, instrument: BTC });
    const result = desk.command({ type: 'SubmitOrder', terms: terms() });
    expect(result).toMatchObject({ ok: false, code: 'FLATTENING' });
  });

  it('is not blocked by a lock or a lost connection', () => {
    const { desk, resting } = withPosition();
    desk.venue({ type: 'ConnectionChanged', account: ACCOUNT, state: 'Disconnected' });
    expect(desk.command({ type: 'Flatten', account: ACCOUNT }).ok).toBe(true);
    desk.venue(canceled(resting));
    desk.venue(snapshot(lastReconcile(desk), { balances: BOUGHT }));
    expect(closing(desk)).toHaveLength(1);
  });
});

describe('kill', () => {
  it('halts and disarms at once and takes over a flatten that runs', () => {
    const { desk, resting } = withPosition();
    desk.command({ type: 'Flatten', account: ACCOUNT });
    desk.command({ type: 'Kill' });
    const view = desk.kernel.view();
    expect(view.accounts).toMatchObject([{ tradingState: 'Halted' }]);
    expect(view.armed).toEqual([]);
    expect(view.receipts).toMatchObject([
      { kind: 'Flatten', step: 'Done', flat: false },
      { kind: 'Kill', step: 'Canceling' },
    ]);
    desk.venue(canceled(resting));
    desk.venue(snapshot(lastReconcile(desk), { balances: BOUGHT }));
    expect(closing(desk)).toHaveLength(1);
  });

  it('is left by an unlock only', () => {
    const desk = new Desk().open();
    desk.command({ type: 'Kill' });
    desk.command({ type: 'Lock', account: ACCOUNT });
    expect(desk.kernel.view().accounts).toMatchObject([{ tradingState: 'Halted' }]);
    const early = desk.command({ type: 'Unlock', account: ACCOUNT });
    expect(early).toMatchObject({ ok: false, code: 'KILL_IN_PROGRESS' });
    for (let step = 0; step < 2; step += 1) desk.venue(snapshot(lastReconcile(desk)));
    expect(receipt(desk)).toMatchObject({ step: 'Done', flat: true });
    expect(desk.kernel.view().accounts).toMatchObject([{ tradingState: 'Halted' }]);
    desk.command({ type: 'Unlock', account: ACCOUNT });
    expect(desk.kernel.view().accounts).toMatchObject([{ tradingState: 'Active' }]);
  });
});
