import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../engine/base/clock.ts';
import { BrowserHost } from './browser-host.ts';

const clock = new ManualClock(1_700_000_000_000_000);
let host: BrowserHost;
let port = 0;
const METRICS_TOKEN = 'm'.repeat(43);
const refusals: string[] = [];
let upgrades: string[] = [];

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qd-renderer-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><html><head></head></html>');
  writeFileSync(join(folder, 'desk.js'), 'export {};');
  writeFileSync(join(folder, 'secret.key'), 'not served');
  host = new BrowserHost({
    clock,
    rendererFolder: folder,
    onUpgrade: (service, _client, _request, socket) => {
      upgrades.push(service);
      socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      return true;
    },
    metrics: { token: METRICS_TOKEN, text: () => 'quarterdeck_test 1\n' },
    onRefused: (status, path) => refusals.push(`${status} ${path}`),
  });
  const listening = await host.listen(0);
  if (!listening.ok) throw new Error(listening.error.message);
  port = listening.value;
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

beforeEach(() => {
  upgrades = [];
  clock.advance(1_000_000);
});

/** Sends bytes as they are and returns all that comes back until the listener closes. */
async function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    // A listener that resets the connection refuses too.
    socket.on('error', () => undefined);
  });
}

interface Probe {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

async function ask({ method = 'GET', target = '/', headers, body = '' }: Probe): Promise<string> {
  const lines = headers ?? [`Host: 127.0.0.1:${port}`];
  const length = body === '' ? [] : [`Content-Length: ${body.length}`];
  const head = [`${method} ${target} HTTP/1.1`, ...lines, ...length, 'Connection: close'];
  return raw(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}

function bodyOf(answer: string): string {
  return answer.split('\r\n\r\n').slice(1).join('\r\n\r\n');
}

function own(): string[] {
  return [`Host: 127.0.0.1:${port}`, `Origin: http://127.0.0.1:${port}`];
}

function freshToken(): string {
  return new URL(host.freshUrl()).hash.replace('#token=', '');
}

async function openSession(): Promise<{ cookie: string; headerToken: string }> {
  const answer = await ask({
    method: 'POST',
    target: '/session',
    headers: [...own(), 'Content-Type: application/json'],
    body: JSON.stringify({ token: freshToken() }),
  });
  expect(statusOf(answer)).toBe(204);
  const cookie = /set-cookie: ([^;]+);/i.exec(answer)?.[1] ?? '';
  expect(answer).toContain('HttpOnly; SameSite=Strict');
  const page = await ask({ headers: [`Host: 127.0.0.1:${port}`, `Cookie: ${cookie}`] });
  const headerToken = /quarterdeck-header-token" content="([^"]+)"/.exec(page)?.[1] ?? '';
  expect(headerToken.length).toBeGreaterThan(20);
  return { cookie, headerToken };
}

describe('GET /metrics', () => {
  const target = '/metrics';
  const local = (): string[] => [`Host: 127.0.0.1:${port}`];

  test('is refused without a token, with a wrong one, twice the right one, and to a foreign Host', async () => {
    const right = `Authorization: Bearer ${METRICS_TOKEN}`;
    for (const headers of [
      [],
      ['Authorization: Bearer wrong'],
      [`Authorization: Basic ${METRICS_TOKEN}`],
      [right, right],
    ]) {
      expect(statusOf(await ask({ target, headers: [...local(), ...headers] }))).toBe(401);
    }
    expect(statusOf(await ask({ target, headers: ['Host: evil.com', right] }))).toBe(403);
    const withQuery = `/metrics?token=${METRICS_TOKEN}`;
    expect(statusOf(await ask({ target: withQuery, headers: local() }))).toBe(401);
    await expect.poll(() => refusals).toContain('401 /metrics');
    expect(refusals.join()).not.toContain(METRICS_TOKEN);
  });

  test('is given for the bearer token, and the token opens nothing else', async () => {
    const headers = [...local(), `Authorization: Bearer ${METRICS_TOKEN}`];
    const answer = await ask({ target, headers });
    expect(statusOf(answer)).toBe(200);
    expect(answer).toContain('text/plain; version=0.0.4');
    expect(answer).toContain('quarterdeck_test 1');
    expect(statusOf(await ask({ target: '/desk.js', headers }))).toBe(401);
  });
});

describe('Host', () => {
  test.each([
    ['evil.com'],
    ['127.0.0.1.evil.com'],
    ['localhost.evil'],
    ['127.0.0.1'],
    ['127.0.0.1:1'],
    [''],
    ['[::ffff:127.0.0.1]'],
    ['0.0.0.0'],
    ['127.0.0.1.'],
    ['LOCALHOST.'],
  ])('"%s" is refused', async (name) => {
    const withPort = name === '' || name.includes(':1') ? name : `${name}:${port}`;
    const given = name === '127.0.0.1' ? name : withPort;
    const answer = await ask({ headers: [`Host: ${given}`] });
    expect([400, 403]).toContain(statusOf(answer));
    expect(bodyOf(answer)).toBe('');
  });

  test('two Host headers, none, and an absolute target are refused', async () => {
    const twice = await ask({ headers: [`Host: 127.0.0.1:${port}`, 'Host: evil.com'] });
    const none = await ask({ headers: ['X-Nothing: 1'] });
    const absolute = await ask({ target: `http://evil.com/` });
    const double = await ask({ target: '//evil.com/' });
    for (const answer of [twice, none, absolute, double]) {
      expect([400, 403]).toContain(statusOf(answer));
    }
  });

  test('localhost and [::1] with the port are served', async () => {
    for (const name of ['localhost', '[::1]']) {
      expect(statusOf(await ask({ headers: [`Host: ${name}:${port}`] }))).toBe(200);
    }
  });
});

describe('the token', () => {
  test('a GET with it changes nothing', async () => {
    const token = freshToken();
    const answer = await ask({ target: `/?token=${token}` });
    expect(answer).not.toMatch(/set-cookie/i);
    const redeemed = await ask({
      method: 'POST',
      target: '/session',
      headers: [...own(), 'Content-Type: application/json'],
      body: JSON.stringify({ token }),
    });
    expect(statusOf(redeemed)).toBe(204);
  });

  test.each([
    ['none', '{}'],
    ['wrong', '{"token":"wrong"}'],
    ['truncated', undefined],
    ['not text', '{"token":{"__proto__":1}}'],
    ['not JSON', 'token=abc'],
  ])('%s is refused', async (_, body) => {
    const cut = JSON.stringify({ token: freshToken().slice(0, -1) });
    const answer = await ask({
      method: 'POST',
      target: '/session',
      headers: [...own(), 'Content-Type: application/json'],
      body: body ?? cut,
    });
    expect(statusOf(answer)).toBe(403);
    expect(answer).not.toMatch(/set-cookie/i);
  });

  test('used twice is refused', async () => {
    const body = JSON.stringify({ token: freshToken() });
    const headers = [...own(), 'Content-Type: application/json'];
    const probe = { method: 'POST', target: '/session', headers, body };
    expect(statusOf(await ask(probe))).toBe(204);
    expect(statusOf(await ask(probe))).toBe(403);
  });

  test('a simple form post is refused, and so is one from elsewhere', async () => {
    const body = JSON.stringify({ token: freshToken() });
    const plain = [...own(), 'Content-Type: text/plain'];
    const foreign = [`Host: 127.0.0.1:${port}`, 'Origin: http://evil.com'];
    const nothing = [`Host: 127.0.0.1:${port}`];
    const opaque = [`Host: 127.0.0.1:${port}`, 'Origin: null'];
    for (const headers of [plain, foreign, nothing, opaque]) {
      const typed = headers === plain ? headers : [...headers, 'Content-Type: application/json'];
      const answer = await ask({ method: 'POST', target: '/session', headers: typed, body });
      expect(statusOf(answer)).toBe(403);
    }
  });

  test('a hundred wrong ones in a second close the door to the rest of it', async () => {
    const headers = [...own(), 'Content-Type: application/json'];
    const probe = { method: 'POST', target: '/session', headers, body: '{"token":"wrong"}' };
    for (let index = 0; index < 100; index += 1) expect(statusOf(await ask(probe))).toBe(403);
    const right = { ...probe, body: JSON.stringify({ token: freshToken() }) };
    expect(statusOf(await ask(right))).toBe(403);
  });

  test('a large body is refused', async () => {
    const headers = [...own(), 'Content-Type: application/json'];
    const body = 'x'.repeat(5000);
    const answer = await ask({ method: 'POST', target: '/session', headers, body });
    expect([0, 413]).toContain(statusOf(answer));
  });
});

describe('a state-changing call', () => {
  test('needs Origin, cookie and header token together', async () => {
    const { cookie, headerToken } = await openSession();
    const other = await openSession();
    const origin = `Origin: http://127.0.0.1:${port}`;
    const base = [`Host: 127.0.0.1:${port}`];
    const withCookie = [...base, `Cookie: ${cookie}`];
    const token = `x-quarterdeck-token: ${headerToken}`;
    const refused: string[][] = [
      [...withCookie, origin],
      [...withCookie, token],
      [...withCookie, 'Origin: http://evil.com', token],
      [...withCookie, 'Origin: null', token],
      [...base, origin, token],
      [...withCookie, origin, 'x-quarterdeck-token: wrong'],
      [...withCookie, origin, `x-quarterdeck-token: ${headerToken.slice(0, -1)}`],
      [...withCookie, origin, `x-quarterdeck-token: ${other.headerToken}`],
      [...withCookie, origin, token, token],
      [...base, `Cookie: quarterdeck-${port}=wrong`, origin, token],
      [...base, `Cookie: quarterdeck-1=${cookie.split('=')[1]}`, origin, token],
    ];
    for (const headers of refused) {
      const answer = await ask({ method: 'POST', target: '/sign-out', headers });
      expect([401, 403]).toContain(statusOf(answer));
    }
    const query = `/sign-out?x-quarterdeck-token=${headerToken}`;
    const inQuery = await ask({ method: 'POST', target: query, headers: [...withCookie, origin] });
    expect(statusOf(inQuery)).toBe(403);
    const stillThere = await ask({ target: '/desk.js', headers: withCookie });
    expect(statusOf(stillThere)).toBe(200);
    expect(statusOf(await ask({ target: '/session', headers: withCookie }))).toBe(204);
    const right = [...withCookie, origin, token];
    expect(statusOf(await ask({ method: 'POST', target: '/sign-out', headers: right }))).toBe(204);
    const gone = await ask({ target: '/desk.js', headers: withCookie });
    expect(statusOf(gone)).toBe(401);
    expect(statusOf(await ask({ target: '/session', headers: withCookie }))).toBe(401);
  });

  test('other methods, overrides and preflights are refused', async () => {
    const { cookie } = await openSession();
    const base = [...own(), `Cookie: ${cookie}`];
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'HEAD']) {
      const answer = await ask({ method, target: '/sign-out', headers: base });
      expect(statusOf(answer)).toBe(405);
      expect(answer).not.toMatch(/access-control/i);
    }
    const override = [...base, 'X-HTTP-Method-Override: POST'];
    const answer = await ask({ target: '/sign-out', headers: override });
    expect(statusOf(answer)).toBe(404);
    const network = [...base, 'Access-Control-Request-Private-Network: true'];
    const preflight = await ask({ method: 'OPTIONS', target: '/', headers: network });
    expect(preflight).not.toMatch(/access-control/i);
  });
});

describe('a WebSocket upgrade', () => {
  const handshake = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: x'];

  async function upgrade(headers: readonly string[], target = '/socket/trade'): Promise<number> {
    const lines = [`GET ${target} HTTP/1.1`, ...headers, 'Connection: Upgrade', ...handshake];
    return statusOf(await raw(`${lines.join('\r\n')}\r\n\r\n`));
  }

  test('needs cookie and equal Origin', async () => {
    const { cookie } = await openSession();
    const base = [`Host: 127.0.0.1:${port}`];
    const origin = `Origin: http://127.0.0.1:${port}`;
    expect(await upgrade([...base, origin])).toBe(401);
    expect(await upgrade([...base, `Cookie: ${cookie}`])).toBe(403);
    expect(await upgrade([...base, `Cookie: ${cookie}`, 'Origin: http://evil.com'])).toBe(403);
    expect(await upgrade([...base, `Cookie: ${cookie}`, 'Origin: null'])).toBe(403);
    const localhost = `Origin: http://localhost:${port}`;
    expect(await upgrade([...base, `Cookie: ${cookie}`, localhost])).toBe(403);
    expect(await upgrade([`Host: evil.com:${port}`, `Cookie: ${cookie}`, origin])).toBe(403);
    expect(upgrades).toEqual([]);
    expect(await upgrade([...base, `Cookie: ${cookie}`, origin])).toBe(101);
    expect(upgrades).toEqual(['trade']);
  });

  test('of no service is refused', async () => {
    const { cookie } = await openSession();
    expect(await upgrade([...own(), `Cookie: ${cookie}`], '/socket/../trade')).toBe(404);
    expect(await upgrade([...own(), `Cookie: ${cookie}`], '/')).toBe(404);
  });
});

describe('files', () => {
  test.each([
    ['/../package.json'],
    ['/%2e%2e/package.json'],
    ['/%252e%252e/package.json'],
    ['/..\\package.json'],
    ['/desk.js/../secret.key'],
    ['/secret.key'],
    ['/desk.js%00.html'],
    ['/DESK.JS'],
    ['/desk.js::$DATA'],
    ['/index.html'],
    ['/etc/passwd'],
    ['/CON'],
    ['/'.padEnd(4000, 'a')],
  ])('a path outside the list is not served', async (target) => {
    const { cookie } = await openSession();
    const headers = [`Host: 127.0.0.1:${port}`, `Cookie: ${cookie}`];
    expect([400, 403, 404]).toContain(statusOf(await ask({ target, headers })));
  });

  test('nothing but the landing page is served without a session, and no answer may be framed or kept', async () => {
    expect(statusOf(await ask({ target: '/desk.js' }))).toBe(401);
    const landing = await ask({});
    expect(landing).not.toContain('quarterdeck-header-token');
    expect(landing).toMatch(/x-frame-options: DENY/i);
    expect(landing).toMatch(/frame-ancestors 'none'/);
    expect(landing).toMatch(/cache-control: no-store/i);
  });

  test('oversized headers end the connection', async () => {
    const headers = [`Host: 127.0.0.1:${port}`, `X-Long: ${'a'.repeat(65_536)}`];
    expect([0, 431]).toContain(statusOf(await ask({ headers })));
  });
});
