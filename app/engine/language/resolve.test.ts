import { expect, test } from 'vitest';
import { accountId, instrumentId, venueId, type AssetCode } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Quote } from '../domain/market.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { parse } from './parse.ts';
import { resolve, type Surroundings } from './resolve.ts';

const VENUE = venueId('BINANCE', 'sandbox');
const OTHER = venueId('KRAKEN', 'sandbox');

function instrument(symbol: string, venue = VENUE, tick = 1): Instrument {
  return {
    id: instrumentId(symbol, venue),
    venue,
    symbol,
    base: 'BTC' as AssetCode,
    quote: 'USDT' as AssetCode,
    baseScale: 8,
    quoteScale: 8,
    priceScale: 2,
    quantityScale: 5,
    tickSize: price(tick),
    minPrice: price(1),
    maxPrice: price(100_000_000),
    stepSize: quantity(1),
    minQuantity: quantity(1),
    maxQuantity: quantity(900_000_000),
    minNotional: 5n,
    ...(venue === VENUE ? { maxDisplayParts: 10, orderLists: true } : {}),
    status: 'Trading',
  };
}

const BTC = instrument('BTCUSDT');
const ETH = instrument('ETHUSDT', VENUE, 25);
const ETH_ELSEWHERE = instrument('ETHUSDT', OTHER);
const SOL_ELSEWHERE = instrument('SOLUSDT', OTHER);

const QUOTE: Quote = {
  instrument: BTC.id,
  bid: price(6_400_000),
  ask: price(6_400_003),
  tsEvent: unixMicros(0),
};

const AROUND: Surroundings = {
  account: accountId(VENUE, 'main'),
  instruments: [BTC, ETH, ETH_ELSEWHERE, SOL_ELSEWHERE],
  quote: (id) => (id === BTC.id ? QUOTE : undefined),
  instrumentOfOrder: (id) => (id === 'qd1-1' ? BTC.id : undefined),
};

function meaning(text: string): unknown {
  const parsed = parse(text);
  return parsed.ok ? resolve(parsed.value, AROUND) : parsed;
}

const LIMIT = {
  instrument: BTC.id,
  account: AROUND.account,
  side: 'Buy',
  type: 'Limit',
  quantity: 1_000,
  price: 6_400_000,
  timeInForce: 'GTC',
  postOnly: false,
  reduceOnly: false,
};

test.each([
  ['b 0.01 btcusdt 64000', {}],
  ['b 0.01 BTCUSDT.BINANCE@sandbox 64000.00 post', { postOnly: true }],
  ['s 0.01 btcusdt 64000 ioc reduce', { side: 'Sell', timeInForce: 'IOC', reduceOnly: true }],
  ['b 0.01 btcusdt 64000 fok', { timeInForce: 'FOK' }],
  ['b 0.01 btcusdt 64000 stop=63999.5', { type: 'StopLimit', stopPrice: 6_399_950 }],
  ['b 0.01 btcusdt 64000 show=0.001', { displayQuantity: 100 }],
  ['b 0.01 btcusdt 64000 tag=Open%20run', { tag: 'Open run' }],
  [
    'b 0.01 btcusdt 64000 tp=64000.01 sl=63999.99',
    { bracket: { takeProfit: 6_400_001, stopLoss: 6_399_999 } },
  ],
  [
    's 0.01 btcusdt 64000 tp=63999.99 sl=64000.01',
    { side: 'Sell', bracket: { takeProfit: 6_399_999, stopLoss: 6_400_001 } },
  ],
])('"%s" becomes a limit order with %o', (text, difference) => {
  const terms = { ...LIMIT, ...difference };
  expect(meaning(text)).toEqual({ ok: true, value: { type: 'SubmitOrder', terms } });
});

test.each([
  ['b 0.01 btcusdt', 'Market', undefined, undefined],
  ['b 0.01 btcusdt mkt stop=65000', 'Stop', 6_500_000, undefined],
  // The offer stands at 64000.03, a tick below.
  ['b 0.01 btcusdt tp=64000.04', 'Market', undefined, { takeProfit: 6_400_004 }],
  ['b 0.01 btcusdt mkt stop=65000 sl=64999.99', 'Stop', 6_500_000, { stopLoss: 6_499_999 }],
])('"%s" has no price', (text, type, stopPrice, bracket) => {
  const { price: _price, ...terms } = {
    ...LIMIT,
    type,
    ...(stopPrice && { stopPrice }),
    ...(bracket && { bracket }),
  };
  expect(meaning(text)).toEqual({ ok: true, value: { type: 'SubmitOrder', terms } });
});

// The bid is 64000.00 and the offer 64000.03: the middle, 64000.015, lies between two ticks.
test.each([
  ['b', 'bid', 6_400_000],
  ['b', 'ask', 6_400_003],
  ['b', 'bid+2', 6_400_002],
  ['s', 'ask-4', 6_399_999],
  ['b', 'mid', 6_400_001],
  ['s', 'mid', 6_400_002],
  ['b', 'bid-0.1%', 6_393_600],
  ['s', 'bid+0.0001%', 6_400_007],
  ['b', 'bid+0.0001%', 6_400_006],
])('%s at %s is %i cents: never worse than written', (side, written, mantissa) => {
  expect(meaning(`${side} 1 btcusdt ${written}`)).toMatchObject({
    ok: true,
    value: { terms: { price: mantissa } },
  });
});

