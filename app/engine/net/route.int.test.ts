import { readFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer } from 'node:https';
import { connect, createServer as createNet, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { HttpClient } from './http-client.ts';
import { parseProxy, type Proxy } from './proxy.ts';
import { openRoute, type Route } from './route.ts';
import { ManualTime } from './scheduler.ts';
import { openConnectProxy, openSocksProxy, type LocalProxy } from './testing/local-proxies.ts';

const FOLDER = join(import.meta.dirname, 'testing/certificates');
const pem = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const AUTHORITY = pem('authority.pem');
const PROVED = { user: 'trader', password: 'p:ss w%rd' };

const stack = new AsyncDisposableStack();
let secure = 0;
let plain = 0;

beforeAll(async () => {
  const answer = (_: unknown, response: { end(text: string): void }): void =>
    response.end('{"told":true}');
  const servers = [
    createServer({ cert: pem('server.pem'), key: pem('server-key.pem') }, answer),
    createPlain(answer),
  ];
  const ports: number[] = [];
  for (const server of servers) {
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => socket.send('hello'));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    ports.push((server.address() as AddressInfo).port);
    stack.defer(() => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
    });
  }
  [secure = 0, plain = 0] = ports;
});
afterAll(() => stack.disposeAsync());

function get(route: Route, url: string) {
  const client = new HttpClient({
    scheduler: new ManualTime(),
    fetch: route.fetch,
    maxBodyBytes: 1_000,
  });
  return client.once({ method: 'GET', url, timeoutMs: 5_000 });
}

/** The first message of a WebSocket, or why there is none. */
function hear(route: Route, url: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = route.open(
      url,
      { maxMessageBytes: 1_000 },
      {
        onOpen: () => undefined,
        onAlive: () => undefined,
        onMessage: (data) => {
          resolve(Buffer.from(data).toString());
          socket.terminate();
        },
        onClose: resolve,
      },
    );
  });
}

function through(proxy: Proxy | undefined, authorities?: string): Route {
  return openRoute({
    choose: () => proxy,
    ...(authorities === undefined ? {} : { authorities }),
  });
}

function proxyAt(scheme: string, { port }: LocalProxy, login: Partial<typeof PROVED> = {}): Proxy {
  const parsed = parseProxy(`${scheme}://127.0.0.1:${port}`, 'a test');
  if (!parsed.ok) throw new Error(parsed.error.message);
  return { ...parsed.value, ...login };
}

const KINDS = [
  { scheme: 'http', open: openConnectProxy },
  { scheme: 'socks5', open: openSocksProxy },
] as const;

test.each(KINDS)(
  '$scheme: HTTP and WebSocket, in the clear and over TLS, go through it by name',
  async ({ scheme, open }) => {
    await using toSecure = await open(secure);
    await using toPlain = await open(plain);
    const safe = through(proxyAt(scheme, toSecure), AUTHORITY);
    const answered = await get(safe, 'https://venue.test/question');
    expect(answered.ok && Buffer.from(answered.value.body).toString()).toBe('{"told":true}');
    expect(await hear(safe, 'wss://venue.test/stream')).toBe('hello');
    const open_ = through(proxyAt(scheme, toPlain));
    expect((await get(open_, 'http://venue.test:81/question')).ok).toBe(true);
    expect(await hear(open_, 'ws://venue.test:81/stream')).toBe('hello');
    // Names are found by the proxy: this machine knows no venue.test.
    expect(new Set(toSecure.asked)).toEqual(new Set(['venue.test:443']));
    expect(new Set(toPlain.asked)).toEqual(new Set(['venue.test:81']));
  },
);

test.each(KINDS)('$scheme: name and password prove us; a wrong one is told', async (kind) => {
  await using proxy = await kind.open(plain, PROVED);
  const right = through(proxyAt(kind.scheme, proxy, PROVED));
  expect(await hear(right, 'ws://venue.test/')).toBe('hello');
  const wrong = [{ ...PROVED, password: 'not-it-at-all' }, {}];
  for (const login of wrong) {
    const route = through(proxyAt(kind.scheme, proxy, login));
    const refused = await get(route, 'http://venue.test/');
    expect(refused.ok ? '' : refused.error.code).toBe('PROXY_AUTH_REFUSED');
    const words = await hear(route, 'ws://venue.test/');
    expect(words).toContain('PROXY_AUTH_REFUSED: the proxy');
    expect(words).not.toContain('not-it-at-all');
  }
});

