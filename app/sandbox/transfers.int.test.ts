import { afterEach, beforeEach, expect, test } from 'vitest';
import { openControlPort, type ControlPort } from './faults/control-port.ts';
import { SandboxClient, type Json } from './testing/sandbox-client.ts';

let client: SandboxClient;
let port: ControlPort;

beforeEach(async () => {
  client = await SandboxClient.start();
  port = await openControlPort(client.sandbox);
});

afterEach(async () => {
  await port[Symbol.asyncDispose]();
  await client[Symbol.asyncDispose]();
});

async function move(body: string, method = 'POST'): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${port.url}/transfers`, {
    method,
    headers: { authorization: `Bearer ${port.token}` },
    ...(method === 'POST' ? { body } : {}),
  });
  return { status: response.status, body: (await response.json()) as Json };
}

async function balance(asset: string): Promise<Json | undefined> {
  const { body } = await client.signed('GET', '/api/v3/account');
  return (body['balances'] as Json[]).find((one) => one['asset'] === asset);
}

test('a withdrawal and a deposit are in the account, and told as the venue tells them', async () => {
  const stream = await client.userStream();
  expect(await move('{"asset": "USDT", "amount": "-250.5"}')).toEqual({
    status: 200,
    body: { asset: 'USDT', free: '99749.50000000' },
  });
  expect(await balance('USDT')).toEqual({
    asset: 'USDT',
    free: '99749.50000000',
    locked: '0.00000000',
  });
  const time = client.nowMs();
  await stream.message(({ event }) => (event as Json | undefined)?.['B'] !== undefined);
  expect(stream.messages.map(({ event }) => event).filter((event) => event !== undefined)).toEqual([
    { e: 'balanceUpdate', E: time, a: 'USDT', d: '-250.50000000', T: time },
    {
      e: 'outboundAccountPosition',
      E: time,
      u: time,
      B: [{ a: 'USDT', f: '99749.50000000', l: '0.00000000' }],
    },
  ]);
  await move('{"asset": "DOGE", "amount": "0.00000001"}');
  expect(await balance('DOGE')).toMatchObject({ free: '0.00000001' });
});

test('what an order has set aside cannot be withdrawn', async () => {
  const order = { symbol: 'BTCUSDT', side: 'SELL', type: 'LIMIT', timeInForce: 'GTC' };
  const placed = await client.signed('POST', '/api/v3/order', {
    ...order,
    quantity: '4',
    price: '90000',
  });
  expect(placed.status).toBe(200);
  expect(await move('{"asset": "BTC", "amount": "-1.00000001"}')).toEqual({
    status: 400,
    body: {
      problems: ['request:1 amount "-1.00000001", expected at most the 1.00000000 that are free'],
    },
  });
  expect(await move('{"asset": "BTC", "amount": "-1"}')).toMatchObject({ status: 200 });
  expect(await balance('BTC')).toMatchObject({ free: '0.00000000', locked: '4.00000000' });
});

test('money is moved by POST of what can be read, and by nothing else', async () => {
  expect(await move('{}')).toMatchObject({ status: 400 });
  expect(await move('', 'GET')).toEqual({ status: 405, body: { problems: ['expected POST'] } });
});