test('what a venue does not take is refused by name', () => {
  const other = { ...AROUND, account: accountId(OTHER, 'main') };
  const refusal = (text: string): unknown => {
    const parsed = parse(text);
    const command = parsed.ok ? resolve(parsed.value, other) : parsed;
    return command.ok ? command : [command.error.code, command.error.word];
  };
  expect(refusal('b 1 solusdt 5 show=0.1')).toEqual(['NOT_SUPPORTED', 'show=0.1']);
  expect(refusal('b 1 solusdt 5 tp=6 sl=4')).toEqual(['NOT_SUPPORTED', 'sl=4']);
  expect(refusal('b 1 solusdt 5 sl=4')).toMatchObject({ ok: true });
});

test.each([
  ['cancel q-1', { type: 'CancelOrder', clientOrderId: 'q-1' }],
  ['cancel all', { type: 'CancelAll', account: AROUND.account }],
  ['cancel bids', { type: 'CancelAll', account: AROUND.account, side: 'Buy' }],
  [
    'cancel asks btcusdt',
    { type: 'CancelAll', account: AROUND.account, side: 'Sell', instrument: BTC.id },
  ],
  ['flatten', { type: 'Flatten', account: AROUND.account }],
  ['flatten btcusdt', { type: 'Flatten', account: AROUND.account, instrument: BTC.id }],
  ['unlock', { type: 'Unlock', account: AROUND.account }],
  ['lock', { type: 'Lock', account: AROUND.account }],
  ['arm', { type: 'Arm' }],
  ['disarm', { type: 'Disarm' }],
  ['kill', { type: 'Kill' }],
  ['accept', { type: 'AcceptBalances', account: AROUND.account }],
  [
    'replace qd1-1 0.5 64000.01',
    { type: 'ReplaceOrder', clientOrderId: 'qd1-1', quantity: 50_000, price: 6_400_001 },
  ],
  ['replace qd1-1 1', { type: 'ReplaceOrder', clientOrderId: 'qd1-1', quantity: 100_000 }],
])('"%s" becomes %o', (text, command) => {
  expect(meaning(text)).toEqual({ ok: true, value: command });
});

test.each([
  ['replace nobody 1', 'ORDER_UNKNOWN', 9, 'one of our orders'],
  ['replace', 'WORD_MISSING', 8, 'a client order id'],
  ['replace qd1-1 x', 'QUANTITY_MALFORMED', 15, 'the new total quantity'],
  ['replace qd1-1 1 bid', 'PRICE_MALFORMED', 17, 'the new price'],
  ['b 1 dogeusdt 5', 'SYMBOL_UNKNOWN', 5, 'BTCUSDT.BINANCE@sandbox'],
  ['b 1 btc 5', 'SYMBOL_UNKNOWN', 5, 'an instrument such as BTCUSDT.BINANCE@sandbox'],
  [
    'b 1 ethusdt 5',
    'SYMBOL_AMBIGUOUS',
    5,
    'one of ETHUSDT.BINANCE@sandbox, ETHUSDT.KRAKEN@sandbox',
  ],
  ['b 1 solusdt 5', 'SYMBOL_OTHER_VENUE', 5, 'BINANCE@sandbox/main'],
  ['b 0.000001 btcusdt 5', 'QUANTITY_OFF_STEP', 3, 'in steps of 0.00001, e.g. 0.00001'],
  ['b 1 btcusdt 64000.005', 'PRICE_OFF_TICK', 13, 'e.g. 64000.00 or 64000.01'],
  ['b 1 ethusdt.binance@SANDBOX 3000.30', 'PRICE_OFF_TICK', 29, 'e.g. 3000.25 or 3000.50'],
  ['b 1 btcusdt 5 stop=1.001', 'PRICE_OFF_TICK', 15, 'e.g. 1.00 or 1.01'],
  ['b 1 btcusdt 99999999999999999999', 'OUT_OF_RANGE', 13, 'at most 90071992547409.91'],
  ['b 1 btcusdt bid-100%', 'OUT_OF_RANGE', 13, 'above 0'],
  ['b 1 btcusdt bid-99999999', 'OUT_OF_RANGE', 13, 'above 0'],
  ['b 1 ethusdt.binance@sandbox bid', 'QUOTE_MISSING', 29, 'no bid now'],
  ['b 1 btcusdt 5 show=0.000001', 'QUANTITY_OFF_STEP', 15, 'in steps of 0.00001'],
  ['b 1 btcusdt 5 show=1', 'OUT_OF_RANGE', 15, 'less than the quantity 1.00000'],
  ['b 1 btcusdt 5 show=0.09999', 'OUT_OF_RANGE', 15, 'at most 10 parts of 1.00000'],
  ['b 1 btcusdt 5 tp=6.001', 'PRICE_OFF_TICK', 15, 'e.g. 6.00 or 6.01'],
  ['b 1 btcusdt 5 tp=5', 'EXIT_ON_WRONG_SIDE', 15, 'above the entry at 5.00'],
  ['b 1 btcusdt 5 tp=6 sl=5', 'EXIT_ON_WRONG_SIDE', 20, 'below the entry at 5.00'],
  ['s 1 btcusdt 5 tp=6', 'EXIT_ON_WRONG_SIDE', 15, 'below the entry at 5.00'],
  ['b 1 btcusdt mkt tp=64000.03', 'EXIT_ON_WRONG_SIDE', 17, 'above the entry at 64000.03'],
  ['s 1 btcusdt mkt sl=64000', 'EXIT_ON_WRONG_SIDE', 17, 'above the entry at 64000.00'],
  ['b 1 ethusdt.binance@sandbox mkt sl=5', 'QUOTE_MISSING', 33, 'has no ask now'],
  ['flatten xyz', 'SYMBOL_UNKNOWN', 9, 'BTCUSDT'],
])('"%s" is refused: %s at column %i, naming %s', (text, code, column, named) => {
  const expected = expect.stringContaining(named) as string;
  expect(meaning(text)).toMatchObject({ ok: false, error: { code, column, expected } });
});
