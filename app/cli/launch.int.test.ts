import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openKeyVault } from '../engine/processes/keys/key-vault.ts';
import { settingsSchema } from '../engine/store/settings/schema.ts';
import { chooseMarket } from './launch.ts';

const PASSPHRASE = 'of this test';
const KEY = { apiKey: 'AKTEST0000000000', secret: 'a-secret-of-this-test' };
const LIVE = { environment: 'live', account: 'main' } as const;
const WATCHED = settingsSchema.parse({ market: { others: ['ALPACA:F', 'ALPACA:BRK.B'] } });

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-launch-'));
  vi.stubEnv('QD_PASSPHRASE', PASSPHRASE);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function keep(...names: readonly string[]): void {
  const opened = openKeyVault(folder, PASSPHRASE);
  if (!opened.ok) throw new Error(opened.error.message);
  using vault = opened.value;
  for (const name of names) expect(vault.put(name, KEY).ok).toBe(true);
}

test('a vault with the key of a watched venue alone: its market, and no trading', async () => {
  keep('ALPACA/data');
  const market = await chooseMarket(LIVE, folder, WATCHED);
  expect(market).toMatchObject({ watchedKeys: [{ venue: 'ALPACA', credentials: KEY }] });
  expect(market).not.toHaveProperty('credentials');
});

test('a key is taken only of a venue that is watched, on the live market', async () => {
  keep('ALPACA/data', 'BINANCE/main', 'BINANCE@testnet/main');
  expect(await chooseMarket(LIVE, folder, WATCHED)).toMatchObject({
    credentials: KEY,
    watchedKeys: [{ venue: 'ALPACA' }],
  });
  for (const [options, settings] of [
    [LIVE, settingsSchema.parse({})],
    [{ ...LIVE, environment: 'testnet' }, WATCHED],
  ] as const) {
    const market = await chooseMarket(options, folder, settings);
    expect(market).toMatchObject({ credentials: KEY });
    expect(market).not.toHaveProperty('watchedKeys');
  }
});

test('a vault with keys that trade and not the account’s is said', async () => {
  keep('BINANCE/another');
  await expect(chooseMarket(LIVE, folder, WATCHED)).rejects.toThrow(/SECRET_UNKNOWN/);
});
