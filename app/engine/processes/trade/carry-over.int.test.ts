import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { TradeConfig } from '../../api/supervision.ts';
import { present } from '../../base/invariant.ts';
import {
  accountId,
  instrumentId,
  venueId,
  type ClientId,
  type ClientOrderId,
} from '../../domain/identifiers.ts';
import type { Effect, Input } from '../../domain/input.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { OrderTerms } from '../../domain/order.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import { WIDE } from '../../kernel/testing/desk.ts';
import { BOOK_LIVE } from '../../native/compute/market-record.ts';
import { until } from '../../ports/contract/until.ts';
import { SessionJournal, stateHash } from '../../store/journal/session-journal.ts';
import { readSession } from '../../store/journal/session-reader.ts';
import { ExchangeRig, type ExchangeOrder } from '../testing/exchange-rig.int.ts';
import { MarketRig, TradeRig } from '../testing/trade-rig.ts';
import { replaySession } from './session-replay.ts';

const ACCOUNT = accountId(venueId('BINANCE', 'sandbox'), 'main');
const BTC = instrumentId('BTCUSDT', venueId('BINANCE', 'sandbox'));
const HOLDINGS = { USDT: 1_000_000, BTC: 5 };

let cleanup = new AsyncDisposableStack();
afterEach(async () => {
  await cleanup.disposeAsync();
  cleanup = new AsyncDisposableStack();
});

/** A data folder with an exchange beside it that outlives every session. */
class Bench {
  readonly exchange: ExchangeRig;
  readonly instrument: Instrument;
  readonly market = cleanup.use(new MarketRig());

  constructor(exchange: ExchangeRig, instrument: Instrument) {
    this.exchange = exchange;
    this.instrument = instrument;
  }

  folder(session: string): string {
    return join(this.market.folder, 'journal', session);
  }

  /** Starts `trade` on a session and waits until the account agrees, or differs. */
  async open(
    session: string,
    exchange = this.exchange,
    changes: Partial<TradeConfig> = {},
  ): Promise<TradeRig> {
    const config: TradeConfig = {
      session,
      sessionFolder: this.folder(session),
      environment: 'sandbox',
      ringPath: this.market.ringPath,
      instruments: [this.instrument],
      account: ACCOUNT,
      execution: exchange.execution,
      limits: WIDE,
      durableBeforeSend: false,
      ...changes,
    };
    const place = join(this.market.folder, `${session}-${performance.now()}`);
    mkdirSync(place);
    const trade = cleanup.use(await TradeRig.open(config, place));
    await trade.start();
    this.market.status(BOOK_LIVE);
    await this.quote();
    return trade;
  }

  /** The exchange's touch, written to the ring. */
  async quote(): Promise<{ bid: number; ask: number }> {
    const touch = await this.exchange.touch(this.instrument);
    this.market.quote(touch.bid, touch.ask);
    return touch;
  }

  /** Unlocks, arms and sends; gives the order's id. */
  async send(trade: TradeRig, changes: Partial<OrderTerms>): Promise<ClientOrderId> {
    await trade.ask({ type: 'Unlock', account: ACCOUNT });
    await trade.ask({ type: 'Arm' });
    const order = this.terms(changes);
    await this.quote();
    const answer = present(await trade.ask({ type: 'SubmitOrder', terms: order }), 'answer');
    return present(answer.orders[0], `an order, ${answer.code} ${answer.message}`);
  }

  /** Somebody sells at the market until our order has filled: how much in all, and our order as the exchange states it. */
  async sellUntilFilled(
    id: ClientOrderId,
  ): Promise<{ readonly sold: number; readonly truth: ExchangeOrder }> {
    const symbol = 'BTCUSDT';
    let sold = 0;
    for (let round = 1; ; round += 1) {
      const order = { symbol, side: 'SELL', type: 'MARKET', quantity: '1' };
      const named = { newClientOrderId: `web-${round}`, selfTradePreventionMode: 'NONE' };
      const path = '/api/v3/order';
      const params = { ...order, ...named };
      const sale = await this.exchange.ask<ExchangeOrder>(path, params, 'POST');
      sold += Number(sale.executedQty);
      const query = { symbol, origClientOrderId: id };
      const truth = await this.exchange.ask<ExchangeOrder>(path, query);
      if (truth.status === 'FILLED') return { sold, truth };
    }
  }

