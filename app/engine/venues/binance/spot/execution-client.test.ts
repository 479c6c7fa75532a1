import { expect, test } from 'vitest';
import type { ClientOrderId } from '../../../domain/identifiers.ts';
import { price, quantity } from '../../../domain/price.ts';
import { FakeVenue } from './testdata/fake-venue.ts';
import { fixture } from './testdata/fixtures.ts';
import { restingOrder, testOrder } from './testdata/orders.ts';

async function connected(): Promise<FakeVenue> {
  const venue = new FakeVenue();
  await venue.connect();
  return venue;
}

const REPLACEMENT = testOrder({
  clientOrderId: 'qd-2' as ClientOrderId,
  price: price(6_400_500),
});
const CANCELED = { orderId: 4293153, executedQty: '0.00400000', transactTime: 1_700_000_001_000 };
const PLACED = { orderId: 4293160, transactTime: 1_700_000_001_000 };

test('Connected comes only after the private stream is subscribed', async () => {
  const venue = new FakeVenue();
  venue.client.start((report) => venue.reports.push(report));
  await venue.until(() => venue.sockets.length > 0);
  venue.socket().events.onOpen();
  const request = await venue.request('userDataStream.subscribe.signature');
  expect(request.params).toMatchObject({ apiKey: 'key', timestamp: 1_700_000_000_000 });
  expect(request.params['signature']).toMatch(/^[0-9a-f]{64}$/);
  expect(venue.reports).toEqual([]);
  venue.answer(request, { subscriptionId: 0 });
  expect(venue.reports).toMatchObject([{ type: 'ConnectionChanged', state: 'Connected' }]);
});

test('requests are signed with the time of the venue', async () => {
  const venue = new FakeVenue();
  venue.aheadMs = 7_000;
  await venue.connect();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  const request = await venue.request('order.place');
  expect(request.params['timestamp']).toBe(1_700_000_007_000);
});

test('an order is accepted once, whether answer or stream tells first', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  const request = await venue.request('order.place');
  expect(request.params).toMatchObject({ newClientOrderId: 'qd-1', type: 'LIMIT' });
  venue.event(fixture('ws_execution_new'));
  venue.answer(request, { ...PLACED, orderId: 4293153 });
  venue.event(fixture('ws_execution_new'));
  expect(venue.of('OrderAccepted')).toHaveLength(1);
});

test('what a second source says of a told fact is evidence, once for each source', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  const request = await venue.request('order.place');
  venue.answer(request, { ...PLACED, orderId: 4293153 });
  venue.event(fixture('ws_execution_new'));
  venue.event(fixture('ws_execution_new'));
  const other = await connected();
  other.client.send({ type: 'SendOrder', order: testOrder() });
  const late = await other.request('order.place');
  other.event(fixture('ws_execution_new'));
  other.answer(late, { ...PLACED, orderId: 4293153 });
  expect(other.reports.at(-1)).toMatchObject({
    type: 'OrderRestated',
    said: { source: 'RequestAnswer', status: 'Accepted' },
  });
  expect(venue.reports.slice(1)).toMatchObject([
    { type: 'OrderAccepted', said: { source: 'RequestAnswer' } },
    {
      type: 'OrderRestated',
      clientOrderId: 'qd-1',
      said: { source: 'UserStream', status: 'Accepted', cumQty: 0 },
    },
  ]);
});

test('a fill before the answer is told before it, and once', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  const request = await venue.request('order.place');
  venue.event(fixture('ws_execution_trade_filled'));
  venue.event(fixture('ws_execution_trade_filled'));
  venue.answer(request, { ...PLACED, orderId: 4293153 });
  expect(venue.reports.slice(1).map((report) => report.type)).toEqual([
    'OrderFilled',
    'OrderAccepted',
  ]);
});

