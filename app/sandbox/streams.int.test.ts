import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SandboxClient, type Json, type Listener } from './testing/sandbox-client.ts';

let client: SandboxClient;

beforeEach(async () => {
  client = await SandboxClient.start();
});

afterEach(async () => {
  await client[Symbol.asyncDispose]();
});

async function subscribed(...streams: string[]): Promise<Listener> {
  const listener = await client.listen(`/stream?streams=${streams.join('/')}`);
  await listener.ask(1, 'LIST_SUBSCRIPTIONS', []);
  return listener;
}

/** Lets time pass in pieces short enough for the client to answer the pings. */
async function run(listener: Listener, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 15_000) {
    client.clock.advance(Math.min(left, 15_000));
    await listener.ask(100_000 + client.nowMs(), 'LIST_SUBSCRIPTIONS', []);
  }
}

function dataOf(listener: Listener, stream: string): Json[] {
  return listener.messages
    .filter((message) => message['stream'] === stream)
    .map((message) => message['data'] as Json);
}

/** A book kept as the sheet tells a client to. */
class ClientBook {
  readonly bids = new Map<string, string>();
  readonly asks = new Map<string, string>();
  id: number;

  constructor(snapshot: Json) {
    this.id = snapshot['lastUpdateId'] as number;
    this.#set(this.bids, snapshot['bids']);
    this.#set(this.asks, snapshot['asks']);
  }

  apply(event: Json): void {
    if ((event['u'] as number) <= this.id) return;
    expect(event['U']).toBeLessThanOrEqual(this.id + 1);
    this.#set(this.bids, event['b']);
    this.#set(this.asks, event['a']);
    this.id = event['u'] as number;
  }

  #set(side: Map<string, string>, levels: unknown): void {
    for (const [price, quantity] of levels as [string, string][]) {
      if (Number(quantity) === 0) side.delete(price);
      else side.set(price, quantity);
    }
  }
}

test.each(['', '@100ms'])(
  'depth%s and a snapshot make the book the exchange has',
  async (speed) => {
    const name = `btcusdt@depth${speed}`;
    const listener = await subscribed(name);
    client.clock.advance(2050);
    const first = await client.get('/api/v3/depth', { symbol: 'BTCUSDT', limit: 5000 });
    const book = new ClientBook(first.body);
    await run(listener, 30_000);
    await client.signed('POST', '/api/v3/order', {
      symbol: 'BTCUSDT',
      side: 'SELL',
      type: 'MARKET',
      quantity: '1',
    });
    // Up to the end of a second, when both streams have sent everything.
    client.clock.advance(1000 - (client.nowMs() % 1000));
    const last = await client.get('/api/v3/depth', { symbol: 'BTCUSDT', limit: 5000 });
    await listener.message(
      (message) => (message['data'] as Json)?.['u'] === last.body['lastUpdateId'],
    );

    const events = dataOf(listener, name);
    events.slice(1).forEach((event, index) => {
      expect(event['U']).toBe((events[index]?.['u'] as number) + 1);
    });
    for (const event of events) book.apply(event);
    expect(book.id).toBe(last.body['lastUpdateId']);
    expect(book.bids).toEqual(new Map(last.body['bids'] as [string, string][]));
    expect(book.asks).toEqual(new Map(last.body['asks'] as [string, string][]));
  },
);

