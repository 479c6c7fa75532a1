import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { qd, RunningCommand, TestFolder } from './testing/running-command.ts';

const SHARE = 'XRP.ALPACA@sandbox';

test('shares are watched beside what is traded: quotes, books of one level, trades without a side', async () => {
  using folder = new TestFolder();
  const settings = { market: { others: ['ALPACA:XRP', 'ALPACA:NONE', 'KRAKEN:BTC/USDT'] } };
  writeFileSync(join(folder.path, 'settings.json'), JSON.stringify(settings));
  await using running = new RunningCommand(
    '--data',
    folder.path,
    'engine',
    '--record',
    '--port',
    '0',
  );
  await running.says('engine ready');
  const rows = async (kind: string): Promise<readonly string[]> => {
    const asked = ['ticks', 'show', '--instrument', SHARE, '--kind', kind];
    const { stdout } = await qd('--data', folder.path, ...asked);
    return stdout.split('\n').slice(1, -1);
  };
  const few = { timeout: 30_000 };
  await expect.poll(async () => (await rows('trades')).length, few).toBeGreaterThan(2);
  expect((await rows('trades')).every((row) => /  trade +[\d.]+ +[\d.]+ +\d+$/.test(row))).toBe(
    true,
  );
  const book = await rows('snapshots');
  expect(book.slice(0, 3).map((row) => /(snapshot|bid|ask)/.exec(row)?.[1])).toEqual([
    'snapshot',
    'bid',
    'ask',
  ]);
  expect((await rows('bbo')).length).toBeGreaterThan(2);
  expect(await running.stop()).toBe(0);
  const log = readFileSync(join(folder.path, 'log/engine.log'), 'utf8');
  expect(log).toContain('NONE of ALPACA are not watched until the next start');
  expect(log).not.toContain('sandbox-market-data-secret');
}, 90_000);
