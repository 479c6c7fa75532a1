import { afterEach, expect, test } from 'vitest';
import { Xoshiro128 } from '../../base/rng.ts';
import type { OrderTerms } from '../../domain/order.ts';
import { price, quantity } from '../../domain/price.ts';
import { BOOK_LIVE } from '../../native/compute/market-record.ts';
import { until } from '../../ports/contract/until.ts';
import { readSession } from '../../store/journal/session-reader.ts';
import { ACCOUNT, BTC, differences, makeReady, setUpTrade } from '../testing/kill-rig.int.ts';
import { replaySession } from './session-replay.ts';

const SEED = 20_260_314;
const KILLS = process.env['QD_LONG'] === '1' ? 200 : 6;
let cleanup = new AsyncDisposableStack();
afterEach(async () => {
  await cleanup.disposeAsync();
  cleanup = new AsyncDisposableStack();
});

test(
  `trade is killed ${KILLS} times while it sends orders: none is lost, none goes twice, the journal replays`,
  async () => {
    const { exchange, instrument, market, config, trade, quote } = await setUpTrade(cleanup);
    const rng = new Xoshiro128(SEED);
    const pick = (most: number): number => (most === 0 ? 0 : rng.nextBelow(most));
    const lot = instrument.minQuantity * 20;
    const answered: string[] = [];
    const sentIds: string[] = [];
    for (let round = 0; round <= KILLS; round += 1) {
      await trade.start();
      market.status(BOOK_LIVE);
      await quote();
      await makeReady(trade);
      // Dies after a number of messages back from it, so at another place of its work each time.
      const diesAfter = trade.messages.length + 1 + pick(30);
      for (let count = 0; count < 12 && trade.messages.length < diesAfter; count += 1) {
        const { bid, ask } = await quote();
        const terms: OrderTerms = {
          instrument: BTC,
          account: ACCOUNT,
          side: pick(2) === 0 ? 'Buy' : 'Sell',
          type: 'Limit',
          quantity: quantity(lot * (1 + pick(3))),
          timeInForce: 'GTC',
          postOnly: false,
          reduceOnly: false,
        };
        const away = pick(2) === 0 ? -20 : 2000 + pick(1000);
        const px = terms.side === 'Buy' ? bid - away : ask + away;
        sentIds.push(trade.send({ type: 'SubmitOrder', terms: { ...terms, price: price(px) } }));
        const open = [...trade.orders.values()].filter(({ status }) => status === 'Accepted');
        const victim = open[pick(open.length)];
        if (victim !== undefined && pick(3) === 0) {
          trade.send({ type: 'CancelOrder', clientOrderId: victim.clientOrderId });
        }
        const seen = trade.messages.length;
        if (pick(2) === 0) await until('something back', () => trade.messages.length > seen, 5000);
      }
      if (round < KILLS) await trade.kill();
      for (const id of sentIds) {
        const result = trade.answers.get(id);
        if (result?.ok === true) answered.push(...result.orders);
      }
    }
    await trade.kill();
    await trade.start();
    await quote();
    await makeReady(trade);
    await until('every order settled', () =>
      [...trade.orders.values()].every(({ unknownSince }) => unknownSince === undefined),
    );

    const all = await exchange.allOrders('BTCUSDT');
    // Nothing the window was told of is lost; nothing stands twice; both sides agree.
    expect(answered.filter((id) => !trade.orders.has(id as never))).toEqual([]);
    expect(differences(trade.orders.values(), all, instrument.quantityScale)).toEqual([]);
    expect(all.length).toBeGreaterThan(KILLS);

    await trade.stop();
    const replay = replaySession(config.sessionFolder);
    if (!replay.ok) throw new Error(replay.error.message);
    expect(replay.value.firstDifference).toBeUndefined();
    expect(replay.value.lastHash?.hash).toBe(replay.value.lastHash?.recorded);
    expect(replay.value.hashes).toBeGreaterThan(0);
    const sends: string[] = [];
    const read = readSession(config.sessionFolder, {
      onIntent: (effect) => {
        if (effect.type === 'SendOrder') sends.push(effect.order.clientOrderId);
      },
    });
    expect(read.ok).toBe(true);
    expect(new Set(sends).size).toBe(sends.length);
  },
  KILLS * 10_000 + 50_000,
);

test('a window that sends garbage, too much, or leaves in the middle costs nobody else anything', async () => {
  const { trade, quote } = await setUpTrade(cleanup);
  await trade.start();
  await quote();
  await trade.openWindow();
  const { pid } = trade;
  const terms = {
    instrument: 'NOTHING.BINANCE@sandbox',
    account: ACCOUNT,
    side: 'Buy',
    type: 'Limit',
    quantity: 1,
    timeInForce: 'GTC',
    postOnly: false,
    reduceOnly: false,
  };
  trade.raw('no JSON');
  trade.raw('{"type":"Execute"}');
  trade.raw(`{"type":"Preview","request":1,"terms":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
  trade.raw(JSON.stringify({ type: 'Preview', request: 2, terms }));
  await until('three refusals and a preview', () => {
    const refused = trade.messages.filter(({ type }) => type === 'Refused');
    const previewed = trade.messages.find(({ type }) => type === 'Previewed');
    return (
      refused.length === 3 &&
      previewed?.type === 'Previewed' &&
      previewed.code === 'INSTRUMENT_UNKNOWN'
    );
  });
  trade.raw('x'.repeat(2 << 20));
  await trade.openWindow();
  await until('agreement', () => trade.account?.reconciliation.state === 'Agrees', 30_000);
  expect(trade.pid).toBe(pid);
});
