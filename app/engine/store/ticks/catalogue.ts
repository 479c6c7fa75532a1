import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { InstrumentId } from '../../domain/identifiers.ts';
import type { TickKind } from '../../domain/market.ts';
import type {
  GapCause,
  TickCatalogue,
  TickFilter,
  TickGap,
  TickSegmentEntry,
  TickWriting,
} from '../../ports/tick-catalogue.ts';

/** The file of an entry when it was read: it has not changed while these are the same. */
export interface SegmentFile {
  readonly fileBytes: number;
  readonly modifiedNanos: bigint;
}

/** Names one entry. */
export type EntryKey = Pick<TickSegmentEntry, 'instrument' | 'kind' | 'day'>;

type Row = Readonly<Record<string, bigint | string | null>>;

const WHERE = `(@instrument IS NULL OR instrument = @instrument) AND (@kind IS NULL OR kind = @kind)
  AND (@toDay IS NULL OR day <= @toDay)
  AND (@fromDay IS NULL OR day >= @fromDay OR kind = 'bars-1d' AND day >= substr(@fromDay, 1, 4))`;
const KEY = 'instrument = @instrument AND kind = @kind AND day = @day';

/** The catalogue as its tables in `quarterdeck.db` have it. */
export class SqliteTickCatalogue implements TickCatalogue {
  readonly #sqlite: Database;

  constructor(sqlite: Database) {
    this.#sqlite = sqlite;
  }

  entries(filter: TickFilter = {}): readonly TickSegmentEntry[] {
    const gaps = this.#byKey('tick_gaps', filter);
    const writings = this.#byKey('tick_writings', filter);
    return this.#rows('tick_segments', filter, 'instrument, kind, day').map((row) => {
      const key = keyText(row);
      return {
        ...entryOf(row),
        gaps: (gaps.get(key) ?? []).map(gapOf),
        writings: (writings.get(key) ?? []).map(writingOf),
      };
    });
  }

  dataVersion(filter: TickFilter = {}): string | undefined {
    return dataVersionOf(this.entries(filter));
  }

  /** The file an entry was read from. */
  fileOf(key: EntryKey): SegmentFile | undefined {
    const found = this.#sqlite
      .prepare<[EntryKey], Row>(`SELECT file_bytes, modified_nanos FROM tick_segments WHERE ${KEY}`)
      .get({ ...key });
    if (found === undefined) return undefined;
    return {
      fileBytes: Number(found['file_bytes']),
      modifiedNanos: BigInt(found['modified_nanos'] ?? 0),
    };
  }

  /** Puts an entry in place of what was known of it. */
  put(entry: TickSegmentEntry, file: SegmentFile): void {
    const { instrument, kind, day } = entry;
    const key = { instrument, kind, day };
    this.#sqlite.transaction(() => {
      this.#deleteAll(key);
      this.#insert('tick_segments', {
        ...key,
        rows: entry.rows,
        first_nanos: entry.firstNanos,
        last_nanos: entry.lastNanos,
        bytes: entry.bytes,
        file_bytes: file.fileBytes,
        modified_nanos: file.modifiedNanos,
        version: entry.version,
        price_scale: entry.priceScale,
        quantity_scale: entry.quantityScale,
        hash: entry.hash,
        intact: entry.intact === undefined ? null : Number(entry.intact),
      });
      for (const [number, { fromNanos, toNanos, cause }] of entry.gaps.entries()) {
        const times = { from_nanos: fromNanos, to_nanos: toNanos ?? null };
        this.#insert('tick_gaps', { ...key, number, ...times, cause });
      }
      for (const [number, writing] of entry.writings.entries()) {
        this.#insert('tick_writings', {
          ...key,
          number,
          first_row: writing.firstRow,
          from_nanos: writing.fromNanos,
          source: writing.source,
          written_by: writing.writtenBy,
          tick_size: writing.tickSize ?? null,
          step_size: writing.stepSize ?? null,
        });
      }
    })();
  }

  /** Forgets an entry whose segment is gone. */
  remove(key: EntryKey): void {
    this.#sqlite.transaction(() => this.#deleteAll(key))();
  }

  #deleteAll({ instrument, kind, day }: EntryKey): void {
    for (const table of ['tick_segments', 'tick_gaps', 'tick_writings']) {
      this.#sqlite.prepare(`DELETE FROM ${table} WHERE ${KEY}`).run({ instrument, kind, day });
    }
  }

  #insert(table: string, row: Readonly<Record<string, unknown>>): void {
    const names = Object.keys(row);
    const values = names.map((name) => `@${name}`);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${values.join(', ')})`;
    this.#sqlite.prepare(sql).run(row);
  }

  #rows(table: string, filter: TickFilter, order: string): readonly Row[] {
    const { instrument = null, kind = null, fromDay = null, toDay = null } = filter;
    return this.#sqlite
      .prepare<[object], Row>(`SELECT * FROM ${table} WHERE ${WHERE} ORDER BY ${order}`)
      .all({ instrument, kind, fromDay, toDay });
  }

  #byKey(table: string, filter: TickFilter): ReadonlyMap<string, readonly Row[]> {
    return Map.groupBy(this.#rows(table, filter, 'instrument, kind, day, number'), keyText);
  }
}

/** Names exactly the data of these entries; undefined of none. */
export function dataVersionOf(entries: readonly TickSegmentEntry[]): string | undefined {
  if (entries.length === 0) return undefined;
  const hash = createHash('sha256');
  for (const { instrument, kind, day, bytes, hash: version } of entries) {
    hash.update(`${instrument} ${kind} ${day} ${bytes} ${version}\n`);
  }
  return hash.digest('hex');
}

function keyText(row: Row): string {
  return `${String(row['instrument'])} ${String(row['kind'])} ${String(row['day'])}`;
}

function entryOf(row: Row): Omit<TickSegmentEntry, 'gaps' | 'writings'> {
  const number = (name: string): number => Number(row[name]);
  return {
    instrument: row['instrument'] as InstrumentId,
    kind: row['kind'] as TickKind,
    day: String(row['day']),
    rows: number('rows'),
    firstNanos: BigInt(row['first_nanos'] ?? 0),
    lastNanos: BigInt(row['last_nanos'] ?? 0),
    bytes: number('bytes'),
    version: number('version'),
    priceScale: number('price_scale'),
    quantityScale: number('quantity_scale'),
    hash: String(row['hash']),
    ...(row['intact'] === null ? {} : { intact: row['intact'] === 1n }),
  };
}

function gapOf(row: Row): TickGap {
  const { from_nanos: from, to_nanos: to, cause } = row;
  return {
    fromNanos: BigInt(from ?? 0),
    ...(to === null || to === undefined ? {} : { toNanos: BigInt(to) }),
    cause: cause as GapCause,
  };
}

function writingOf(row: Row): TickWriting {
  const { tick_size: tickSize, step_size: stepSize } = row;
  return {
    firstRow: Number(row['first_row']),
    fromNanos: BigInt(row['from_nanos'] ?? 0),
    source: String(row['source']),
    writtenBy: String(row['written_by']),
    ...(typeof tickSize === 'string' ? { tickSize } : {}),
    ...(typeof stepSize === 'string' ? { stepSize } : {}),
  };
}
