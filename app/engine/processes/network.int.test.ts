import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NetworkConfig } from '../api/supervision.ts';
import { HttpClient } from '../net/http-client.ts';
import { ManualTime } from '../net/scheduler.ts';
import { openConnectProxy, openSocksProxy } from '../net/testing/local-proxies.ts';
import { settingsSchema } from '../store/settings/schema.ts';
import { readSettings } from '../store/settings/settings-file.ts';
import { routeTo } from './network.ts';

const DIRECT: NetworkConfig = { proxy: 'direct', certificates: '', venues: [] };
const stack = new AsyncDisposableStack();
let folder = '';
let venue = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qd-network-'));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const server = createServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'));
  });
  stack.defer(() => void server.close());
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  venue = (server.address() as AddressInfo).port;
});
afterAll(() => stack.disposeAsync());

/** What a request to a venue comes to: `well`, or the code and words of its failure. */
async function ask(route: ReturnType<typeof routeTo>): Promise<string> {
  if (route === undefined) return 'direct';
  const http = new HttpClient({
    scheduler: new ManualTime(),
    fetch: route.fetch,
    maxBodyBytes: 100,
  });
  const answer = await http.once({ method: 'GET', url: 'http://venue.test/', timeoutMs: 5_000 });
  return answer.ok ? 'well' : `${answer.error.code} ${answer.error.message}`;
}

test('each venue goes its own way, the others the common one; a sandbox goes none', async () => {
  await using common = await openConnectProxy(venue);
  await using own = await openSocksProxy(venue, { user: 'trader', password: 'secret' });
  const network: NetworkConfig = {
    proxy: `http://127.0.0.1:${common.port}`,
    certificates: '',
    venues: [`KRAKEN=socks5://trader@127.0.0.1:${own.port}`, 'OKX=direct'],
  };
  const secrets = { QD_PROXY_PASSWORD_KRAKEN: 'secret' };
  expect(await ask(routeTo('BINANCE', 'live', network, secrets))).toBe('well');
  expect([common.asked.length, own.asked.length]).toEqual([1, 0]);
  expect(await ask(routeTo('KRAKEN', 'live', network, secrets))).toBe('well');
  expect([common.asked.length, own.asked.length]).toEqual([1, 1]);
  expect(await ask(routeTo('OKX', 'live', network, secrets))).toBe('direct');
  expect(await ask(routeTo('KRAKEN', 'sandbox', network, secrets))).toBe('direct');
  expect(await ask(routeTo('BINANCE', 'live', DIRECT, { HTTP_PROXY: 'http://127.0.0.1:1' }))).toBe(
    'direct',
  );
  const without = await ask(routeTo('KRAKEN', 'live', network, {}));
  expect(without).toContain('PROXY_AUTH_REFUSED');
});

test('the system’s proxies count when they are asked for', async () => {
  await using proxy = await openConnectProxy(venue, { user: 'me', password: 'p:w' });
  const system: NetworkConfig = { ...DIRECT, proxy: 'system' };
  const environment = { http_proxy: `http://me:p%3Aw@127.0.0.1:${proxy.port}` };
  expect(await ask(routeTo('BINANCE', 'live', system, environment))).toBe('well');
  expect([...proxy.asked]).toEqual(['venue.test:80']);
});

test('what is set wrong leads nowhere, and says why', async () => {
  const empty = join(folder, 'empty.pem');
  writeFileSync(empty, 'no certificate');
  const spoilt = join(folder, 'spoilt.pem');
  writeFileSync(spoilt, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  const files = [join(folder, 'absent.pem'), empty, spoilt];
  for (const certificates of files) {
    const told = await ask(routeTo('BINANCE', 'live', { ...DIRECT, certificates }, {}));
    expect(told).toContain(`ROUTE_WRONG: network.certificates: ${certificates} must be`);
  }
  const system = routeTo(
    'BINANCE',
    'live',
    { ...DIRECT, proxy: 'system' },
    { HTTP_PROXY: 'x://y' },
  );
  expect(await ask(system)).toContain('ROUTE_WRONG: HTTP_PROXY must be');
});

test.each([
  [{ proxy: 'http://me:secret@proxy:1' }, 'proxy'],
  [{ proxy: 'proxy.example:1' }, 'proxy'],
  [{ proxy: 'ftp://proxy.example' }, 'proxy'],
  [{ venues: ['KRAKEN=http://me:secret@proxy:1'] }, 'venues'],
  [{ venues: ['KRAKEN'] }, 'venues'],
  [{ venues: ['KRAKN=direct'] }, 'venues'],
])('%j is no setting', (network, key) => {
  const read = settingsSchema.safeParse({ network });
  expect(read.success ? [] : read.error.issues[0]?.path.slice(0, 2)).toEqual(['network', key]);
});

test.each([
  '{"network": {"proxy": "http://me:pass-word@proxy.example:1"}}',
  '{"network": {"venues": ["KRAKEN=gopher://me:pass-word@proxy.example:1"]}}',
  '{"network": {"proxy": "http://proxy.example:1"},',
  '{"network": 7}',
])('a start with %s reaches nothing, and tells no password', async (text) => {
  const data = mkdtempSync(join(folder, 'data-'));
  writeFileSync(join(data, 'settings.json'), text);
  const { settings, problems } = readSettings(data);
  expect(problems.length).toBeGreaterThan(0);
  expect(JSON.stringify(problems)).not.toContain('pass-word');
  for (const venue of ['BINANCE', 'KRAKEN']) {
    expect(await ask(routeTo(venue, 'live', settings.network, {}))).toContain('ROUTE_WRONG');
  }
});

test('a wrong file that says nothing of the network keeps the usual way', () => {
  const data = mkdtempSync(join(folder, 'data-'));
  writeFileSync(join(data, 'settings.json'), '{"risk": {');
  expect(routeTo('BINANCE', 'live', readSettings(data).settings.network, {})).toBeUndefined();
});

test('the settings take what is told of them', () => {
  const network = {
    proxy: 'socks5://trader@[::1]:1080',
    certificates: '/own/authority.pem',
    venues: ['BINANCE=direct', 'KRAKEN=https://proxy.example:8443', 'OKX=certificates=/a b.pem'],
  };
  const read = settingsSchema.safeParse({ network });
  expect(read.success && read.data.network).toEqual(network);
});
