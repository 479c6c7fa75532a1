import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventsOf, SandboxClient, type Answer, type Json } from './testing/sandbox-client.ts';

const ORDER = '/api/v3/order';
const REPLACE = '/api/v3/order/cancelReplace';

let client: SandboxClient;

beforeEach(async () => {
  client = await SandboxClient.start();
});

afterEach(async () => {
  await client[Symbol.asyncDispose]();
});

type Fields = Readonly<Record<string, string | number>>;

function place(fields: Fields): Promise<Answer> {
  return client.signed('POST', ORDER, { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', ...fields });
}

function rest(fields: Fields = {}): Promise<Answer> {
  return place({ timeInForce: 'GTC', quantity: '0.05', price: '60000.00', ...fields });
}

function idOf(placed: Answer): number {
  return placed.body['orderId'] as number;
}

async function balance(asset: string): Promise<{ free: string; locked: string }> {
  const account = await client.signed('GET', '/api/v3/account');
  const balances = account.body['balances'] as { asset: string; free: string; locked: string }[];
  const found = balances.find((entry) => entry.asset === asset);
  return { free: found?.free ?? '', locked: found?.locked ?? '' };
}

/** Decimal text with 8 decimals as a whole number. */
function units(text: unknown): bigint {
  return BigInt(String(text).replace('.', ''));
}

describe('a resting order', () => {
  test('locks its money, shows in queries and the stream, and gives it back when canceled', async () => {
    const stream = await client.userStream();
    const placed = await rest({ newClientOrderId: 'mine-1' });
    expect(placed.status).toBe(200);
    expect(placed.body).toMatchObject({
      clientOrderId: 'mine-1',
      status: 'NEW',
      executedQty: '0.00000000',
      fills: [],
    });
    const orderId = idOf(placed);
    expect(await balance('USDT')).toEqual({ free: '97000.00000000', locked: '3000.00000000' });

    const queried = await client.signed('GET', ORDER, { symbol: 'BTCUSDT', orderId });
    expect(queried.body).toMatchObject({ status: 'NEW', isWorking: true, clientOrderId: 'mine-1' });
    const open = await client.signed('GET', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
    expect(open.body).toEqual([queried.body]);

    const depth = await client.get('/api/v3/depth', { symbol: 'BTCUSDT', limit: 5000 });
    expect((depth.body['bids'] as string[][]).at(-1)).toEqual(['60000.00000000', '0.05000000']);

    const canceled = await client.signed('DELETE', ORDER, {
      symbol: 'BTCUSDT',
      origClientOrderId: 'mine-1',
      newClientOrderId: 'cancel-1',
    });
    expect(canceled.body).toMatchObject({
      status: 'CANCELED',
      clientOrderId: 'cancel-1',
      origClientOrderId: 'mine-1',
    });
    expect(await balance('USDT')).toEqual({ free: '100000.00000000', locked: '0.00000000' });
    const last = await stream.message(
      (message) => (message['event'] as Json)?.['x'] === 'CANCELED',
    );
    expect(last['event']).toMatchObject({ c: 'cancel-1', C: 'mine-1', w: false });
    expect(eventsOf(stream, orderId)).toEqual(['NEW NEW', 'CANCELED CANCELED']);
  });

  test('is filled by the market, in its turn, as maker', async () => {
    const stream = await client.userStream();
    const ticker = await client.get('/api/v3/ticker/bookTicker', { symbol: 'BTCUSDT' });
    const placed = await rest({ price: String(ticker.body['bidPrice']), quantity: '0.01' });
    const orderId = idOf(placed);
    const filled = stream.message((message) => (message['event'] as Json)?.['X'] === 'FILLED');
    let done = false;
    void filled.then(() => {
      done = true;
    });
    for (let second = 0; second < 1800 && !done; second += 1) {
      client.clock.advance(1000);
      await client.get('/api/v3/ping');
    }
    expect((await filled)['event']).toMatchObject({ i: orderId, m: true, w: false });
    const trades = await client.signed('GET', '/api/v3/myTrades', { symbol: 'BTCUSDT', orderId });
    const rows = trades.body as unknown as Json[];
    const quantity = rows.reduce((sum, row) => sum + units(row['qty']), 0n);
    const commission = rows.reduce((sum, row) => sum + units(row['commission']), 0n);
    expect(quantity).toBe(1_000_000n);
    expect(units((await balance('BTC')).free)).toBe(500_000_000n + quantity - commission);
    expect(commission).toBe(1000n);
  });

  test('can be made smaller and keeps its id', async () => {
    const orderId = idOf(await rest({ newClientOrderId: 'big' }));
    const path = '/api/v3/order/amend/keepPriority';
    const amended = await client.signed('PUT', path, {
      symbol: 'BTCUSDT',
      orderId,
      newQty: '0.02',
    });
    expect(amended.body['amendedOrder']).toMatchObject({ orderId, origQty: '0.02000000' });
    expect(await balance('USDT')).toEqual({ free: '98800.00000000', locked: '1200.00000000' });
    const renamed = { symbol: 'BTCUSDT', orderId, newQty: '0.015', newClientOrderId: 'small' };
    expect((await client.signed('PUT', path, renamed)).status).toBe(200);
    expect((await rest({ newClientOrderId: 'small' })).body['code']).toBe(-2010);
    expect((await rest({ newClientOrderId: 'big' })).status).toBe(200);
    const larger = await client.signed('PUT', path, { symbol: 'BTCUSDT', orderId, newQty: '0.03' });
    expect(larger.body['code']).toBe(-2038);
  });

  test('holds its client order id only while it is open', async () => {
    await rest({ newClientOrderId: 'twice' });
    const again = await rest({ newClientOrderId: 'twice' });
    expect(again.body).toEqual({ code: -2010, msg: 'Duplicate order sent.' });
    await client.signed('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
    expect((await rest({ newClientOrderId: 'twice' })).status).toBe(200);
  });
});

describe('a market order', () => {
  test('takes the best prices, pays 0.1 % of what it receives and says so everywhere', async () => {
    const stream = await client.userStream();
    const depth = await client.get('/api/v3/depth', { symbol: 'BTCUSDT', limit: 100 });
    const placed = await place({ type: 'MARKET', quantity: '0.80000' });
    expect(placed.body).toMatchObject({ status: 'FILLED', executedQty: '0.80000000' });

    let left = 80_000_000n;
    let cost = 0n;
    for (const [price, quantity] of depth.body['asks'] as [string, string][]) {
      const taken = units(quantity) < left ? units(quantity) : left;
      cost += (taken * units(price)) / 100_000_000n;
      left -= taken;
    }
    expect(left).toBe(0n);
    expect(units(placed.body['cummulativeQuoteQty'])).toBe(cost);
    expect(units((await balance('USDT')).free)).toBe(10_000_000_000_000n - cost);
    expect((await balance('BTC')).free).toBe('5.79920000');

    const fills = placed.body['fills'] as Json[];
    const orderId = idOf(placed);
    const position = await stream.message(
      (message) => (message['event'] as Json)?.['e'] === 'outboundAccountPosition',
    );
    expect((position['event'] as Json)['B']).toContainEqual({
      a: 'BTC',
      f: '5.79920000',
      l: '0.00000000',
    });
    expect(eventsOf(stream, orderId)).toEqual([
      'NEW NEW',
      ...fills.slice(1).map(() => 'TRADE PARTIALLY_FILLED'),
      'TRADE FILLED',
    ]);
  });

  test('by quote amount spends at most that', async () => {
    const placed = await place({ type: 'MARKET', quoteOrderQty: '1000' });
    expect(placed.body).toMatchObject({ status: 'FILLED', origQuoteOrderQty: '1000.00000000' });
    const spent = units(placed.body['cummulativeQuoteQty']);
    expect(spent).toBeLessThanOrEqual(100_000_000_000n);
    expect(spent).toBeGreaterThan(99_900_000_000n);
    expect(await balance('USDT')).toMatchObject({ locked: '0.00000000' });
  });

  test('without the money is refused', async () => {
    const placed = await place({ type: 'MARKET', quantity: '3' });
    expect(placed.status).toBe(400);
    expect(placed.body).toEqual({
      code: -2010,
      msg: 'Account has insufficient balance for requested action.',
    });
    expect(await balance('USDT')).toEqual({ free: '100000.00000000', locked: '0.00000000' });
  });
});

describe('conditions', () => {
  test('post-only, immediate-or-cancel and fill-or-kill do as they say', async () => {
    const maker = await place({ type: 'LIMIT_MAKER', quantity: '0.01', price: '90000' });
    expect(maker.body).toEqual({
      code: -2010,
      msg: 'Order would immediately match and take.',
    });
    const ioc = await rest({ timeInForce: 'IOC' });
    expect(ioc.body).toMatchObject({ status: 'EXPIRED', executedQty: '0.00000000' });
    const fok = await rest({ timeInForce: 'FOK' });
    expect(fok.body).toMatchObject({ status: 'EXPIRED' });
    expect(await balance('USDT')).toEqual({ free: '100000.00000000', locked: '0.00000000' });
  });

  test('a stop that would fire at once is refused; another waits off the book', async () => {
    const stop = { type: 'STOP_LOSS_LIMIT', timeInForce: 'GTC', quantity: '0.01', price: '80000' };
    expect((await place({ ...stop, stopPrice: '50000' })).body).toEqual({
      code: -2010,
      msg: 'Order would trigger immediately.',
    });
    const waiting = await place({ ...stop, stopPrice: '79000', newOrderRespType: 'RESULT' });
    expect(waiting.body).toMatchObject({ status: 'NEW', stopPrice: '79000.00000000' });
    const queried = await client.signed('GET', '/api/v3/openOrders', {});
    expect((queried.body as unknown as Json[])[0]).toMatchObject({ isWorking: false });
  });

  test('an order never trades with another of the account', async () => {
    const ticker = await client.get('/api/v3/ticker/bookTicker', { symbol: 'BTCUSDT' });
    const bid = String(ticker.body['bidPrice']);
    const ask = String(ticker.body['askPrice']);
    const resting = await rest({ price: bid, quantity: '0.01', newClientOrderId: 'rests' });
    const inside = { side: 'SELL', timeInForce: 'GTC', quantity: '3', price: bid };
    await place({ ...inside, selfTradePreventionMode: 'EXPIRE_MAKER' });
    const orderId = idOf(resting);
    const after = await client.signed('GET', ORDER, { symbol: 'BTCUSDT', orderId });
    expect(after.body).toMatchObject({ status: 'EXPIRED_IN_MATCH', executedQty: '0.00000000' });
    expect(units(ask)).toBeGreaterThan(units(bid));
  });
});

describe('cancel and replace', () => {
  const fields = {
    symbol: 'BTCUSDT',
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    quantity: '0.05',
    price: '61000',
  };

  test('does both', async () => {
    await rest({ newClientOrderId: 'old' });
    const answer = await client.signed('POST', REPLACE, {
      ...fields,
      cancelReplaceMode: 'STOP_ON_FAILURE',
      cancelOrigClientOrderId: 'old',
      newClientOrderId: 'new',
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      cancelResult: 'SUCCESS',
      newOrderResult: 'SUCCESS',
      cancelResponse: { origClientOrderId: 'old', status: 'CANCELED' },
      newOrderResponse: { clientOrderId: 'new', status: 'NEW' },
    });
  });

  test('stops when there is nothing to cancel', async () => {
    const answer = await client.signed('POST', REPLACE, {
      ...fields,
      cancelReplaceMode: 'STOP_ON_FAILURE',
      cancelOrderId: 77,
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      code: -2022,
      msg: 'Order cancel-replace failed.',
      data: {
        cancelResult: 'FAILURE',
        newOrderResult: 'NOT_ATTEMPTED',
        cancelResponse: { code: -2011, msg: 'Unknown order sent.' },
        newOrderResponse: null,
      },
    });
  });

  test('tells which half failed', async () => {
    const onlyNew = await client.signed('POST', REPLACE, {
      ...fields,
      cancelReplaceMode: 'ALLOW_FAILURE',
      cancelOrderId: 77,
    });
    expect(onlyNew.status).toBe(409);
    expect(onlyNew.body).toMatchObject({
      code: -2021,
      data: { cancelResult: 'FAILURE', newOrderResult: 'SUCCESS' },
    });
    await rest({ newClientOrderId: 'old' });
    const onlyCancel = await client.signed('POST', REPLACE, {
      ...fields,
      quantity: '2',
      cancelReplaceMode: 'STOP_ON_FAILURE',
      cancelOrigClientOrderId: 'old',
    });
    expect(onlyCancel.status).toBe(409);
    expect(onlyCancel.body).toMatchObject({
      code: -2021,
      data: {
        cancelResult: 'SUCCESS',
        newOrderResult: 'FAILURE',
        newOrderResponse: { code: -2010 },
      },
    });
  });
});

test('the WebSocket API takes the same orders', async () => {
  const stream = await client.userStream();
  const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC' };
  const placed = await stream.ask(
    2,
    'order.place',
    client.wsParameters({ ...order, quantity: '0.05', price: '60000', newClientOrderId: 'ws-1' }),
  );
  expect(placed).toMatchObject({ status: 200, result: { clientOrderId: 'ws-1', status: 'NEW' } });
  expect(placed['rateLimits']).toContainEqual({
    rateLimitType: 'ORDERS',
    interval: 'SECOND',
    intervalNum: 10,
    limit: 50,
    count: 1,
  });
  const open = await stream.ask(3, 'openOrders.status', client.wsParameters({ symbol: 'BTCUSDT' }));
  expect(open['result']).toMatchObject([{ clientOrderId: 'ws-1' }]);
  const canceled = await stream.ask(
    4,
    'order.cancel',
    client.wsParameters({ symbol: 'BTCUSDT', origClientOrderId: 'ws-1' }),
  );
  expect(canceled).toMatchObject({ status: 200, result: { status: 'CANCELED' } });
  const unknown = await stream.ask(
    5,
    'order.cancel',
    client.wsParameters({ symbol: 'BTCUSDT', origClientOrderId: 'ws-1' }),
  );
  expect(unknown).toMatchObject({ status: 400, error: { code: -2011 } });
  expect(await stream.ask(6, 'userDataStream.unsubscribe', {})).toMatchObject({ status: 200 });
});
