import { expect, test } from 'vitest';
import { present } from '../../base/invariant.ts';
import type { Result } from '../../base/result.ts';
import { unixMicros } from '../../domain/time.ts';
import { ALPACA_LIVE, alpacaVenue } from './index.ts';

const KEY = { apiKey: 'AKTEST0000000000', secret: 'a-secret-of-this-test' };
const { rest, readControl, sessionOf, lines } = alpacaVenue('live', ALPACA_LIVE, KEY);

/** Answers as the venue's documentation has them. */
const ASSETS = [
  {
    id: '904837e3-3b76-47ec-b432-046db621571b',
    class: 'us_equity',
    exchange: 'NASDAQ',
    symbol: 'AMD',
    name: 'Advanced Micro Devices',
    status: 'active',
    tradable: true,
    fractionable: true,
    attributes: [],
  },
  { class: 'us_equity', symbol: 'BRK.B', status: 'active', tradable: false },
  { class: 'us_equity', symbol: 'GONE', status: 'inactive', tradable: false },
  { class: 'crypto', symbol: 'BTC/USD', status: 'active', tradable: true },
  { class: 'us_equity', symbol: 7, status: 'active', tradable: true },
];
const BARS = {
  bars: {
    AMD: [
      {
        t: '2022-01-03T09:01:00Z',
        o: 178.26,
        h: 178.3,
        l: 178.2599,
        c: 178.26,
        v: 1e5,
        n: 65,
        vw: 178.246,
      },
      { t: '2022-01-03T09:00:00Z', o: 178.26, h: 178.26, l: 178.21, c: 178.21, v: 1118.5 },
    ],
  },
  next_page_token: 'QU1EfE18MjAyMi0wMS0wM1QwOTowMDowMC4wMDAwMDAwMDBa',
};

