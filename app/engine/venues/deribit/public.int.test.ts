import { describe, expect, test } from 'vitest';
import { present } from '../../base/invariant.ts';
import { formatDecimal } from '../../domain/decimal.ts';
import { unixMicros } from '../../domain/time.ts';
import { fixtureOf, isRecorded, recordedAnswers } from '../../market-data/testing/recorded.ts';
import { deribitVenue, DERIBIT_LIVE } from './index.ts';

const { rest, readControl } = deribitVenue('live', DERIBIT_LIVE);
const LISTS = 'deribit/reference_rest.txt.gz';

interface Listed {
  readonly instrument_name: string;
  readonly tick_size: number;
  readonly min_trade_amount: number;
}

describe.runIf(isRecorded(LISTS))('what Deribit lists', () => {
  test('every option, future and perpetual is read, steps as the venue writes them', async () => {
    const answers = (await recordedAnswers(LISTS)) as { result: Listed[] }[];
    const question = present(rest.instruments()[0], 'a question');
    let options = 0;
    for (const answer of answers) {
      const listed = question.read(answer);
      if (!listed.ok) throw new Error(listed.error.message);
      expect(listed.value.rejected).toEqual([]);
      listed.value.instruments.forEach((one, row) => {
        const raw = present(answer.result[row], 'a row');
        expect(one.symbol).toBe(raw.instrument_name);
        expect(Number(formatDecimal(one.tickSize, one.priceScale))).toBe(raw.tick_size);
        expect(Number(formatDecimal(one.stepSize, one.quantityScale))).toBe(raw.min_trade_amount);
        if (one.derivative === 'Option') options += 1;
      });
    }
    expect(options).toBeGreaterThan(800);
  });
});

const LISTED = fixtureOf('deribit/http_get_instruments.json');
const CHART = fixtureOf('deribit/http_get_tradingview_chart_data.json');

test.runIf(LISTED !== undefined && CHART !== undefined)(
  'an inverse perpetual counts dollars, its bars too',
  () => {
    const listed = present(rest.instruments()[0], 'a question').read(LISTED);
    if (!listed.ok) throw new Error(listed.error.message);
    const instrument = present(listed.value.instruments[0], 'a perpetual');
    expect(instrument).toMatchObject({
      symbol: 'BTC-PERPETUAL',
      derivative: 'Perpetual',
      quantityUnit: 'USD',
      // Blocks trade at a hundredth.
      priceScale: 2,
      tickSize: 50,
    });
    const { ticks, cost, open } = (CHART as { result: Record<'ticks' | 'cost' | 'open', number[]> })
      .result;
    const now = unixMicros(1_766_483_730_000_000);
    const bars = rest.bars(instrument, '1m', { endTime: now, limit: 5, now }).read(CHART);
    if (!bars.ok) throw new Error(bars.error.message);
    expect(bars.value.map(({ openTime }) => openTime / 1000)).toEqual(ticks);
    expect(
      bars.value.map((bar) => Number(formatDecimal(bar.volume, instrument.quantityScale))),
    ).toEqual(cost);
    expect(bars.value.map((bar) => Number(formatDecimal(bar.open, 2)))).toEqual(open);
  },
);

test('bars of four hours are refused, not made up', () => {
  const now = unixMicros(1_700_000_000_000_000);
  const instrument = { symbol: 'BTC-PERPETUAL' } as Parameters<typeof rest.bars>[0];
  const answer = rest.bars(instrument, '4h', { endTime: now, limit: 5, now }).read({});
  expect(answer).toMatchObject({ ok: false, error: { code: 'INTERVAL_UNKNOWN' } });
});

test('a test request is answered, an error is a refusal', () => {
  const asked = '{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}';
  expect(readControl(asked)).toMatchObject({ type: 'Reply' });
  expect(
    readControl('{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"heartbeat"}}'),
  ).toEqual({ type: 'Quiet' });
  expect(
    readControl('{"jsonrpc":"2.0","id":3,"error":{"message":"bad_arguments","code":10001}}'),
  ).toEqual({ type: 'Refused', message: 'bad_arguments' });
  expect(readControl('{"jsonrpc":"2.0","id":3,"result":[]}')).toEqual({ type: 'Quiet' });
  expect(readControl('{"jsonrpc":"2.0","method":"something"}')).toBeUndefined();
  expect(rest.refusal(400, { error: { message: 'too_many_requests', code: 10028 } })?.code).toBe(
    'TOO_MANY_REQUESTS',
  );
});
