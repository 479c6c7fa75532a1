import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ManualSandboxClock } from './manual-clock.ts';
import { createSandbox } from './sandbox.ts';
import { hmac, SandboxClient, START_MS, type Json } from './testing/sandbox-client.ts';

const ORDER = {
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.01',
  price: '60000',
};

let client: SandboxClient;

beforeAll(async () => {
  client = await SandboxClient.start({ limits: 'open' });
});

afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

describe('a public request', () => {
  test.each([
    ['/api/v3/depth', 400, -1102],
    ['/api/v3/depth?symbol=', 400, -1102],
    ['/api/v3/depth?symbol=NOSUCH', 400, -1121],
    ['/api/v3/depth?symbol=btcusdt', 400, -1100],
    ['/api/v3/depth?symbol=BTCUSDT&limit=many', 400, -1100],
    ['/api/v3/depth?symbol=BTCUSDT&limit=0', 400, -1130],
    ['/api/v3/depth?symbol=BTCUSDT&symbol=ETHUSDT', 400, -1101],
    ['/api/v3/depth?symbol=%E0%A4%A', 400, -1100],
    ['/api/v3/klines?symbol=BTCUSDT&interval=7m', 400, -1120],
    ['/api/v3/klines?symbol=BTCUSDT&interval=constructor', 400, -1120],
    ['/api/v3/aggTrades?symbol=BTCUSDT&fromId=1&startTime=1', 400, -1128],
    ['/api/v3/exchangeInfo?symbols=BTCUSDT', 400, -1100],
    ['/api/v3/exchangeInfo?symbols=["NOSUCH"]', 400, -1121],
    ['/api/v3/nothing', 404, -1000],
    ['/', 404, -1000],
  ])('%s is %i %i', async (target, status, code) => {
    const answer = await client.raw('GET', target);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });
});

test('a body without end is not read to its end', async () => {
  const body = 'x'.repeat(1_000_000);
  const answer = await fetch(`${client.sandbox.url}/api/v3/order`, { method: 'POST', body });
  expect(answer.status).toBe(413);
  expect((await client.get('/api/v3/ping')).status).toBe(200);
});

describe('a signed request', () => {
  async function send(
    payload: string,
    headers: Record<string, string>,
    signature = hmac(client.key('trading').secret, payload),
  ): Promise<[number, unknown]> {
    const target = `/api/v3/account?${payload}&signature=${signature}`;
    const answer = await client.raw('GET', target, headers);
    return [answer.status, answer.body['code']];
  }

  test('needs key, time and signature', async () => {
    const headers = { 'X-MBX-APIKEY': client.key('trading').apiKey };
    const now = client.nowMs();
    expect(await send(`timestamp=${now}`, headers)).toEqual([200, undefined]);
    expect(await send(`timestamp=${now}`, {})).toEqual([401, -2014]);
    expect(await send(`timestamp=${now}`, { 'X-MBX-APIKEY': 'x'.repeat(64) })).toEqual([
      401, -2015,
    ]);
    expect(await send('recvWindow=5000', headers)).toEqual([400, -1102]);
    expect(await send(`timestamp=${now - 6000}`, headers)).toEqual([400, -1021]);
    expect(await send(`timestamp=${now + 1000}`, headers)).toEqual([400, -1021]);
    expect(await send(`timestamp=${now}`, headers, 'f'.repeat(64))).toEqual([400, -1022]);
  });

  test('may carry its parameters in query, body or both', async () => {
    const { apiKey, secret } = client.key('trading');
    const first = 'symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01';
    const second = `price=60000&timestamp=${client.nowMs()}`;
    const headers = {
      'X-MBX-APIKEY': apiKey,
      'Content-Type': 'application/x-www-form-urlencoded',
    };
    const post = async (query: string, body: string): Promise<number> => {
      const url = `${client.sandbox.url}/api/v3/order/test?${query}`;
      return (await fetch(url, { method: 'POST', headers, body })).status;
    };
    const whole = `${first}&${second}`;
    expect(await post('', `${whole}&signature=${hmac(secret, whole)}`)).toBe(200);
    expect(await post(first, `${second}&signature=${hmac(secret, first + second)}`)).toBe(200);
    expect(await post(first, `${second}&signature=${hmac(secret, whole)}`)).toBe(400);
  });

  test('does only what its key may do', async () => {
    const denied = await client.signed('POST', '/api/v3/order', ORDER, 'reading');
    expect([denied.status, denied.body['code']]).toEqual([401, -2015]);
    expect((await client.signed('GET', '/api/v3/account', {}, 'reading')).status).toBe(200);
    const rights = '/sapi/v1/account/apiRestrictions';
    for (const [name, trades, withdraws] of [
      ['trading', true, false],
      ['reading', false, false],
      ['withdrawing', true, true],
    ] as const) {
      const answer = await client.signed('GET', rights, {}, name);
      expect(answer.body).toMatchObject({
        ipRestrict: false,
        enableReading: true,
        enableSpotAndMarginTrading: trades,
        enableWithdrawals: withdraws,
      });
    }
  });

  test.each([
    ['DELETE', '/api/v3/order', { symbol: 'BTCUSDT', orderId: 5 }, -2011],
    ['DELETE', '/api/v3/order', { symbol: 'BTCUSDT' }, -1102],
    ['GET', '/api/v3/order', { symbol: 'BTCUSDT', origClientOrderId: 'never' }, -2013],
    ['DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' }, -2011],
    ['GET', '/api/v3/myTrades', { symbol: 'BTCUSDT', startTime: 1, endTime: 86_400_002 }, -1127],
    ['POST', '/api/v3/order', { ...ORDER, quantity: '2' }, -2010],
  ])('%s %s %o is %i', async (method, path, parameters, code) => {
    const answer = await client.signed(method, path, parameters);
    expect(answer.body['code']).toBe(code);
  });
});

