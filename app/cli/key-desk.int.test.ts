import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage } from '../engine/api/codec.ts';
import {
  hostMessageSchema,
  hostRequestSchema,
  type HostMessage,
} from '../engine/api/host-service.ts';
import type { KeyAct, KeyAnswer } from '../engine/api/keys.ts';
import { openControlSocket, type ControlSocket } from '../engine/net/control-socket.ts';
import { openKeyVault } from '../engine/processes/keys/key-vault.ts';
import { openPassphraseVault } from '../engine/store/secrets/vault.ts';
import { vaultPath } from '../engine/store/secrets/vault-place.ts';
import { findEngine } from './running-engine.ts';
import { RunningCommand, TestFolder } from './testing/running-command.ts';

/** An act starts a process and derives a key. */
const LIMIT_MS = 60_000;
const PASSPHRASE = 'a passphrase that nobody repeats';

interface SandboxKey {
  readonly name: string;
  readonly apiKey: string;
  readonly secret: string;
}

/** A window of the desk: what main says to it, word by word. */
class DeskWindow implements Disposable {
  said = '';
  accounts: Extract<HostMessage, { type: 'Accounts' }> | undefined;
  readonly #answers = new Map<number, KeyAnswer>();
  readonly #socket: ControlSocket;
  #number = 0;

  constructor(folder: string) {
    this.#socket = openControlSocket(findEngine(folder), 'host', {
      onMessage: (text) => {
        this.said += text;
        const decoded = decodeMessage(hostMessageSchema, text);
        if (!decoded.ok) return;
        if (decoded.value.type === 'Accounts') this.accounts = decoded.value;
        if (decoded.value.type === 'Keys') {
          this.#answers.set(decoded.value.number, decoded.value.answer);
        }
      },
      onClose: () => undefined,
    });
  }

  async ask(act: KeyAct): Promise<KeyAnswer | undefined> {
    this.#number += 1;
    const number = this.#number;
    this.#socket.send(encodeMessage(hostRequestSchema, { type: 'Keys', number, act }));
    await expect.poll(() => this.#answers.get(number), { timeout: LIMIT_MS }).toBeDefined();
    return this.#answers.get(number);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

test('a key is kept and tested by windows; nothing of it comes back or is written down', async () => {
  using folder = new TestFolder();
  await using sandbox = new RunningCommand('sandbox', '--seed', '4713', '--port', '0', '--json');
  await sandbox.says('"control"');
  const exchange = join(folder.path, 'exchange.json');
  writeFileSync(exchange, sandbox.stdout);
  const { keys } = JSON.parse(sandbox.stdout) as { readonly keys: readonly SandboxKey[] };
  const trading = keys.find(({ name }) => name === 'trading');
  const withdraw = keys.find(({ name }) => name.includes('withdraw'));
  if (trading === undefined || withdraw === undefined)
    throw new Error('the sandbox has no such keys');
  // One that is opened fast: a vault keeps the cost it was made with.
  const cost = { logN: 10, r: 8, p: 1 };
  const path = vaultPath(folder.path);
  const made = openPassphraseVault({ path, passphrase: PASSPHRASE, now: () => '2026', cost });
  if (made.ok) made.value.put('BINANCE/old', { apiKey: 'old-old-old', secret: 'old-old-old' });
  await using engine = new RunningCommand(
    ...['--data', folder.path, 'engine', '--exchange', exchange, '--log-level', 'debug'],
  );
  await engine.says('engine ready');
  {
    using window = new DeskWindow(folder.path);
    using other = new DeskWindow(folder.path);
    await expect
      .poll(() => other.accounts)
      .toMatchObject({
        running: { account: 'BINANCE@sandbox/main', with: 'exchange' },
        vault: true,
        keys: null,
        environments: ['testnet', 'live', 'sandbox'],
      });
    const add = (key: SandboxKey): KeyAct => ({
      type: 'Add',
      environment: 'sandbox',
      account: 'second',
      apiKey: key.apiKey,
      secret: key.secret,
      passphrase: PASSPHRASE,
    });
    expect(await window.ask(add(withdraw))).toMatchObject({ code: 'KEY_CAN_WITHDRAW' });
    expect(other.accounts?.keys).toBeNull();
    const name = 'BINANCE@sandbox/second';
    const known = { state: 'Done', name, rights: { rights: expect.any(Array) as string[] } };
    expect(await window.ask(add(trading))).toMatchObject(known);
    const apiKeyTail = trading.apiKey.slice(-4);
    await expect
      .poll(() => other.accounts)
      .toMatchObject({
        keys: [{ name: 'BINANCE/old' }, { name, apiKeyTail, checked: known.rights }],
      });
    const opened = openKeyVault(folder.path, PASSPHRASE);
    if (!opened.ok) throw new Error(opened.error.message);
    expect(opened.value.get(name)).toMatchObject({ value: { secret: trading.secret } });
    const again: KeyAct = { type: 'Test', name, passphrase: PASSPHRASE };
    expect(await other.ask(again)).toMatchObject(known);
    for (const secret of [trading.apiKey, trading.secret, withdraw.secret, PASSPHRASE]) {
      expect(`${window.said}${other.said}`).not.toContain(secret);
    }
  }
  expect(await engine.stop()).toBe(0);
  rmSync(exchange);
  expect(readFileSync(join(folder.path, 'log/engine.log'), 'utf8')).toContain('KEY_CAN_WITHDRAW');
  for (const secret of [trading.secret, withdraw.apiKey, withdraw.secret, PASSPHRASE]) {
    for (const file of filesBelow(folder.path)) {
      expect(readFileSync(file).includes(secret), `${secret.slice(0, 4)}… in ${file}`).toBe(false);
    }
    expect(`${engine.stdout}${engine.stderr}`).not.toContain(secret);
  }
}, 150_000);
