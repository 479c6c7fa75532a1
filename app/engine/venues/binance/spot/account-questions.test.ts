import { expect, test } from 'vitest';
import type { VenueOrderId } from '../../../domain/identifiers.ts';
import { FakeVenue } from './testdata/fake-venue.ts';
import { fixture } from './testdata/fixtures.ts';
import { testOrder } from './testdata/orders.ts';

/** A whole account, asked about without its instruments' trades. */
const RECONCILE = {
  type: 'SendReconcile',
  account: testOrder().account,
  instruments: [],
} as const;

async function connected(): Promise<FakeVenue> {
  const venue = new FakeVenue();
  await venue.connect();
  return venue;
}

async function withoutOrders(): Promise<FakeVenue> {
  const venue = await connected();
  venue.answers.set('/api/v3/openOrders', () => ({ status: 200, body: [] }));
  venue.answers.set('/api/v3/account', () => ({ status: 200, body: fixture('http_get_account') }));
  return venue;
}

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
  const venue = await withoutOrders();
  venue.client.send({ ...RECONCILE, requestId: 7 });
  venue.client.send({ ...RECONCILE, requestId: 8 });
  await venue.until(() => venue.of('AccountSnapshot').length === 2);
  expect(venue.of('AccountSnapshot')).toMatchObject([{ requestId: 7 }, { requestId: 8 }]);
  expect(venue.of('RequestFailed')).toEqual([]);
});

test('of snapshots that wait only the newest is taken, the others are answered', async () => {
  const venue = await withoutOrders();
  for (const requestId of [1, 2, 3, 4]) venue.client.send({ ...RECONCILE, requestId });
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
  venue.client.send({ ...RECONCILE, requestId: 1 });
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
  venue.answers.set('/api/v3/openOrders', () => ({ status: 403, body: { msg: 'down' } }));
  venue.client.send({ type: 'SendListOrders', account, requestId: 5, instruments });
  await venue.until(() => venue.of('RequestFailed').length === 1);
  expect(venue.of('RequestFailed')).toMatchObject([{ request: 'orders', requestId: 5 }]);
});

