import { expect, test } from 'vitest';
import { present } from '../../base/invariant.ts';
import { formatDecimal } from '../../domain/decimal.ts';
import { unixMicros } from '../../domain/time.ts';
import { fixtureOf } from '../../market-data/testing/recorded.ts';
import { COINBASE_LIVE, coinbaseVenue } from './index.ts';

const { rest, readControl, sequenceOf } = coinbaseVenue('live', COINBASE_LIVE);
const PRODUCTS = fixtureOf('coinbase/http_products.json');
const FUTURES = fixtureOf('coinbase/http_products_future.json');
const CANDLES = fixtureOf('coinbase/http_candles.json');

function read(answer: unknown) {
  const listed = present(rest.instruments()[0], 'a question').read(answer);
  if (!listed.ok) throw new Error(listed.error.message);
  return listed.value;
}

test.runIf(PRODUCTS !== undefined)(
  'a product’s other name is left out: its data comes under the first',
  () => {
    const { instruments, rejected } = read(PRODUCTS);
    expect(rejected).toEqual([]);
    expect(instruments.map(({ symbol }) => symbol)).toEqual(['BTC-USD']);
    expect(instruments[0]).toMatchObject({
      id: 'BTC-USD.COINBASE',
      priceScale: 2,
      quantityScale: 8,
      tickSize: 1,
      stepSize: 1,
      maxQuantity: 340_000_000_000,
      status: 'Trading',
    });
  },
);

test.runIf(FUTURES !== undefined)('a future counts contracts', () => {
  expect(read(FUTURES).instruments[0]).toMatchObject({
    symbol: 'BIP-20DEC30-CDE',
    quantityUnit: 'contracts',
    tickSize: 5,
  });
});

test.runIf(PRODUCTS !== undefined && CANDLES !== undefined)(
  'bars come newest first and leave oldest first',
  () => {
    const instrument = present(read(PRODUCTS).instruments[0], 'a product');
    const now = unixMicros(1_712_193_000_000_000);
    const question = rest.bars(instrument, '1h', { endTime: now, limit: 2, now });
    expect(question.params).toMatchObject({
      granularity: 'ONE_HOUR',
      end: 1_712_193_000,
      limit: 2,
    });
    const bars = question.read(CANDLES);
    if (!bars.ok) throw new Error(bars.error.message);
    const { candles } = CANDLES as { candles: Record<string, string>[] };
    const texts = candles.toReversed();
    expect(bars.value.map(({ openTime }) => String(openTime / 1e6))).toEqual(
      texts.map(({ start }) => start),
    );
    bars.value.forEach((bar, row) => {
      expect(Number(formatDecimal(bar.close, 2))).toBe(Number(texts[row]?.['close']));
      expect(Number(formatDecimal(bar.volume, 8))).toBe(Number(texts[row]?.['volume']));
    });
    expect(bars.value.map(({ closed }) => closed)).toEqual([true, false]);
  },
);

test('messages are numbered at their beginning', () => {
  const message =
    '{"channel":"l2_data","client_id":"","timestamp":"2026-04-07T14:30:00Z","sequence_num":41,"events":[]}';
  expect(sequenceOf?.(message)).toBe(41);
  expect(sequenceOf?.('{"type":"error"}')).toBeUndefined();
});

test('answers are told apart from what nobody knows', () => {
  expect(readControl('{"channel":"subscriptions","events":[]}')).toEqual({ type: 'Quiet' });
  expect(readControl('{"client_id":"","channel":"heartbeats"}')).toEqual({ type: 'Quiet' });
  expect(readControl('{"type":"error","message":"authentication failure"}')).toEqual({
    type: 'Refused',
    message: 'authentication failure',
  });
  expect(readControl('{"channel":"something new"}')).toBeUndefined();
  expect(
    rest.refusal(404, { error: 'NOT_FOUND', message: 'valid product_id is required' })?.message,
  ).toBe('valid product_id is required');
});
