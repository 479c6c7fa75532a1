import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INSTRUMENT } from '../../engine/kernel/testing/desk.ts';
import { FLAG_LAST, KIND_TRADE, MarketRecords } from '../../engine/native/compute/market-record.ts';
import { TickRecorder } from '../../engine/store/ticks/tick-recorder.ts';
import { qd } from '../testing/running-command.ts';

const AT = 1_700_000_000_000_000_000n;

test('bars of stored trades, over days, the last one open; a size finer than prices is refused', async () => {
  const data = mkdtempSync(join(tmpdir(), 'qd-bars-'));
  try {
    const records = new MarketRecords(5);
    for (const [row, px] of [10_000, 10_040, 10_060, 10_055, 10_200].entries()) {
      const at = AT + BigInt(row) * 43_200_000_000_000n;
      records.set(row, KIND_TRADE, FLAG_LAST, 0, at, at, px, 10, 0, 0, row);
    }
    const origin = { source: 'a test', writtenBy: 'a test' };
    using recorder = new TickRecorder(join(data, 'ticks'), [INSTRUMENT], origin);
    recorder.append(records.bytes, 5);
    recorder.close();
    const given = ['ticks', 'bars', '--instrument', INSTRUMENT.id, '--data', data, '--json'];
    const run = await qd(...given, '--by', 'range:0.5');
    expect(run.status).toBe(0);
    const { bars } = JSON.parse(run.stdout) as { bars: readonly Record<string, unknown>[] };
    expect(
      bars.map(({ open, high, low, trades, state }) => [open, high, low, trades, state]),
    ).toEqual([
      ['100.00', '100.40', '100.00', 2, 'closed'],
      ['100.60', '100.60', '100.55', 2, 'closed'],
      ['102.00', '102.00', '102.00', 1, 'open'],
    ]);
    const finer = await qd(...given, '--by', 'range:0.005');
    expect(finer).toMatchObject({ status: 2, stdout: '' });
    expect(finer.stderr).toContain('must have at most 2 decimals, was 0.005');
  } finally {
    rmSync(data, { recursive: true });
  }
});
