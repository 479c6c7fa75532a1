import { describe, expect, test } from 'vitest';
import { present } from '../../base/invariant.ts';
import { formatDecimal } from '../../domain/decimal.ts';
import { unixMicros } from '../../domain/time.ts';
import { fixtureOf, isRecorded, recordedAnswers } from '../../market-data/testing/recorded.ts';
import { krakenVenue, KRAKEN_LIVE } from './index.ts';

const { rest, readControl } = krakenVenue('live', KRAKEN_LIVE);
const LISTS = 'kraken/reference_rest.txt.gz';

describe.runIf(isRecorded(LISTS))('what Kraken lists', () => {
  test('every pair is read but the dark pool’s, with the decimals the venue writes', async () => {
    const [answer] = await recordedAnswers(LISTS);
    const [question] = rest.instruments();
    const listed = present(question, 'a question').read(answer);
    if (!listed.ok) throw new Error(listed.error.message);
    const { instruments, rejected } = listed.value;
    const pairs = Object.values((answer as { result: Record<string, Pair> }).result);
    expect(instruments).toHaveLength(pairs.filter(({ wsname }) => wsname !== undefined).length);
    expect(rejected).toHaveLength(pairs.length - instruments.length);
    for (const { wsname = '', pair_decimals: price, lot_decimals: lot, ordermin } of pairs) {
      const symbol = wsname.replace('XBT', 'BTC').replace('XDG', 'DOGE');
      const instrument = instruments.find((one) => one.symbol === symbol);
      if (instrument === undefined) continue;
      expect([instrument.priceScale, instrument.quantityScale]).toEqual([price, lot]);
      const least = formatDecimal(instrument.minQuantity, instrument.quantityScale);
      expect(Number(least)).toBe(Number(ordermin ?? '0'));
    }
    expect(instruments.find(({ symbol }) => symbol === 'BTC/USD')).toMatchObject({
      id: 'BTC-USD.KRAKEN',
      base: 'BTC',
      quote: 'USD',
      status: 'Trading',
    });
  });
});

interface Pair {
  readonly wsname?: string;
  readonly pair_decimals: number;
  readonly lot_decimals: number;
  readonly ordermin?: string;
}

const OHLC = fixtureOf('kraken/http_ohlc.json');
const PAIRS = fixtureOf('kraken/http_asset_pairs.json');

test.runIf(OHLC !== undefined && PAIRS !== undefined)('bars are those of the venue', () => {
  const listed = present(rest.instruments()[0], 'a question').read(PAIRS);
  if (!listed.ok) throw new Error(listed.error.message);
  const instrument = present(listed.value.instruments[0], 'a pair');
  expect([instrument.symbol, instrument.tickSize]).toEqual(['BTC/USDT', 1]);
  const rows = (OHLC as { result: { XBTUSDT: (string | number)[][] } }).result.XBTUSDT;
  const last = Number(present(rows.at(-1), 'a bar')[0]);
  const range = {
    endTime: unixMicros((last + 60) * 1e6),
    limit: 720,
    now: unixMicros((last + 30) * 1e6),
  };
  const question = rest.bars(instrument, '1m', range);
  expect(question.params).toEqual({ pair: 'XBTUSDT', interval: 1 });
  const bars = question.read(OHLC);
  if (!bars.ok) throw new Error(bars.error.message);
  expect(bars.value.map(({ openTime }) => openTime / 1e6)).toEqual(rows.map(([time]) => time));
  bars.value.forEach(({ open, high, low, close }, row) => {
    const prices = [open, high, low, close].map((one) => formatDecimal(one, 1));
    expect(prices).toEqual(rows[row]?.slice(1, 5));
  });
  expect(bars.value.map(({ closed }) => closed).lastIndexOf(false)).toBe(rows.length - 1);
});

test('a refusal is named by the venue’s own word', () => {
  expect(rest.refusal(200, { error: ['EQuery:Unknown asset pair'] })).toMatchObject({
    code: 'VENUE_REFUSED',
    kind: 'Refused',
    message: 'EQuery:Unknown asset pair',
  });
  expect(rest.refusal(200, { error: ['EService:Unavailable'] })?.kind).toBe('Retryable');
  expect(rest.refusal(200, { error: ['EGeneral:Too many requests'] })?.code).toBe(
    'TOO_MANY_REQUESTS',
  );
  expect(rest.refusal(200, { error: [], result: {} })).toBeUndefined();
});

test('answers are told apart from what nobody knows', () => {
  const refused =
    '{"method":"subscribe","error":"Currency pair not supported BTC/XYZ","success":false,"symbol":"BTC/XYZ"}';
  expect(readControl(refused)).toEqual({
    type: 'Refused',
    message: 'Currency pair not supported BTC/XYZ',
    symbol: 'BTC/XYZ',
  });
  expect(readControl('{"channel":"heartbeat"}')).toEqual({ type: 'Quiet' });
  expect(readControl('{"method":"pong","req_id":1}')).toEqual({ type: 'Quiet' });
  expect(readControl('{"channel":"something new"}')).toBeUndefined();
  expect(readControl('not JSON')).toBeUndefined();
});
