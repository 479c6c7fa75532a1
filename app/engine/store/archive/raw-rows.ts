import {
  BIGINT,
  DuckDBDataChunk,
  UTINYINT,
  type DuckDBConnection,
  type DuckDBValue,
} from '@duckdb/node-api';
import { MarketRecords } from '../../native/compute/market-record.ts';

/** Records as rows and columns: what stands in a record and the scales of its numbers; nanoseconds UTC. */
const COLUMNS = [
  ['kind', UTINYINT],
  ['flags', UTINYINT],
  ['ts_event', BIGINT],
  ['ts_received', BIGINT],
  ['price', BIGINT],
  ['quantity', BIGINT],
  ['price2', BIGINT],
  ['quantity2', BIGINT],
  ['id', BIGINT],
  ['price_scale', UTINYINT],
  ['quantity_scale', UTINYINT],
] as const;

/** The names of the columns, in their order. */
export const RAW_COLUMNS: readonly string[] = COLUMNS.map(([name]) => name);

/** Rows of a data chunk, at most what DuckDB takes at once. */
const CHUNK = 2048;
const TWO_64 = 1n << 64n;

/** Decimals of the numbers of a segment. */
export interface RawScales {
  readonly priceScale: number;
  readonly quantityScale: number;
}

/** Makes a table of raw rows. */
export async function createRawTable(connection: DuckDBConnection, table: string): Promise<void> {
  const columns = COLUMNS.map(([name, type]) => `${name} ${type.toString()}`).join(', ');
  await connection.run(`CREATE TABLE ${table} (${columns})`);
}

/** Adds records to such a table; `read` fills a buffer and answers how many, 0 at the end. How many there were. */
export async function appendRawRows(
  connection: DuckDBConnection,
  table: string,
  { priceScale, quantityScale }: RawScales,
  read: (into: Uint8Array) => number,
): Promise<number> {
  const appender = await connection.createAppender(table);
  const types = COLUMNS.map(([, type]) => type);
  const records = new MarketRecords(CHUNK);
  let rows = 0;
  for (;;) {
    const count = read(records.bytes);
    if (count < 0) throw new Error(`the system refused with error ${-count}`);
    if (count === 0) break;
    const of = <T>(value: (row: number) => T): T[] =>
      Array.from({ length: count }, (_, row) => value(row));
    const chunk = DuckDBDataChunk.create(types, count);
    chunk.setColumns([
      of((row) => records.kind(row)),
      of((row) => records.flags(row)),
      of((row) => records.tsEventNanos(row)),
      of((row) => records.tsInitNanos(row)),
      of((row) => BigInt(records.price(row))),
      of((row) => BigInt(records.quantity(row))),
      of((row) => BigInt(records.price2(row))),
      of((row) => BigInt(records.quantity2(row))),
      of((row) => BigInt(records.id(row))),
      of(() => priceScale),
      of(() => quantityScale),
    ]);
    appender.appendDataChunk(chunk);
    rows += count;
  }
  appender.flushSync();
  appender.closeSync();
  return rows;
}

/** Why a file's rows are no raw rows. */
export class RawRowError extends Error {}

/** Reads raw rows back, in the order of the query, a batch of records at a time with the scales of all. Throws RawRowError with the number of the row. */
export async function* readRawRows(
  connection: DuckDBConnection,
  from: string,
): AsyncGenerator<{ readonly records: MarketRecords; readonly scales: RawScales }> {
  const result = await connection.stream(`SELECT ${RAW_COLUMNS.join(', ')} FROM ${from}`);
  let first: RawScales | undefined;
  let before = -TWO_64;
  let row = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
    if (chunk.rowCount === 0) return;
    const columns = chunk.getColumns();
    const records = new MarketRecords(chunk.rowCount);
    for (let at = 0; at < chunk.rowCount; at += 1) {
      row += 1;
      const whole = (column: number): number => wholeOf(columns[column]?.[at], row, column);
      const nanos = (column: number): bigint => nanosOf(columns[column]?.[at], row, column);
      const [received, scales] = [nanos(3), { priceScale: whole(9), quantityScale: whole(10) }];
      first ??= scales;
      const same =
        first.priceScale === scales.priceScale && first.quantityScale === scales.quantityScale;
      if (!same) throw new RawRowError(`row ${row}: the scales must be those of the first row`);
      if (received < before) {
        throw new RawRowError(`row ${row}: ts_received must not be before that of the row before`);
      }
      before = received;
      const numbers = [whole(4), whole(5), whole(6), whole(7), whole(8)] as const;
      records.set(at, whole(0), whole(1), 0, nanos(2), received, ...numbers);
    }
    yield { records, scales: first ?? { priceScale: 0, quantityScale: 0 } };
  }
}

function wholeOf(value: DuckDBValue | undefined, row: number, column: number): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw new RawRowError(
    `row ${row}: ${RAW_COLUMNS[column] ?? ''} must be a whole number below 2^53, was ${String(value)}`,
  );
}

function nanosOf(value: DuckDBValue | undefined, row: number, column: number): bigint {
  if (typeof value === 'bigint') return value;
  throw new RawRowError(
    `row ${row}: ${RAW_COLUMNS[column] ?? ''} must be whole nanoseconds, was ${String(value)}`,
  );
}
