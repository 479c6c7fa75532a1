import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPassphraseVault, type PassphraseVault } from './vault.ts';

// The real cost is in one test only: it is meant to be slow.
const CHEAP = { logN: 10, r: 8, p: 1 };
const CREDENTIALS = { apiKey: 'api-key-ABCD', secret: 'very-secret-text' };
const NAME = 'BINANCE@sandbox/main';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vault-'));
  path = join(folder, 'vault.qdv');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(passphrase = 'correct horse') {
  const now = () => '2026-11-21T10:00:00.000Z';
  return openPassphraseVault({ path, passphrase, now, cost: CHEAP });
}

function opened(passphrase?: string): PassphraseVault {
  const vault = open(passphrase);
  if (!vault.ok) throw new Error(vault.error.message);
  return vault.value;
}

function codeOf(result: { ok: boolean; error?: { code: string } }): string {
  return result.error?.code ?? 'OK';
}

test('what was put is there again after opening anew', () => {
  expect(opened().put(NAME, CREDENTIALS).ok).toBe(true);
  expect(opened().get(NAME)).toEqual({ ok: true, value: CREDENTIALS });
});

test('a list shows only the end of a key', () => {
  const vault = opened();
  vault.put(NAME, CREDENTIALS);
  vault.put('BINANCE/other', { apiKey: 'x-9999', secret: 's' });
  expect(vault.list()).toEqual([
    { name: 'BINANCE/other', apiKeyTail: '9999', addedAt: '2026-11-21T10:00:00.000Z' },
    { name: NAME, apiKeyTail: 'ABCD', addedAt: '2026-11-21T10:00:00.000Z' },
  ]);
});

test('nothing secret stands in the file, and only its owner may read it', () => {
  opened().put(NAME, CREDENTIALS);
  const bytes = readFileSync(path);
  for (const text of [CREDENTIALS.secret, CREDENTIALS.apiKey, NAME, 'correct horse']) {
    expect(bytes.includes(text)).toBe(false);
  }
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['vault.qdv']);
});

test('two writes of the same content differ in every encrypted byte range', () => {
  const vault = opened();
  vault.put(NAME, CREDENTIALS);
  const first = readFileSync(path);
  vault.put(NAME, CREDENTIALS);
  expect(readFileSync(path).subarray(60).equals(first.subarray(60))).toBe(false);
});

test('a wrong passphrase is told as such', () => {
  opened().put(NAME, CREDENTIALS);
  expect(codeOf(open('incorrect horse'))).toBe('VAULT_WRONG_PASSPHRASE');
});

test('letters composed in another way are the same passphrase', () => {
  opened('caf\u00e9').put(NAME, CREDENTIALS);
  expect(open('cafe\u0301').ok).toBe(true);
});

test('a flipped bit anywhere is found, and never gives a key', () => {
  opened().put(NAME, CREDENTIALS);
  const good = readFileSync(path);
  for (let at = 0; at < good.length; at += 1) {
    const bad = Buffer.from(good);
    bad.writeUInt8(bad.readUInt8(at) ^ 1, at);
    writeFileSync(path, bad);
    expect(['VAULT_DAMAGED', 'VAULT_WRONG_PASSPHRASE']).toContain(codeOf(open()));
    if (at >= 72) expect(codeOf(open())).toBe('VAULT_DAMAGED');
  }
});

test.each([0, 8, 60, 100])('a file cut to %s bytes is damaged', (length) => {
  opened().put(NAME, CREDENTIALS);
  writeFileSync(path, readFileSync(path).subarray(0, length));
  expect(codeOf(open())).toBe('VAULT_DAMAGED');
});

test('a removed key is gone, an unknown one is named', () => {
  const vault = opened();
  vault.put(NAME, CREDENTIALS);
  expect(codeOf(vault.remove('BINANCE/none'))).toBe('SECRET_UNKNOWN');
  expect(vault.remove(NAME).ok).toBe(true);
  expect(codeOf(opened().get(NAME))).toBe('SECRET_UNKNOWN');
});

test('a name that is not venue/account is refused', () => {
  expect(codeOf(opened().put('main', CREDENTIALS))).toBe('SECRET_UNKNOWN');
});

test('a locked vault answers nothing', () => {
  const vault = opened();
  vault.put(NAME, CREDENTIALS);
  vault[Symbol.dispose]();
  expect(codeOf(vault.get(NAME))).toBe('VAULT_LOCKED');
  expect(codeOf(vault.put(NAME, CREDENTIALS))).toBe('VAULT_LOCKED');
  expect(vault.list()).toEqual([]);
});

test('a folder that cannot be written keeps the old vault and says so without a secret', () => {
  const vault = opened();
  vault.put(NAME, CREDENTIALS);
  const before = readFileSync(path);
  const unwritable = openPassphraseVault({
    path: join(folder, 'absent', 'vault.qdv'),
    passphrase: 'correct horse',
    now: () => '',
    cost: CHEAP,
  });
  if (!unwritable.ok) throw new Error(unwritable.error.message);
  const refused = unwritable.value.put(NAME, CREDENTIALS);
  expect(codeOf(refused)).toBe('VAULT_UNWRITABLE');
  expect(JSON.stringify(refused)).not.toContain(CREDENTIALS.secret);
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a loose file mode is tightened by the next write', () => {
  const vault = opened();
  vault.put(NAME, CREDENTIALS);
  chmodSync(path, 0o644);
  vault.put(NAME, CREDENTIALS);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('the cost of a real vault is 2^17, 8, 1', () => {
  const vault = openPassphraseVault({ path, passphrase: 'correct horse', now: () => '' });
  if (!vault.ok) throw new Error(vault.error.message);
  vault.value.put(NAME, CREDENTIALS);
  expect([...readFileSync(path).subarray(8, 12)]).toEqual([1, 17, 8, 1]);
});