test('a reconcile that cannot be answered says why and holds nothing back', async () => {
  const venue = await connected();
  venue.answers.set('/api/v3/openOrders', () => ({ status: 403, body: { msg: 'down' } }));
  venue.client.send({ ...RECONCILE, requestId: 6 });
  await venue.until(() => venue.of('RequestFailed').length > 0);
  expect(venue.reports.at(-1)).toMatchObject({ request: 'reconcile', requestId: 6 });
  venue.event(fixture('ws_account_position'));
  expect(venue.reports.at(-1)).toMatchObject({ type: 'BalancesChanged' });
  venue.socket().events.onClose('reset');
  venue.client.send({ ...RECONCILE, requestId: 6 });
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

test('an order not at the venue is found missing though its window has fills of hundreds of orders that nobody remembers', async () => {
  const venue = await connected();
  const [open] = fixture('http_get_open_orders') as [object];
  const [trade] = fixture('http_get_my_trades') as [object];
  const ids = Array.from({ length: 400 }, (_, index) => 1_000 + index);
  venue.answers.set('/api/v3/order', () => ({
    status: 400,
    body: { code: -2013, msg: 'Order does not exist.' },
  }));
  venue.answers.set('/api/v3/myTrades', () => ({
    status: 200,
    body: ids.map((orderId) => ({ ...trade, id: orderId, orderId })),
  }));
  venue.answers.set('/api/v3/allOrders', (url) => ({
    status: 200,
    body: ids
      .filter((orderId) => orderId >= Number(url.searchParams.get('orderId')))
      .map((orderId) => ({ ...open, orderId, clientOrderId: `other-${orderId}` })),
  }));
  const { account, instrument, clientOrderId, decidedAt: since } = testOrder();
  venue.client.send({ type: 'SendQuery', account, instrument, clientOrderId, since });
  await venue.until(() => venue.of('OrderQueried').length > 0);
  expect(venue.of('OrderQueried')).toMatchObject([{ clientOrderId, fills: [] }]);
  expect('order' in (venue.of('OrderQueried')[0] ?? {})).toBe(false);
});

test('whose trades of before they are is known after a restart and not asked', async () => {
  const order = testOrder();
  const venue = new FakeVenue();
  const venueOrderId = '12569099453' as VenueOrderId;
  await venue.connect([{ clientOrderId: order.clientOrderId, venueOrderId }]);
  venue.answers.set('/api/v3/openOrders', () => ({ status: 200, body: [] }));
  venue.answers.set('/api/v3/account', () => ({ status: 200, body: fixture('http_get_account') }));
  venue.answers.set('/api/v3/myTrades', () => ({
    status: 200,
    body: fixture('http_get_my_trades'),
  }));
  const { account, instrument, decidedAt: since } = order;
  const instruments = [{ instrument, since }];
  venue.client.send({ type: 'SendReconcile', account, requestId: 1, instruments });
  await venue.until(() => venue.of('AccountSnapshot').length > 0);
  expect(venue.of('AccountSnapshot')[0]).toMatchObject({
    fills: [{ clientOrderId: 'qd-1' }, { clientOrderId: 'qd-1' }],
  });
  expect(venue.gets.filter(({ pathname }) => pathname === '/api/v3/order')).toEqual([]);
});

test('an account that moved while it was read is read again when it is to be still', async () => {
  const venue = await connected();
  venue.answers.set('/api/v3/openOrders', () => ({ status: 200, body: [] }));
  venue.answers.set('/api/v3/myTrades', () => ({ status: 200, body: [] }));
  const account = fixture('http_get_account') as { readonly updateTime: number };
  let read = 0;
  venue.answers.set('/api/v3/account', () => {
    read += 1;
    return {
      status: 200,
      body: { ...account, updateTime: account.updateTime + Math.min(read, 3) },
    };
  });
  const { account: name, instrument, decidedAt: since } = testOrder();
  const instruments = [{ instrument, afterTradeId: '7', since }];
  const asked = { type: 'SendReconcile', account: name, instruments } as const;
  venue.client.send({ ...asked, requestId: 1, still: true });
  await venue.until(() => venue.of('AccountSnapshot').length > 0);
  // It moved after the first and the second reading, and not after the third.
  expect(read).toBe(4);
  venue.client.send({ ...asked, requestId: 2 });
  await venue.until(() => venue.of('AccountSnapshot').length > 1);
  expect(read).toBe(5);
});

test('the second side of a trade with itself is read though a page ends between the two', async () => {
  const venue = await connected();
  venue.client.send({ type: 'SendOrder', order: testOrder() });
  await venue.request('order.place');
  const [row] = fixture('http_get_my_trades') as [object];
  const rows = Array.from({ length: 1_003 }, (_, index) => {
    // Row 999 and 1,000 are one trade, whose sides are two orders of ours.
    const id = index < 1_000 ? index + 1 : index;
    return { ...row, id, orderId: index === 1_000 ? 77 : 12_569_099_453, isBuyer: index !== 1_000 };
  });
  venue.answers.set('/api/v3/openOrders', () => ({
    status: 200,
    body: (fixture('http_get_open_orders') as object[]).slice(0, 1),
  }));
  venue.answers.set('/api/v3/account', () => ({ status: 200, body: fixture('http_get_account') }));
  venue.answers.set('/api/v3/order', () => ({
    status: 200,
    body: {
      ...(fixture('http_get_open_orders') as object[])[0],
      orderId: 77,
      clientOrderId: 'qd-77',
      side: 'SELL',
    },
  }));
  venue.answers.set('/api/v3/myTrades', (url) => {
    const from = Number(url.searchParams.get('fromId'));
    return { status: 200, body: rows.filter(({ id }) => id >= from).slice(0, 1_000) };
  });
  const { account, instrument, decidedAt: since } = testOrder();
  const instruments = [{ instrument, afterTradeId: '0', since }];
  venue.client.send({ type: 'SendReconcile', account, requestId: 5, instruments });
  await venue.until(() => venue.of('AccountSnapshot').length > 0);
  const [snapshot] = venue.of('AccountSnapshot');
  const fills = snapshot?.type === 'AccountSnapshot' ? snapshot.fills : [];
  const read = fills.map(({ tradeId, clientOrderId }) => `${tradeId} ${clientOrderId}`);
  expect(read).toHaveLength(rows.length);
  expect(new Set(read).size).toBe(rows.length);
  expect(read).toContain('1000 qd-1');
  expect(read).toContain('1000 qd-77');
});
