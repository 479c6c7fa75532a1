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
  await rig.fresh();
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

/** Waits until the engine has heard that its question about an order failed. */
async function refusedQuestion(id: string): Promise<void> {
  const { desk } = rig;
  await desk.until(
    () => desk.evidence.get(id)?.statements.some(({ says }) => says === 'Failed') === true,
    () => desk.evidence.get(id),
  );
}

/** An order sent while a limit lasts, that has waited for its end. On a machine that stood still for a second its turn came after its own limit: then another goes. */
async function waitedOrder(): Promise<string> {
  const { desk } = rig;
  const first = await desk.order(`b ${rig.size()} solusdt bid-0.3%`);
  await desk.shows(first, 'Accepted', 'Rejected');
  if (desk.orders.get(first)?.reason?.code !== 'QUEUE_TIMEOUT') {
    await desk.shows(first, 'Accepted');
    return first;
  }
  const second = await desk.order(`b ${rig.size()} solusdt bid-0.3%`);
  await desk.shows(second, 'Accepted');
  return second;
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
    await waitedOrder();
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

  test('a clock that goes off either way: the time stamp is refused once, the clock measured again', async () => {
    const { desk, control } = rig;
    for (const ms of [8000, -8000]) {
      await control.clear();
      const [id] = await control.set({ kind: 'clock-skew', ms });
      const order = await desk.order(`b ${rig.size()} solusdt bid-0.3%`);
      await desk.shows(order, 'Accepted');
      expect(await control.struck(id)).toBeGreaterThan(0);
      const before = await control.struck(id);
      await desk.line(`cancel ${order}`);
      await desk.shows(order, 'Canceled');
      expect(await control.struck(id)).toBe(before);
    }
    await control.clear();
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
      await rig.withoutLists();
      const id = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
      await rig.desk.showed(id, 'Unknown');
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

  test('a page of history that lacks its end: the difference is shown, and mended', async () => {
    const { desk } = rig;
    let id = '';
    await expectUnder(
      rig,
      [
        { kind: 'drop', on: 'api', message: 'executionReport', execution: 'TRADE', times: 0 },
        { kind: 'partial-page', times: 0 },
      ],
      async () => {
        id = await desk.order(`b ${rig.size()} solusdt ask+2`);
        await desk.until(
          () => (desk.saidOf(id, 'Query') ?? 0) > (desk.saidOf(id, 'TradeHistory') ?? Infinity),
          () => desk.evidence.get(id),
        );
        expect(desk.orders.get(id)?.cumQty).toBeLessThan(desk.saidOf(id, 'Query') ?? 0);
      },
    );
    await desk.shows(id, 'Filled');
  });

  test.each(['drop', 'delay'] as const)('questions over REST: %s', async (kind) => {
    const { desk } = rig;
    const question = { kind, on: 'rest', request: 'GET /api/v3/order' } as const;
    await expectUnder(
      rig,
      [
        { kind: 'lost-acknowledgement' },
        { kind: 'drop', on: 'api', message: 'executionReport', execution: 'NEW' },
        kind === 'delay' ? { ...question, ms: 1500 } : question,
      ],
      async () => {
        await rig.withoutLists();
        const id = await desk.order(`b ${rig.size()} solusdt bid-0.3%`);
        await desk.showed(id, 'Unknown');
        await desk.shows(id, 'Accepted');
        await desk.line(`cancel ${id}`);
        await desk.shows(id, 'Canceled');
        // A list of open orders may have told of it first: the question is answered too, and none is left over.
        await desk.until(
          () => desk.evidence.get(id)?.statements.some(({ source }) => source === 'Query') === true,
          () => desk.evidence.get(id),
        );
      },
    );
  });

  test('429 over REST: orders wait too, and the question is asked once', async () => {
    const { desk, control } = rig;
    const asked = await desk.order(`b ${rig.size()} solusdt bid-0.3%`);
    await desk.shows(asked, 'Accepted');
    const request = 'GET /api/v3/order';
    const [id] = await control.set({ kind: 'rate-limit', on: 'rest', request, ms: 1000 });
    await desk.line(`query ${asked}`);
    await refusedQuestion(asked);
    expect(await control.struck(id)).toBe(1);
    const waiting = await waitedOrder();
    expect(await control.struck(id)).toBe(1);
    await control.clear();
    await desk.line('cancel all');
    await desk.shows(waiting, 'Canceled');
    await expectAgreement(rig);
  });

  test('418 over REST: nothing is sent before its time, orders neither', async () => {
    const { desk, control } = rig;
    const asked = await desk.order(`b ${rig.size()} solusdt bid-0.3%`);
    await desk.shows(asked, 'Accepted');
    const request = 'GET /api/v3/order';
    const [id] = await control.set({ kind: 'ban', on: 'rest', request, ms: 3000 });
    await desk.line(`query ${asked}`);
    await refusedQuestion(asked);
    expect(await control.struck(id)).toBe(1);
    const refused = await desk.order(`b ${rig.size()} solusdt bid-0.3%`);
    await desk.shows(refused, 'Rejected');
    expect(desk.orders.get(refused)?.reason?.code).toBe('VENUE_BANNED');
    expect(await control.struck(id)).toBe(1);
    await control.clear();
    await expect
      .poll(
        async () => {
          await desk.line('cancel all');
          return desk.orders.get(asked)?.status;
        },
        { timeout: 20_000, interval: 600 },
      )
      .toBe('Canceled');
    await expectAgreement(rig);
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
