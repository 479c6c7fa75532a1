import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../../engine/ports/contract/until.ts';
import type { SandboxClock } from '../clock.ts';
import { ManualSandboxClock } from '../manual-clock.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { systemClock } from '../system-clock.ts';

const KEY = { key: 'SANDBOXMARKETDATA', secret: 'sandbox-market-data-secret' };
const HEADERS = { 'APCA-API-KEY-ID': KEY.key, 'APCA-API-SECRET-KEY': KEY.secret };

type Event = Readonly<Record<string, unknown>>;

async function start(clock: SandboxClock = systemClock()): Promise<Sandbox> {
  const started = await createSandbox({ clock, seed: 11, port: 0, limits: 'open' });
  if (!started.ok) throw new Error(started.error.reason);
  return started.value;
}

/** A client that keeps what it hears. */
function connect({ webSocketUrl }: Sandbox) {
  const socket = new WebSocket(`${webSocketUrl}/alpaca/v2/iex`);
  const heard: Event[] = [];
  let ended = false;
  socket.on('message', (data: Buffer) => {
    const frame: unknown = JSON.parse(data.toString());
    if (!Array.isArray(frame)) throw new Error('a frame must be a list');
    heard.push(...(frame as Event[]));
  });
  socket.on('close', () => {
    ended = true;
  });
  const say = async (message: object, answer: Event): Promise<void> => {
    const from = heard.length;
    socket.send(JSON.stringify(message));
    const answered = () =>
      heard.slice(from).some((one) => Object.keys(answer).every((key) => one[key] === answer[key]));
    await until(JSON.stringify(answer), answered);
  };
  return {
    heard,
    say,
    opened: () => until('connected', () => heard[0]?.['msg'] === 'connected'),
    ended: () => until('the end', () => ended),
    close: () => socket.close(),
  };
}

test('a key comes first; then each symbol of what was asked for', async () => {
  await using sandbox = await start();
  const client = connect(sandbox);
  await client.opened();
  const asked = { action: 'subscribe', trades: ['BTC'], quotes: ['BTC', 'ETH'] };
  await client.say(asked, { T: 'error', code: 401 });
  await client.say({ action: 'auth', ...KEY }, { T: 'success', msg: 'authenticated' });
  await client.say({ action: 'auth', ...KEY }, { T: 'error', code: 403 });
  await client.say({ action: 'dance' }, { T: 'error', code: 400 });
  await client.say(asked, { T: 'subscription' });
  expect(client.heard.findLast(({ T }) => T === 'subscription')).toMatchObject({
    trades: ['BTC'],
    quotes: ['BTC', 'ETH'],
    bars: [],
    corrections: ['BTC'],
    cancelErrors: ['BTC'],
  });
  const came = (type: string, symbol: string) =>
    until(type, () => client.heard.some(({ T, S }) => T === type && S === symbol));
  await Promise.all([came('t', 'BTC'), came('q', 'BTC'), came('q', 'ETH')]);
  const many = Array.from({ length: 31 }, (_, at) => `S${at}`);
  await client.say({ action: 'subscribe', quotes: many }, { T: 'error', code: 405 });
  await client.say({ action: 'unsubscribe', quotes: ['ETH'] }, { T: 'subscription' });
  expect(client.heard.findLast(({ T }) => T === 'subscription')).toMatchObject({
    quotes: ['BTC'],
  });
  client.close();
}, 30_000);

test('another key ends the connection; so does none in time', async () => {
  const clock = new ManualSandboxClock(Date.UTC(2026, 2, 14));
  await using sandbox = await start(clock);
  const wrong = connect(sandbox);
  const silent = connect(sandbox);
  await Promise.all([wrong.opened(), silent.opened()]);
  await wrong.say({ action: 'auth', key: 'A', secret: 'B' }, { T: 'error', code: 402 });
  await wrong.ended();
  clock.advance(9_900);
  expect(silent.heard).toHaveLength(1);
  clock.advance(200);
  await until('too late', () => silent.heard.some(({ code }) => code === 404));
  await silent.ended();
}, 30_000);

test('questions want the key too', async () => {
  await using sandbox = await start();
  const ask = (path: string, headers: Record<string, string>) =>
    fetch(`${sandbox.url}/alpaca${path}`, { headers });
  expect((await ask('/v2/assets', {})).status).toBe(403);
  const assets = (await (await ask('/v2/assets', HEADERS)).json()) as Event[];
  expect(assets.map(({ symbol }) => symbol)).toContain('BTC');
  const { timestamp } = (await (await ask('/v2/clock', HEADERS)).json()) as Event;
  expect(Date.parse(String(timestamp))).toBeGreaterThan(0);
  const question = '/v2/stocks/bars?symbols=BTC&timeframe=1Min&feed=iex&limit=3&start=';
  const page = (rest: string) => ask(`${question}${rest}`, HEADERS).then((one) => one.json());
  const first = (await page('2016-01-01T00:00:00Z&sort=desc')) as {
    bars: { BTC: { t: string }[] };
    next_page_token: string;
  };
  const next = (await page(
    `2016-01-01T00:00:00Z&sort=desc&page_token=${first.next_page_token}`,
  )) as typeof first;
  const times = [...first.bars.BTC, ...next.bars.BTC].map(({ t }) => Date.parse(t));
  expect(times).toHaveLength(6);
  expect(times.every((at, row) => row === 0 || (times[row - 1] ?? 0) - at === 60_000)).toBe(true);
}, 30_000);
