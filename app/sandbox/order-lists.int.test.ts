import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SandboxClient, type Answer, type Json } from './testing/sandbox-client.ts';

const LIST = '/api/v3/orderList/oco';
const ORDER = '/api/v3/order';

let client: SandboxClient;

beforeAll(async () => {
  client = await SandboxClient.start();
});

afterEach(async () => {
  await client.signed('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
});

afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

async function lastPrice(): Promise<number> {
  const { body } = await client.get('/api/v3/ticker/price', { symbol: 'BTCUSDT' });
  return Number(body['price']);
}

/** A list to sell 0.01 around the last price, changed as the test needs it. */
async function placeList(changes: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const last = await lastPrice();
  return client.signed('POST', LIST, {
    ...{ symbol: 'BTCUSDT', side: 'SELL', quantity: '0.01', listClientOrderId: 'exits' },
    ...{ aboveType: 'LIMIT_MAKER', abovePrice: (last * 1.1).toFixed(2) },
    ...{ aboveClientOrderId: 'profit', belowClientOrderId: 'loss' },
    ...{ belowType: 'STOP_LOSS', belowStopPrice: (last * 0.9).toFixed(2) },
    ...changes,
  });
}

async function locked(): Promise<string | undefined> {
  const { body } = await client.signed('GET', '/api/v3/account');
  const balances = body['balances'] as { asset: string; locked: string }[];
  return balances.find(({ asset }) => asset === 'BTC')?.locked;
}

async function query(origClientOrderId: string): Promise<Json> {
  const answer = await client.signed('GET', ORDER, { symbol: 'BTCUSDT', origClientOrderId });
  return answer.body;
}

test('both legs are taken under their ids, and what they sell is set aside once', async () => {
  const stream = await client.userStream();
  const { status, body } = await placeList();
  expect(status).toBe(200);
  expect(body).toMatchObject({
    ...{ contingencyType: 'OCO', listStatusType: 'EXEC_STARTED', listClientOrderId: 'exits' },
    orders: [{ clientOrderId: 'loss' }, { clientOrderId: 'profit' }],
    orderReports: [
      { type: 'STOP_LOSS', status: 'NEW', origQty: '0.01000000' },
      { type: 'LIMIT_MAKER', status: 'NEW', origQty: '0.01000000' },
    ],
  });
  expect(await locked()).toBe('0.01000000');
  const { orderListId } = body;
  expect(await query('loss')).toMatchObject({ orderListId, status: 'NEW', isWorking: false });
  const told = await stream.message((one) => (one['event'] as Json)?.['e'] === 'listStatus');
  expect(told['event']).toMatchObject({ g: orderListId, l: 'EXEC_STARTED', L: 'EXECUTING' });
});

test('the cancel of one leg ends both and says so', async () => {
  await placeList();
  const stream = await client.userStream();
  const answer = await client.signed('DELETE', ORDER, {
    ...{ symbol: 'BTCUSDT', origClientOrderId: 'loss' },
  });
  expect(answer.body).toMatchObject({
    listOrderStatus: 'ALL_DONE',
    orderReports: [
      { origClientOrderId: 'loss', status: 'CANCELED' },
      { origClientOrderId: 'profit', status: 'CANCELED' },
    ],
  });
  expect(await locked()).toBe('0.00000000');
  const told = await stream.message((one) => (one['event'] as Json)?.['e'] === 'listStatus');
  expect(told['event']).toMatchObject({ l: 'ALL_DONE', C: 'exits' });
  const again = await client.signed('DELETE', ORDER, {
    ...{ symbol: 'BTCUSDT', origClientOrderId: 'profit' },
  });
  expect(again.body).toMatchObject({ code: -2011, msg: 'Unknown order sent.' });
});

test('a list is canceled by its own name too', async () => {
  await placeList();
  const by = { symbol: 'BTCUSDT', listClientOrderId: 'exits' };
  const { body } = await client.signed('DELETE', '/api/v3/orderList', by);
  expect(body).toMatchObject({ listOrderStatus: 'ALL_DONE' });
  const again = await client.signed('DELETE', '/api/v3/orderList', by);
  expect(again.body).toMatchObject({ code: -2011 });
});

test.each([
  [{ belowStopPrice: '999999.00' }, -2010, 'The relationship of the prices'],
  [{ aboveType: 'LIMIT', aboveTimeInForce: 'GTC' }, -1014, 'Unsupported order combination.'],
  [{ aboveClientOrderId: 'loss' }, -2010, 'Duplicate order sent.'],
  [{ quantity: '90' }, -2010, 'Account has insufficient balance'],
  [{ belowType: '' }, -1102, 'belowType'],
])('a list with %j is refused whole', async (changes, code, words) => {
  const { body } = await placeList(changes);
  expect(body['code']).toBe(code);
  expect(body['msg']).toContain(words);
  const open = await client.signed('GET', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
  expect(open.body).toEqual([]);
  expect(await locked()).toBe('0.00000000');
});

test('the book shows one part of an iceberg', async () => {
  await client.signed('POST', ORDER, {
    ...{ symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC' },
    ...{ quantity: '0.05', price: '50000.00', icebergQty: '0.01', newClientOrderId: 'ice' },
  });
  expect(await query('ice')).toMatchObject({ origQty: '0.05000000', icebergQty: '0.01000000' });
  const depth = await client.get('/api/v3/depth', { symbol: 'BTCUSDT', limit: 5000 });
  expect((depth.body['bids'] as string[][]).at(-1)).toEqual(['50000.00000000', '0.01000000']);
});
