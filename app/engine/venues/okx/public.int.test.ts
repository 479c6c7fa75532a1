import { describe, expect, test } from 'vitest';
import { present } from '../../base/invariant.ts';
import { formatDecimal } from '../../domain/decimal.ts';
import { unixMicros } from '../../domain/time.ts';
import { fixtureOf, isRecorded, recordedAnswers } from '../../market-data/testing/recorded.ts';
import { okxVenue, OKX_LIVE } from './index.ts';

const { rest, readControl } = okxVenue('live', OKX_LIVE);
const LISTS = 'okx/reference_rest.txt.gz';

interface Listed {
  readonly instId: string;
  readonly tickSz: string;
  readonly lotSz: string;
  readonly minSz: string;
}

describe.runIf(isRecorded(LISTS))('what OKX lists', () => {
  test('every instrument is read, steps as the venue writes them', async () => {
    const answers = (await recordedAnswers(LISTS)) as { data: Listed[] }[];
    const question = present(rest.instruments()[0], 'a question');
    let count = 0;
    for (const answer of answers) {
      const listed = question.read(answer);
      if (!listed.ok) throw new Error(listed.error.message);
      expect(listed.value.rejected).toEqual([]);
      listed.value.instruments.forEach((one, row) => {
        const raw = present(answer.data[row], 'a row');
        expect(one.symbol).toBe(raw.instId);
        expect(Number(formatDecimal(one.tickSize, one.priceScale))).toBe(Number(raw.tickSz));
        expect(Number(formatDecimal(one.stepSize, one.quantityScale))).toBe(Number(raw.lotSz));
        expect(Number(formatDecimal(one.minQuantity, one.quantityScale))).toBe(Number(raw.minSz));
        count += 1;
      });
    }
    expect(count).toBeGreaterThan(1000);
  });
});

const SWAPS = fixtureOf('okx/http_get_instruments_swap.json');
const CANDLES = fixtureOf('okx/http_get_candlesticks.json');

test.runIf(SWAPS !== undefined)('a swap counts contracts', () => {
  const listed = present(rest.instruments()[0], 'a question').read(SWAPS);
  if (!listed.ok) throw new Error(listed.error.message);
  expect(listed.value.instruments[0]).toMatchObject({
    symbol: 'BTC-USD-SWAP',
    base: 'BTC',
    quote: 'USD',
    derivative: 'Perpetual',
    quantityUnit: 'contracts',
  });
});

test.runIf(SWAPS !== undefined && CANDLES !== undefined)(
  'bars come newest first and leave oldest first',
  () => {
    const listed = present(rest.instruments()[0], 'a question').read(SWAPS);
    if (!listed.ok) throw new Error(listed.error.message);
    const instrument = present(listed.value.instruments[0], 'a swap');
    const { data } = CANDLES as { data: string[][] };
    const now = unixMicros(1_625_097_690_000_000);
    const question = rest.bars(instrument, '1m', { endTime: now, limit: 1000, now });
    expect(question).toMatchObject({
      path: '/api/v5/market/candles',
      params: { instId: 'BTC-USD-SWAP', bar: '1m', after: 1_625_097_690_000, limit: 300 },
    });
    const bars = question.read({ data: data.toReversed() });
    if (!bars.ok) throw new Error(bars.error.message);
    expect(bars.value.map(({ openTime }) => String(openTime / 1000))).toEqual(
      data.map(([time]) => time),
    );
    expect(bars.value.map(({ closed }) => closed)).toEqual([true, false]);
    expect(formatDecimal(present(bars.value[0], 'a bar').high, instrument.priceScale)).toBe(
      '33870.0',
    );
  },
);

test('old bars are asked of the history', () => {
  const now = unixMicros(1_700_000_000_000_000);
  const old = unixMicros(now - 2 * 86_400_000_000);
  const instrument = { symbol: 'BTC-USDT' } as Parameters<typeof rest.bars>[0];
  expect(rest.bars(instrument, '1m', { endTime: old, limit: 10, now }).path).toBe(
    '/api/v5/market/history-candles',
  );
});

test('answers are told apart from what nobody knows', () => {
  expect(readControl('pong')).toEqual({ type: 'Quiet' });
  expect(readControl('{"event":"notice","code":"64008","msg":"upgrade"}')).toEqual({
    type: 'Rotate',
    reason: 'upgrade',
  });
  const unknown =
    '{"event":"error","code":"60018","msg":"Wrong URL or channel:books,instId:NO-PAIR doesn\'t exist."}';
  expect(readControl(unknown)).toMatchObject({ type: 'Refused', symbol: 'NO-PAIR' });
  expect(readControl('{"event":"subscribe","arg":{}}')).toEqual({ type: 'Quiet' });
  expect(readControl('{"arg":{"channel":"new"}}')).toBeUndefined();
  expect(rest.refusal(200, { code: '50011', msg: 'Too Many Requests' })?.code).toBe(
    'TOO_MANY_REQUESTS',
  );
  expect(rest.refusal(200, { code: '51001', msg: 'Instrument ID does not exist' })?.kind).toBe(
    'Refused',
  );
});

test('a derivative’s mark, open interest and funding are asked for with its market', () => {
  const [market] = okxVenue('live', OKX_LIVE).lines;
  const channels = (symbol: string): string[] =>
    present(market, 'a line')
      .subscribe([symbol])
      .flatMap((text) => (JSON.parse(text) as { args: { channel: string }[] }).args)
      .map(({ channel }) => channel);
  expect(channels('BTC-USDT')).toEqual(['books', 'trades', 'bbo-tbt']);
  expect(channels('BTC-USD-261225')).toEqual([
    'books',
    'trades',
    'bbo-tbt',
    'mark-price',
    'open-interest',
  ]);
  expect(channels('BTC-USDT-SWAP').slice(3)).toEqual([
    'mark-price',
    'open-interest',
    'funding-rate',
  ]);
});