test('a definite refusal is OrderRejected with its reason', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  venue.fail(await venue.request('order.place'), 400, {
    code: -2010,
    msg: 'Account has insufficient balance for requested action.',
  });
  expect(venue.reports.at(-1)).toMatchObject({
    type: 'OrderRejected',
    clientOrderId: 'qd-1',
    code: 'INSUFFICIENT_BALANCE',
  });
});

test.each([
  [504, { code: -1007, msg: 'Timeout waiting for response from backend server.' }],
  [500, { code: -1006, msg: 'An unexpected response was received from the message bus.' }],
  [503, { code: -1008, msg: 'Server is currently overloaded.' }],
  [502, { msg: 'Bad gateway' }],
])('status %s %j is an unknown outcome and nothing is sent again', async (status, error) => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  venue.fail(await venue.request('order.place'), status, error);
  expect(venue.reports.at(-1)).toMatchObject({ type: 'OutcomeUnknown', request: 'submit' });
  venue.time.advance(600_000);
  const sent = venue.sockets.flatMap((socket) => socket.sent);
  expect(sent.filter((one) => one.method === 'order.place')).toHaveLength(1);
});

test('no answer in time is unknown; an answer that comes later is still told', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  const request = await venue.request('order.place');
  venue.time.advance(5_000);
  expect(venue.reports.at(-1)).toMatchObject({ type: 'OutcomeUnknown', code: 'TIMEOUT' });
  venue.answer(request, PLACED);
  expect(venue.reports.at(-1)).toMatchObject({ type: 'OrderAccepted', clientOrderId: 'qd-1' });
});

test('a lost connection makes what is under way unknown, then tells the loss; later orders never leave', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  venue.client.send({ type: 'SendCancel', order: restingOrder() });
  await venue.request('order.cancel');
  venue.socket().events.onClose('reset');
  expect(venue.reports.slice(1)).toMatchObject([
    { type: 'OutcomeUnknown', request: 'submit', code: 'DISCONNECTED' },
    { type: 'OutcomeUnknown', request: 'cancel', code: 'DISCONNECTED' },
    { type: 'ConnectionChanged', state: 'Disconnected' },
  ]);
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  expect(venue.reports.at(-1)).toMatchObject({ type: 'NotSent', code: 'NOT_CONNECTED' });
});

test('after a loss the client connects, subscribes and says so again', async () => {
  const venue = await connected();
  venue.socket().events.onClose('reset');
  venue.time.advance(1_000);
  await venue.acceptConnection(1);
  expect(venue.of('ConnectionChanged')).toMatchObject([
    { state: 'Connected' },
    { state: 'Disconnected' },
    { state: 'Connected' },
  ]);
});

test('a refused timestamp is measured again and the order sent once more', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  const first = await venue.request('order.place');
  venue.aheadMs = -3_000;
  venue.fail(first, 400, { code: -1021, msg: 'Timestamp for this request is outside.' });
  await venue.until(() => venue.socket().sent.filter((o) => o.method === 'order.place').length > 1);
  const second = await venue.request('order.place');
  expect(second.params['timestamp']).toBe(1_699_999_997_000);
  venue.fail(second, 400, { code: -1021, msg: 'Timestamp for this request is outside.' });
  expect(venue.reports.at(-1)).toMatchObject({
    type: 'OrderRejected',
    code: 'TIMESTAMP_OUTSIDE_WINDOW',
  });
});

test('a cancel names the venue order and its answer carries what was filled', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendCancel', order: restingOrder() });
  const request = await venue.request('order.cancel');
  expect(request.params).toMatchObject({ symbol: 'BTCUSDT', orderId: 4293153 });
  venue.answer(request, CANCELED);
  venue.event(fixture('ws_execution_canceled'));
  expect(venue.of('OrderCanceled')).toMatchObject([{ clientOrderId: 'qd-1', cumQty: 400 }]);
});