  /** 0.1 BTC bought at the market unless told otherwise. */
  terms(changes: Partial<OrderTerms> = {}): OrderTerms {
    return {
      instrument: BTC,
      account: ACCOUNT,
      side: 'Buy',
      type: 'Market',
      quantity: quantity(10 ** (this.instrument.quantityScale - 1)),
      timeInForce: 'GTC',
      postOnly: false,
      reduceOnly: false,
      ...changes,
    };
  }
}

async function openBench(): Promise<Bench> {
  const exchange = cleanup.use(await ExchangeRig.open(3, HOLDINGS));
  return new Bench(exchange, await exchange.instrument(BTC));
}

function read(folder: string): { readonly inputs: Input[]; readonly intents: Effect[] } {
  const inputs: Input[] = [];
  const intents: Effect[] = [];
  const done = readSession(folder, {
    onInput: (input) => void inputs.push(input),
    onIntent: (intent) => void intents.push(intent),
  });
  if (!done.ok) throw new Error(done.error.message);
  return { inputs, intents };
}

/** Inputs and intents in the order they were recorded, in a word each. */
function story(folder: string): string[] {
  const words: string[] = [];
  readSession(folder, {
    onInput: (input) => {
      words.push(input.type === 'Venue' ? input.report.type : input.type);
    },
    onIntent: ({ type }) => void words.push(type),
  });
  return words;
}

test('an account goes from session to session: 5 BTC before, 0.1 bought, after a clean end and after a kill', async () => {
  const bench = await openBench();
  const one = await bench.open('one');
  await one.agree();
  const bought = await bench.send(one, {});
  await until('the purchase', () => one.orders.get(bought)?.status === 'Filled');
  const before = present(one.positions.get(BTC), 'position');
  await one.stop();
  const last = replaySession(bench.folder('one'));
  if (!last.ok) throw new Error(last.error.message);
  const hash = stateHash(last.value.kernel.encodeState());

  const two = await bench.open('two');
  await two.agree();
  expect(two.account?.tradingState).toBe('Locked');
  expect(two.positions.get(BTC)).toMatchObject({
    quantity: before.quantity,
    openCost: before.openCost,
    fees: before.fees,
  });
  const [started] = read(bench.folder('two')).inputs;
  expect(started).toMatchObject({ carried: [{ session: 'one', stateHash: hash, proved: true }] });
  expect(started?.type === 'SessionStarted' && started.carried?.[0]?.ledger).toContainEqual(
    expect.objectContaining({ asset: 'BTC', baseline: 500_000_000n }),
  );

  // Ours rests when everything dies; what fills it, placed elsewhere, comes while nothing runs.
  const { bid, ask } = await bench.quote();
  const level = price(Math.max(bid, ask - bench.instrument.tickSize));
  const resting = await bench.send(two, { type: 'Limit', price: level });
  await until('it rests', () => two.orders.get(resting)?.acceptedAt !== undefined);
  await two.kill();
  const { sold, truth } = await bench.sellUntilFilled(resting);

  const three = await bench.open('three');
  await three.agree();
  const scale = 10 ** bench.instrument.quantityScale;
  expect(three.orders.get(resting)).toMatchObject({
    origin: 'Manual',
    cumQty: Math.round(Number(truth.executedQty) * scale),
  });
  expect(three.orders.get('web-1' as ClientOrderId)).toMatchObject({ origin: 'External' });
  const moved = Number(truth.executedQty) - sold;
  expect(three.positions.get(BTC)?.quantity).toBe(before.quantity + Math.round(moved * scale));
  expect(read(bench.folder('three')).intents.map(({ type }) => type)).not.toContain('SendOrder');

  // A cancel from elsewhere.
  const far = price((await bench.quote()).bid - 2_000 * bench.instrument.tickSize);
  const left = await bench.send(three, { type: 'Limit', price: far });
  await until('it rests', () => three.orders.get(left)?.acceptedAt !== undefined);
  const cancel = { symbol: 'BTCUSDT', origClientOrderId: left };
  await bench.exchange.ask('/api/v3/order', cancel, 'DELETE');
  await until('its end', () => three.orders.get(left)?.status === 'Canceled');
  await three.stop();
  for (const session of ['two', 'three']) {
    const replay = replaySession(bench.folder(session));
    expect(replay.ok && replay.value.firstDifference).toBeUndefined();
    // One that was killed may have died before it recorded a hash.
    expect(session === 'two' || (replay.ok && replay.value.hashes > 0)).toBe(true);
  }

  // Another exchange behind the same name: nothing of it is taken until a person does.
  const other = cleanup.use(await ExchangeRig.open(4, HOLDINGS));
  const four = await bench.open('four', other);
  await four.openWindow();
  await until('a difference', () => four.account?.reconciliation.state === 'Differs');
  expect(four.positions.get(BTC)?.quantity).toBe(three.positions.get(BTC)?.quantity);
  const unlock = { type: 'Unlock', account: ACCOUNT } as const;
  expect(await four.ask(unlock)).toMatchObject({ ok: false, code: 'NOT_RECONCILED' });
  await four.ask({ type: 'AcceptBalances', account: ACCOUNT });
  await until('agreement', () => four.account?.reconciliation.state === 'Agrees');
  expect(four.positions.get(BTC)?.quantity ?? 0).toBe(0);
}, 90_000);