function told<T>(result: Result<T, { readonly message: string }>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const { instruments, rejected } = told(present(rest.instruments()[0], 'a question').read(ASSETS));
const AMD = present(instruments[0], 'AMD');
const NOW = unixMicros(1_641_200_500_000_000);

test('shares are listed in dollars and cents; what cannot be read is named', () => {
  expect(instruments.map(({ id, status }) => [id, status])).toEqual([
    ['AMD.ALPACA', 'Trading'],
    // The point of a class of shares would part the venue from its name.
    ['BRK-B.ALPACA', 'Halted'],
    ['GONE.ALPACA', 'Closed'],
  ]);
  expect(AMD).toMatchObject({
    symbol: 'AMD',
    base: 'AMD.US',
    quote: 'USD',
    priceScale: 4,
    tickSize: 100,
    quantityScale: 6,
    stepSize: 1_000_000,
  });
  expect(rejected).toEqual(['{"message":"asset: symbol must be a text, was 7"}']);
});

test('bars come newest first and leave oldest first', () => {
  const question = rest.bars(AMD, '1m', { endTime: NOW, limit: 2, now: NOW });
  expect(question).toMatchObject({
    url: 'https://data.alpaca.markets',
    path: '/v2/stocks/bars',
    params: {
      symbols: 'AMD',
      timeframe: '1Min',
      end: '2022-01-03T09:01:39.999999Z',
      limit: 2,
      feed: 'iex',
      sort: 'desc',
    },
  });
  expect(told(question.read(BARS))).toEqual([
    {
      openTime: 1_641_200_400_000_000,
      open: 1_782_600,
      high: 1_782_600,
      low: 1_782_100,
      close: 1_782_100,
      volume: 1_118_500_000,
      closed: true,
    },
    expect.objectContaining({ low: 1_782_599, volume: 100_000_000_000, closed: false }),
  ]);
  expect(told(question.read({ bars: {}, next_page_token: null }))).toEqual([]);
});

test('a day of New York stands at the UTC day of its date; four hours are not told', () => {
  const days = rest.bars(AMD, '1d', { endTime: NOW, limit: 1, now: NOW });
  const day = { t: '2022-01-03T05:00:00Z', o: 1, h: 1, l: 1, c: 1, v: 1 };
  const [bar] = told(days.read({ bars: { AMD: [day] } }));
  expect(bar?.openTime).toBe(Date.UTC(2022, 0, 3) * 1000);
  const hours = rest.bars(AMD, '4h', { endTime: NOW, limit: 1, now: NOW });
  expect(hours.read(BARS)).toMatchObject({ error: { code: 'INTERVAL_UNKNOWN' } });
});

test.each([
  [[]],
  [{ next_page_token: null }],
  [{ bars: { AMD: {} } }],
  [{ bars: { AMD: [{ o: 1, h: 1, l: 1, c: 1, v: 1 }] } }],
  [{ bars: { AMD: [{ t: '9999-01-01T00:00:00Z', o: 1, h: 1, l: 1, c: 1, v: 1 }] } }],
  [{ bars: { AMD: [{ t: '2022-01-03T09:00:00Z', o: 1e-5, h: 1, l: 1, c: 1, v: 1 }] } }],
])('an answer that is none is refused: %j', (answer) => {
  const question = rest.bars(AMD, '1m', { endTime: NOW, limit: 2, now: NOW });
  expect(question.read(answer)).toMatchObject({ error: { code: 'FIELD_MALFORMED' } });
});

test('trades of the past go on at the time of the one that was had', () => {
  const trades = present(rest.history?.(AMD).trades, 'trades');
  const span = { from: NOW, to: unixMicros(NOW + 1_000_000) };
  expect(trades.question(span).params).toMatchObject({
    start: '2022-01-03T09:01:40.000000Z',
    end: '2022-01-03T09:01:40.999999Z',
  });
  const wire = { t: '2022-01-03T09:01:40.335689322Z', x: 'V', p: 87.665, s: 100, c: ['@'], i: 7 };
  const answer = { trades: { AMD: [wire] }, next_page_token: 'more' };
  const { rows, full } = told(trades.question(span).read(answer));
  expect(full).toBe(true);
  expect(rows).toEqual([
    {
      tradeId: 7,
      tsNanos: 1_641_200_500_335_689_322n,
      price: 876_650,
      quantity: 100_000_000,
    },
  ]);
  const [after] = rows;
  expect(trades.question({ ...span, ...(after && { after }) }).params['start']).toBe(
    '2022-01-03T09:01:40.335689322Z',
  );
  expect(told(trades.question(span).read({ trades: {}, next_page_token: null })).full).toBe(false);
});

test('the clock of New York is told in UTC', () => {
  const clock = { timestamp: '2018-04-01T08:00:00.123456789-04:00', is_open: true };
  expect(told(present(rest.time?.(), 'a clock').read(clock))).toBe(1_522_584_000_123_456);
});

test.each([
  ['[{"T":"success","msg":"connected"}]', { type: 'Quiet' }],
  ['[{"T":"success","msg":"authenticated"}]', { type: 'Admitted' }],
  ['[{"T":"subscription","trades":["AMD"],"quotes":[],"bars":["*"]}]', { type: 'Quiet' }],
  [
    '[{"T":"c","S":"EEM"},{"T":"x","S":"AMD"},{"T":"s","S":"A"},{"T":"l","S":"A"}]',
    { type: 'Quiet' },
  ],
  [
    '[{"T":"error","code":405,"msg":"symbol limit exceeded"}]',
    { type: 'Refused', message: '405 symbol limit exceeded: the plan allows fewer symbols' },
  ],
  ['[{"T":"error","code":499,"msg":"new"}]', { type: 'Refused', message: '499 new' }],
  ['[{"T":"success","msg":"connected"},{"T":"new"}]', undefined],
  ['{"something":"new"}', undefined],
  ['[5]', undefined],
])('%s', (text, control) => {
  expect(readControl(text)).toEqual(control);
});

test.each([400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 500])(
  'error %i is said in words',
  (code) => {
    const control = readControl(`[{"T":"error","code":${code},"msg":"x"}]`);
    expect(control).toMatchObject({ type: 'Refused' });
    expect(control?.type === 'Refused' && control.message.length).toBeGreaterThan(8);
  },
);

test('a key that is not accepted says what to do, and nothing of the key', () => {
  const refused = rest.refusal(403, { message: 'forbidden.' });
  expect(refused?.code).toBe('KEY_REFUSED');
  expect(refused?.message).toBe(
    'Alpaca does not accept the key (403 forbidden.): add one with "qd keys add --venue alpaca --account data"',
  );
  expect(rest.refusal(422, { code: 42210000, message: 'no' })?.message).toBe('422 42210000 no');
  expect(rest.refusal(200, {})).toBeUndefined();
});

test('a key goes with every question and first on the stream; one of a paper account is asked about where it is known', () => {
  expect(rest.url).toBe('https://api.alpaca.markets');
  expect(rest.headers).toEqual({
    'APCA-API-KEY-ID': KEY.apiKey,
    'APCA-API-SECRET-KEY': KEY.secret,
  });
  expect(lines[0]?.greeting).toEqual([
    `{"action":"auth","key":"${KEY.apiKey}","secret":"${KEY.secret}"}`,
  ]);
  const paper = alpacaVenue('live', ALPACA_LIVE, { ...KEY, apiKey: 'PKTEST' });
  expect(paper.rest.url).toBe('https://paper-api.alpaca.markets');
  expect(alpacaVenue('live', ALPACA_LIVE, undefined).missing?.code).toBe('KEY_MISSING');
});

test.each([
  ['2026-07-06T13:30:00Z', 'Regular'],
  ['2026-07-06T13:29:59Z', 'Pre'],
  ['2026-07-06T20:00:00Z', 'Post'],
  // A holiday, a weekend, a half day.
  ['2026-07-03T15:00:00Z', undefined],
  ['2026-07-05T15:00:00Z', undefined],
  ['2026-11-27T18:00:00Z', 'Post'],
])('at %s the session is %s', (at, kind) => {
  expect(sessionOf?.(unixMicros(Date.parse(at) * 1000))?.kind).toBe(kind);
});
