import { closeSync, existsSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { err, ok, type Result } from '../base/result.ts';

/** Why `quarterdeck.db` cannot be used. */
export interface DatabaseError {
  readonly code: 'DATABASE_NEWER' | 'DATABASE_UNUSABLE' | 'DATABASE_ABSENT';
  readonly message: string;
}

/** An open `quarterdeck.db`; whole numbers come as bigint. */
export interface OpenDatabase extends Disposable {
  readonly sqlite: Database;
  /** What was found damaged lies here now, and the database began anew. */
  readonly damaged?: string;
}

/** What brings a database from one version to the next; never edited after a release. */
const MIGRATIONS: readonly string[] = [
  // 1: the catalogue of the tick store. Written by the process that holds the data folder's lock, or its feed.
  `CREATE TABLE tick_segments (
     instrument TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL,
     rows INTEGER NOT NULL, first_nanos INTEGER NOT NULL, last_nanos INTEGER NOT NULL,
     bytes INTEGER NOT NULL, file_bytes INTEGER NOT NULL, modified_nanos INTEGER NOT NULL,
     version INTEGER NOT NULL, price_scale INTEGER NOT NULL, quantity_scale INTEGER NOT NULL,
     hash TEXT NOT NULL, intact INTEGER,
     PRIMARY KEY (instrument, kind, day)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE tick_gaps (
     instrument TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL, number INTEGER NOT NULL,
     from_nanos INTEGER NOT NULL, to_nanos INTEGER, cause TEXT NOT NULL,
     PRIMARY KEY (instrument, kind, day, number)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE tick_writings (
     instrument TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL, number INTEGER NOT NULL,
     first_row INTEGER NOT NULL, from_nanos INTEGER NOT NULL,
     source TEXT NOT NULL, written_by TEXT NOT NULL, tick_size TEXT, step_size TEXT,
     PRIMARY KEY (instrument, kind, day, number)
   ) STRICT, WITHOUT ROWID;`,
  // 2: how far the data of each minute could be trusted when it came.
  `CREATE TABLE data_quality (
     instrument TEXT NOT NULL, day TEXT NOT NULL, marks BLOB NOT NULL,
     PRIMARY KEY (instrument, day)
   ) STRICT;`,
];

/** How long another process may hold the database before an act fails. */
const BUSY_MS = 5000;

/** Where the database of a data folder lies. */
export function databasePath(dataFolder: string): string {
  return join(dataFolder, 'quarterdeck.db');
}

/** Opens the database of a data folder for its writer, makes it and brings it to this version. One that is damaged is put aside, never deleted. */
export function openDatabase(dataFolder: string): Result<OpenDatabase, DatabaseError> {
  const path = databasePath(dataFolder);
  try {
    return migrated(connect(path));
  } catch (error) {
    if (!isDamage(error)) return unusable(path, error);
  }
  const damaged = `${path}.damaged`;
  try {
    for (const end of ['', '-wal', '-shm']) {
      if (existsSync(path + end)) renameSync(path + end, damaged + end);
    }
    const opened = migrated(connect(path));
    return opened.ok ? ok({ ...opened.value, damaged }) : opened;
  } catch (error) {
    return unusable(path, error);
  }
}

/** Opens the database of a data folder to read what its writer keeps. */
export function readDatabase(dataFolder: string): Result<OpenDatabase, DatabaseError> {
  const path = databasePath(dataFolder);
  if (!existsSync(path)) {
    return err({ code: 'DATABASE_ABSENT', message: `there is no ${path} yet` });
  }
  try {
    const sqlite = new Sqlite(path, { readonly: true, timeout: BUSY_MS });
    sqlite.defaultSafeIntegers(true);
    const version = versionOf(sqlite);
    if (version === MIGRATIONS.length) return ok(opened(sqlite));
    sqlite.close();
    return wrongVersion(path, version);
  } catch (error) {
    return unusable(path, error);
  }
}

function connect(path: string): Database {
  // SQLite gives its other files the mode of this one.
  closeSync(openSync(path, 'a', 0o600));
  const sqlite = new Sqlite(path, { timeout: BUSY_MS });
  try {
    sqlite.defaultSafeIntegers(true);
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('synchronous = NORMAL');
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function migrated(sqlite: Database): Result<OpenDatabase, DatabaseError> {
  const version = versionOf(sqlite);
  if (version > MIGRATIONS.length) {
    const path = sqlite.name;
    sqlite.close();
    return wrongVersion(path, version);
  }
  for (const [from, script] of MIGRATIONS.entries()) {
    if (from < version) continue;
    sqlite.transaction(() => {
      sqlite.exec(script);
      sqlite.pragma(`user_version = ${from + 1}`);
    })();
  }
  return ok(opened(sqlite));
}

function opened(sqlite: Database): OpenDatabase {
  return { sqlite, [Symbol.dispose]: () => void sqlite.close() };
}

function versionOf(sqlite: Database): number {
  return Number(sqlite.pragma('user_version', { simple: true }));
}

function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT');
}

function wrongVersion(path: string, version: number): Result<never, DatabaseError> {
  const message = `${path} must be of version ${MIGRATIONS.length}, is of ${version}`;
  return err({ code: 'DATABASE_NEWER', message });
}

function unusable(path: string, error: unknown): Result<never, DatabaseError> {
  const why = error instanceof Error ? error.message : String(error);
  return err({ code: 'DATABASE_UNUSABLE', message: `${path} cannot be used: ${why}` });
}
