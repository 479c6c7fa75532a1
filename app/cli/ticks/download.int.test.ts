import { expect, test } from 'vitest';
import { qd, RunningCommand, TestFolder } from '../testing/running-command.ts';

const OF = 'BNBUSDT.BINANCE@sandbox';

function ago(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

test('whole days of the past come to the disk through the running engine', async () => {
  using folder = new TestFolder();
  const download = (...words: readonly string[]) =>
    qd('--data', folder.path, 'ticks', 'download', '--instrument', OF, ...words);
  const without = await download('--kind', 'bars', '--from', ago(2), '--to', ago(1));
  expect(without.status).toBe(1);
  expect(without.stderr).toContain('no engine runs on');

  await using engine = new RunningCommand('--data', folder.path, 'engine', '--limits', 'open');
  await engine.says('engine ready');
  const days = ['--from', ago(2), '--to', ago(1)];
  const done = await download('--kind', 'bars', ...days, '--json');
  expect(done.stderr).toBe('');
  expect(JSON.parse(done.stdout)).toEqual({
    id: 1,
    instrument: OF,
    kind: 'bars',
    from: ago(2),
    to: ago(1),
    replace: false,
    state: 'Done',
    days: 2,
    doneDays: 2,
    skippedDays: 0,
    rows: 2_880,
  });
  const again = await download('--kind', 'bars', ...days);
  expect(again.stdout).toContain('download 2: 100 %, 2 of 2 days, 2 were there, 0 rows, done');

  const early = await download('--kind', 'trades', '--from', ago(1), '--to', ago(-1));
  expect(early).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`to must be a day that is over, ${ago(1)} or before`),
  });
  const untold = await download('--kind', 'funding', ...days);
  expect(untold.stderr).toContain('BINANCE@sandbox does not tell funding of the past of BNBUSDT');
  const wrong = await download('--kind', 'books', ...days);
  expect(wrong.stderr).toContain('Allowed choices are trades, bars, funding');

  const taken = await download('--kind', 'trades', ...days, '--no-wait');
  expect(taken.stdout).toMatch(/^download 3: 0 %, 0 of 2 days, 0 rows, (?:queued|running)\n$/);
}, 120_000);
