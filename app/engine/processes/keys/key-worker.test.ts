import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KeyReport, KeyWork } from '../../api/keys.ts';
import { err, ok } from '../../base/result.ts';
import { openPassphraseVault } from '../../store/secrets/vault.ts';
import { vaultPath } from '../../store/secrets/vault-place.ts';
import { VENUE_URLS } from '../venue-urls.ts';
import { keyName, keyPlace } from './key-vault.ts';
import { KeyWorker } from './key-worker.ts';

const PASSPHRASE = 'a passphrase of the test';
const RIGHTS = { rights: ['trades spot'], warnings: ['from any address'] };
const ADD = { type: 'Add', account: 'second', apiKey: 'key-of-1234', secret: 'a secret' } as const;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-keys-'));
  // One that is opened fast: a vault keeps the cost it was made with.
  const cost = { logN: 10, r: 8, p: 1 };
  const path = vaultPath(folder);
  const made = openPassphraseVault({ path, passphrase: PASSPHRASE, now: () => '2026', cost });
  if (made.ok) made.value.put('BINANCE@testnet/old', { apiKey: 'old-key', secret: 'old' });
});
afterEach(() => rmSync(folder, { recursive: true }));

function worker(): KeyWorker {
  return new KeyWorker((_environment, _sandbox, { secret }) =>
    Promise.resolve(
      secret === 'withdraws'
        ? err({ code: 'KEY_CAN_WITHDRAW', message: 'the key may withdraw funds' })
        : ok(RIGHTS),
    ),
  );
}

function ask(one: KeyWorker, work: Partial<KeyWork> & Pick<KeyWork, 'type'>): Promise<KeyReport> {
  const whole = { passphrase: PASSPHRASE, ...work } as KeyWork;
  return one.work({ type: 'Work', dataFolder: folder, work: whole });
}

async function names(): Promise<readonly string[] | undefined> {
  return (await ask(worker(), { type: 'List' })).entries?.map(({ name }) => name);
}

test('a key of a test world is kept once its rights were read', async () => {
  const report = await ask(worker(), { ...ADD, environment: 'testnet' });
  const name = 'BINANCE@testnet/second';
  expect(report.answer).toEqual({ state: 'Done', name, rights: RIGHTS });
  expect(report.entries).toMatchObject([{ name: 'BINANCE@testnet/old' }, { apiKeyTail: '1234' }]);
  expect(await names()).toEqual(['BINANCE@testnet/old', name]);
});

test('a live key is kept when its account is typed as it was shown, and not otherwise', async () => {
  const one = worker();
  const live = { ...ADD, environment: 'live' } as const;
  const shown = (await ask(one, live)).answer;
  const name = 'BINANCE/second';
  const review = { state: 'Review', name, apiKeyTail: '1234', replaces: false, rights: RIGHTS };
  expect(shown).toEqual(review);
  expect(await names()).toEqual(['BINANCE@testnet/old']);
  expect(one.confirm('Second').answer).toMatchObject({ code: 'KEY_NOT_CONFIRMED' });
  expect(one.confirm('second').answer).toMatchObject({ code: 'KEY_NOT_WAITING' });
  expect(await names()).toEqual(['BINANCE@testnet/old']);
  const another = worker();
  await ask(another, live);
  expect(another.confirm('second').answer).toEqual({ state: 'Done', name, rights: RIGHTS });
  expect(await names()).toEqual([name, 'BINANCE@testnet/old']);
  expect((await ask(worker(), live)).answer).toMatchObject({ state: 'Review', replaces: true });
});

test('a key that may withdraw, a wrong passphrase and an unknown name change nothing', async () => {
  const withdraws = { ...ADD, secret: 'withdraws', environment: 'live' } as const;
  for (const [asked, code] of [
    [withdraws, 'KEY_CAN_WITHDRAW'],
    [{ ...ADD, environment: 'testnet', passphrase: 'another' }, 'VAULT_WRONG_PASSPHRASE'],
    [{ type: 'Test', name: 'BINANCE/nobody' }, 'SECRET_UNKNOWN'],
    [{ type: 'Remove', name: 'BINANCE/nobody' }, 'SECRET_UNKNOWN'],
  ] as const) {
    expect(await ask(worker(), asked)).toEqual({
      answer: { state: 'Refused', code, message: expect.any(String) as string },
    });
  }
  expect(await names()).toEqual(['BINANCE@testnet/old']);
});

test('a kept key is asked about again, and removed', async () => {
  const name = 'BINANCE@testnet/old';
  const tested = await ask(worker(), { type: 'Test', name });
  expect(tested.answer).toEqual({ state: 'Done', name, rights: RIGHTS });
  expect((await ask(worker(), { type: 'Remove', name })).entries).toEqual([]);
  expect(await names()).toEqual([]);
});

test('an account to be used: its market with the key, of a live one when its name is typed, of a sandbox that is there', async () => {
  const live = { ...ADD, environment: 'live', account: 'real' } as const;
  const one = worker();
  await ask(one, live);
  one.confirm('real');
  const use = (name: string, typed = ''): Promise<KeyReport> =>
    ask(worker(), { type: 'Use', name, typed });
  const old = await use('BINANCE@testnet/old');
  expect(old.answer).toEqual({ state: 'Done', name: 'BINANCE@testnet/old' });
  expect(old.market).toEqual({
    kind: 'venue',
    environment: 'testnet',
    urls: VENUE_URLS.testnet,
    account: 'old',
    credentials: { apiKey: 'old-key', secret: 'old' },
  });
  expect(await use('BINANCE/real', 'Real')).toEqual({
    answer: expect.objectContaining({ code: 'KEY_NOT_CONFIRMED' }) as KeyReport['answer'],
  });
  const real = await use('BINANCE/real', 'real');
  expect(real.market).toMatchObject({ environment: 'live', credentials: { secret: 'a secret' } });
  await ask(worker(), { ...ADD, environment: 'sandbox' });
  for (const [name, code] of [
    ['BINANCE@sandbox/second', 'SANDBOX_NOT_HERE'],
    ['BINANCE/nobody', 'SECRET_UNKNOWN'],
  ] as const) {
    expect((await use(name)).answer).toMatchObject({ state: 'Refused', code });
  }
  const sandbox = { http: 'http://127.0.0.1:1', ws: 'ws://127.0.0.1:1', wsApi: 'ws://127.0.0.1:1' };
  const work = { type: 'Use', name: 'BINANCE@sandbox/second', typed: '', passphrase: PASSPHRASE };
  const there = { type: 'Work', dataFolder: folder, sandbox, work } as const;
  expect((await worker().work(there as Parameters<KeyWorker['work']>[0])).market).toMatchObject({
    environment: 'sandbox',
    urls: sandbox,
  });
});

test('a name says whose key it is', () => {
  for (const place of [
    { venue: 'BINANCE', environment: 'live', account: 'main' },
    { venue: 'ALPACA', environment: 'live', account: 'data' },
    { venue: 'BINANCE', environment: 'testnet', account: 'a-b_1' },
  ] as const) {
    expect(keyPlace(keyName(place))).toEqual(place);
  }
  expect(keyPlace('elsewhere/main')).toBeUndefined();
});
