import { expect, test } from 'vitest';
import { parseExchangeInfo, parseInstrument } from './instruments.ts';
import { fixture, fixtureInstrument, VENUE } from '../testdata/fixtures.ts';

test('scales are the decimals of tick and step, bounds and notional at those scales', () => {
  expect(fixtureInstrument('BTCUSDT')).toEqual({
    id: 'BTCUSDT.BINANCE@sandbox',
    venue: 'BINANCE@sandbox',
    symbol: 'BTCUSDT',
    base: 'BTC',
    quote: 'USDT',
    baseScale: 8,
    quoteScale: 8,
    priceScale: 2,
    quantityScale: 5,
    tickSize: 1,
    minPrice: 1,
    maxPrice: 100_000_000,
    stepSize: 1,
    minQuantity: 1,
    maxQuantity: 900_000_000,
    minNotional: 50_000_000n,
    maxDisplayParts: 100,
    orderLists: true,
    status: 'Trading',
  });
});

test.each([
  ['no filter of its own', { filters: [] }],
  ['icebergs not allowed', { icebergAllowed: false }],
])('%s: no displayed quantity', (_, changes) => {
  const info = fixture('http_get_exchange_info') as { symbols: { filters: object[] }[] };
  const [btc] = info.symbols;
  const filters = btc?.filters.filter((one) => !JSON.stringify(one).includes('ICEBERG_PARTS'));
  const wire = { ...btc, ...changes, ...('filters' in changes ? { filters } : {}) };
  const parsed = parseInstrument(wire, VENUE);
  expect(parsed.ok && 'maxDisplayParts' in parsed.value).toBe(false);
});

test('a legacy notional filter, a halted status and a bound that is off', () => {
  const shib = fixtureInstrument('SHIBUSDT');
  expect(shib).toMatchObject({ priceScale: 8, quantityScale: 0, status: 'Halted' });
  expect(shib.maxPrice).toBe(Number.MAX_SAFE_INTEGER);
  expect(shib.minNotional).toBe(500_000_000n);
});

test('a tick filter that is off means the precision of the asset, no notional filter means none', () => {
  expect(fixtureInstrument('NEWUSDT')).toMatchObject({
    priceScale: 8,
    tickSize: 1,
    minPrice: 0,
    quantityScale: 1,
    stepSize: 1,
    minNotional: 0n,
    status: 'CancelOnly',
  });
});

test('a symbol that cannot be read is named and the others stay', () => {
  const info = parseExchangeInfo(fixture('http_get_exchange_info'), VENUE);
  if (!info.ok) throw new Error(info.error.message);
  expect(info.value.instruments.map((one) => one.symbol)).toEqual([
    'BTCUSDT',
    'SHIBUSDT',
    'NEWUSDT',
  ]);
  expect(info.value.rejected).toEqual([
    { symbol: 'ODDUSDT', reason: 'PRICE_FILTER: the message must be an object, was absent' },
  ]);
  expect(info.value.weightPerMinute).toBe(6000);
});

test('a status never heard of is Halted', () => {
  const info = fixture('http_get_exchange_info') as { symbols: object[] };
  const parsed = parseInstrument({ ...info.symbols[0], status: 'AUCTION' }, VENUE);
  expect(parsed.ok && parsed.value.status).toBe('Halted');
});

test('what is no exchangeInfo is refused with the field', () => {
  const parsed = parseExchangeInfo({ code: -1003 }, VENUE);
  expect(parsed.ok ? '' : parsed.error.message).toBe(
    'exchangeInfo: symbols must be a list, was absent',
  );
});
