import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  expectAgreement,
  expectBooksAgree,
  expectReplay,
  expectUnder,
} from './testing/expectations.ts';
import { FaultRig } from './testing/fault-rig.ts';

let rig: FaultRig;

beforeAll(async () => {
  rig = await FaultRig.start(33);
}, 60_000);

beforeEach(async () => {
  await rig.control.clear();
  await rig.ready();
});

afterAll(async () => {
  await rig[Symbol.asyncDispose]();
});

/** Waits until the account is cut off and takes no order. */
async function cutOff(): Promise<void> {
  await rig.desk.until(
    () => rig.desk.account?.connected === false && rig.desk.account.tradingState === 'Locked',
    () => rig.desk.account,
  );
}

/** A price just below `bid` that no tick of 0.1 divides. */
function offTick(bid = 0): string {
  return ((Math.floor(bid / 10) * 10 - 7) / 100).toFixed(2);
}

describe('an exchange that refuses, errs and restarts', () => {
  test('429: nothing more is sent before its time', async () => {
    const [id] = await rig.control.set({ kind: 'rate-limit', on: 'api', ms: 1500 });
    const refused = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
    await rig.desk.shows(refused, 'Rejected');
    expect(rig.desk.orders.get(refused)?.reason?.code).toBe('TOO_MANY_REQUESTS');
    const waiting = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
    await rig.desk.shows(waiting, 'Accepted');
    expect(await rig.control.struck(id)).toBe(1);
    await rig.control.clear();
    await rig.desk.line('cancel all');
    await expectAgreement(rig);
    await rig.ready();
  });

  test('418: nothing is sent before its time, and orders say so', async () => {
    const [id] = await rig.control.set({ kind: 'ban', on: 'api', ms: 2000 });
    const refused = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
    await rig.desk.shows(refused, 'Rejected');
    const second = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
    await rig.desk.shows(second, 'Rejected');
    expect(rig.desk.orders.get(second)?.reason?.code).toBe('VENUE_BANNED');
    expect(await rig.control.struck(id)).toBe(1);
    await rig.control.clear();
    await expect
      .poll(
        async () => {
          const order = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
          await rig.desk.shows(order, 'Accepted', 'Rejected');
          return rig.desk.orders.get(order)?.status;
        },
        { timeout: 20_000, interval: 600 },
      )
      .toBe('Accepted');
    await rig.desk.line('cancel all');
    await expectAgreement(rig);
    await rig.ready();
  });

  test.each([3000, -8000])('a clock that is %d ms off is measured again', async (ms) => {
    await rig.control.set({ kind: 'clock-skew', ms });
    const id = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
    await rig.desk.shows(id, 'Accepted');
    await rig.desk.line(`cancel ${id}`);
    await rig.desk.shows(id, 'Canceled');
    await rig.control.clear();
    const after = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
    await rig.desk.shows(after, 'Accepted');
    await rig.desk.line(`cancel ${after}`);
    await expectAgreement(rig);
  });

  test('the account stream ends: cut off, locked, then compared with the venue', async () => {
    await expectUnder(rig, [{ kind: 'session-end' }], async () => {
      await rig.desk.order(`b ${rig.size()} solusdt ask+2`);
      await cutOff();
    });
  });

  test('a half-open account connection is noticed and replaced', async () => {
    await expectUnder(rig, [{ kind: 'half-open', on: 'api' }], async () => {
      const id = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
      await rig.desk.shows(id, 'Unknown');
      await cutOff();
      await rig.desk.shows(id, 'Accepted');
      await expectAgreement(rig);
      await rig.ready();
      await rig.desk.line(`cancel ${id}`);
      await rig.desk.shows(id, 'Canceled');
    });
  });

  test('slow reads: the order waits and is sent once', async () => {
    await expectUnder(rig, [{ kind: 'slow-reads', on: 'api', ms: 800 }], async () => {
      const id = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
      await rig.desk.shows(id, 'Accepted');
      await rig.desk.line(`cancel ${id}`);
      await rig.desk.shows(id, 'Canceled');
    });
  });

  test.each([false, true])('a restart (book numbers anew: %s)', async (reset) => {
    const id = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
    await rig.desk.shows(id, 'Accepted');
    const before = rig.desk.reconnects;
    await expectUnder(rig, [{ kind: 'restart', forMs: 1200, reset }], async () => {
      await cutOff();
      await rig.desk.until(
        () => rig.desk.reconnects > before,
        () => rig.desk.health,
      );
    });
    await rig.desk.line(`cancel ${id}`);
    await rig.desk.shows(id, 'Canceled');
    await expectBooksAgree(rig);
  });

  test('questions that fail, come late or cannot be read are asked again', async () => {
    const on = 'rest';
    await expectUnder(
      rig,
      [
        { kind: 'disconnect', on: 'api', request: 'order.cancel', executed: true },
        { kind: 'rate-limit', on, request: 'GET /api/v3/openOrders', ms: 1000 },
        { kind: 'corrupt', on, request: 'GET /api/v3/openOrders' },
        { kind: 'unavailable', on, request: 'GET /api/v3/account' },
        { kind: 'late-answer', on, request: 'GET /api/v3/account', ms: 400 },
      ],
      async () => {
        const id = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
        await rig.desk.shows(id, 'Accepted');
        await rig.desk.line(`cancel ${id}`);
        await rig.desk.shows(id, 'Canceled');
      },
    );
  });

  test('a page of history that lacks its end: the difference is found, and mended', async () => {
    await expectUnder(
      rig,
      [
        { kind: 'drop', on: 'api', message: 'executionReport', execution: 'TRADE', times: 0 },
        { kind: 'partial-page' },
      ],
      async () => {
        const id = await rig.desk.order(`b ${rig.size()} solusdt ask+2`);
        await rig.desk.shows(id, 'Accepted');
        await rig.desk.line(`query ${id}`);
        await rig.desk.shows(id, 'Filled', 'PartiallyFilled', 'Accepted');
      },
    );
  });

  test('a tick that changes and a halt: refused once, known from then on', async () => {
    const { desk, control, instrument } = rig;
    const { symbol } = rig;
    await control.set({ kind: 'tick-size', symbol, tickSize: '0.1' });
    const price = offTick(desk.quotes.get(instrument)?.bid);
    const first = await desk.order(`b ${rig.size()} solusdt ${price}`);
    await desk.shows(first, 'Rejected');
    expect(desk.orders.get(first)?.reason?.code).toBe('FILTER_FAILURE_PRICE_FILTER');
    await desk.knows(instrument, 'Trading', 10);
    const line = desk.line(`b ${rig.size()} solusdt ${price}`);
    await expect(line).rejects.toThrow(/0\.1/);

    await control.clear();
    await control.set({ kind: 'halt', symbol });
    const halted = await desk.order(`b ${rig.size()} solusdt ${price.slice(0, -1)}0`);
    await desk.shows(halted, 'Rejected');
    expect(desk.orders.get(halted)?.reason?.code).toBe('MARKET_CLOSED');
    await desk.knows(instrument, 'Halted', 1);
    expect(await desk.line(`b ${rig.size()} solusdt ${price}`)).toMatchObject({
      ok: false,
      code: 'INSTRUMENT_NOT_TRADING',
    });

    await control.clear();
    await desk.knows(instrument, 'Trading', 1);
    await expectAgreement(rig);
  });

  test('the journal tells it all again', async () => {
    await expectReplay(rig);
  });
});