test('a cancel of an order the venue does not know asks what became of it', async () => {
  const venue = await connected();
  const [open] = fixture('http_get_open_orders') as object[];
  venue.answers.set('/api/v3/order', () => ({
    status: 200,
    body: { ...open, status: 'FILLED', executedQty: '0.01000000' },
  }));
  venue.answers.set('/api/v3/myTrades', () => ({
    status: 200,
    body: fixture('http_get_my_trades'),
  }));
  venue.client.send({ type: 'SendCancel', order: restingOrder() });
  venue.fail(await venue.request('order.cancel'), 400, { code: -2011, msg: 'Unknown order sent.' });
  await venue.until(() => venue.of('OrderQueried').length > 0);
  expect(venue.reports.at(-1)).toMatchObject({
    type: 'OrderQueried',
    order: { status: 'Filled', cumQty: 1_000 },
    fills: [{ tradeId: '28457', clientOrderId: 'qd-1' }, { tradeId: '28458' }],
  });
  expect(venue.of('CancelRejected')).toEqual([]);
});

test('a cancel the venue refuses for an order it never saw tells both', async () => {
  const venue = await connected();
  venue.answers.set('/api/v3/myTrades', () => ({ status: 200, body: [] }));
  venue.client.send({ type: 'SendCancel', order: restingOrder() });
  venue.fail(await venue.request('order.cancel'), 400, { code: -2011, msg: 'Unknown order sent.' });
  await venue.until(() => venue.of('CancelRejected').length > 0);
  expect(venue.reports.slice(-2)).toMatchObject([
    { type: 'OrderQueried', fills: [] },
    { type: 'CancelRejected', code: 'UNKNOWN_ORDER' },
  ]);
  expect('order' in (venue.of('OrderQueried')[0] ?? {})).toBe(false);
});

test('a replace cancels and places in one request that a fill on the way refuses', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendReplace', original: restingOrder(), replacement: REPLACEMENT });
  const request = await venue.request('order.cancelReplace');
  expect(request.params).toMatchObject({
    cancelReplaceMode: 'STOP_ON_FAILURE',
    cancelRestrictions: 'ONLY_NEW',
    cancelOrderId: 4293153,
    newClientOrderId: 'qd-2',
    price: '64005.00',
  });
  venue.answer(request, {
    cancelResult: 'SUCCESS',
    newOrderResult: 'SUCCESS',
    cancelResponse: CANCELED,
    newOrderResponse: PLACED,
  });
  expect(venue.reports.slice(1)).toMatchObject([
    { type: 'OrderCanceled', clientOrderId: 'qd-1', cumQty: 400 },
    { type: 'OrderAccepted', clientOrderId: 'qd-2', venueOrderId: '4293160' },
  ]);
});

test('a replace of a partly filled order does not ask for an untouched one', async () => {
  const venue = await connected();
  const original = restingOrder({ cumQty: quantity(100), status: 'PartiallyFilled' });
  venue.client.send({ type: 'SendReplace', original, replacement: REPLACEMENT });
  const request = await venue.request('order.cancelReplace');
  expect('cancelRestrictions' in request.params).toBe(false);
});

test.each([
  [
    'only the new order failed',
    409,
    {
      code: -2021,
      msg: 'Order cancel-replace partially failed.',
      data: {
        cancelResult: 'SUCCESS',
        newOrderResult: 'FAILURE',
        cancelResponse: CANCELED,
        newOrderResponse: { code: -2010, msg: 'Order would immediately match and take.' },
      },
    },
    [
      { type: 'OrderCanceled', clientOrderId: 'qd-1' },
      { type: 'OrderRejected', clientOrderId: 'qd-2', code: 'WOULD_MATCH_IMMEDIATELY' },
    ],
  ],
  [
    'the cancel was restricted',
    400,
    {
      code: -2022,
      msg: 'Order cancel-replace failed.',
      data: {
        cancelResult: 'FAILURE',
        newOrderResult: 'NOT_ATTEMPTED',
        cancelResponse: { code: -1013, msg: 'Filter failure: PRICE_FILTER' },
        newOrderResponse: null,
      },
    },
    [
      {
        type: 'ReplaceRejected',
        clientOrderId: 'qd-1',
        replacement: 'qd-2',
        code: 'FILTER_FAILURE_PRICE_FILTER',
      },
    ],
  ],
  [
    'a body without its halves',
    409,
    { code: -2021, msg: 'Order cancel-replace partially failed.' },
    [{ type: 'OutcomeUnknown', request: 'replace', replacement: 'qd-2' }],
  ],
  [
    'a filter of the new order',
    400,
    { code: -1013, msg: 'Filter failure: NOTIONAL' },
    [{ type: 'ReplaceRejected', replacement: 'qd-2', code: 'FILTER_FAILURE_NOTIONAL' }],
  ],
])('a replace that fails: %s', async (_name, status, error, expected) => {
  const venue = await connected();
  venue.client.send({ type: 'SendReplace', original: restingOrder(), replacement: REPLACEMENT });
  venue.fail(await venue.request('order.cancelReplace'), status, error);
  expect(venue.reports.slice(1)).toMatchObject(expected);
});

