import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { parseInstrumentId, type InstrumentId } from '../../domain/identifiers.ts';
import { TICK_KINDS, type TickKind } from '../../domain/market.ts';
import { TickSegmentReader } from '../../native/io/tick-segment.ts';
import type { TickOrigin } from '../ticks/lineage.ts';
import { SegmentReplacement } from '../ticks/segment-replacement.ts';
import { hasSegment, type TickSegmentPlace } from '../ticks/tick-folders.ts';
import { quoted, type DuckSession } from './duck.ts';
import {
  appendRawRows,
  createRawTable,
  RAW_COLUMNS,
  RawRowError,
  readRawRows,
} from './raw-rows.ts';

/** Forms of exchanged files. */
export const HIVE_FORMATS = ['parquet', 'csv'] as const;
export type HiveFormat = (typeof HIVE_FORMATS)[number];

const COPY: Readonly<Record<HiveFormat, string>> = {
  parquet: 'FORMAT parquet, COMPRESSION zstd',
  csv: 'FORMAT csv, HEADER true',
};
const MILLIS_A_DAY = 86_400_000;

/** A file of a hive: one kind of one instrument's ticks of one day. */
export interface HiveFile {
  readonly path: string;
  readonly instrument: InstrumentId;
  readonly kind: TickKind;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly format: HiveFormat;
}

/** Why a folder of files, or one of them, cannot be taken. */
export interface HiveError {
  readonly code: 'HIVE_NO_FILES' | 'HIVE_FOLDER_UNKNOWN' | 'HIVE_FILE_UNREADABLE' | 'HIVE_IN_STORE';
  readonly message: string;
}

/** Writes a segment as `venue=V/instrument=SYMBOL/kind=K/date=YYYY-MM-DD/part-0.FORMAT` below a folder; how many rows. Throws the system's error, or DuckDB's. */
export async function exportSegment(
  duck: DuckSession,
  { definition, kind, day, path }: TickSegmentPlace,
  folder: string,
  format: HiveFormat,
): Promise<number> {
  const parsed = parseInstrumentId(definition.id);
  if (!parsed.ok) throw new Error(`no folder can be named after ${definition.id}`);
  const { venue, symbol } = parsed.value;
  const parts = [`venue=${venue}`, `instrument=${symbol}`, `kind=${kind}`, `date=${day}`];
  const file = join(folder, ...parts, `part-0.${format}`);
  const opened = TickSegmentReader.open(path);
  if (!opened.ok) throw new Error(`${path}: ${opened.error.code}: ${opened.error.detail}`);
  using reader = opened.value;
  const { connection } = duck;
  await createRawTable(connection, 'segment');
  try {
    const rows = await appendRawRows(connection, 'segment', definition, (into) =>
      reader.next(into),
    );
    const { damages } = reader.stats;
    if (damages.length > 0) throw new Error(`${path}: ${damages.length} blocks are damaged`);
    mkdirSync(dirname(file), { recursive: true });
    await connection.run(`COPY segment TO ${quoted(`${file}.new`)} (${COPY[format]})`);
    renameSync(`${file}.new`, file);
    return rows;
  } finally {
    await connection.run('DROP TABLE segment');
    rmSync(`${file}.new`, { force: true });
  }
}

/** The files of a hive folder, in the order of their names. */
export function findHiveFiles(folder: string): Result<readonly HiveFile[], HiveError> {
  const names = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
    : [];
  const files: HiveFile[] = [];
  for (const name of names.toSorted()) {
    const format = HIVE_FORMATS.find((one) => name.endsWith(`.${one}`));
    if (format === undefined) continue;
    const path = join(folder, name);
    const found = hiveFileOf(path, format);
    if (found !== undefined) {
      files.push(found);
      continue;
    }
    const expected = 'venue=V/instrument=SYMBOL/kind=K/date=YYYY-MM-DD';
    return err({ code: 'HIVE_FOLDER_UNKNOWN', message: `${path} must lie in ${expected}` });
  }
  if (files.length > 0) return ok(files);
  return err({ code: 'HIVE_NO_FILES', message: `${folder} has no .parquet or .csv files` });
}

function hiveFileOf(path: string, format: HiveFormat): HiveFile | undefined {
  const of = (key: string): string =>
    new RegExp(`[/\\\\]${key}=([^/\\\\]+)[/\\\\]`).exec(path)?.[1] ?? '';
  const parsed = parseInstrumentId(
    `${decodeURIComponent(of('instrument'))}.${decodeURIComponent(of('venue'))}`,
  );
  const kind = TICK_KINDS.find((one) => one === of('kind'));
  const day = of('date');
  if (!parsed.ok || kind === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  return { path, format, kind, day, instrument: parsed.value.id };
}

/** Keeps a file of a hive as a segment, all of it or nothing; how many rows. A segment that is there already is not touched. Throws the system's error. */
export async function importHiveFile(
  duck: DuckSession,
  ticks: string,
  file: HiveFile,
  origin: TickOrigin,
): Promise<Result<number, HiveError>> {
  const { instrument, kind, day, path, format } = file;
  const dayNumber = Date.parse(day) / MILLIS_A_DAY;
  if (hasSegment(ticks, instrument, dayNumber, kind)) {
    const message = `${path}: the store has ${kind} of ${instrument} on ${day} already`;
    return err({ code: 'HIVE_IN_STORE', message });
  }
  const from =
    format === 'parquet'
      ? `read_parquet(${quoted(path)}, hive_partitioning = false)`
      : `read_csv(${quoted(path)}, hive_partitioning = false, header = true, all_varchar = false)`;
  let segment: SegmentReplacement | undefined;
  let rows = 0;
  try {
    const head = await duck.connection.runAndReadAll(`SELECT * FROM ${from} LIMIT 0`);
    const names = head.columnNames();
    if (names.join() !== RAW_COLUMNS.join()) {
      throw new RawRowError(`the columns must be ${RAW_COLUMNS.join()}, were ${names.join()}`);
    }
    for await (const { records, scales } of readRawRows(duck.connection, from)) {
      segment ??= new SegmentReplacement(ticks, { id: instrument, ...scales }, dayNumber, kind);
      segment.append(records, records.capacity);
      rows += records.capacity;
    }
    segment?.commit(origin);
    return ok(rows);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return err({ code: 'HIVE_FILE_UNREADABLE', message: `${path}: ${why}` });
  } finally {
    segment?.[Symbol.dispose]();
  }
}
