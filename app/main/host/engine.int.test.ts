import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { decodeMessage } from '../../engine/api/codec.ts';
import { tradeMessageSchema, type TradeMessage } from '../../engine/api/trade-service.ts';
import { ManualClock } from '../../engine/base/clock.ts';
import type { ProcessState } from '../../engine/api/host-service.ts';
import type { ClientId } from '../../engine/domain/identifiers.ts';
import { openControlSocket } from '../../engine/net/control-socket.ts';
import { until } from '../../engine/ports/contract/until.ts';
import { handover } from '../../engine/server/socket-door.ts';
import { settingsSchema } from '../../engine/store/settings/schema.ts';
import { Engine } from './engine.ts';
import { startForked } from './forked-child.ts';
import { LogBook } from './log-book.ts';

/** A text message of a window as it goes over the wire. */
function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

const UPGRADE = [
  'GET /socket/trade HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '\r\n',
].join('\r\n');

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

function open(settings: object) {
  const dataFolder = mkdtempSync(join(tmpdir(), 'qd-engine-'));
  stack.defer(() => rmSync(dataFolder, { recursive: true, force: true }));
  for (const name of ['run', 'journal', 'ticks']) mkdirSync(join(dataFolder, name));
  const log = new LogBook({
    dataFolder,
    clock: new ManualClock(0),
    level: 'info',
    onError: () => undefined,
  });
  stack.use(log);
  const engine = new Engine(
    {
      dataFolder,
      session: 'test',
      market: { kind: 'sandbox', seed: 5, port: 0, limits: 'open' },
      settings: settingsSchema.parse(settings),
      record: false,
      startChild: startForked,
    },
    { log, onVitals: () => undefined },
  );
  stack.defer(() => engine.stop());
  return { engine, dataFolder };
}

/** Where windows on trade can be opened. */
async function serveTrade(
  engine: Engine,
  dataFolder: string,
  afterHandover: () => void = () => undefined,
): Promise<string> {
  const server = createServer();
  server.on('upgrade', (request, socket: Socket, head: Buffer) => {
    const command = handover(request, head, 'desk-1' as ClientId);
    engine.give('trade', command, { kind: 'socket', socket });
    afterHandover();
  });
  const path = join(dataFolder, 'test.sock');
  server.listen(path);
  await once(server, 'listening');
  stack.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  return path;
}

/** A window on trade; all that it is told. */
async function watchTrade(engine: Engine, dataFolder: string): Promise<TradeMessage[]> {
  const path = await serveTrade(engine, dataFolder);
  const messages: TradeMessage[] = [];
  const window = openControlSocket({ socket: path, secret: '' }, 'trade', {
    onMessage: (text) => {
      const decoded = decodeMessage(tradeMessageSchema, text);
      if (decoded.ok) messages.push(decoded.value);
    },
    onClose: () => undefined,
  });
  stack.defer(() => window.close());
  await until('a snapshot', () => messages.length > 0);
  return messages;
}

const stateOf = (engine: Engine, name: ProcessState['name']): ProcessState | undefined =>
  engine.states.find((state) => state.name === name);

/** Kills a process and waits until another runs in its place. */
async function kill(engine: Engine, name: ProcessState['name']): Promise<void> {
  const before = stateOf(engine, name);
  process.kill(before?.pid ?? 0, 'SIGKILL');
  await until(`${name} again`, () => {
    const now = stateOf(engine, name);
    return now?.state === 'Running' && now.pid !== before?.pid;
  });
}

function marketInputs(messages: readonly TradeMessage[]): number {
  const health = messages.findLast((message) => message.type === 'Health');
  return health?.type === 'Health' ? health.health.marketInputs : 0;
}

test('feed and exchange die and come back where they were; trade lives on, is told and hears the market again', async () => {
  const { engine, dataFolder } = open({});
  expect(await engine.start()).toEqual({ ok: true, value: undefined });
  const trade = stateOf(engine, 'trade')?.pid;
  const messages = await watchTrade(engine, dataFolder);
  await until('a market', () => marketInputs(messages) > 0);
  for (const name of ['feed', 'sandbox'] as const) {
    await kill(engine, name);
    const alerts = (): number =>
      messages
        .flatMap((message) => (message.type === 'Updates' ? message.updates : []))
        .filter((update) => update.type === 'Alert' && update.code === 'FEED_LAPPED').length;
    if (name === 'feed') await until('the warning', () => alerts() > 0);
    const before = marketInputs(messages);
    await until(`market after ${name}`, () => marketInputs(messages) > before + 20, 30_000);
  }
  expect(stateOf(engine, 'trade')).toMatchObject({ state: 'Running', pid: trade, restarts: 0 });
}, 90_000);

test.skipIf(process.platform === 'win32')(
  'what a window says before its socket has arrived is heard',
  async () => {
    const { engine, dataFolder } = open({});
    expect(await engine.start()).toEqual({ ok: true, value: undefined });
    const trade = stateOf(engine, 'trade')?.pid ?? 0;
    const handed = Promise.withResolvers<undefined>();
    const path = await serveTrade(engine, dataFolder, () => handed.resolve(undefined));
    // It confirms nothing before the window has spoken.
    process.kill(trade, 'SIGSTOP');
    stack.defer(() => void process.kill(trade, 'SIGCONT'));
    const window = connect(path);
    stack.defer(() => void window.destroy());
    let heard = '';
    window.on('data', (chunk) => {
      heard += chunk.toString();
    });
    window.write(UPGRADE);
    await handed.promise;
    await new Promise((resolve) => window.write(frameOf('not a request'), resolve));
    // Whoever still reads the socket here would have it now.
    for (let turns = 0; turns < 10; turns += 1) await turn();
    process.kill(trade, 'SIGCONT');
    await until('an answer', () => heard.includes('"Refused"'));
  },
  60_000,
);

test('a symbol that the exchange does not list ends the start with its name', async () => {
  const { engine } = open({ market: { symbols: ['BTCUSDT', 'NOPE'] } });
  const outcome = await engine.start();
  expect(outcome).toMatchObject({ ok: false, error: { code: 'INSTRUMENT_UNKNOWN' } });
  expect(outcome.ok ? '' : outcome.error.message).toContain('NOPE');
  await until('feed to have failed for good', () => stateOf(engine, 'feed')?.state === 'Failed');
}, 60_000);
