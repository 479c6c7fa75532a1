import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import {
  FLAG_LAST,
  KIND_BBO,
  KIND_TRADE,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { TickRecorder } from '../../store/ticks/tick-recorder.ts';
import { RECORDED_SOURCE } from '../../store/ticks/lineage.ts';
import { CatalogueKeeper } from './catalogue-keeper.ts';
import type { HousekeepingRound } from '../../store/ticks/tick-housekeeper.ts';

/** 2023-11-14T22:13:20Z */
const AT = 1_700_000_000_000_000_000n;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-keeper-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function keeper(problems: string[] = [], dataFolder = folder): CatalogueKeeper {
  const onProblem = (problem: string): void => void problems.push(problem);
  return new CatalogueKeeper({ dataFolder, nowNanos: () => AT, onProblem });
}

test('its thread takes in what is recorded and answers what it has', async () => {
  const problems: string[] = [];
  await using catalogue = keeper(problems);
  expect(await catalogue.read({})).toEqual({ ok: true, value: [] });
  const records = new MarketRecords(1);
  records.set(0, KIND_TRADE, FLAG_LAST, 0, AT, AT, 10_050, 1, 0, 0, 1);
  using recorder = new TickRecorder(join(folder, 'ticks'), [INSTRUMENT], {
    source: 'a test',
    writtenBy: 'a test',
  });
  recorder.append(records.bytes, 1);
  recorder.flush();
  await Promise.all([catalogue.refresh(), catalogue.refresh()]);
  const read = await catalogue.read({ instrument: INSTRUMENT.id });
  expect(read).toMatchObject({ ok: true, value: [{ kind: 'trades', rows: 1, firstNanos: AT }] });
  expect(problems).toEqual([]);
});

test('a folder that takes no database is said once, and the feed lives on', async () => {
  const problems: string[] = [];
  await using catalogue = keeper(problems, join(folder, 'none'));
  await catalogue.refresh();
  await catalogue.refresh();
  expect(problems).toEqual([expect.stringContaining('quarterdeck.db cannot be used')]);
  expect(await catalogue.read({})).toMatchObject({ ok: false });
});

test('what is kept no longer leaves the disk and the catalogue, and is written down; what was imported stays', async () => {
  const DAY = 86_400_000_000_000n;
  const ticks = join(folder, 'ticks');
  const record = (at: bigint, kind: number, source: string): void => {
    const records = new MarketRecords(1);
    records.set(0, kind, FLAG_LAST, 0, at, at, 10_050, 1, 0, 0, 1);
    using recorder = new TickRecorder(ticks, [INSTRUMENT], { source, writtenBy: 'a test' });
    recorder.append(records.bytes, 1);
  };
  for (const age of [5n, 4n, 3n, 0n]) record(AT - age * DAY, KIND_TRADE, RECORDED_SOURCE);
  record(AT - 9n * DAY, KIND_TRADE, 'a file of somebody');
  record(AT - 4n * DAY, KIND_BBO, RECORDED_SOURCE);
  const told: HousekeepingRound['dropped'][number][] = [];
  const problems: string[] = [];
  await using catalogue = new CatalogueKeeper({
    dataFolder: folder,
    nowNanos: () => AT,
    retention: {
      days: { books: 0, quotes: 0, derivatives: 0, trades: 3, bars: 0 },
      budgetBytes: 1_000_000,
    },
    onHousekeeping: ({ dropped }) => void told.push(...dropped),
    onProblem: (problem) => void problems.push(problem),
  });
  expect(catalogue.room).toBeUndefined();
  await catalogue.refresh();
  const left = await catalogue.read({ instrument: INSTRUMENT.id });
  const entries = left.ok ? left.value.map(({ kind, day }) => `${kind} ${day}`) : [];
  expect(entries).toEqual([
    'bbo 2023-11-10',
    'trades 2023-11-05',
    'trades 2023-11-11',
    'trades 2023-11-14',
  ]);
  const days = readdirSync(join(ticks, INSTRUMENT.venue, INSTRUMENT.symbol)).toSorted();
  expect(days).toEqual(['2023-11-05', '2023-11-10', '2023-11-11', '2023-11-14', 'dropped.jsonl']);
  expect(readdirSync(join(ticks, INSTRUMENT.venue, INSTRUMENT.symbol, '2023-11-10'))).not.toContain(
    'trades.qdt',
  );
  const dropped = await catalogue.readDropped(INSTRUMENT.id);
  expect(dropped.map(({ day, why, rows }) => ({ day, why, rows }))).toEqual([
    { day: '2023-11-09', why: 'Age', rows: 1 },
    { day: '2023-11-10', why: 'Age', rows: 1 },
  ]);
  expect(told.map(({ ticks: gone }) => gone)).toEqual(dropped);
  await catalogue.refresh();
  expect(await catalogue.readDropped(INSTRUMENT.id)).toEqual(dropped);
  expect(told).toHaveLength(2);
  expect(catalogue.room?.recordedBytes).toBeGreaterThan(0);
  expect(problems).toEqual([]);
});

test('a segment that cannot be dropped stays, is said, and is not written down twice', async () => {
  const problems: string[] = [];
  const old = AT - 86_400_000_000_000n * 5n;
  const records = new MarketRecords(1);
  records.set(0, KIND_TRADE, FLAG_LAST, 0, old, old, 10_050, 1, 0, 0, 1);
  const ticks = join(folder, 'ticks');
  const origin = { source: RECORDED_SOURCE, writtenBy: 'a test' };
  using recorder = new TickRecorder(ticks, [INSTRUMENT], origin);
  recorder.append(records.bytes, 1);
  recorder.close();
  // A folder in place of the file of what was dropped.
  mkdirSync(join(ticks, INSTRUMENT.venue, INSTRUMENT.symbol, 'dropped.jsonl'));
  await using catalogue = new CatalogueKeeper({
    dataFolder: folder,
    nowNanos: () => AT,
    retention: {
      days: { books: 0, quotes: 0, derivatives: 0, trades: 1, bars: 0 },
      budgetBytes: 0,
    },
    onProblem: (problem) => void problems.push(problem),
  });
  await catalogue.refresh();
  await catalogue.refresh();
  const left = await catalogue.read({ instrument: INSTRUMENT.id });
  expect(left.ok && left.value.length).toBe(1);
  expect(problems).toEqual([expect.stringContaining('EISDIR')]);
});