test('a ban stops what would come and names the reason', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  venue.fail(await venue.request('order.place'), 418, {
    code: -1003,
    msg: 'Way too much request weight used.',
    data: { serverTime: 1_700_000_000_000, retryAfter: 1_700_000_120_000 },
  });
  expect(venue.reports.at(-1)).toMatchObject({ type: 'OrderRejected', code: 'TOO_MANY_REQUESTS' });
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  expect(venue.reports.at(-1)).toMatchObject({ type: 'NotSent', code: 'VENUE_BANNED' });
});

test('a key the venue refuses ends the attempts and is told', async () => {
  const venue = new FakeVenue();
  venue.client.start((report) => venue.reports.push(report));
  await venue.until(() => venue.sockets.length > 0);
  venue.socket().events.onOpen();
  venue.fail(await venue.request('userDataStream.subscribe.signature'), 401, {
    code: -2015,
    msg: 'Invalid API-key, IP, or permissions for action.',
  });
  expect(venue.reports).toMatchObject([{ type: 'ConnectionChanged', state: 'Disconnected' }]);
  venue.time.advance(600_000);
  expect(venue.sockets).toHaveLength(1);
});

test('an order placed elsewhere is told whole, then by its events', async () => {
  const venue = await connected();
  venue.event(fixture('ws_execution_trade_partial'));
  venue.event(fixture('ws_execution_trade_filled'));
  expect(venue.reports.slice(1)).toMatchObject([
    {
      type: 'OrderQueried',
      clientOrderId: 'qd-1',
      order: { status: 'PartiallyFilled', terms: { side: 'Buy', quantity: 1_000 } },
      fills: [{ tradeId: '77' }],
    },
    { type: 'OrderFilled', tradeId: '78' },
  ]);
});

test('an event nobody understands is kept raw and its order asked for', async () => {
  const venue = await connected();
  venue.answers.set('/api/v3/myTrades', () => ({ status: 200, body: [] }));
  const wire = fixture('ws_execution_new') as object;
  venue.event({ ...wire, x: 'CALCULATED' });
  venue.event({ e: 'somethingNew' });
  await venue.until(() => venue.of('OrderQueried').length > 0);
  expect(venue.unknown).toHaveLength(2);
});

