import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectAgreement, expectReplay, expectUnder } from './testing/expectations.ts';
import { FaultRig } from './testing/fault-rig.ts';

let rig: FaultRig;

beforeAll(async () => {
  rig = await FaultRig.start(31);
}, 60_000);

beforeEach(async () => {
  await rig.fresh();
});

afterAll(async () => {
  await rig[Symbol.asyncDispose]();
});

/** A buy that rests, away from the touch. */
async function resting(): Promise<string> {
  const id = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
  await rig.desk.shows(id, 'Accepted');
  return id;
}

/** An order Unknown for 10 s would have made the account Reducing, and told so. */
function expectInTime(id: string): void {
  const late = rig.desk.alerts.filter((words) => words.startsWith(`UNKNOWN_TOO_LONG: ${id}`));
  expect(late).toEqual([]);
  expect(rig.desk.account?.tradingState).toBe('Active');
}

async function canceled(id: string): Promise<void> {
  await rig.desk.line(`cancel ${id}`);
  await rig.desk.shows(id, 'Canceled');
}

describe('orders on a faulty exchange', () => {
  test('lost acknowledgement: unknown, then live', async () => {
    await expectUnder(
      rig,
      [
        { kind: 'lost-acknowledgement' },
        { kind: 'drop', on: 'api', message: 'executionReport', execution: 'NEW' },
      ],
      async () => {
        await rig.withoutLists();
        const id = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
        await rig.desk.showed(id, 'Unknown');
        await rig.desk.shows(id, 'Accepted');
        expectInTime(id);
        await canceled(id);
      },
    );
  });

  test('the last fill of a resting order is lost: the next list of open orders misses it', async () => {
    const trade = {
      kind: 'drop',
      on: 'api',
      message: 'executionReport',
      execution: 'TRADE',
    } as const;
    await expectUnder(rig, [{ ...trade, times: 0 }], async () => {
      const { desk } = rig;
      // Wherever the market goes, it takes one of them.
      const bid = await desk.order(`b ${rig.size()} solusdt bid`);
      const ask = await desk.order(`s ${rig.size()} solusdt ask`);
      const filled = (): string | undefined =>
        [bid, ask].find((id) => desk.orders.get(id)?.status === 'Filled');
      await desk.until(
        () => filled() !== undefined,
        () => [desk.orders.get(bid), desk.orders.get(ask)].map((order) => order?.status),
      );
      const said = desk.evidence.get(filled() ?? '')?.statements.map(({ source }) => source);
      expect(said).toContain('Query');
      await desk.line('cancel all');
    });
  });

  test('an error although accepted: unknown, then live', async () => {
    await expectUnder(
      rig,
      [
        { kind: 'unavailable', on: 'api', request: 'order.place' },
        { kind: 'drop', on: 'api', message: 'executionReport', execution: 'NEW' },
      ],
      async () => {
        const id = await rig.desk.order(`b ${rig.size()} solusdt bid-0.3%`);
        await rig.desk.shows(id, 'Accepted');
        expect(rig.desk.history.get(id)).toContain('Unknown');
        expectInTime(id);
        await canceled(id);
      },
    );
  });

  test('an answer later than the stream', async () => {
    await expectUnder(
      rig,
      [{ kind: 'late-answer', on: 'api', request: 'order.place', ms: 700 }],
      async () => {
        const id = await rig.desk.order(`b ${rig.size()} solusdt ask`);
        await rig.desk.shows(id, 'Filled', 'PartiallyFilled');
        expect(rig.desk.history.get(id)).not.toContain('Unknown');
      },
    );
  });

  test('the fill before the acknowledgement', async () => {
    await expectUnder(rig, [{ kind: 'fill-before-ack' }], async () => {
      const id = await rig.desk.order(`b ${rig.size()} solusdt ask+2`);
      await rig.desk.shows(id, 'Filled');
    });
  });

  test('a fill told twice counts once', async () => {
    await expectUnder(rig, [{ kind: 'duplicate-fill', times: 0 }], async () => {
      const id = await rig.desk.order(`s ${rig.size()} solusdt bid-2`);
      await rig.desk.shows(id, 'Filled');
    });
  });

  test.each(['drop', 'duplicate', 'reorder'] as const)('execution reports: %s', async (kind) => {
    await expectUnder(rig, [{ kind, on: 'api', message: 'executionReport', skip: 1 }], async () => {
      const id = await rig.desk.order(`b ${rig.size()} solusdt ask+2`);
      await rig.desk.shows(id, 'Filled', 'PartiallyFilled', 'Accepted');
      await canceled(await resting());
      await rig.desk.shows(id, 'Filled');
    });
  });

  test('an execution report that cannot be read: the account is compared at once', async () => {
    await expectUnder(
      rig,
      [{ kind: 'corrupt', on: 'api', message: 'executionReport', execution: 'TRADE' }],
      async () => {
        const id = await rig.desk.order(`b ${rig.size()} solusdt ask+2`);
        await rig.desk.until(
          () => rig.desk.account?.connected === false,
          () => rig.desk.account,
        );
        await rig.desk.shows(id, 'Filled');
      },
    );
  });

  test('a fill while the order is being replaced: the new one has what is left', async () => {
    await expectUnder(rig, [{ kind: 'fill-during-replace' }], async () => {
      const id = await resting();
      await rig.desk.line(`replace ${id} 2`);
      await rig.desk.until(
        () => (rig.desk.orders.get(id)?.cumQty ?? 0) > 0,
        () => rig.desk.history.get(id),
      );
      await expectAgreement(rig);
      await rig.desk.line('cancel all');
    });
  });

  test('a cancel that comes too late', async () => {
    await expectUnder(rig, [{ kind: 'cancel-race' }], async () => {
      const id = await resting();
      await rig.desk.line(`cancel ${id}`);
      await rig.desk.shows(id, 'Filled');
    });
  });

  test('rejected after it was acknowledged', async () => {
    await expectUnder(rig, [{ kind: 'reject-after-ack' }], async () => {
      const id = await resting();
      await rig.desk.shows(id, 'Rejected');
    });
  });

  test('the connection goes during a cancel', async () => {
    for (const executed of [true, false]) {
      await expectUnder(
        rig,
        [{ kind: 'disconnect', on: 'api', request: 'order.cancel', executed }],
        async () => {
          const id = await resting();
          await rig.desk.line(`cancel ${id}`);
          await rig.desk.shows(id, 'Canceled', 'Accepted');
          await expectAgreement(rig);
          if (rig.desk.orders.get(id)?.status === 'Accepted') {
            await rig.ready();
            await canceled(id);
          }
        },
      );
    }
  });

  test('the journal tells it all again', async () => {
    await expectReplay(rig);
  });
});
