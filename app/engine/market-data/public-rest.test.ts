import { expect, test } from 'vitest';
import { ok } from '../base/result.ts';
import { Xoshiro128 } from '../base/rng.ts';
import type { CircuitState } from '../net/circuit-breaker.ts';
import type { FetchAnswer } from '../net/http-client.ts';
import { ManualTime } from '../net/scheduler.ts';
import type { PublicQuestion, StreamVenue } from '../ports/stream-venue.ts';
import { PublicRest } from './public-rest.ts';

const QUESTION: PublicQuestion<unknown> = {
  path: '/list',
  params: { kind: 'spot', limit: 5, cursor: undefined },
  read: (answer) => ok(answer),
};

function answerOf(status: number, body: string, headers: Record<string, string> = {}): FetchAnswer {
  const bytes = (async function* () {
    yield Buffer.from(body);
  })();
  return { status, headers: new Headers(headers), body: bytes };
}

function setUp(...answers: readonly (() => FetchAnswer)[]) {
  const time = new ManualTime();
  const asked: string[] = [];
  const left = [...answers];
  const circuit: CircuitState[] = [];
  const rest = new PublicRest({
    onCircuit: (state) => circuit.push(state),
    rest: {
      url: 'http://venue',
      limit: { requests: 2, windowMs: 1_000 },
      instruments: () => [],
      bars: () => ({ path: '', params: {}, read: () => ok([]) }),
      refusal: (status, answer) =>
        status < 400
          ? undefined
          : { code: 'VENUE_REFUSED', kind: 'Refused', message: JSON.stringify(answer) },
    } satisfies StreamVenue['rest'],
    clock: time,
    scheduler: time,
    rng: new Xoshiro128(1),
    fetch: async (url) => {
      asked.push(url);
      const next = left.shift();
      if (next === undefined) throw new Error('connection refused');
      return next();
    },
  });
  /** The answer, with time passing while it is waited for. */
  const ask = async () => {
    let settled = false;
    const answer = rest.ask(QUESTION).finally(() => {
      settled = true;
    });
    for (let turn = 0; turn < 400 && !settled; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      time.advance(250);
    }
    return answer;
  };
  return { rest, asked, ask, circuit, time };
}

test('a question is asked with what it says, and its answer read', async () => {
  const { asked, ask } = setUp(() => answerOf(200, '[1,2]'));
  expect(await ask()).toEqual(ok([1, 2]));
  expect(asked).toEqual(['http://venue/list?kind=spot&limit=5']);
});

test('no answer and an error of the server are tried twice more', async () => {
  const { asked, ask } = setUp(
    () => answerOf(503, ''),
    () => answerOf(502, ''),
    () => answerOf(200, '{}'),
  );
  expect(await ask()).toEqual(ok({}));
  expect(asked).toHaveLength(3);
  const silent = setUp();
  expect(await silent.ask()).toMatchObject({ ok: false, error: { code: 'HTTP_NETWORK' } });
  expect(silent.asked).toHaveLength(3);
});

test('asked too often: nothing more leaves before the venue’s time, and it is not tried again', async () => {
  const { rest, asked, ask } = setUp(
    () => answerOf(429, '', { 'retry-after': '5' }),
    () => answerOf(200, '{}'),
  );
  expect(await ask()).toMatchObject({
    ok: false,
    error: { code: 'TOO_MANY_REQUESTS', kind: 'Retryable', retryAfterMs: 5_000 },
  });
  expect(asked).toHaveLength(1);
  const next = rest.ask(QUESTION);
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toHaveLength(1);
  await ask();
  expect(await next).toEqual(ok({}));
});

test('a refusal is the venue’s, and is not tried again; what is no JSON is said', async () => {
  const { asked, ask } = setUp(
    () => answerOf(404, '{"message":"no such product"}'),
    () => answerOf(200, 'no'),
  );
  expect(await ask()).toMatchObject({ ok: false, error: { code: 'VENUE_REFUSED' } });
  expect(asked).toHaveLength(1);
  expect(await ask()).toMatchObject({ ok: false, error: { code: 'FRAME_MALFORMED' } });
});

test('a venue that answers nothing is left alone, tried once in a while, and asked again when it answers', async () => {
  const { asked, ask, circuit, time } = setUp();
  await ask();
  expect(await ask()).toMatchObject({ ok: false, error: { code: 'VENUE_CIRCUIT_OPEN' } });
  expect(asked).toHaveLength(5);
  const refused = await ask();
  expect(refused).toMatchObject({ error: { code: 'VENUE_CIRCUIT_OPEN', kind: 'Retryable' } });
  expect(asked).toHaveLength(5);
  time.advance(60_000);
  expect(await ask()).toMatchObject({ ok: false });
  expect(asked).toHaveLength(6);
  expect(circuit).toEqual(['Open', 'HalfOpen', 'Open']);
});

test('refusals and 429 are answers: they open nothing', async () => {
  const refusals = Array.from({ length: 8 }, () => () => answerOf(404, '{}'));
  const { asked, ask, circuit } = setUp(...refusals, () => answerOf(200, '{}'));
  for (const _ of refusals) await ask();
  expect(await ask()).toEqual(ok({}));
  expect(asked).toHaveLength(9);
  expect(circuit).toEqual([]);
});
