import { expect, test } from 'vitest';
import { Xoshiro128 } from '../../base/rng.ts';
import { HttpClient } from '../../net/http-client.ts';
import { RequestQueue } from '../../net/request-queue.ts';
import { ManualTime } from '../../net/scheduler.ts';
import { hmacSha256 } from './signing.ts';
import { RestApi } from './rest.ts';

interface Answer {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

function setUp(answers: readonly Answer[]) {
  const time = new ManualTime();
  const asked: { url: URL; headers: Record<string, string> }[] = [];
  let clockOff = 0;
  let aheadMs = 0;
  const queue = new RequestQueue({
    clock: time,
    scheduler: time,
    weightLimit: 1_000,
    windowMs: 60_000,
    maxLength: 10,
  });
  const http = new HttpClient({
    scheduler: time,
    maxBodyBytes: 10_000,
    fetch: async (url, { headers }) => {
      asked.push({ url: new URL(url), headers });
      const { status = 200, body, headers: sent = {} } = answers[asked.length - 1] ?? { body: {} };
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return new Response(text, { status, headers: sent });
    },
  });
  const rest = new RestApi({
    clock: time,
    baseUrl: 'http://venue.test',
    http,
    queue,
    scheduler: time,
    rng: new Xoshiro128(1),
    venueMs: () => time.nowMicros() / 1000 + aheadMs,
    onClockOff: async () => {
      clockOff += 1;
      aheadMs = 5_000;
    },
  });
  /** Moves time until `work` is done. */
  const drive = async <T>(work: Promise<T>): Promise<T> => {
    let done = false;
    const finished = work.finally(() => {
      done = true;
    });
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!done) time.advance(50);
    }
    return finished;
  };
  return { rest, queue, asked, drive, time, clockOff: () => clockOff };
}

const credentials = { apiKey: 'key', secret: 'secret' };
const query = { path: '/api/v3/account', priority: 'query', weight: 20 } as const;

test('a signed request carries key, time and a signature of exactly what is sent', async () => {
  const { rest, asked } = setUp([{ body: { fine: true } }]);
  const answer = await rest.json({ ...query, params: { symbol: '１２' }, credentials });
  expect(answer).toEqual({ ok: true, value: { fine: true } });
  const [{ url, headers } = { url: new URL('http://none'), headers: {} }] = asked;
  expect(headers).toEqual({ 'X-MBX-APIKEY': 'key' });
  const [payload = '', signature] = url.search.slice(1).split('&signature=');
  expect(payload).toBe('symbol=%EF%BC%91%EF%BC%92&recvWindow=5000&timestamp=1700000000000');
  expect(signature).toBe(hmacSha256('secret', payload));
});

test('an open request carries neither', async () => {
  const { rest, asked } = setUp([{ body: {} }]);
  await rest.json({ path: '/api/v3/time', priority: 'data', weight: 1 });
  expect(asked[0]?.headers).toEqual({});
  expect(asked[0]?.url.search).toBe('');
});

test('the weight the venue counts is taken over', async () => {
  const { rest, queue } = setUp([{ body: {}, headers: { 'X-MBX-USED-WEIGHT-1M': '777' } }]);
  await rest.json(query);
  expect(queue.usedWeight).toBe(777);
});

test('a 429 holds later requests for its time', async () => {
  const { rest, queue } = setUp([
    {
      status: 429,
      body: { code: -1003, msg: 'Too many requests.' },
      headers: { 'Retry-After': '7' },
    },
  ]);
  const answer = await rest.json(query);
  expect(answer).toMatchObject({
    error: { code: 'TOO_MANY_REQUESTS', kind: 'Retryable', retryAfterMs: 7_000 },
  });
  void rest.json(query);
  expect(queue.length).toBe(1);
});

test('a 418 refuses later requests without sending them', async () => {
  const { rest, asked } = setUp([
    { status: 418, body: { code: -1003, msg: 'Banned.' }, headers: { 'Retry-After': '120' } },
  ]);
  await rest.json(query);
  expect(await rest.json(query)).toMatchObject({
    error: { code: 'VENUE_BANNED', retryAfterMs: 120_100 },
  });
  expect(asked).toHaveLength(1);
});

test('a refused timestamp is measured again and asked once more', async () => {
  const refused = { status: 400, body: { code: -1021, msg: 'Timestamp is outside.' } };
  const { rest, asked, clockOff } = setUp([refused, { body: { fine: true } }]);
  expect(await rest.json({ ...query, credentials })).toEqual({ ok: true, value: { fine: true } });
  expect(clockOff()).toBe(1);
  expect(asked[1]?.url.searchParams.get('timestamp')).toBe('1700000005000');
});

test('an answer that is no JSON is told by its size, an error page by its status', async () => {
  const { rest } = setUp([{ body: '<html>' }, { status: 403, body: '<html>blocked' }]);
  expect(await rest.json(query)).toMatchObject({ error: { code: 'FRAME_MALFORMED' } });
  expect(await rest.json(query)).toMatchObject({ error: { code: 'HTTP_403', kind: 'Refused' } });
});

test('a question is asked again after a 5xx, twice at most; a DELETE never', async () => {
  const broken = { status: 503, body: { code: -1007, msg: 'Timeout.' } };
  const { rest, asked, drive } = setUp([broken, broken, { body: { fine: true } }]);
  expect(await drive(rest.json(query))).toEqual({ ok: true, value: { fine: true } });
  expect(asked).toHaveLength(3);
  const worse = setUp([broken, broken, broken, { body: {} }]);
  expect(await worse.drive(worse.rest.json(query))).toMatchObject({ ok: false });
  expect(worse.asked).toHaveLength(3);
  const deleting = setUp([broken, { body: {} }]);
  const path = '/api/v3/openOrders';
  const answer = deleting.rest.json({ method: 'DELETE', path, priority: 'cancel', weight: 1 });
  expect(await deleting.drive(answer)).toMatchObject({ ok: false });
  expect(deleting.asked).toHaveLength(1);
});

test('a question is not asked again while the venue has banned us', async () => {
  const { rest, queue, asked, drive } = setUp([{ status: 503, body: {} }, { body: {} }]);
  const answer = rest.json(query);
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toHaveLength(1);
  queue.ban(60_000);
  expect(await drive(answer)).toMatchObject({ error: { code: 'VENUE_BANNED' } });
  expect(asked).toHaveLength(1);
});

test('a venue that answers nothing is not asked for data for a while; what proves orders is asked always', async () => {
  const broken = { status: 503, body: {} };
  const { rest, asked, drive, time } = setUp(Array.from({ length: 8 }, () => broken));
  const data = { path: '/api/v3/depth', priority: 'data', weight: 1 } as const;
  await drive(rest.json(data));
  const opened = await drive(rest.json(data));
  expect(opened).toMatchObject({ error: { code: 'VENUE_CIRCUIT_OPEN', kind: 'Retryable' } });
  expect(rest.circuit).toBe('Open');
  expect(asked).toHaveLength(5);
  await drive(rest.json(query));
  expect(asked).toHaveLength(8);
  time.advance(15_000);
  expect(await drive(rest.json(data))).toMatchObject({ ok: true });
  expect(rest.circuit).toBe('Closed');
});