describe('the WebSocket API', () => {
  test.each([
    ['{', null, -1135],
    ['7', null, -1135],
    ['{"id":1}', null, -1135],
    ['{"id":[],"method":"time"}', null, -1135],
    ['{"id":"a","method":"dance"}', 'a', -1000],
    ['{"id":"b","method":"depth"}', 'b', -1102],
    ['{"id":"c","method":"depth","params":"BTCUSDT"}', 'c', -1102],
    ['{"id":"d","method":"account.status","params":{}}', 'd', -2014],
    ['{"id":"e","method":"session.logon","params":{}}', 'e', -4056],
  ])('answers %s with an error', async (text, id, code) => {
    const listener = await client.listen('/ws-api/v3');
    listener.socket.send(text);
    const answer = await listener.message(() => true);
    expect(answer['id']).toBe(id);
    expect((answer['error'] as Json)['code']).toBe(code);
  });

  test('refuses a wrong signature and a second subscription', async () => {
    const listener = await client.userStream();
    const signed = client.wsParameters({});
    const wrong = { ...signed, signature: 'f'.repeat(64) };
    const method = 'userDataStream.subscribe.signature';
    expect(await listener.ask(2, method, wrong)).toMatchObject({ error: { code: -1022 } });
    expect(await listener.ask(3, method, signed)).toMatchObject({ error: { code: -1130 } });
  });

  test('an unknown path is no WebSocket', async () => {
    await expect(client.listen('/ws-api/v2')).rejects.toThrow('404');
  });
});

describe('limits', () => {
  test('are counted, refused with the time to wait, and end in a ban', async () => {
    await using venue = await SandboxClient.start();
    const depth = { symbol: 'BTCUSDT', limit: 5000 };
    for (let count = 1; count <= 24; count += 1) {
      const answer = await venue.get('/api/v3/depth', depth);
      expect(answer.headers.get('x-mbx-used-weight-1m')).toBe(String(count * 250));
    }
    const over = await venue.get('/api/v3/ping');
    expect([over.status, over.body['code']]).toEqual([429, -1003]);
    const untilMinute = 60 - (Math.floor(START_MS / 1000) % 60);
    expect(over.headers.get('retry-after')).toBe(String(untilMinute));
    for (let count = 0; count < 20; count += 1) await venue.get('/api/v3/ping');
    const banned = await venue.get('/api/v3/ping');
    expect([banned.status, banned.headers.get('retry-after')]).toEqual([418, '120']);
    venue.clock.advance(120_000);
    expect((await venue.get('/api/v3/ping')).status).toBe(200);
  });

  test('hold the orders of ten seconds; an order that was taken costs no weight', async () => {
    await using venue = await SandboxClient.start();
    for (let count = 1; count <= 50; count += 1) {
      const answer = await venue.signed('POST', '/api/v3/order', { ...ORDER, quantity: '0.001' });
      expect(answer.headers.get('x-mbx-order-count-10s')).toBe(String(count));
      expect(answer.headers.get('x-mbx-used-weight-1m')).toBe('0');
    }
    const over = await venue.signed('POST', '/api/v3/order', ORDER);
    expect([over.status, over.body['code']]).toEqual([429, -1015]);
    expect(over.headers.has('retry-after')).toBe(true);
    venue.clock.advance(10_000);
    expect((await venue.signed('POST', '/api/v3/order', ORDER)).status).toBe(200);
  });
});

test('a port in use is told', async () => {
  const { port } = client.sandbox;
  const clock = new ManualSandboxClock(START_MS);
  const second = await createSandbox({ clock, seed: 1, port, limits: 'venue' });
  expect(second).toMatchObject({ ok: false, error: { code: 'PORT_IN_USE', port } });
});

test('a long stall is skipped, not caught up', async () => {
  await using stalled = await SandboxClient.start();
  const last = async (): Promise<Json> => {
    const answer = await stalled.get('/api/v3/trades', { symbol: 'BTCUSDT', limit: 1 });
    return (answer.body as unknown as Json[])[0] ?? {};
  };
  const before = await last();
  stalled.clock.leap(3 * 3_600_000);
  const after = await last();
  expect((after['id'] as number) - (before['id'] as number)).toBeLessThan(1000);
  expect(stalled.nowMs() - (after['time'] as number)).toBeLessThan(5000);
  const rows = await stalled.get('/api/v3/klines', {
    symbol: 'BTCUSDT',
    interval: '1m',
    limit: 180,
  });
  const bars = rows.body as unknown[][];
  expect(bars).toHaveLength(180);
  expect(bars[100]?.[8]).toBe(0);
});
