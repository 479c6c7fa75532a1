import { afterEach, expect, test } from 'vitest';
import { Xoshiro128 } from '../../base/rng.ts';
import type { ClientOrderId } from '../../domain/identifiers.ts';
import { isTerminal, type OrderTerms } from '../../domain/order.ts';
import { price, quantity } from '../../domain/price.ts';
import { BOOK_LIVE } from '../../native/compute/market-record.ts';
import { until } from '../../ports/contract/until.ts';
import { readSession } from '../../store/journal/session-reader.ts';
import type { ExchangeOrder } from '../testing/exchange-rig.int.ts';
import { ACCOUNT, BTC, differences, makeReady, setUpTrade } from '../testing/kill-rig.int.ts';
import { replaySession } from './session-replay.ts';

const SEED = 20_261_121;
const KILLS = process.env['QD_LONG'] === '1' ? 200 : 3;
/** Below this a storm proves nothing. */
const LEAST_ORDERS_A_SECOND = 500;
const IN_FLIGHT = 64;
const MOST_OPEN = 50;
const QUOTE_EVERY = 100;

let cleanup = new AsyncDisposableStack();
afterEach(async () => {
  await cleanup.disposeAsync();
  cleanup = new AsyncDisposableStack();
});

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

test(
  `trade is killed ${KILLS} times in a storm of orders: none that was acknowledged is lost, none goes twice`,
  async ({ skip }) => {
    const { exchange, instrument, market, config, trade, quote } = await setUpTrade(cleanup);
    const symbol = 'BTCUSDT';
    const rng = new Xoshiro128(SEED);
    const lot = instrument.minQuantity * 20;
    const asked: string[] = [];
    const acknowledged = new Set<string>();
    const rates: number[] = [];
    const knownAfterMs: number[] = [];

    const submit = (bid: number, ask: number): void => {
      const side = rng.nextBelow(2) === 0 ? 'Buy' : 'Sell';
      // One in ten meets the market.
      const away = rng.nextBelow(10) === 0 ? -20 : 2_000 + rng.nextBelow(1_000);
      const terms: OrderTerms = {
        instrument: BTC,
        account: ACCOUNT,
        side,
        type: 'Limit',
        quantity: quantity(lot * (1 + rng.nextBelow(3))),
        price: price(side === 'Buy' ? bid - away : ask + away),
        timeInForce: 'GTC',
        postOnly: false,
        reduceOnly: false,
      };
      asked.push(trade.send({ type: 'SubmitOrder', terms }));
    };

    /** Orders that wait for the exchange, and orders open there, kept up to date from what the window is told. */
    const waiting = new Set<string>();
    const open = new Set<string>();
    let heard = 0;
    const listen = (): void => {
      for (const message of trade.messages.slice(heard)) {
        if (message.type !== 'Updates') continue;
        for (const update of message.updates) {
          if (update.type !== 'OrderChanged') continue;
          const { clientOrderId: id, status } = update.order;
          if (status === 'Submitted' || status === 'PendingCancel') waiting.add(id);
          else waiting.delete(id);
          if (status === 'Accepted') open.add(id);
          else open.delete(id);
        }
      }
      heard = trade.messages.length;
    };

    /** Sends as fast as the exchange answers until `count` orders have left; gives orders a second. */
    const storm = async (count: number): Promise<number> => {
      waiting.clear();
      open.clear();
      heard = trade.messages.length;
      const before = asked.length;
      const answered = trade.answers.size;
      const begun = performance.now();
      let touch = await quote();
      while (asked.length < before + count) {
        listen();
        const unanswered = asked.length - before - (trade.answers.size - answered);
        if (waiting.size + unanswered >= IN_FLIGHT) {
          await turn();
          continue;
        }
        if ((asked.length - before) % QUOTE_EVERY === QUOTE_EVERY - 1) touch = await quote();
        submit(touch.bid, touch.ask);
        const [oldest] = open;
        if (open.size <= MOST_OPEN || oldest === undefined) continue;
        open.delete(oldest);
        trade.send({ type: 'CancelOrder', clientOrderId: oldest as ClientOrderId });
      }
      return (count / (performance.now() - begun)) * 1_000;
    };

    const openAtExchange = async (): Promise<Set<string>> => {
      const rows = await exchange.ask<ExchangeOrder[]>('/api/v3/openOrders', { symbol });
      return new Set(rows.map(({ clientOrderId }) => clientOrderId));
    };

    for (let round = 0; round < KILLS; round += 1) {
      await trade.start();
      market.status(BOOK_LIVE);
      await quote();
      await makeReady(trade);
      rates.push(await storm(1_000 + rng.nextBelow(500)));
      await trade.kill();
      for (const id of asked) {
        const answer = trade.answers.get(id);
        if (answer?.ok === true) for (const order of answer.orders) acknowledged.add(order);
      }
      const standing = await openAtExchange();
      const begun = performance.now();
      await trade.start();
      await trade.openWindow();
      await until('every order open at the exchange known as open here', () =>
        [...standing].every((id) => {
          const order = trade.orders.get(id as never);
          // Since then it may have met the market.
          return order !== undefined && order.unknownSince === undefined;
        }),
      );
      knownAfterMs.push(performance.now() - begun);
      await trade.kill();
    }
    await trade.start();
    market.status(BOOK_LIVE);
    await quote();
    await makeReady(trade);
    await until(
      'every order settled',
      () => [...trade.orders.values()].every(({ unknownSince }) => unknownSince === undefined),
      30_000,
    );
    const worst = Math.min(...rates);
    console.log(
      `reached ${KILLS} kills, ${asked.length} orders, ${acknowledged.size} acknowledged, slowest storm ${worst.toFixed(0)} orders/s; ` +
        `open orders known after at most ${Math.max(...knownAfterMs).toFixed(0)} ms, seed ${SEED}`,
    );
    const lost = [...acknowledged].filter((id) => !trade.orders.has(id as never));
    expect(lost).toEqual([]);
    const all = await exchange.ask<ExchangeOrder[]>('/api/v3/allOrders', { symbol, limit: '1000' });
    expect(all.length).toBeGreaterThan(0);
    const recent = new Set(all.map(({ clientOrderId }) => clientOrderId));
    const ours = [...trade.orders.values()].filter(
      ({ clientOrderId, status }) => recent.has(clientOrderId) || !isTerminal(status),
    );
    expect(differences(ours, all, instrument.quantityScale)).toEqual([]);

    await trade.stop();
    const replay = replaySession(config.sessionFolder);
    if (!replay.ok) throw new Error(replay.error.message);
    expect(replay.value.firstDifference).toBeUndefined();
    const sends: string[] = [];
    const read = readSession(config.sessionFolder, {
      onIntent: (effect) => {
        if (effect.type === 'SendOrder') sends.push(effect.order.clientOrderId);
      },
    });
    expect(read.ok).toBe(true);
    expect(new Set(sends).size).toBe(sends.length);
    if (worst < LEAST_ORDERS_A_SECOND) {
      skip(
        `void: ${worst.toFixed(0)} orders/s, ${LEAST_ORDERS_A_SECOND} make a storm; all else held`,
      );
    }
  },
  KILLS * 30_000 + 60_000,
);
