import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import {
  BOOK_LIVE,
  BOOK_STALE,
  FLAG_LAST,
  KIND_BOOK_STATUS,
  KIND_DIFF_HEADER,
  KIND_TRADE,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { TickSegmentReader } from '../../native/io/tick-segment.ts';
import { BOOK_REASON } from '../../ports/market-data-client.ts';
import type { TickSegmentEntry } from '../../ports/tick-catalogue.ts';
import { openDatabase } from '../database.ts';
import { SqliteTickCatalogue } from './catalogue.ts';
import { Cataloguer } from './cataloguer.ts';
import { compactSegment } from './compaction.ts';
import { COMPACTED_SOURCE, RECORDED_SOURCE } from './lineage.ts';
import { TickRecorder } from './tick-recorder.ts';
import { TickHousekeeper } from './tick-housekeeper.ts';

/** 2023-11-14T00:00:10Z, and two days later */
const AT = 1_699_920_010_000_000_000n;
const LATER = AT + 2n * 86_400_000_000_000n;
const SECOND = 1_000_000_000n;
const THIRTY = Array.from({ length: 30 }, () => 2);
const FOR_EVER = {
  days: { books: 0, quotes: 0, derivatives: 0, trades: 0, bars: 0 },
  budgetBytes: 0,
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-compact-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ticksOf = (data: string): string => join(data, 'ticks');
const dayFolder = (data: string): string =>
  join(ticksOf(data), INSTRUMENT.venue, INSTRUMENT.symbol, '2023-11-14');

/** Records `seconds` of so many rows each, made readable at the end of each. */
function record(data: string, seconds: readonly number[], kind: 'trades' | 'diffs'): void {
  const origin = { source: RECORDED_SOURCE, writtenBy: 'a test' };
  using recorder = new TickRecorder(ticksOf(data), [INSTRUMENT], origin);
  const records = new MarketRecords(1);
  let id = 1;
  for (const [second, rows] of seconds.entries()) {
    for (let row = 0; row < rows; row += 1) {
      const at = AT + BigInt(second) * SECOND + BigInt(row);
      if (kind === 'trades') {
        records.set(0, KIND_TRADE, FLAG_LAST, 0, at, at, 10_000 + (id % 7), 1 + (id % 3), 0, 0, id);
      } else if (row === 0) {
        const [state, why] = second % 2 === 0 ? [BOOK_LIVE, 0] : [BOOK_STALE, BOOK_REASON.silent];
        records.set(0, KIND_BOOK_STATUS, FLAG_LAST, 0, 0n, at, state, why, 0, 0, 0);
      } else records.set(0, KIND_DIFF_HEADER, FLAG_LAST, 0, at, at, id, id, 0, 0, id);
      recorder.append(records.bytes, 1);
      id += 1;
    }
    recorder.flush();
  }
}

function rowsOf(data: string, kind: string): Buffer {
  const opened = TickSegmentReader.open(join(dayFolder(data), `${kind}.qdt`));
  if (!opened.ok) throw new Error(opened.error.code);
  using reader = opened.value;
  const parts: Buffer[] = [];
  const records = new MarketRecords(1000);
  for (let count = reader.next(records.bytes); count > 0; count = reader.next(records.bytes)) {
    parts.push(Buffer.from(records.bytes.subarray(0, count * 64)));
  }
  return Buffer.concat(parts);
}

/** The catalogue brought up to date, two days later. */
function catalogued(data: string): {
  readonly entries: readonly TickSegmentEntry[];
  readonly problems: readonly string[];
} {
  const database = openDatabase(data);
  if (!database.ok) throw new Error(database.error.message);
  using held = database.value;
  const catalogue = new SqliteTickCatalogue(held.sqlite);
  using cataloguer = new Cataloguer(ticksOf(data), catalogue);
  const { problems } = cataloguer.refresh(LATER);
  return { entries: catalogue.entries(), problems };
}

test.each(['trades', 'diffs'] as const)(
  'whatever seconds a day of %s was written in, compacted it has the same rows, gaps and times in less room',
  (kind) => {
    const seconds = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(seconds, (drawn) => {
        fc.pre(drawn.reduce((sum, rows) => sum + rows, 0) > 0);
        const data = mkdtempSync(join(folder, 'run-'));
        record(data, drawn, kind);
        const before = rowsOf(data, kind);
        const { entries } = catalogued(data);
        const [entry] = entries;
        if (entry === undefined) throw new Error('nothing is catalogued');
        const blocks = drawn.filter((rows) => rows > 0).length;
        const saved = compactSegment(ticksOf(data), entry, 'a test');
        expect(saved > 0).toBe(blocks > 8);
        expect(rowsOf(data, kind).equals(before)).toBe(true);
        const after = catalogued(data);
        expect(after.problems).toEqual([]);
        const [now] = after.entries;
        const { bytes, hash, writings, ...same } = entry;
        expect(now).toMatchObject(same);
        expect(now?.bytes).toBe(bytes - saved);
        expect(now?.hash === hash).toBe(saved === 0);
        const sources = now?.writings.map(({ source }) => source);
        const told = writings.map(({ source }) => source);
        expect(sources).toEqual(saved === 0 ? told : [...told, COMPACTED_SOURCE]);
        const { tickSize, stepSize } = writings[0] ?? {};
        expect(now?.writings.at(-1)).toMatchObject({ tickSize, stepSize });
        expect(compactSegment(ticksOf(data), now ?? entry, 'a test')).toBe(0);
        expect(readdirSync(dayFolder(data)).filter((name) => name.endsWith('.new'))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  },
);

test('a damaged segment is left as it is', () => {
  record(folder, THIRTY, 'trades');
  const path = join(dayFolder(folder), 'trades.qdt');
  const [entry] = catalogued(folder).entries;
  if (entry === undefined) throw new Error('nothing is catalogued');
  const { size } = statSync(path);
  expect(compactSegment(ticksOf(folder), { ...entry, intact: false }, 'a test')).toBe(0);
  expect(statSync(path).size).toBe(size);
});

test('a block that was damaged since the catalogue saw it stays where it is, with the others', () => {
  record(folder, THIRTY, 'trades');
  const path = join(dayFolder(folder), 'trades.qdt');
  const [entry] = catalogued(folder).entries;
  if (entry === undefined) throw new Error('nothing is catalogued');
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 0x10;
  writeFileSync(path, bytes);
  expect(() => compactSegment(ticksOf(folder), entry, 'a test')).toThrow('what was there stays');
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('a round compacts what is over and was recorded, once, and what cannot be written is said and stays', () => {
  record(folder, THIRTY, 'trades');
  const database = openDatabase(folder);
  if (!database.ok) throw new Error(database.error.message);
  using held = database.value;
  const catalogue = new SqliteTickCatalogue(held.sqlite);
  using cataloguer = new Cataloguer(ticksOf(folder), catalogue);
  cataloguer.refresh(LATER);
  const keeper = new TickHousekeeper(ticksOf(folder), catalogue, 'a test');
  const round = (now: bigint): readonly [number, readonly string[]] => {
    const { compactedBytes, problems } = keeper.keep(FOR_EVER, now);
    return [compactedBytes, problems];
  };
  expect(round(AT + SECOND)).toEqual([0, []]);
  const before = statSync(join(dayFolder(folder), 'trades.qdt')).size;
  const [saved, problems] = round(LATER);
  expect(problems).toEqual([]);
  expect(statSync(join(dayFolder(folder), 'trades.qdt')).size).toBe(before - saved);
  expect(saved).toBeGreaterThan(before / 2);
  cataloguer.refresh(LATER);
  expect(round(LATER)).toEqual([0, []]);
  expect(rowsOf(folder, 'trades')).toHaveLength(60 * 64);
});

test('a segment that cannot be written anew is said and stays', () => {
  record(folder, THIRTY, 'trades');
  const { entries } = catalogued(folder);
  const before = rowsOf(folder, 'trades');
  mkdirSync(join(dayFolder(folder), 'trades.qdt.new'));
  const database = openDatabase(folder);
  if (!database.ok) throw new Error(database.error.message);
  using held = database.value;
  const catalogue = new SqliteTickCatalogue(held.sqlite);
  expect(catalogue.entries()).toEqual(entries);
  const keeper = new TickHousekeeper(ticksOf(folder), catalogue, 'a test');
  const { compactedBytes, problems } = keeper.keep(FOR_EVER, LATER);
  expect(compactedBytes).toBe(0);
  expect(problems).toEqual([expect.stringContaining('trades.qdt.new')]);
  expect(rowsOf(folder, 'trades').equals(before)).toBe(true);
});
