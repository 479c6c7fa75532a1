import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectBooksAgree, expectReplay, expectUnder } from './testing/expectations.ts';
import { FaultRig } from './testing/fault-rig.ts';

let rig: FaultRig;

/** Nothing but the fault is waited for. */
const seen = (): Promise<void> => Promise.resolve();

beforeAll(async () => {
  rig = await FaultRig.start(32);
}, 60_000);

beforeEach(async () => {
  await rig.fresh();
});

afterAll(async () => {
  await rig[Symbol.asyncDispose]();
});

describe('market data of a faulty exchange', () => {
  // A message that is lost shows by the next one only: a market stopped before that shows nothing.
  test.each([
    { kind: 'sequence-gap' },
    { kind: 'crossed-book' },
    { kind: 'sequence-reset' },
    { kind: 'drop', on: 'streams', message: 'depthUpdate' },
    { kind: 'corrupt', on: 'streams', message: 'depthUpdate' },
  ] as const)('$kind: the book is taken anew', async (fault) => {
    // What strikes while the book is still joined is mended by the joining.
    await rig.desk.until(
      () => rig.desk.states.get(rig.instrument)?.at(-1) === 'Live',
      () => rig.desk.states.get(rig.instrument),
    );
    const before = rig.desk.resyncs;
    await expectUnder(rig, [{ ...fault, symbol: rig.symbol }], async () => {
      await rig.desk.until(
        () => rig.desk.resyncs > before,
        () => rig.desk.health,
      );
    });
    await expectBooksAgree(rig);
  });

  test.each(['duplicate', 'reorder'] as const)('depth updates: %s', async (kind) => {
    await expectUnder(
      rig,
      [{ kind, on: 'streams', symbol: rig.symbol, message: 'depthUpdate' }],
      seen,
    );
    await expectBooksAgree(rig);
  });

  test('a snapshot older than the updates is asked for again', async () => {
    await expectUnder(
      rig,
      [
        { kind: 'sequence-gap', symbol: rig.symbol },
        { kind: 'stale-snapshot', symbol: rig.symbol, times: 2 },
      ],
      async () => {
        await rig.desk.until(
          () => rig.desk.states.get(rig.instrument)?.at(-1) === 'Live',
          () => rig.desk.states.get(rig.instrument),
        );
      },
    );
    await expectBooksAgree(rig);
  });

  test('messages that come late are ordered or the book is taken anew', async () => {
    await expectUnder(
      rig,
      [{ kind: 'delay', on: 'streams', symbol: rig.symbol, ms: 400, times: 3 }],
      seen,
    );
    await expectBooksAgree(rig);
  });

  test('a half-open connection: stale within its limit, then a new one', async () => {
    const before = rig.desk.reconnects;
    const begin = rig.desk.states.get(rig.instrument)?.length ?? 0;
    await expectUnder(rig, [{ kind: 'half-open', on: 'streams' }], async () => {
      await rig.desk.until(
        () => rig.desk.states.get(rig.instrument)?.slice(begin).includes('Stale') === true,
        () => rig.desk.states.get(rig.instrument),
      );
      // On prices nobody vouches for nothing new may be risked.
      const denied = await rig.desk.line(`b ${rig.size()} solusdt bid-0.3%`);
      expect(denied).toMatchObject({ ok: false });
      await rig.desk.until(
        () => rig.desk.reconnects > before,
        () => rig.desk.health,
      );
    });
    await expectBooksAgree(rig);
  });

  test('a slow exchange and a lost connection', async () => {
    const before = rig.desk.reconnects;
    await expectUnder(
      rig,
      [
        { kind: 'disconnect', on: 'streams', symbol: rig.symbol },
        { kind: 'slow-reads', on: 'streams', ms: 600 },
      ],
      async () => {
        await rig.desk.until(
          () => rig.desk.reconnects > before,
          () => rig.desk.health,
        );
      },
    );
    await expectBooksAgree(rig);
  });

  test('the journal tells it all again', async () => {
    await expectReplay(rig);
  });
});