test('an order that was journalled and never sent is found out, never sent; nothing is asked before the stream is there', async () => {
  const bench = await openBench();
  const trade = await bench.open('one');
  await trade.agree();
  await trade.ask({ type: 'Unlock', account: ACCOUNT });
  await trade.ask({ type: 'Arm' });
  await bench.quote();
  await trade.kill();

  // As a process does that dies between journal and wire.
  const folder = bench.folder('one');
  const replay = replaySession(folder);
  if (!replay.ok) throw new Error(replay.error.message);
  const { kernel, read: found } = replay.value;
  const journal = SessionJournal.open(folder, found.marketCount);
  if (!journal.ok) throw new Error(journal.error.detail);
  const at = unixMicros(Date.now() * 1000);
  const command = { type: 'SubmitOrder', terms: bench.terms() } as const;
  const envelope = { commandId: 'command-x', client: 'desk-1' as ClientId, command };
  const input: Input = { type: 'UserCommand', envelope, at };
  journal.value.appendInput(input, BigInt(at) * 1000n);
  const sends = kernel.apply(input).filter(({ type }) => type === 'SendOrder');
  for (const intent of sends) journal.value.appendIntent(intent, BigInt(at) * 1000n);
  journal.value.close();
  const [lost] = sends;
  const id = lost?.type === 'SendOrder' ? lost.order.clientOrderId : ('' as ClientOrderId);
  const told = story(folder).length;

  const again = await bench.open('one');
  await again.openWindow();
  expect(again.orders.get(id)).toMatchObject({ status: 'Submitted' });
  expect(again.orders.get(id)).toHaveProperty('unknownSince');
  await until('its fate', () => again.orders.get(id)?.status === 'Rejected', 30_000);
  expect(again.orders.get(id)?.reason?.code).toBe('NOT_AT_VENUE');
  await until('agreement', () => again.account?.reconciliation.state === 'Agrees', 30_000);
  expect(again.account?.tradingState).toBe('Locked');
  const symbol = 'BTCUSDT';
  expect(await bench.exchange.ask<ExchangeOrder[]>('/api/v3/allOrders', { symbol })).toEqual([]);
  const { intents } = read(folder);
  expect(intents.filter(({ type }) => type === 'SendOrder')).toHaveLength(1);
  const order = story(folder).slice(told);
  const asks = ['SendQuery', 'SendReconcile', 'SendListOrders'];
  const first = (...words: string[]): number => order.findIndex((word) => words.includes(word));
  expect(order[0]).toBe('SessionStarted');
  expect(first('ConnectionChanged')).toBeGreaterThan(0);
  expect(first(...asks)).toBeGreaterThan(first('ConnectionChanged'));
  expect(first('AccountSnapshot')).toBeGreaterThan(first('SendReconcile'));
}, 90_000);

test('a session that has begun does not go on from a journal that holds nothing of it', async () => {
  const bench = await openBench();
  await expect(bench.open('lost', bench.exchange, { begun: true })).rejects.toThrow(
    'the session has begun, and its journal holds nothing of it',
  );
  expect(story(bench.folder('lost'))).toEqual([]);
}, 90_000);