test('a reconcile answers with the whole account, then with what is newer', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  await venue.request('order.place');
  const history = fixture('http_get_my_trades') as object[];
  venue.answers.set('/api/v3/openOrders', () => ({
    status: 200,
    body: (fixture('http_get_open_orders') as object[]).slice(0, 1),
  }));
  venue.answers.set('/api/v3/account', () => {
    // These arrive while the answers are under way.
    venue.event({ ...(fixture('ws_execution_trade_partial') as object), t: 28457 });
    venue.event(fixture('ws_execution_trade_filled'));
    venue.event({ ...(fixture('ws_account_position') as object), u: 1_690_000_000_000 });
    venue.event(fixture('ws_account_position'));
    return { status: 200, body: fixture('http_get_account') };
  });
  venue.answers.set('/api/v3/myTrades', () => ({ status: 200, body: history }));
  venue.client.send({
    type: 'SendReconcile',
    account: testOrder().account,
    requestId: 5,
    instruments: [
      { instrument: testOrder().instrument, afterTradeId: '28456', since: testOrder().decidedAt },
    ],
  });
  await venue.until(() => venue.of('AccountSnapshot').length > 0);
  expect(venue.reports.slice(1).map((report) => report.type)).toEqual([
    'AccountSnapshot',
    'OrderFilled',
  ]);
  expect(venue.of('AccountSnapshot')).toMatchObject([
    {
      requestId: 5,
      openOrders: [{ clientOrderId: 'qd-1' }],
      fills: [{ tradeId: '28457', clientOrderId: 'qd-1' }, { tradeId: '28458' }],
      balances: [{ asset: 'BTC' }, { asset: 'USDT' }],
    },
  ]);
  const asked = venue.gets.find((url) => url.pathname === '/api/v3/myTrades');
  expect(asked?.searchParams.get('fromId')).toBe('28457');
});

test('snapshots asked for at the same time are taken one after the other', async () => {
  const venue = await connected();
  venue.answers.set('/api/v3/openOrders', () => ({ status: 200, body: [] }));
  venue.answers.set('/api/v3/account', () => ({ status: 200, body: fixture('http_get_account') }));
  const reconcile = {
    type: 'SendReconcile',
    account: testOrder().account,
    instruments: [],
  } as const;
  venue.client.send({ ...reconcile, requestId: 7 });
  venue.client.send({ ...reconcile, requestId: 8 });
  await venue.until(() => venue.of('AccountSnapshot').length === 2);
  expect(venue.of('AccountSnapshot')).toMatchObject([{ requestId: 7 }, { requestId: 8 }]);
  expect(venue.of('RequestFailed')).toEqual([]);
});

test('of snapshots that wait only the newest is taken, the others are answered', async () => {
  const venue = await connected();
  venue.answers.set('/api/v3/openOrders', () => ({ status: 200, body: [] }));
  venue.answers.set('/api/v3/account', () => ({ status: 200, body: fixture('http_get_account') }));
  const reconcile = {
    type: 'SendReconcile',
    account: testOrder().account,
    instruments: [],
  } as const;
  for (const requestId of [1, 2, 3, 4]) venue.client.send({ ...reconcile, requestId });
  await venue.until(() => venue.of('AccountSnapshot').length === 2);
  expect(venue.of('AccountSnapshot')).toMatchObject([{ requestId: 1 }, { requestId: 4 }]);
  expect(venue.of('RequestFailed')).toMatchObject([
    { requestId: 2, code: 'SUPERSEDED' },
    { requestId: 3, code: 'SUPERSEDED' },
  ]);
});

test('what the stream tells does not wait for a snapshot longer than 3 s', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  await venue.request('order.place');
  venue.answers.set('/api/v3/openOrders', () => ({ status: 200, body: [] }));
  venue.answers.set('/api/v3/account', () => {
    venue.event(fixture('ws_execution_trade_filled'));
    venue.time.advance(2_999);
    expect(venue.of('OrderFilled')).toEqual([]);
    venue.time.advance(1);
    expect(venue.of('OrderFilled')).toHaveLength(1);
    return { status: 200, body: fixture('http_get_account') };
  });
  const reconcile = {
    type: 'SendReconcile',
    account: testOrder().account,
    instruments: [],
  } as const;
  venue.client.send({ ...reconcile, requestId: 1 });
  await venue.until(() => venue.of('AccountSnapshot').length === 1);
  expect(venue.of('RequestFailed')).toEqual([]);
  expect(venue.of('OrderFilled')).toHaveLength(1);
});

