import { expect, test } from 'vitest';
import type { Order } from '../../../domain/order.ts';
import { price, quantity } from '../../../domain/price.ts';
import { orderListParams, orderParams } from './order-params.ts';
import { fixtureInstrument } from './testdata/fixtures.ts';
import { testOrder } from './testdata/orders.ts';

const BTC = fixtureInstrument('BTCUSDT');

function unpriced(changes: Partial<Order>): Order {
  const { price: _price, ...rest } = testOrder(changes);
  return rest;
}

test('a limit order in the words of the venue', () => {
  expect(orderParams(testOrder(), BTC)).toEqual({
    ok: true,
    value: {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'GTC',
      quantity: '0.01000',
      price: '64000.10',
      stopPrice: undefined,
      newClientOrderId: 'qd-1',
      newOrderRespType: 'RESULT',
    },
  });
});

test.each([
  [testOrder({ timeInForce: 'IOC' }), { type: 'LIMIT', timeInForce: 'IOC' }],
  [testOrder({ displayQuantity: quantity(200) }), { type: 'LIMIT', icebergQty: '0.00200' }],
  [testOrder({ postOnly: true }), { type: 'LIMIT_MAKER', timeInForce: undefined }],
  [unpriced({ type: 'Market', side: 'Sell' }), { type: 'MARKET', side: 'SELL', price: undefined }],
  [
    unpriced({ type: 'Stop', stopPrice: price(6_300_000) }),
    { type: 'STOP_LOSS', stopPrice: '63000.00', price: undefined },
  ],
  [
    testOrder({ type: 'StopLimit', stopPrice: price(6_300_000) }),
    { type: 'STOP_LOSS_LIMIT', stopPrice: '63000.00', price: '64000.10', timeInForce: 'GTC' },
  ],
])('%o', (order, expected) => {
  const params = orderParams(order, BTC);
  expect(params.ok && params.value).toMatchObject(expected);
});

test.each([
  [testOrder({ postOnly: true, timeInForce: 'IOC' })],
  [unpriced({ type: 'Limit' })],
  [testOrder({ type: 'Market' })],
  [testOrder({ type: 'Stop', stopPrice: price(1) })],
  [testOrder({ type: 'StopLimit' })],
])('terms without a word are refused before they leave: %o', (order) => {
  const params = orderParams(order, BTC);
  expect(params.ok ? '' : params.error.code).toBe('TERMS_UNSUPPORTED');
});

const profit = testOrder({ clientOrderId: 'qd-2' as Order['clientOrderId'], postOnly: true });
const loss = unpriced({ type: 'Stop', stopPrice: price(6_300_000) });

test('the tag and the bracket of an order never leave', () => {
  const ours = testOrder({ tag: 'secret', bracket: { stopLoss: price(6_300_000) } });
  expect(orderParams(ours, BTC)).toEqual(orderParams(testOrder(), BTC));
});

test.each(['Sell', 'Buy'] as const)('a list to %s names its legs by where they lie', (side) => {
  const params = orderListParams(
    [
      { ...profit, side },
      { ...loss, side },
    ],
    BTC,
  );
  const [limit, stop] = side === 'Sell' ? ['above', 'below'] : ['below', 'above'];
  expect(params).toEqual({
    ok: true,
    value: {
      symbol: 'BTCUSDT',
      side: side.toUpperCase(),
      quantity: '0.01000',
      [`${limit}Type`]: 'LIMIT_MAKER',
      [`${limit}ClientOrderId`]: 'qd-2',
      [`${limit}Price`]: '64000.10',
      [`${stop}Type`]: 'STOP_LOSS',
      [`${stop}ClientOrderId`]: 'qd-1',
      [`${stop}StopPrice`]: '63000.00',
      newOrderRespType: 'RESULT',
    },
  });
});

test('other legs make no list', () => {
  const params = orderListParams([testOrder(), loss], BTC);
  expect(params.ok ? '' : params.error.code).toBe('TERMS_UNSUPPORTED');
});
