import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Instrument } from '../../domain/instrument.ts';
import { price } from '../../domain/price.ts';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import {
  BOOK_LIVE,
  BOOK_RESYNCING,
  BOOK_STALE,
  FLAG_LAST,
  KIND_BOOK_STATUS,
  KIND_TRADE,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { BOOK_REASON } from '../../ports/market-data-client.ts';
import type { TickSegmentEntry } from '../../ports/tick-catalogue.ts';
import { openDatabase, readDatabase, type OpenDatabase } from '../database.ts';
import { Cataloguer, type CatalogueRound } from './cataloguer.ts';
import { SqliteTickCatalogue } from './catalogue.ts';
import { TickRecorder } from './tick-recorder.ts';

const ORIGIN = { source: 'stream of a test', writtenBy: 'quarterdeck 1.2.3' };
/** 2023-11-14T22:13:20Z */
const AT = 1_700_000_000_000_000_000n;
const SECOND = 1_000_000_000n;
const DAY = 86_400n * SECOND;
const FOLDER = 'BINANCE@sandbox/BTCUSDT/2023-11-14';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-catalogue-'));
  mkdirSync(join(folder, 'ticks'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function opened(): OpenDatabase {
  const database = openDatabase(folder);
  if (!database.ok) throw new Error(database.error.message);
  return database.value;
}

/** One look at the store, days before `at` being over. */
function look(at = AT + DAY): { entries: readonly TickSegmentEntry[]; round: CatalogueRound } {
  using database = opened();
  const catalogue = new SqliteTickCatalogue(database.sqlite);
  using cataloguer = new Cataloguer(join(folder, 'ticks'), catalogue);
  const round = cataloguer.refresh(at);
  return { entries: catalogue.entries(), round };
}

function trades(from: bigint, count: number): MarketRecords {
  const records = new MarketRecords(count);
  for (let row = 0; row < count; row += 1) {
    const at = from + BigInt(row) * SECOND;
    records.set(row, KIND_TRADE, FLAG_LAST, 0, at - 7n, at, 10_050 + row, 12, 0, 0, 70 + row);
  }
  return records;
}

/** States of a book: seconds after AT, state, reason. */
function states(...told: readonly (readonly [number, number, number])[]): MarketRecords {
  const records = new MarketRecords(told.length);
  for (const [row, [second, state, reason]] of told.entries()) {
    const at = AT + BigInt(second) * SECOND;
    records.set(row, KIND_BOOK_STATUS, FLAG_LAST, 0, 0n, at, state, reason, 0, 0, 0);
  }
  return records;
}

function record(records: MarketRecords, instrument: Instrument = INSTRUMENT): void {
  using recorder = new TickRecorder(join(folder, 'ticks'), [instrument], ORIGIN);
  recorder.append(records.bytes, records.capacity);
}

function fileOf(kind: string): string {
  return join(folder, 'ticks', FOLDER, `${kind}.qdt`);
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

const secondsOf = ({ gaps }: TickSegmentEntry): readonly unknown[] =>
  gaps.map(({ fromNanos, toNanos, cause }) => {
    const after = (nanos: bigint): number => Number((nanos - AT) / SECOND);
    return [after(fromNanos), toNanos === undefined ? undefined : after(toNanos), cause];
  });

test('an entry says what is there, who wrote it, with which steps, and names the bytes', () => {
  record(trades(AT, 10));
  const { entries, round } = look();
  expect(round).toEqual({ added: 1, changed: 0, removed: 0, problems: [] });
  expect(entries).toEqual([
    {
      instrument: INSTRUMENT.id,
      kind: 'trades',
      day: '2023-11-14',
      rows: 10,
      firstNanos: AT,
      lastNanos: AT + 9n * SECOND,
      bytes: statSync(fileOf('trades')).size,
      version: 1,
      priceScale: INSTRUMENT.priceScale,
      quantityScale: INSTRUMENT.quantityScale,
      hash: sha256(fileOf('trades')),
      intact: true,
      gaps: [],
      writings: [{ firstRow: 0, fromNanos: AT, ...ORIGIN, tickSize: '0.01', stepSize: '0.00010' }],
    },
  ]);
  expect(look().round).toEqual({ added: 0, changed: 0, removed: 0, problems: [] });
});

test('a segment that grows is read on: its version is that of all its bytes, and only a day that is over is called intact', () => {
  const now = AT + 60n * SECOND;
  using database = opened();
  const catalogue = new SqliteTickCatalogue(database.sqlite);
  using cataloguer = new Cataloguer(join(folder, 'ticks'), catalogue);
  using recorder = new TickRecorder(join(folder, 'ticks'), [INSTRUMENT], ORIGIN);
  const versions = new Set<string>();
  for (let part = 0; part < 5; part += 1) {
    recorder.append(trades(AT + BigInt(part * 10) * SECOND, 10).bytes, 10);
    recorder.flush();
    const { problems } = cataloguer.refresh(now);
    expect(problems).toEqual([]);
    const [entry] = catalogue.entries();
    expect(entry).toMatchObject({ rows: (part + 1) * 10, hash: sha256(fileOf('trades')) });
    expect(entry).not.toHaveProperty('intact');
    versions.add(catalogue.dataVersion() ?? '');
  }
  expect(versions.size).toBe(5);
  // Another cataloguer knows the beginning from the table.
  recorder.append(trades(AT + 50n * SECOND, 1).bytes, 1);
  recorder.flush();
  using later = new Cataloguer(join(folder, 'ticks'), catalogue);
  expect(later.refresh(now)).toMatchObject({ changed: 1, problems: [] });
  expect(later.refresh(AT + DAY)).toMatchObject({ changed: 1, problems: [] });
  expect(catalogue.entries()[0]).toMatchObject({ rows: 51, intact: true });
});

describe('gaps', () => {
  test('of a book, each with what began it, also one over midnight', () => {
    const midnight = 6400;
    record(
      states(
        [0, BOOK_RESYNCING, BOOK_REASON.starting],
        [2, BOOK_LIVE, 0],
        [10, BOOK_STALE, BOOK_REASON.disconnected],
        [12, BOOK_RESYNCING, BOOK_REASON.gap],
        [13, BOOK_LIVE, 0],
        [20, BOOK_RESYNCING, BOOK_REASON.gap],
        [21, BOOK_LIVE, 0],
        [30, BOOK_STALE, BOOK_REASON.silent],
        [midnight + 5, BOOK_RESYNCING, BOOK_REASON.silent],
        [midnight + 9, BOOK_LIVE, 0],
      ),
    );
    const { entries } = look(AT + 2n * DAY);
    expect(entries.map(secondsOf)).toEqual([
      [
        [0, 2, 'Starting'],
        [10, 13, 'Disconnected'],
        [20, 21, 'MessageLost'],
        [30, undefined, 'Silent'],
      ],
      [[midnight + 5, midnight + 9, 'Silent']],
    ]);
  });

  test('in which nobody recorded, and the steps of the instrument before and after', () => {
    record(trades(AT, 3));
    record(trades(AT + 100n * SECOND, 3), { ...INSTRUMENT, tickSize: price(10) });
    const [entry] = look().entries;
    expect(entry && secondsOf(entry)).toEqual([[2, 100, 'NotRecorded']]);
    expect(entry?.writings).toMatchObject([
      { firstRow: 0, tickSize: '0.01' },
      { firstRow: 3, tickSize: '0.10' },
    ]);
  });

  test('that damage made: a block in the middle, a byte of it changed', () => {
    using recorder = new TickRecorder(join(folder, 'ticks'), [INSTRUMENT], ORIGIN);
    const ends: number[] = [];
    for (const second of [0n, 10n, 20n]) {
      recorder.append(trades(AT + second * SECOND, 5).bytes, 5);
      recorder.flush();
      ends.push(statSync(fileOf('trades')).size);
    }
    recorder.close();
    const bytes = readFileSync(fileOf('trades'));
    const [, end = 0] = ends;
    bytes.writeUInt8(bytes.readUInt8(end - 12) ^ 4, end - 12);
    writeFileSync(fileOf('trades'), bytes);
    const [entry] = look().entries;
    expect(entry).toMatchObject({ intact: false });
    expect(entry && secondsOf(entry)).toEqual([[10, 14, 'Damaged']]);
  });
});

test('rules that change while recording begin a writing of their own', () => {
  using recorder = new TickRecorder(join(folder, 'ticks'), [INSTRUMENT], ORIGIN);
  recorder.append(trades(AT, 2).bytes, 2);
  recorder.relist(0, { ...INSTRUMENT, status: 'Halted' });
  recorder.append(trades(AT + 2n * SECOND, 2).bytes, 2);
  recorder.relist(0, { ...INSTRUMENT, tickSize: price(5) });
  recorder.append(trades(AT + 4n * SECOND, 2).bytes, 2);
  recorder.close();
  const [entry] = look().entries;
  expect(entry?.rows).toBe(6);
  expect(entry?.writings).toMatchObject([
    { firstRow: 0, tickSize: '0.01' },
    { firstRow: 4, tickSize: '0.05' },
  ]);
});

test('it is made anew from the segments alone', () => {
  record(trades(AT, 30));
  record(states([0, BOOK_STALE, BOOK_REASON.disconnected], [4, BOOK_LIVE, 0]));
  record(trades(AT + 3n * DAY, 2));
  const before = look(AT + 9n * DAY).entries;
  expect(before).toHaveLength(3);
  for (const end of ['', '-wal', '-shm'])
    rmSync(join(folder, `quarterdeck.db${end}`), { force: true });
  expect(look(AT + 9n * DAY).entries).toEqual(before);
});

test('what is not what it was is said, what is gone is forgotten', () => {
  record(trades(AT, 30));
  look();
  const bytes = readFileSync(fileOf('trades'));
  bytes.writeUInt8(bytes.readUInt8(150) ^ 1, 150);
  writeFileSync(fileOf('trades'), bytes);
  const changed = look();
  expect(changed.round.problems).toEqual([expect.stringContaining('trades.qdt: what stood in it')]);
  expect(changed.entries[0]).toMatchObject({ intact: false });
  rmSync(fileOf('trades'));
  expect(look()).toMatchObject({ round: { removed: 1, problems: [] }, entries: [] });
});

test('a torn line of lineage says nothing, and the next one is whole', () => {
  record(trades(AT, 3));
  appendFileSync(join(folder, 'ticks', FOLDER, 'lineage.jsonl'), '{"kind":"trades","firstR');
  record(trades(AT + 10n * SECOND, 3));
  expect(look().entries[0]?.writings.map(({ firstRow }) => firstRow)).toEqual([0, 3]);
});

test('entries are found by instrument, kind and days', () => {
  record(trades(AT, 3));
  record(trades(AT + 2n * DAY, 3));
  look();
  using database = opened();
  const catalogue = new SqliteTickCatalogue(database.sqlite);
  const days = (filter: Parameters<typeof catalogue.entries>[0]): readonly string[] =>
    catalogue.entries(filter).map(({ day }) => day);
  expect(days({ kind: 'bbo' })).toEqual([]);
  expect(days({ instrument: INSTRUMENT.id, fromDay: '2023-11-15' })).toEqual(['2023-11-16']);
  expect(days({ toDay: '2023-11-14' })).toEqual(['2023-11-14']);
  expect(catalogue.dataVersion({ kind: 'bbo' })).toBeUndefined();
  expect(catalogue.dataVersion({ toDay: '2023-11-14' })).not.toBe(catalogue.dataVersion());
});

describe('the database', () => {
  test('that is damaged is put aside and begins anew', () => {
    record(trades(AT, 3));
    writeFileSync(join(folder, 'quarterdeck.db'), 'x'.repeat(8192));
    {
      using database = opened();
      expect(database.damaged).toBe(join(folder, 'quarterdeck.db.damaged'));
    }
    expect(look().entries).toHaveLength(1);
  });

  test('of a later version is refused with its number', () => {
    {
      using database = opened();
      database.sqlite.pragma('user_version = 99');
    }
    for (const answer of [openDatabase(folder), readDatabase(folder)]) {
      expect(answer.ok).toBe(false);
      expect(answer).toMatchObject({ error: { code: 'DATABASE_NEWER' } });
    }
  });

  test('is for its owner alone, and read while it is written', () => {
    using writing = opened();
    expect(statSync(writing.sqlite.name).mode & 0o777).toBe(0o600);
    record(trades(AT, 3));
    look();
    const read = readDatabase(folder);
    if (!read.ok) throw new Error(read.error.message);
    using database = read.value;
    expect(new SqliteTickCatalogue(database.sqlite).entries()).toHaveLength(1);
  });
});
