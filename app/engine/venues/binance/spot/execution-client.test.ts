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

test('an answer that counts fills says so, whether it is the first to tell or not', async () => {
  const result = { ...PLACED, orderId: 4293153, executedQty: '0.004', status: 'PARTIALLY_FILLED' };
  const said = { source: 'RequestAnswer', status: 'PartiallyFilled', cumQty: 400 };
  for (const first of [true, false]) {
    const venue = await connected();
    venue.client.send({ type: 'SendOrder', order: testOrder() });
    const request = await venue.request('order.place');
    if (!first) venue.event(fixture('ws_execution_new'));
    venue.answer(request, result);
    expect(venue.reports.at(-1)).toMatchObject({
      type: first ? 'OrderAccepted' : 'OrderRestated',
      said,
    });
  }
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

test('a private message that cannot be read ends the connection: it may have been a fill', async () => {
  const venue = await connected();
  venue.socket().events.onMessage(Buffer.from('{"event":{"e":"executionRep'));
  expect(venue.reports.at(-1)).toMatchObject({
    type: 'ConnectionChanged',
    state: 'Disconnected',
    reason: 'a message that cannot be read',
  });
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

test('an order with a refused timestamp is not sent again once it may have been given up', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  const first = await venue.request('order.place');
  let answer = (): void => undefined;
  venue.timeHeld = new Promise((resolve) => {
    answer = resolve;
  });
  venue.fail(first, 400, { code: -1021, msg: 'Timestamp for this request is outside.' });
  venue.time.advance(1_999);
  expect(venue.of('OrderRejected')).toEqual([]);
  venue.time.advance(1);
  await venue.until(() => venue.of('OrderRejected').length > 0);
  expect(venue.reports.at(-1)).toMatchObject({ code: 'TIMESTAMP_OUTSIDE_WINDOW' });
  answer();
  // A later request goes out after all that the answer could have brought about.
  venue.client.send({ type: 'SendCancel', order: restingOrder() });
  await venue.request('order.cancel');
  expect(venue.socket().sent.filter((one) => one.method === 'order.place')).toHaveLength(1);
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

test('a ban lasts as long as the venue’s clock says, however far ours is from it', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  venue.fail(await venue.request('order.place'), 418, {
    code: -1003,
    msg: 'Way too much request weight used.',
    data: { serverTime: 1_600_000_000_000, retryAfter: 1_600_000_120_000 },
  });
  venue.time.advance(119_000);
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

test('what the venue allows in a minute is taken from its answers, not assumed', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  const request = await venue.request('order.place');
  const minute = { interval: 'MINUTE', intervalNum: 1 };
  const rateLimits = [
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 50, count: 1 },
    { rateLimitType: 'REQUEST_WEIGHT', ...minute, limit: 9000, count: 7000 },
  ];
  venue.message({ id: request.id, status: 200, result: PLACED, rateLimits });
  expect([venue.queue.usedWeight, venue.queue.limit]).toEqual([7000, 9000]);
});