test('open orders are listed by instrument while that weighs less than all', async () => {
  const venue = await connected();
  const { account, instrument } = testOrder();
  venue.answers.set('/api/v3/openOrders', () => ({
    status: 200,
    body: (fixture('http_get_open_orders') as object[]).slice(0, 1),
  }));
  venue.client.send({ type: 'SendListOrders', account, requestId: 3, instruments: [instrument] });
  await venue.until(() => venue.of('OrdersListed').length === 1);
  expect(venue.of('OrdersListed')).toMatchObject([
    { requestId: 3, openOrders: [{ clientOrderId: 'qd-1' }] },
  ]);
  const instruments = Array.from({ length: 14 }, () => instrument);
  venue.client.send({ type: 'SendListOrders', account, requestId: 4, instruments });
  await venue.until(() => venue.of('OrdersListed').length === 2);
  const asked = venue.gets.filter((url) => url.pathname === '/api/v3/openOrders');
  expect(asked.map((url) => url.searchParams.get('symbol'))).toEqual(['BTCUSDT', null]);
  venue.answers.set('/api/v3/openOrders', () => ({ status: 503, body: { msg: 'down' } }));
  venue.client.send({ type: 'SendListOrders', account, requestId: 5, instruments });
  await venue.until(() => venue.of('RequestFailed').length === 1);
  expect(venue.of('RequestFailed')).toMatchObject([{ request: 'orders', requestId: 5 }]);
});

test('a reconcile that cannot be answered says why and holds nothing back', async () => {
  const venue = await connected();
  venue.answers.set('/api/v3/openOrders', () => ({ status: 503, body: { msg: 'down' } }));
  const reconcile = {
    type: 'SendReconcile',
    account: testOrder().account,
    requestId: 6,
    instruments: [],
  } as const;
  venue.client.send(reconcile);
  await venue.until(() => venue.of('RequestFailed').length > 0);
  expect(venue.reports.at(-1)).toMatchObject({ request: 'reconcile', requestId: 6 });
  venue.event(fixture('ws_account_position'));
  expect(venue.reports.at(-1)).toMatchObject({ type: 'BalancesChanged' });
  venue.socket().events.onClose('reset');
  venue.client.send(reconcile);
  expect(venue.reports.at(-1)).toMatchObject({ type: 'RequestFailed', code: 'NOT_CONNECTED' });
});

test('a question for an order not at the venue looks through the trade history of the window', async () => {
  const venue = await connected();
  const open = fixture('http_get_open_orders') as object[];
  venue.answers.set('/api/v3/order', (url) =>
    url.searchParams.has('orderId')
      ? { status: 200, body: open[0] }
      : { status: 400, body: { code: -2013, msg: 'Order does not exist.' } },
  );
  venue.answers.set('/api/v3/myTrades', () => ({
    status: 200,
    body: fixture('http_get_my_trades'),
  }));
  const order = testOrder();
  venue.client.send({
    type: 'SendQuery',
    account: order.account,
    instrument: order.instrument,
    clientOrderId: order.clientOrderId,
    since: order.decidedAt,
  });
  await venue.until(() => venue.of('OrderQueried').length > 0);
  expect(venue.of('OrderQueried')[0]).toMatchObject({
    clientOrderId: 'qd-1',
    fills: [{ tradeId: '28457' }, { tradeId: '28458' }],
  });
});

test('a planned rotation loses neither stream nor answer', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  const request = await venue.request('order.place');
  venue.event({ e: 'serverShutdown', E: 1 });
  await venue.acceptConnection(1);
  expect(venue.socket(0).gone).toBe(false);
  venue.answer(request, PLACED, 0);
  expect(venue.socket(0).gone).toBe(true);
  expect(venue.reports.map((report) => report.type)).toEqual([
    'ConnectionChanged',
    'OrderAccepted',
  ]);
});

test('disposing leaves no timer of the client behind', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  await venue.request('order.place');
  await venue.client[Symbol.asyncDispose]();
  expect(venue.of('OutcomeUnknown')).toHaveLength(1);
  expect(venue.sockets[0]?.gone).toBe(true);
});
