import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INSTRUMENT } from '../../engine/kernel/testing/desk.ts';
import { FLAG_LAST, KIND_TRADE, MarketRecords } from '../../engine/native/compute/market-record.ts';
import { SystemTime } from '../../engine/processes/system-time.ts';
import { RECORDED_SOURCE } from '../../engine/store/ticks/lineage.ts';
import { dayName, dayOf } from '../../engine/store/ticks/tick-folders.ts';
import { TickRecorder } from '../../engine/store/ticks/tick-recorder.ts';
import { qd } from '../testing/running-command.ts';

const DAY = 86_400_000_000_000n;
const TODAY = dayOf(new SystemTime().nowNanos());

/** A day of trades, one a second, each a block of its own. */
function record(data: string, age: number, source: string): void {
  const origin = { source, writtenBy: 'a test' };
  using recorder = new TickRecorder(join(data, 'ticks'), [INSTRUMENT], origin);
  const records = new MarketRecords(1);
  for (let second = 0; second < 100; second += 1) {
    const at = BigInt(TODAY - age) * DAY + BigInt(second) * 1_000_000_000n;
    records.set(0, KIND_TRADE, FLAG_LAST, 0, at, at, 10_050, 1, 0, 0, second);
    recorder.append(records.bytes, 1);
    recorder.flush();
  }
}

async function json(data: string, ...words: string[]): Promise<unknown> {
  const ended = await qd('ticks', ...words, '--data', data, '--json');
  expect(ended.status).toBe(0);
  return JSON.parse(ended.stdout);
}

test('what would be dropped is told and is not dropped; days that are compacted take less of the room', async () => {
  const data = mkdtempSync(join(tmpdir(), 'qd-retention-'));
  try {
    for (const age of [9, 3, 1]) record(data, age, RECORDED_SOURCE);
    record(data, 20, 'a file of somebody');
    mkdirSync(data, { recursive: true });
    writeFileSync(
      join(data, 'settings.json'),
      '{ "ticks": { "tradesDays": 5, "budgetGigabytes": 1 } }',
    );
    const [first, middle, last] = [9, 3, 1].map((age) => dayName(TODAY - age));
    const told = (await json(data, 'retention')) as {
      readonly kept: readonly object[];
      readonly room: { readonly recordedBytes: number };
      readonly importedBytes: number;
    };
    expect(told.kept).toContainEqual(
      expect.objectContaining({
        kinds: 'trades',
        keptDays: 5,
        segments: 3,
        goesSegments: 1,
        firstDay: first,
        lastDay: last,
      }),
    );
    const { room, importedBytes } = told;
    expect(room).toMatchObject({
      recordedBytes: importedBytes * 2,
      budgetBytes: 1e9,
      bytesPerDay: importedBytes,
    });
    const { compacted } = (await json(data, 'compact')) as {
      readonly compacted: readonly {
        readonly day: string;
        readonly before: number;
        readonly after: number;
      }[];
    };
    const days = compacted.map(({ day }) => day);
    expect(days).toEqual([dayName(TODAY - 20), first, middle, last]);
    for (const { before, after } of compacted) expect(before / after).toBeGreaterThan(10);
    const now = (await json(data, 'retention')) as typeof told;
    expect(now.room.recordedBytes).toBeLessThan(room.recordedBytes / 10);
    const shown = await qd('ticks', 'retention', '--data', data);
    expect(shown.stdout).toMatch(/^trades +5 days +3 +\d+ +\S+ +\S+ +1 +\d+$/m);
    expect(shown.stdout).toContain('of 1000000000 bytes once what goes has gone');
    expect(await json(data, 'verify')).toBeDefined();
    expect(await json(data, 'ls')).toMatchObject({ segments: { length: 4 } });
  } finally {
    rmSync(data, { recursive: true });
  }
});
