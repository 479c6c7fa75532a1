import { describe, expect, test } from 'vitest';
import { present } from '../../engine/base/invariant.ts';
import { DEFAULT_MARKET } from '../../engine/synthetic/instruments.ts';
import { Exchange } from '../exchange/exchange.ts';
import { ManualSandboxClock } from '../manual-clock.ts';
import { checkOrderCount, readOrder } from './order-parameters.ts';
import { Parameters } from './parameters.ts';
import { VenueRefusal } from './refusal.ts';

const exchange = new Exchange({
  market: DEFAULT_MARKET,
  seed: 1,
  clock: new ManualSandboxClock(Date.UTC(2026, 2, 14, 15, 9, 26)),
  balances: {},
});
const market = present(exchange.market('BTCUSDT'), 'BTCUSDT');

const LIMIT = {
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.01',
  price: '60000.00',
};

function refusalOf(change: Readonly<Record<string, string | undefined>>): string {
  const values = new Map(
    Object.entries({ ...LIMIT, ...change }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  try {
    readOrder(market, new Parameters(values), () => 'new');
  } catch (error) {
    if (error instanceof VenueRefusal) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'taken';
}

const MARKET = { type: 'MARKET', timeInForce: undefined, price: undefined };

describe('an order', () => {
  test.each([
    [{}, 'taken'],
    [{ price: '60000.01000000' }, 'taken'],
    [{ price: '60000.001' }, '-1013 Filter failure: PRICE_FILTER'],
    [{ price: '0' }, '-1013 Filter failure: PRICE_FILTER'],
    [{ price: '99999999999' }, '-1013 Filter failure: PRICE_FILTER'],
    [{ price: '60000.123456789' }, "-1111 Parameter 'price' has too much precision."],
    [{ price: '1000' }, '-1013 Filter failure: PERCENT_PRICE_BY_SIDE'],
    [{ price: '600000', side: 'SELL' }, '-1013 Filter failure: PERCENT_PRICE_BY_SIDE'],
    [{ quantity: '0.000001' }, '-1013 Filter failure: LOT_SIZE'],
    [{ quantity: '0' }, '-1013 Filter failure: LOT_SIZE'],
    [{ quantity: '99999999' }, '-1013 Filter failure: LOT_SIZE'],
    [{ quantity: '0.00001' }, '-1013 Filter failure: NOTIONAL'],
    [{ quantity: '0.00009' }, 'taken'],
    [{ quantity: '0.00008' }, '-1013 Filter failure: NOTIONAL'],
    [
      { quantity: '1e3' },
      "-1100 Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.",
    ],
    [
      { price: '-5' },
      "-1100 Illegal characters found in parameter 'price'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.",
    ],
    [
      { newClientOrderId: 'no spaces' },
      "-1100 Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'.",
    ],
    [{ newClientOrderId: 'a'.repeat(36) }, 'taken'],
    [{ side: 'HOLD' }, '-1117 Invalid side.'],
    [{ type: 'WISH' }, '-1116 Invalid orderType.'],
    [{ timeInForce: 'GTX' }, '-1115 Invalid timeInForce.'],
    [
      { timeInForce: undefined },
      "-1102 Mandatory parameter 'timeInForce' was not sent, was empty/null, or malformed.",
    ],
    [
      { price: undefined },
      "-1102 Mandatory parameter 'price' was not sent, was empty/null, or malformed.",
    ],
    [
      { quantity: '' },
      "-1102 Mandatory parameter 'quantity' was not sent, was empty/null, or malformed.",
    ],
    [{ stopPrice: '50000' }, "-1106 Parameter 'stopPrice' sent when not required."],
    [{ quoteOrderQty: '50' }, "-1106 Parameter 'quoteOrderQty' sent when not required."],
    [MARKET, 'taken'],
    [{ ...MARKET, price: '60000' }, "-1106 Parameter 'price' sent when not required."],
    [{ ...MARKET, quantity: undefined, quoteOrderQty: '50' }, 'taken'],
    [{ ...MARKET, quantity: undefined, quoteOrderQty: '4.99' }, '-1013 Filter failure: NOTIONAL'],
    [{ ...MARKET, quoteOrderQty: '50' }, '-1128 Combination of optional parameters invalid.'],
    [{ ...MARKET, quantity: '500' }, '-1013 Filter failure: MARKET_LOT_SIZE'],
    [{ type: 'LIMIT_MAKER', timeInForce: undefined }, 'taken'],
    [{ type: 'STOP_LOSS_LIMIT', stopPrice: '70000' }, 'taken'],
    [
      { type: 'STOP_LOSS_LIMIT' },
      "-1102 Mandatory parameter 'stopPrice' was not sent, was empty/null, or malformed.",
    ],
    [
      { selfTradePreventionMode: 'DECREMENT' },
      '-1013 This symbol does not allow the specified self-trade prevention mode.',
    ],
    [{ icebergQty: '0.0005' }, 'taken'],
    [{ icebergQty: '0.0005', type: 'LIMIT_MAKER', timeInForce: undefined }, 'taken'],
    [{ icebergQty: '0.0005', timeInForce: 'IOC' }, '-1014 Unsupported order combination.'],
    [{ ...MARKET, icebergQty: '0.0005' }, '-1014 Unsupported order combination.'],
    [{ icebergQty: '500' }, '-2010 IcebergQty exceeds QTY.'],
    [{ icebergQty: '0.000001' }, '-1013 Filter failure: LOT_SIZE'],
    [{ icebergQty: '0.00001' }, '-1013 Filter failure: ICEBERG_PARTS'],
  ])('with %o is %s', (change, expected) => {
    expect(refusalOf(change)).toBe(expected);
  });

  test('over the number of open orders is refused', () => {
    const request = readOrder(market, new Parameters(new Map(Object.entries(LIMIT))), () => 'new');
    const stop = { ...request, type: 'StopLimit' as const, stopPrice: 7_000_000 };
    const open = (count: number, of: typeof request): { request: typeof request }[] =>
      Array.from({ length: count }, () => ({ request: of }));
    expect(() => checkOrderCount(market, [request], open(199, request))).not.toThrow();
    expect(() => checkOrderCount(market, [request], open(200, request))).toThrow('MAX_NUM_ORDERS');
    expect(() => checkOrderCount(market, [stop], open(5, stop))).toThrow('MAX_NUM_ALGO_ORDERS');
    expect(() => checkOrderCount(market, [request], open(5, stop))).not.toThrow();
    expect(() => checkOrderCount(market, [request, stop], open(199, request))).toThrow(
      'MAX_NUM_ORDERS',
    );
    const iceberg = { ...request, icebergQuantity: 1 };
    expect(() => checkOrderCount(market, [iceberg], open(10, iceberg))).toThrow(
      'MAX_NUM_ICEBERG_ORDERS',
    );
    expect(() => checkOrderCount(market, [request], open(10, iceberg))).not.toThrow();
  });
});
