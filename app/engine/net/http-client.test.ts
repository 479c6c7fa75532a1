import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Xoshiro128 } from '../base/rng.ts';
import { HttpClient } from './http-client.ts';
import { ManualTime } from './scheduler.ts';

const seen: string[] = [];
const server = createServer((request, response) => {
  seen.push(`${request.method} ${request.url}`);
  if (request.url === '/silent') return;
  if (request.url === '/large') return void response.end('x'.repeat(5_000));
  if (request.url === '/flaky' && seen.filter((line) => line === 'GET /flaky').length < 3) {
    response.statusCode = 503;
  }
  if (request.url === '/broken') response.statusCode = 500;
  response.setHeader('x-mbx-used-weight-1m', '12');
  response.end('{"ok":true}');
});
let base = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function client(time = new ManualTime()): { http: HttpClient; time: ManualTime } {
  const http = new HttpClient({
    scheduler: time,
    rng: new Xoshiro128(1),
    maxBodyBytes: 1_000,
    getRetries: 2,
  });
  return { http, time };
}

/** Moves time whenever the event loop is idle, until the work is done. */
async function drive<T>(time: ManualTime, work: Promise<T>): Promise<T> {
  let done = false;
  const finished = work.finally(() => {
    done = true;
  });
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve));
    if (time.pending > 0 && !done) time.advance(1);
  }
  return finished;
}

test('an answer of any status comes with its headers and body', async () => {
  const { http } = client();
  const answer = await http.once({ method: 'POST', url: `${base}/broken`, timeoutMs: 1_000 });
  if (!answer.ok) throw new Error(answer.error.message);
  expect(answer.value.status).toBe(500);
  expect(answer.value.headers.get('X-MBX-USED-WEIGHT-1M')).toBe('12');
  expect(Buffer.from(answer.value.body).toString()).toBe('{"ok":true}');
});

test('a GET is sent again after a 5xx, a POST never', async () => {
  const { http, time } = client();
  const answer = await drive(
    time,
    http.get(() => ({ url: `${base}/flaky`, timeoutMs: 1_000_000 })),
  );
  expect(answer.ok && answer.value.status).toBe(200);
  expect(seen.filter((line) => line === 'GET /flaky')).toHaveLength(3);
  expect(seen.filter((line) => line === 'POST /broken')).toHaveLength(1);
});

test('no answer in time is HTTP_TIMEOUT', async () => {
  const { http, time } = client();
  const pending = http.once({ method: 'POST', url: `${base}/silent`, timeoutMs: 1_000 });
  time.advance(1_000);
  const answer = await pending;
  expect(answer.ok ? '' : answer.error.code).toBe('HTTP_TIMEOUT');
});

test('an aborted request is HTTP_ABORTED and is not repeated', async () => {
  const { http } = client();
  const controller = new AbortController();
  const pending = http.get(() => ({
    url: `${base}/silent`,
    timeoutMs: 1_000,
    signal: controller.signal,
  }));
  controller.abort();
  const answer = await pending;
  expect(answer.ok ? '' : answer.error.code).toBe('HTTP_ABORTED');
});

test('an answer over the bound is refused', async () => {
  const { http } = client();
  const answer = await http.once({ method: 'POST', url: `${base}/large`, timeoutMs: 1_000 });
  expect(answer.ok ? '' : answer.error.code).toBe('HTTP_TOO_LARGE');
});

test('a refused connection is HTTP_NETWORK with its cause', async () => {
  const { http } = client();
  const answer = await http.once({ method: 'POST', url: 'http://127.0.0.1:1/', timeoutMs: 1_000 });
  expect(answer.ok ? '' : answer.error.code).toBe('HTTP_NETWORK');
});
