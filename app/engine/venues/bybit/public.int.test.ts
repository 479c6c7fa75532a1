import { expect, test } from 'vitest';
import { present } from '../../base/invariant.ts';
import { formatDecimal } from '../../domain/decimal.ts';
import { unixMicros } from '../../domain/time.ts';
import { fixtureOf } from '../../market-data/testing/recorded.ts';
import { BYBIT_LIVE, bybitVenue, type Category } from './index.ts';

const SPOT = fixtureOf('bybit/http_get_instruments_spot.json');
const LINEAR = fixtureOf('bybit/http_get_instruments_linear.json');
const INVERSE = fixtureOf('bybit/http_get_instruments_inverse.json');
const KLINES = fixtureOf('bybit/http_get_klines_linear.json');

function read(category: Category, answer: unknown) {
  const { rest } = bybitVenue('live', BYBIT_LIVE, category);
  const listed = present(rest.instruments()[0], 'a question').read(answer);
  if (!listed.ok) throw new Error(listed.error.message);
  expect(listed.value.rejected).toEqual([]);
  return listed.value;
}

test.runIf(SPOT !== undefined)('spot: steps and bounds as the venue writes them', () => {
  const [bitcoin] = read('spot', SPOT).instruments;
  expect(bitcoin).toMatchObject({
    id: 'BTCUSDT.BYBIT',
    base: 'BTC',
    quote: 'USDT',
    priceScale: 1,
    quantityScale: 4,
    tickSize: 1,
    stepSize: 1,
    minQuantity: 10,
    maxQuantity: 1_000_000,
    minNotional: 1_000_000n,
    status: 'Trading',
  });
});

test.runIf(LINEAR !== undefined && INVERSE !== undefined)('derivatives say what they count', () => {
  const [linear] = read('linear', LINEAR).instruments;
  expect(linear).toMatchObject({ id: 'BTCUSDT.BYBIT-LINEAR', derivative: 'Perpetual' });
  expect(linear?.quantityUnit).toBeUndefined();
  const [inverse] = read('inverse', INVERSE).instruments;
  expect(inverse).toMatchObject({ derivative: 'Perpetual', quantityUnit: 'USD' });
});

test.runIf(LINEAR !== undefined)('a list goes on at its cursor', () => {
  const first = structuredClone(LINEAR) as { result: { nextPageCursor: string } };
  first.result.nextPageCursor = 'page two';
  expect(read('linear', first).next?.params).toEqual({
    category: 'linear',
    limit: 1000,
    cursor: 'page two',
  });
});

test.runIf(LINEAR !== undefined && KLINES !== undefined)('bars are those of the venue', () => {
  const instrument = present(read('linear', LINEAR).instruments[0], 'an instrument');
  const { rest } = bybitVenue('live', BYBIT_LIVE, 'linear');
  const now = unixMicros(1_709_891_700_000_000);
  const question = rest.bars(instrument, '1m', { endTime: now, limit: 5000, now });
  expect(question.params).toMatchObject({ interval: '1', end: 1_709_891_699_999, limit: 1000 });
  const bars = question.read(KLINES);
  if (!bars.ok) throw new Error(bars.error.message);
  const [bar] = bars.value;
  expect(bar).toMatchObject({ openTime: 1_709_891_679_000_000, closed: false });
  expect(Number(formatDecimal(present(bar, 'a bar').high, instrument.priceScale))).toBe(27_460);
});

test('answers are told apart from what nobody knows', () => {
  const { rest, readControl } = bybitVenue('live', BYBIT_LIVE, 'spot');
  const refused =
    '{"success":false,"ret_msg":"error:handler not found,topic:orderbook.1000.NOPAIR","conn_id":"x","op":"subscribe"}';
  expect(readControl(refused)).toMatchObject({ type: 'Refused', symbol: 'NOPAIR' });
  expect(readControl('{"success":true,"ret_msg":"pong","op":"ping"}')).toEqual({ type: 'Quiet' });
  expect(readControl('{"args":["1672916271846"],"op":"pong"}')).toEqual({ type: 'Quiet' });
  expect(readControl('{"topic":"tickers.BTCUSDT","type":"delta","data":{}}')).toEqual({
    type: 'Quiet',
  });
  expect(readControl('{"topic":"something.new","data":{}}')).toBeUndefined();
  expect(rest.refusal(200, { retCode: 10_006, retMsg: 'Too many visits' })?.code).toBe(
    'TOO_MANY_REQUESTS',
  );
  expect(rest.refusal(200, { retCode: 10_001, retMsg: 'params error' })?.kind).toBe('Refused');
  expect(rest.refusal(200, { retCode: 0, result: {} })).toBeUndefined();
});

test('spot has no marks and no liquidations; no request has more topics than the venue takes', () => {
  const topics = (category: Category, ...symbols: string[]): string[][] =>
    present(bybitVenue('live', BYBIT_LIVE, category).lines[0], 'a line')
      .subscribe(symbols)
      .map((text) => (JSON.parse(text) as { args: string[] }).args);
  expect(topics('spot', 'BTCUSDT')).toEqual([
    ['orderbook.1000.BTCUSDT', 'orderbook.1.BTCUSDT', 'publicTrade.BTCUSDT', 'kline.1.BTCUSDT'],
  ]);
  expect(topics('linear', 'BTCUSDT').flat().slice(4)).toEqual([
    'tickers.BTCUSDT',
    'allLiquidation.BTCUSDT',
  ]);
  expect(topics('linear', 'BTCUSDT', 'ETHUSDT', 'SOLUSDT').map(({ length }) => length)).toEqual([
    10, 8,
  ]);
});
