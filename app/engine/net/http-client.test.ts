import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpClient } from './http-client.ts';
import { ManualTime } from './scheduler.ts';

const server = createServer((request, response) => {
  if (request.url === '/silent') return;
  if (request.url === '/large') return void response.end('x'.repeat(5_000));
  if (request.url === '/elsewhere') {
    return void response.writeHead(302, { location: `${base}/large` }).end();
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
  const http = new HttpClient({ scheduler: time, maxBodyBytes: 1_000 });
  return { http, time };
}

test('an answer of any status comes with its headers and body', async () => {
  const { http } = client();
  const answer = await http.once({ method: 'POST', url: `${base}/broken`, timeoutMs: 1_000 });
  if (!answer.ok) throw new Error(answer.error.message);
  expect(answer.value.status).toBe(500);
  expect(answer.value.headers.get('X-MBX-USED-WEIGHT-1M')).toBe('12');
  expect(Buffer.from(answer.value.body).toString()).toBe('{"ok":true}');
});

test('an answer that leads elsewhere is not followed: a key would go there too', async () => {
  const { http } = client();
  const headers = { 'x-key': 'of this server' };
  const asked = { method: 'GET', url: `${base}/elsewhere`, headers, timeoutMs: 1_000 } as const;
  const answer = await http.once(asked);
  expect(answer.ok && answer.value.status).toBe(302);
});

test('no answer in time is HTTP_TIMEOUT', async () => {
  const { http, time } = client();
  const pending = http.once({ method: 'POST', url: `${base}/silent`, timeoutMs: 1_000 });
  time.advance(1_000);
  const answer = await pending;
  expect(answer.ok ? '' : answer.error.code).toBe('HTTP_TIMEOUT');
});

test('an aborted request is HTTP_ABORTED', async () => {
  const { http } = client();
  const controller = new AbortController();
  const { signal } = controller;
  const pending = http.once({ method: 'GET', url: `${base}/silent`, timeoutMs: 1_000, signal });
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
