import { expect, test } from 'vitest';
import { unixMicros } from '../../../../domain/time.ts';
import { parseAccount, parseAccountPosition } from './account.ts';
import { parseBars } from '../../bars.ts';
import { parseExecutionReport } from './execution-report.ts';
import { isRecord } from '../../../../ports/wire-fields.ts';
import { parseAccountTrade, parseOrder } from './orders.ts';
import { parsePermissions } from './permissions.ts';
import { ACCOUNT, fixture, fixtureInstrument } from '../testdata/fixtures.ts';

const BTC = fixtureInstrument('BTCUSDT');
const context = { account: ACCOUNT, instrument: BTC };
const base = { account: ACCOUNT, instrument: BTC.id, venueTime: 1_700_000_000_657_000 };

function report(name: string, changes: object = {}) {
  const wire = fixture(name);
  if (!isRecord(wire)) throw new Error('not an object');
  const parsed = parseExecutionReport({ ...wire, ...changes }, context);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

test('NEW is OrderAccepted', () => {
  expect(report('ws_execution_new').reports).toEqual([
    { ...base, type: 'OrderAccepted', clientOrderId: 'qd-1', venueOrderId: '4293153' },
  ]);
});

test.each([
  ['0.00200000', { displayQuantity: 200 }],
  ['0.00000000', {}],
])('a displayed quantity of %s', (shown, expected) => {
  const { terms } = report('ws_execution_new', { F: shown }).order;
  const { displayQuantity } = terms;
  expect(displayQuantity === undefined ? {} : { displayQuantity }).toEqual(expected);
  const [first] = fixture('http_get_open_orders') as object[];
  const asked = parseOrder({ ...first, icebergQty: shown }, context);
  expect(asked.ok && asked.value.terms).toEqual({ ...terms });
});

test('TRADE is OrderFilled with its own price, quantity, fee and side of the spread', () => {
  const update = report('ws_execution_trade_partial');
  expect(update.reports).toEqual([
    {
      ...base,
      type: 'OrderFilled',
      clientOrderId: 'qd-1',
      venueOrderId: '4293153',
      tradeId: '77',
      lastPx: 6_400_010,
      lastQty: 400,
      liquidity: 'Maker',
      fee: 400n,
      feeScale: 8,
      feeAsset: 'BTC',
    },
  ]);
  expect(update.order).toMatchObject({
    status: 'PartiallyFilled',
    cumQty: 400,
    cumNotional: 2_560_004_000n,
  });
});

test('a fee in a third asset keeps its own scale', () => {
  expect(report('ws_execution_trade_filled').reports).toMatchObject([
    { tradeId: '78', liquidity: 'Taker', fee: 12_345n, feeScale: 8, feeAsset: 'BNB' },
  ]);
});

test('CANCELED names the order, not the cancel request', () => {
  expect(report('ws_execution_canceled').reports).toEqual([
    { ...base, type: 'OrderCanceled', clientOrderId: 'qd-1', cumQty: 400 },
  ]);
});

test('REJECTED carries the reason of the venue', () => {
  expect(report('ws_execution_rejected').reports).toMatchObject([
    { type: 'OrderRejected', clientOrderId: 'qd-3', code: 'INSUFFICIENT_BALANCES' },
  ]);
});

test.each([
  [{}, 'IMMEDIATE_OR_CANCEL'],
  [{ f: 'FOK' }, 'FILL_OR_KILL'],
  [{ f: 'GTC' }, 'EXPIRED'],
  [{ f: 'GTC', o: 'MARKET', p: '0.00000000' }, 'NO_LIQUIDITY'],
  [{ eR: 'EXECUTION_RULE_PRICE_RANGE_EXCEEDED' }, 'EXECUTION_RULE_PRICE_RANGE_EXCEEDED'],
])('EXPIRED with %j is OrderExpired %s', (changes, code) => {
  expect(report('ws_execution_expired_ioc', changes).reports).toEqual([
    { ...base, type: 'OrderExpired', clientOrderId: 'qd-4', cumQty: 100, code },
  ]);
});

test('TRADE_PREVENTION ends the order, or only changes it', () => {
  expect(report('ws_execution_trade_prevention').reports).toMatchObject([
    { type: 'OrderExpired', code: 'SELF_TRADE_PREVENTION' },
  ]);
  expect(report('ws_execution_trade_prevention', { X: 'NEW' }).reports).toEqual([]);
});

test('a stop rests, then is triggered', () => {
  const resting = report('ws_execution_stop_new');
  expect(resting.reports.map((one) => one.type)).toEqual(['OrderAccepted']);
  expect(resting.order.terms).toMatchObject({
    type: 'StopLimit',
    price: 6_299_000,
    stopPrice: 6_300_000,
  });
  expect(report('ws_execution_stop_triggered').reports.map((one) => one.type)).toEqual([
    'OrderAccepted',
    'OrderTriggered',
  ]);
});

test('REPLACED only tells the order as it is now', () => {
  const update = report('ws_execution_replaced');
  expect(update.reports).toEqual([]);
  expect(update.order.terms.quantity).toBe(800);
});

test('placeholder zeros are absent', () => {
  const { terms } = report('ws_execution_new').order;
  expect(terms.price).toBe(6_400_010);
  expect('stopPrice' in terms).toBe(false);
  expect('price' in report('ws_execution_new', { o: 'MARKET', p: '0.00' }).order.terms).toBe(false);
});

test.each([
  [{ x: 'CALCULATED' }, 'x must be one of'],
  [{ X: 'LOST' }, 'X must be one of'],
  [{ L: '64000.105' }, 'L must be a price with at most 2 decimals, was "64000.105"'],
  [{ t: -1 }, 't must be a trade id >= 0'],
  [{ S: 'LONG' }, 'S must be BUY or SELL'],
  [{ i: '12' }, 'i must be a whole number'],
])('a report with %j is refused by field', (changes, words) => {
  const wire = fixture('ws_execution_trade_partial');
  if (!isRecord(wire)) throw new Error('not an object');
  const parsed = parseExecutionReport({ ...wire, ...changes }, context);
  expect(parsed.ok ? '' : parsed.error.message).toContain(words);
});

test('open orders with their kinds', () => {
  const orders = (fixture('http_get_open_orders') as unknown[]).map((wire) => {
    const parsed = parseOrder(wire, context);
    if (!parsed.ok) throw new Error(parsed.error.message);
    return parsed.value;
  });
  expect(orders).toMatchObject([
    {
      clientOrderId: 'qd-1',
      status: 'PartiallyFilled',
      cumQty: 400,
      cumNotional: 2_560_004_000n,
      terms: { type: 'Limit', side: 'Buy', price: 6_400_010, postOnly: false },
    },
    { clientOrderId: 'qd-2', status: 'Accepted', terms: { type: 'Stop', stopPrice: 6_300_000 } },
    { clientOrderId: 'web_abc', terms: { type: 'Limit', side: 'Sell', postOnly: true } },
  ]);
  expect('price' in (orders[1]?.terms ?? {})).toBe(false);
});

test.each([
  [false, undefined],
  [true, true],
])('a stop that works (%s) was triggered', (isWorking, triggered) => {
  const wires = fixture('http_get_open_orders') as object[];
  const stop = parseOrder({ ...wires[1], isWorking }, context);
  expect(stop.ok && stop.value.triggered).toBe(triggered);
  const limit = parseOrder({ ...wires[0], isWorking }, context);
  expect(limit.ok && limit.value.triggered).toBeUndefined();
});

test('rows of the trade history', () => {
  const trades = (fixture('http_get_my_trades') as unknown[]).map((wire) =>
    parseAccountTrade(wire, context),
  );
  expect(trades).toMatchObject([
    {
      value: {
        venueOrderId: '12569099453',
        fill: { tradeId: '28457', liquidity: 'Maker', fee: 400n, feeAsset: 'BTC' },
      },
    },
    { value: { fill: { tradeId: '28458', liquidity: 'Taker', fee: 12_345n, feeAsset: 'BNB' } } },
  ]);
});

test('balances of the account and of the stream', () => {
  const account = parseAccount(fixture('http_get_account'));
  expect(account).toEqual({
    ok: true,
    value: {
      updatedAt: 1_700_000_000_123_000,
      venueAccount: '354937868',
      feeRates: { maker: 75_000, taker: 100_000 },
      balances: [
        { asset: 'BTC', scale: 8, free: 150_000_000n, locked: 25_000_000n },
        { asset: 'USDT', scale: 8, free: 10_000_012_345_678n, locked: 0n },
      ],
    },
  });
  const changed = parseAccountPosition(fixture('ws_account_position'), ACCOUNT);
  expect(changed.ok && changed.value).toMatchObject({
    type: 'BalancesChanged',
    venueTime: 1_700_000_000_073_000,
    balances: [{ asset: 'BTC', free: 150_400_000n, locked: 0n }, { asset: 'USDT' }],
  });
});

test('fee rates: the dearer side is added, absent ones are absent, impossible ones refused', () => {
  const wire = fixture('http_get_account') as Record<string, unknown>;
  const rates = (commissionRates: unknown): unknown => {
    const parsed = parseAccount({ ...wire, commissionRates });
    return parsed.ok ? parsed.value.feeRates : parsed.error.message;
  };
  const stated = { maker: '-0.0001', taker: '0.001', buyer: '0.0002', seller: '0.0003' };
  expect(rates(stated)).toEqual({ maker: 20_000, taker: 130_000 });
  expect(rates(undefined)).toBeUndefined();
  expect(rates({ ...stated, taker: '1' })).toContain('taker must be a share of at most 1');
  expect(rates({ ...stated, buyer: 0 })).toContain('buyer must be a text');
});

test('klines become bars, the last one open until its time is past', () => {
  const bars = parseBars(fixture('http_get_klines'), BTC, unixMicros(1_700_000_100_000_000));
  expect(bars).toEqual({
    ok: true,
    value: [
      {
        openTime: 1_700_000_000_000_000,
        open: 6_400_010,
        high: 6_401_000,
        low: 6_399_000,
        close: 6_400_555,
        volume: 1_234_567,
        closed: true,
      },
      {
        openTime: 1_700_000_060_000_000,
        open: 6_400_555,
        high: 6_400_555,
        low: 6_400_555,
        close: 6_400_555,
        volume: 0,
        closed: false,
      },
    ],
  });
});

test('a key that may withdraw is refused, an open one is warned about', () => {
  const wire = fixture('http_get_api_restrictions');
  if (!isRecord(wire)) throw new Error('not an object');
  const good = parsePermissions(wire);
  expect(good.ok && good.value).toMatchObject({ canTradeSpot: true, restrictedToAddresses: false });
  expect(good.ok && good.value.warnings).toHaveLength(1);
  const restricted = parsePermissions({ ...wire, ipRestrict: true });
  expect(restricted.ok && restricted.value.warnings).toEqual([]);
  const refused = parsePermissions({ ...wire, enableWithdrawals: true });
  expect(refused.ok ? '' : refused.error.code).toBe('KEY_CAN_WITHDRAW');
  const readOnly = parsePermissions({ ...wire, enableSpotAndMarginTrading: false });
  expect(readOnly.ok && readOnly.value.warnings).toHaveLength(2);
});
