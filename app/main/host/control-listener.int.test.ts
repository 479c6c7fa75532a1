import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeMessage } from '../../engine/api/codec.ts';
import { engineFileSchema, type EngineFile } from '../../engine/api/supervision.ts';
import { ControlListener } from './control-listener.ts';

let folder = '';
let taken = true;
let listener: ControlListener | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-control-'));
  taken = true;
});
afterEach(async () => {
  await listener?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function open(dataFolder: string) {
  mkdirSync(join(dataFolder, 'run'), { recursive: true });
  const made = new ControlListener(dataFolder, {
    freshUrl: () => 'http://127.0.0.1:1/',
    onUpgrade: (service, client, _request, socket) => {
      if (!taken) return false;
      socket.end(`HTTP/1.1 101 ${service} ${client}\r\n\r\n`);
      return true;
    },
  });
  listener = made;
  return made.listen();
}

function engineFile(dataFolder: string): EngineFile {
  const text = readFileSync(join(dataFolder, 'run', 'engine.json'), 'utf8');
  const decoded = decodeMessage(engineFileSchema, text);
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
}

/** The status of an answer. */
async function ask(
  { socket, secret }: { socket: string; secret: string },
  path: string,
  options: { method?: string; upgrade?: boolean } = {},
): Promise<number> {
  const upgrade = options.upgrade === true ? { connection: 'Upgrade', upgrade: 'websocket' } : {};
  return new Promise((resolve, reject) => {
    const call = request({
      socketPath: socket,
      path,
      method: options.method ?? 'GET',
      headers: { authorization: `Bearer ${secret}`, ...upgrade },
    });
    call.on('response', (answer) => resolve(answer.statusCode ?? 0));
    call.on('upgrade', (answer, peer) => {
      peer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    call.on('error', reject);
    call.end();
  });
}

describe('ControlListener', () => {
  test('socket and file are for their owner only; the secret opens it, another does not', async () => {
    expect(await open(folder)).toEqual({ ok: true, value: undefined });
    const engine = engineFile(folder);
    expect(engine.socket).toBe(join(folder, 'run', 'engine.sock'));
    for (const path of [engine.socket, join(folder, 'run', 'engine.json')]) {
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    expect(await ask(engine, '/url', { method: 'POST' })).toBe(200);
    expect(await ask(engine, '/url')).toBe(404);
    expect(await ask({ ...engine, secret: 'guess' }, '/url', { method: 'POST' })).toBe(403);
    expect(await ask(engine, '/socket/trade', { upgrade: true })).toBe(101);
    expect(await ask({ ...engine, secret: '' }, '/socket/trade', { upgrade: true })).toBe(403);
    taken = false;
    expect(await ask(engine, '/socket/trade', { upgrade: true })).toBe(503);
  });

  test('what an engine that died left behind is replaced, and nothing is left at the end', async () => {
    mkdirSync(join(folder, 'run'));
    writeFileSync(join(folder, 'run', 'engine.sock'), '');
    writeFileSync(join(folder, 'run', 'engine.json'), '{}', { mode: 0o644 });
    expect((await open(folder)).ok).toBe(true);
    expect(statSync(join(folder, 'run', 'engine.json')).mode & 0o777).toBe(0o600);
    const engine = engineFile(folder);
    expect(await ask(engine, '/url', { method: 'POST' })).toBe(200);
    await listener?.[Symbol.asyncDispose]();
    expect(existsSync(join(folder, 'run', 'engine.json'))).toBe(false);
    expect(existsSync(engine.socket)).toBe(false);
  });

  test.skipIf(process.platform === 'win32')(
    'a data folder too deep for a socket gets one in a private folder that goes with it',
    async () => {
      const deep = join(folder, 'd'.repeat(100), 'e'.repeat(100));
      expect((await open(deep)).ok).toBe(true);
      const engine = engineFile(deep);
      expect(engine.socket.length).toBeLessThan(104);
      expect(statSync(dirname(engine.socket)).mode & 0o777).toBe(0o700);
      expect(await ask(engine, '/url', { method: 'POST' })).toBe(200);
      await listener?.[Symbol.asyncDispose]();
      expect(existsSync(dirname(engine.socket))).toBe(false);
    },
  );

  test('a folder that cannot be written is told, not thrown', async () => {
    writeFileSync(join(folder, 'file'), '');
    const made = new ControlListener(join(folder, 'file'), { onUpgrade: () => false });
    expect(await made.listen()).toMatchObject({ error: { code: 'CONTROL_SOCKET_FAILED' } });
  });
});
