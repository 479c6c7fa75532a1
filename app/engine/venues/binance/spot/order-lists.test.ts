import { expect, test } from 'vitest';
import type { ClientOrderId, VenueOrderId } from '../../../domain/identifiers.ts';
import type { Order } from '../../../domain/order.ts';
import { price } from '../../../domain/price.ts';
import { FakeVenue } from './testdata/fake-venue.ts';
import { testOrder } from './testdata/orders.ts';

const id = (text: string): ClientOrderId => text as ClientOrderId;
const PROFIT = testOrder({ side: 'Sell', clientOrderId: id('qd-2'), postOnly: true });
const { price: _price, ...unpriced } = testOrder({ side: 'Sell', clientOrderId: id('qd-3') });
const LOSS: Order = { ...unpriced, type: 'Stop', stopPrice: price(6_300_000) };

/** A list that was sent, and its request. */
async function listSent() {
  const venue = new FakeVenue();
  await venue.connect();
  venue.client.send({ type: 'SendOrderList', orders: [PROFIT, LOSS] });
  return { venue, request: await venue.request('orderList.place.oco') };
}

const TAKEN = {
  orderListId: 2,
  contingencyType: 'OCO',
  listStatusType: 'EXEC_STARTED',
  listOrderStatus: 'EXECUTING',
  listClientOrderId: 'of-the-venue',
  transactionTime: 1_700_000_001_000,
  symbol: 'BTCUSDT',
  orders: [
    { symbol: 'BTCUSDT', orderId: 12, clientOrderId: 'qd-3' },
    { symbol: 'BTCUSDT', orderId: 13, clientOrderId: 'qd-2' },
  ],
};

test('a list is one request, and its answer accepts each leg under its own ids', async () => {
  const { venue, request } = await listSent();
  expect(request.params).toMatchObject({
    ...{ aboveType: 'LIMIT_MAKER', aboveClientOrderId: 'qd-2', abovePrice: '64000.10' },
    ...{ belowType: 'STOP_LOSS', belowClientOrderId: 'qd-3', belowStopPrice: '63000.00' },
  });
  venue.answer(request, TAKEN);
  expect(venue.of('OrderAccepted')).toMatchObject([
    { clientOrderId: 'qd-2', venueOrderId: '13', venueTime: 1_700_000_001_000_000 },
    { clientOrderId: 'qd-3', venueOrderId: '12', venueTime: 1_700_000_001_000_000 },
  ]);
});

test('a refused list refuses both legs', async () => {
  const { venue, request } = await listSent();
  const msg = 'The relationship of the prices for the orders is not correct.';
  venue.fail(request, 400, { code: -2010, msg });
  expect(venue.of('OrderRejected')).toMatchObject([
    { clientOrderId: 'qd-2', message: msg },
    { clientOrderId: 'qd-3', message: msg },
  ]);
});

test.each([
  ['a server error', 500, { code: -1006, msg: 'An unexpected response was received.' }],
  ['an answer that names one leg', 200, { ...TAKEN, orders: TAKEN.orders.slice(1) }],
])('%s leaves the fate of both legs unknown', async (_, status, body) => {
  const { venue, request } = await listSent();
  if (status === 200) venue.answer(request, body);
  else venue.fail(request, status, body);
  expect(venue.of('OutcomeUnknown')).toMatchObject([
    { clientOrderId: 'qd-2', request: 'submit' },
    { clientOrderId: 'qd-3', request: 'submit' },
  ]);
});

test('a list that could not leave is told of both legs', async () => {
  const venue = new FakeVenue();
  await venue.connect();
  const orders = [{ ...PROFIT, postOnly: false }, LOSS] as const;
  venue.client.send({ type: 'SendOrderList', orders });
  const words = { code: 'TERMS_UNSUPPORTED', request: 'submit' };
  expect(venue.of('NotSent')).toMatchObject([
    { clientOrderId: 'qd-2', ...words },
    { clientOrderId: 'qd-3', ...words },
  ]);
});

test('the cancel of one leg is answered with the end of both', async () => {
  const { venue, request } = await listSent();
  venue.answer(request, TAKEN);
  venue.client.send({ type: 'SendCancel', order: { ...LOSS, venueOrderId: '12' as VenueOrderId } });
  const cancel = await venue.request('order.cancel');
  const ended = (text: string) => ({
    ...{ origClientOrderId: text, executedQty: '0.00000000', status: 'CANCELED' },
    transactTime: 1_700_000_002_000,
  });
  venue.answer(cancel, {
    ...TAKEN,
    ...{ listStatusType: 'ALL_DONE', listOrderStatus: 'ALL_DONE' },
    orderReports: [ended('qd-3'), ended('qd-2')],
  });
  expect(venue.of('OrderCanceled')).toMatchObject([
    { clientOrderId: 'qd-3', cumQty: 0 },
    { clientOrderId: 'qd-2', cumQty: 0 },
  ]);
});
