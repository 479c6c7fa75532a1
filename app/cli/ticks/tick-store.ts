import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TickSegmentEntry } from '../../engine/ports/tick-catalogue.ts';
import { SystemTime } from '../../engine/processes/system-time.ts';
import { dataFolderPath, openDataFolder } from '../../engine/store/data-folder.ts';
import {
  databasePath,
  openDatabase,
  readDatabase,
  type OpenDatabase,
} from '../../engine/store/database.ts';
import { SqliteTickCatalogue } from '../../engine/store/ticks/catalogue.ts';
import { Cataloguer } from '../../engine/store/ticks/cataloguer.ts';
import { CommandFailure, FAILED } from '../output.ts';
import { ticksFolder, type StoreOptions } from './tick-options.ts';

/** Looks at files that take longer than this are told of on a terminal. */
const LONG_LOOK_MS = 1000;

/** The tick store of a data folder that no engine uses, held by this command. */
export interface HeldTickStore extends Disposable {
  readonly ticks: string;
  readonly catalogue: SqliteTickCatalogue;
  /** Brings the catalogue up to what lies in the folders; what is wrong there goes to standard error. */
  catalogueAll(): void;
}

/** Takes the data folder's lock: only who has it writes ticks and their catalogue. Ends the command when an engine has it. */
export function holdTickStore(options: StoreOptions): HeldTickStore {
  using held = new DisposableStack();
  const folder = openDataFolder(dataFolderPath(options.data));
  if (!folder.ok) throw new CommandFailure(FAILED, folder.error.message);
  const { path } = held.use(folder.value);
  const { sqlite } = held.use(usable(openDatabase(path)));
  const ticks = join(path, 'ticks');
  const catalogue = new SqliteTickCatalogue(sqlite);
  const cataloguer = held.use(new Cataloguer(ticks, catalogue));
  const owned = held.move();
  return {
    ticks,
    catalogue,
    catalogueAll: () => catalogueNow(cataloguer),
    [Symbol.dispose]: () => owned.dispose(),
  };
}

/** The catalogue's entries: brought up to date when no engine runs, else as its feed has them. */
export function currentEntries(options: StoreOptions): readonly TickSegmentEntry[] {
  if (!existsSync(ticksFolder(options))) return [];
  const folder = openDataFolder(dataFolderPath(options.data));
  if (!folder.ok) return knownEntries(options);
  folder.value[Symbol.dispose]();
  using store = holdTickStore(options);
  store.catalogueAll();
  return store.catalogue.entries();
}

/** The entries as they were last written down; none when nothing was yet. */
export function knownEntries(options: StoreOptions): readonly TickSegmentEntry[] {
  const read = readDatabase(dataFolderPath(options.data));
  if (!read.ok && read.error.code === 'DATABASE_ABSENT') return [];
  using database = usable(read);
  return new SqliteTickCatalogue(database.sqlite).entries();
}

/** What `read` finds in the database, whether an engine writes it or not; undefined where there is none yet. */
export function readStore<T>(
  options: StoreOptions,
  read: (database: OpenDatabase) => T,
): T | undefined {
  const path = dataFolderPath(options.data);
  if (!existsSync(databasePath(path))) return undefined;
  // Without an engine it may be of an older release, and is brought to this one.
  const folder = openDataFolder(path);
  using _held = folder.ok ? folder.value : undefined;
  using database = usable(folder.ok ? openDatabase(path) : readDatabase(path));
  return read(database);
}

function catalogueNow(cataloguer: Cataloguer): void {
  const time = new SystemTime();
  const startedMicros = time.nowMicros();
  // Nobody else writes: the segments of today are as much at rest as those of days that are over.
  const endOfTime = 2n ** 62n;
  const { problems } = cataloguer.refresh(endOfTime, (path) => {
    if (!process.stderr.isTTY || time.nowMicros() - startedMicros < LONG_LOOK_MS * 1000) return;
    process.stderr.write(`catalogue: ${path}\n`);
  });
  for (const problem of problems) process.stderr.write(`${problem}\n`);
}

function usable(opened: ReturnType<typeof openDatabase>): OpenDatabase {
  if (!opened.ok) throw new CommandFailure(FAILED, opened.error.message);
  const { damaged } = opened.value;
  if (damaged !== undefined)
    process.stderr.write(`the database was damaged and lies in ${damaged}\n`);
  return opened.value;
}
