import { expect, test } from 'vitest';
import type { OrderTerms } from '../../engine/domain/order.ts';
import { price, quantity } from '../../engine/domain/price.ts';
import { MAIN, SOL } from '../state/testdata.ts';
import type { Verdict } from '../state/trade-session.ts';
import { orderOf, VerdictWatch } from './verdict-watch.ts';

const TERMS: OrderTerms = {
  instrument: SOL.id,
  account: MAIN,
  side: 'Buy',
  type: 'Limit',
  quantity: quantity(2000),
  price: price(18_740),
  timeInForce: 'GTC',
  postOnly: false,
  reduceOnly: false,
};
const PASSES: Verdict = { ok: true, code: 'OK', message: '' };
const denied = (code: string): Verdict => ({ ok: false, code, message: code });

/** A watch whose time goes on by `tick`, and whose questions are answered by `answer`, oldest first. */
function harness() {
  const asked: OrderTerms[] = [];
  const said: string[] = [];
  const answers: ((verdict: Verdict | undefined) => void)[] = [];
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  let now = 0;
  const watch = new VerdictWatch({
    ask: (terms) => {
      asked.push(terms);
      return new Promise((resolve) => answers.push(resolve));
    },
    later: (run, afterMs) => {
      const timer = { at: now + afterMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    onVerdict: ({ order, verdict }) => said.push(`${order === orderOf(TERMS)} ${verdict.code}`),
  });
  const tick = (ms: number): void => {
    now += ms;
    for (const timer of timers) {
      if (timer.at > now) continue;
      timers.delete(timer);
      timer.run();
    }
  };
  const answer = async (verdict: Verdict | undefined): Promise<void> => {
    answers.shift()?.(verdict);
    await new Promise<void>(queueMicrotask);
  };
  return { watch, asked, said, tick, answer };
}

test('an order is asked about once it stands still', () => {
  const { watch, asked, tick } = harness();
  watch.write({ ...TERMS, quantity: quantity(1000) });
  tick(100);
  watch.write(TERMS);
  tick(100);
  expect(asked).toEqual([]);
  watch.write({ ...TERMS });
  tick(20);
  expect(asked).toEqual([TERMS]);
});

test('what changes under an order that nobody touches is asked about again', async () => {
  const { watch, asked, said, tick, answer } = harness();
  watch.write(TERMS);
  tick(120);
  await answer(PASSES);
  tick(10_000);
  expect(asked).toHaveLength(1);
  watch.changed();
  tick(120);
  expect(asked).toHaveLength(2);
  await answer(denied('INSTRUMENT_NOT_TRADING'));
  expect(said).toEqual(['true OK', 'true INSTRUMENT_NOT_TRADING']);
  watch.changed();
  tick(120);
  await answer(PASSES);
  expect(said.at(-1)).toBe('true OK');
});

test('a change while the answer is awaited is asked about after it, and a flood of them is one question', async () => {
  const { watch, asked, said, tick, answer } = harness();
  watch.write(TERMS);
  tick(120);
  watch.changed();
  watch.changed();
  expect(asked).toHaveLength(1);
  await answer(PASSES);
  for (let change = 0; change < 100; change += 1) {
    watch.changed();
    tick(1);
  }
  expect(asked).toHaveLength(1);
  tick(20);
  expect(asked).toHaveLength(2);
  await answer(denied('MAX_OPEN_ORDERS'));
  tick(10_000);
  expect(asked).toHaveLength(2);
  expect(said).toEqual(['true OK', 'true MAX_OPEN_ORDERS']);
});

test.each(['DUPLICATE_ORDER', 'ORDER_RATE', 'PRICE_COLLAR', 'STALE_DATA', 'DATA_DOUBTFUL'])(
  '%s is asked about until it has passed',
  async (code) => {
    const { watch, asked, said, tick, answer } = harness();
    watch.write(TERMS);
    tick(120);
    await answer(denied(code));
    tick(250);
    await answer(denied(code));
    tick(250);
    await answer(PASSES);
    tick(10_000);
    expect(asked).toHaveLength(3);
    expect(said.at(-1)).toBe('true OK');
  },
);

test('an answer about an order that is another by now is not told', async () => {
  const { watch, asked, said, tick, answer } = harness();
  watch.write({ ...TERMS, side: 'Sell' });
  tick(120);
  watch.write(TERMS);
  await answer(denied('MAX_POSITION'));
  expect(said).toEqual([]);
  tick(120);
  await answer(PASSES);
  expect(said).toEqual(['true OK']);
  expect(asked).toHaveLength(2);
});

test('a connection that went leaves nothing said; the next change asks again', async () => {
  const { watch, asked, said, tick, answer } = harness();
  watch.write(TERMS);
  tick(120);
  await answer(undefined);
  tick(10_000);
  expect([asked.length, said]).toEqual([1, []]);
  watch.changed();
  tick(120);
  await answer(PASSES);
  expect(said).toEqual(['true OK']);
});

test('an order that is none any more, or a place that closes, asks nothing', () => {
  const { watch, asked, tick } = harness();
  watch.changed();
  watch.write(TERMS);
  watch.write(undefined);
  watch.changed();
  tick(10_000);
  watch.write(TERMS);
  watch[Symbol.dispose]();
  watch.changed();
  tick(10_000);
  expect(asked).toEqual([]);
});