test('trades, aggregates, bars and the best quote tell one story', async () => {
  const listener = await subscribed(
    'ethusdt@trade',
    'ethusdt@aggTrade',
    'ethusdt@kline_1m',
    'ethusdt@bookTicker',
  );
  await run(listener, 3 * 60_000);
  await run(listener, 60_000 - (client.nowMs() % 60_000) + 2000);
  const isClosed = (message: Json): boolean =>
    ((message['data'] as Json)?.['k'] as Json)?.['x'] === true;
  const ticker = await client.get('/api/v3/ticker/bookTicker', { symbol: 'ETHUSDT' });
  const rows = await client.get('/api/v3/klines', { symbol: 'ETHUSDT', interval: '1m', limit: 5 });
  await listener.message(
    (message) =>
      isClosed(message) &&
      ((message['data'] as Json)['k'] as Json)['t'] === (rows.body as unknown[][])[3]?.[0],
  );
  await listener.ask(2, 'LIST_SUBSCRIPTIONS', []);

  const trades = dataOf(listener, 'ethusdt@trade');
  trades.slice(1).forEach((trade, index) => {
    expect(trade['t']).toBe((trades[index]?.['t'] as number) + 1);
  });
  const closed = listener.messages
    .filter(isClosed)
    .map((message) => (message['data'] as Json)['k'] as Json);
  const whole = closed.slice(1);
  expect(whole.length).toBeGreaterThanOrEqual(3);
  for (const bar of whole) {
    const inside = trades.filter(
      (trade) =>
        (trade['T'] as number) >= (bar['t'] as number) &&
        (trade['T'] as number) <= (bar['T'] as number),
    );
    const prices = inside.map((trade) => Number(trade['p']));
    expect(bar['n']).toBe(inside.length);
    expect([bar['f'], bar['L']]).toEqual([inside[0]?.['t'], inside.at(-1)?.['t']]);
    expect([bar['o'], bar['c']]).toEqual([inside[0]?.['p'], inside.at(-1)?.['p']]);
    expect([Number(bar['h']), Number(bar['l'])]).toEqual([
      Math.max(...prices),
      Math.min(...prices),
    ]);
    const volume = inside.reduce((sum, trade) => sum + Number(trade['q']), 0);
    expect(Number(bar['v'])).toBeCloseTo(volume, 6);
    const row = (rows.body as unknown[][]).find((entry) => entry[0] === bar['t']);
    expect(row?.slice(1, 9)).toEqual([
      bar['o'],
      bar['h'],
      bar['l'],
      bar['c'],
      bar['v'],
      bar['T'],
      bar['q'],
      bar['n'],
    ]);
  }

  const aggregates = dataOf(listener, 'ethusdt@aggTrade');
  const covered = aggregates.flatMap((entry) =>
    Array.from(
      { length: (entry['l'] as number) - (entry['f'] as number) + 1 },
      (_, index) => (entry['f'] as number) + index,
    ),
  );
  expect(covered).toEqual(trades.map((trade) => trade['t']));

  const quote = dataOf(listener, 'ethusdt@bookTicker').at(-1);
  expect([quote?.['b'], quote?.['B'], quote?.['a'], quote?.['A']]).toEqual([
    ticker.body['bidPrice'],
    ticker.body['bidQty'],
    ticker.body['askPrice'],
    ticker.body['askQty'],
  ]);
});

test('the past joins the present without a hole', async () => {
  const minutes = await client.get('/api/v3/klines', {
    symbol: 'SOLUSDT',
    interval: '1m',
    limit: 1000,
  });
  const rows = minutes.body as unknown[][];
  expect(rows).toHaveLength(1000);
  rows.slice(1).forEach((row, index) => {
    expect(row[0]).toBe((rows[index]?.[0] as number) + 60_000);
  });
  const days = await client.get('/api/v3/klines', {
    symbol: 'SOLUSDT',
    interval: '1d',
    limit: 1000,
  });
  expect(days.body).toHaveLength(731);
  const yesterday = (days.body as unknown[][]).at(-2);
  const hours = await client.get('/api/v3/klines', {
    symbol: 'SOLUSDT',
    interval: '1h',
    startTime: yesterday?.[0] as number,
    endTime: yesterday?.[6] as number,
  });
  const hourRows = hours.body as unknown[][];
  expect(hourRows).toHaveLength(24);
  expect(hourRows.reduce((sum, row) => sum + (row[8] as number), 0)).toBe(yesterday?.[8]);
  expect([hourRows[0]?.[1], hourRows.at(-1)?.[4]]).toEqual([yesterday?.[1], yesterday?.[4]]);
});