test.each(KINDS)('$scheme: what it does not connect is told, with its reason', async (kind) => {
  await using proxy = await kind.open(plain);
  const route = through(proxyAt(kind.scheme, proxy));
  const refused = await get(route, 'http://forbidden.test/');
  expect(refused.ok ? {} : refused.error).toMatchObject({
    code: 'PROXY_REFUSED',
    message: expect.stringMatching(/forbidden\.test:80|not allowed/),
  });
});

test.each(KINDS)(
  '$scheme: a proxy that is not there, or is none, is not gone around',
  async (kind) => {
    const gone = await kind.open(plain);
    await gone[Symbol.asyncDispose]();
    const route = through(proxyAt(kind.scheme, gone));
    // The target itself could be reached.
    const url = `http://127.0.0.1:${plain}/`;
    const refused = await get(route, url);
    expect(refused.ok ? '' : refused.error.code).toBe('PROXY_UNREACHABLE');
    expect(await hear(route, `ws://127.0.0.1:${plain}/`)).toContain('PROXY_UNREACHABLE');
    const chatter = createNet((socket) => socket.end('SSH-2.0-nothing of the kind\r\n\r\n'));
    await new Promise<void>((resolve) => {
      chatter.listen(0, '127.0.0.1', resolve);
    });
    const { port } = chatter.address() as AddressInfo;
    const other = through({ ...proxyAt(kind.scheme, gone), port });
    const odd = await get(other, url);
    expect(odd.ok ? '' : odd.error.code).toBe('PROXY_MALFORMED');
    chatter.close();
  },
);

test('a proxy is itself spoken to over TLS', async () => {
  await using proxy = await openConnectProxy(plain);
  const toProxy = createServer({ cert: pem('server.pem'), key: pem('server-key.pem') });
  toProxy.on('connect', (request, client) => {
    const onward = connect(proxy.port, '127.0.0.1', () => {
      onward.write(`CONNECT ${request.url} HTTP/1.1\r\n\r\n`);
      onward.pipe(client);
      client.pipe(onward);
    });
  });
  await new Promise<void>((resolve) => {
    toProxy.listen(0, '127.0.0.1', resolve);
  });
  const { port } = toProxy.address() as AddressInfo;
  const address = { ...proxyAt('https', proxy), port };
  expect(await hear(through(address, AUTHORITY), 'ws://venue.test/')).toBe('hello');
  expect(await hear(through(address), 'ws://venue.test/')).toContain('CERTIFICATE_UNTRUSTED');
  toProxy.closeAllConnections();
  toProxy.close();
});

test('a certificate of an unknown authority is refused with its code; its file makes it known', async () => {
  const url = `https://127.0.0.1:${secure}/`;
  const usual = await get(through(undefined), url);
  expect(usual.ok ? '' : usual.error.code).toBe('CERTIFICATE_UNTRUSTED');
  expect(await hear(through(undefined), `wss://127.0.0.1:${secure}/`)).toContain(
    'CERTIFICATE_UNTRUSTED',
  );
  const runtime = new HttpClient({ scheduler: new ManualTime(), maxBodyBytes: 1_000 });
  const direct = await runtime.once({ method: 'GET', url, timeoutMs: 5_000 });
  expect(direct.ok ? '' : direct.error.code).toBe('CERTIFICATE_UNTRUSTED');
  expect((await get(through(undefined, AUTHORITY), url)).ok).toBe(true);
  // Known, but of another name.
  await using proxy = await openConnectProxy(secure);
  const named = await get(through(proxyAt('http', proxy), AUTHORITY), 'https://elsewhere.test/');
  expect(named.ok ? '' : named.error.code).toBe('CERTIFICATE_UNTRUSTED');
});