describe('a stream connection', () => {
  test('subscribes, lists, unsubscribes and complains as the venue does', async () => {
    const listener = await client.listen('/ws/btcusdt@trade');
    expect(await listener.ask(1, 'SUBSCRIBE', ['ethusdt@depth@100ms', 'nosuch@trade'])).toEqual({
      result: null,
      id: 1,
    });
    expect(await listener.ask(2, 'UNSUBSCRIBE', ['btcusdt@trade'])).toEqual({
      result: null,
      id: 2,
    });
    expect(await listener.ask(3, 'LIST_SUBSCRIPTIONS', undefined)).toEqual({
      result: ['ethusdt@depth@100ms', 'nosuch@trade'],
      id: 3,
    });
    listener.socket.send('{"method"');
    expect(await listener.message((message) => message['code'] === 3)).toMatchObject({ code: 3 });
    expect(await listener.ask(4, 'DANCE', [])).toMatchObject({ code: 2, id: 4 });
  });

  test('is cut when it sends more than five messages in a second', async () => {
    const listener = await client.listen('/ws');
    for (let id = 1; id <= 6; id += 1) {
      listener.socket.send(JSON.stringify({ id, method: 'LIST_SUBSCRIPTIONS' }));
    }
    expect(await listener.closed()).toBe(1008);
  });

  test('is pinged every 20 s and dropped after a minute without an answer', async () => {
    const answering = await client.listen('/ws');
    const silent = await client.listen('/ws');
    let pings = 0;
    answering.socket.on('ping', () => {
      pings += 1;
    });
    const dropped = silent.closed();
    silent.socket.pause();
    while (pings < 5) {
      const before = pings;
      const pinged = new Promise((resolve) => answering.socket.once('ping', resolve));
      client.clock.advance(20_000);
      await pinged;
      // An answer to a message sent after the pong shows that the pong has arrived.
      await answering.ask(before + 1, 'LIST_SUBSCRIPTIONS', []);
    }
    silent.socket.resume();
    expect(await dropped).toBe(1006);
    expect(answering.socket.readyState).toBe(answering.socket.OPEN);
  });
});

test('a connection is told before it is closed for its age', async () => {
  await using short = await SandboxClient.start({ connectionLifetimeMs: 5000 });
  const streams = await short.listen('/stream?streams=btcusdt@trade');
  const api = await short.listen('/ws-api/v3');
  short.clock.advance(5000);
  expect(await streams.message((message) => message['stream'] === '!serverShutdown')).toMatchObject(
    {
      data: { e: 'serverShutdown' },
    },
  );
  expect(await api.message((message) => 'event' in message)).toMatchObject({
    event: { e: 'serverShutdown' },
  });
  short.clock.advance(6000);
  expect(await streams.closed()).toBe(1001);
});

test('nothing the exchange sends names a regime', async () => {
  const listener = await subscribed(
    'btcusdt@trade',
    'btcusdt@aggTrade',
    'btcusdt@depth',
    'btcusdt@depth5',
    'btcusdt@bookTicker',
    'btcusdt@kline_1m',
    'btcusdt@ticker',
    'btcusdt@miniTicker',
    '!miniTicker@arr',
  );
  const symbol = { symbol: 'BTCUSDT' };
  const answers = await Promise.all([
    client.get('/api/v3/exchangeInfo'),
    client.get('/api/v3/depth', symbol),
    client.get('/api/v3/trades', symbol),
    client.get('/api/v3/aggTrades', symbol),
    client.get('/api/v3/klines', { ...symbol, interval: '1d' }),
    client.get('/api/v3/ticker/24hr'),
    client.get('/api/v3/avgPrice', symbol),
    client.signed('GET', '/api/v3/account'),
  ]);
  client.clock.advance(5000);
  await listener.ask(2, 'LIST_SUBSCRIPTIONS', []);
  const said = JSON.stringify([answers.map((answer) => answer.body), listener.messages]);
  expect(client.sandbox.labels().length).toBeGreaterThan(50);
  expect(said).not.toMatch(/regime|label|calm|trend|chop|crash/i);
});
