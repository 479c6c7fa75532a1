import type { DuckDBConnection, Json } from '@duckdb/node-api';
import type { InstrumentId } from '../../domain/identifiers.ts';
import { isBarKind, TICK_KINDS, type TickKind, RATE_SCALE } from '../../domain/market.ts';
import {
  FLAG_AGGRESSOR_SELL,
  FLAG_AGGRESSOR_UNKNOWN,
  KIND_ASK_LEVEL,
  KIND_BID_LEVEL,
  KIND_KLINE_PRICES,
  KIND_KLINE_VOLUMES,
} from '../../native/compute/market-record.ts';
import { TickSegmentReader } from '../../native/io/tick-segment.ts';
import { listSegments, type TickSegmentPlace } from '../ticks/tick-folders.ts';
import { openDuck, quoted } from './duck.ts';
import { appendRawRows, createRawTable } from './raw-rows.ts';

/** Which rows a question reads. */
export interface TickSelection {
  readonly instrument?: InstrumentId;
  /** First and last day, `YYYY-MM-DD`. */
  readonly fromDay?: string;
  readonly toDay?: string;
}

/** The rows of an answer, each value as text; null is absent. */
export interface SqlAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

const TIMES = 'make_timestamp_ns(ts_event) AS event, make_timestamp_ns(ts_received) AS received';

/** Exact: a whole number times a power of ten, never a quotient. */
function decimal(column: string, scale: string, name: string): string {
  return `${column}::DECIMAL(25, 0) * unit_of(${scale}) AS ${name}`;
}

function price(column: string, name: string, table?: string): string {
  return decimal(column, table === undefined ? 'price_scale' : `${table}.price_scale`, name);
}

function quantity(column: string, name: string, table?: string): string {
  return decimal(column, table === undefined ? 'quantity_scale' : `${table}.quantity_scale`, name);
}

/** The columns of a kind's table, over its raw rows. */
function viewOf(kind: TickKind, raw: string): string {
  if (isBarKind(kind)) {
    const prices = [
      price('bar.price', 'open', 'bar'),
      price('bar.quantity', 'high', 'bar'),
      price('bar.price2', 'low', 'bar'),
      price('bar.quantity2', 'close', 'bar'),
      quantity('volumes.price', 'volume', 'bar'),
    ];
    return `SELECT bar.instrument, make_timestamp_ns(bar.ts_event) AS opened, ${prices.join(', ')}
      FROM ${raw} AS bar JOIN ${raw} AS volumes
      ON bar.instrument = volumes.instrument AND bar.ts_received = volumes.ts_received
      WHERE bar.kind = ${KIND_KLINE_PRICES} AND volumes.kind = ${KIND_KLINE_VOLUMES}`;
  }
  switch (kind) {
    case 'trades':
      return `SELECT instrument, ${TIMES}, ${price('price', 'price')}, ${quantity('quantity', 'quantity')},
        CASE WHEN flags & ${FLAG_AGGRESSOR_UNKNOWN} <> 0 THEN NULL
             WHEN flags & ${FLAG_AGGRESSOR_SELL} <> 0 THEN 'sell' ELSE 'buy' END AS side, id FROM ${raw}`;
    case 'bbo':
      return `SELECT instrument, ${TIMES}, ${price('price', 'bid')}, ${quantity('quantity', 'bid_quantity')},
        ${price('price2', 'ask')}, ${quantity('quantity2', 'ask_quantity')}, id FROM ${raw}`;
    case 'funding':
      return `SELECT instrument, make_timestamp_ns(ts_event) AS settled, ${decimal('price', String(RATE_SCALE), 'rate')}, nullif(quantity, 0) AS period_ms FROM ${raw}`;
    case 'derivatives':
      return `SELECT instrument, ${TIMES}, kind, flags, price, quantity, price2, quantity2, id FROM ${raw}`;
    default:
      return `SELECT instrument, ${TIMES}, CASE kind WHEN ${KIND_BID_LEVEL} THEN 'bid' WHEN ${KIND_ASK_LEVEL} THEN 'ask' END AS side,
        ${price('price', 'price')}, ${quantity('quantity', 'quantity')}, id FROM ${raw}
        WHERE kind IN (${KIND_BID_LEVEL}, ${KIND_ASK_LEVEL})`;
  }
}

/** Answers a question in DuckDB's SQL over the store: each kind it names is a table (`trades`, `bbo`, `"bars-1d"`, …) of the selected rows; they are read for it. Throws what DuckDB says, and the system's error. */
export async function askTicks(
  ticks: string,
  selection: TickSelection,
  sql: string,
): Promise<SqlAnswer> {
  using duck = await openDuck();
  const { connection } = duck;
  const units = Array.from(
    { length: 13 },
    (_, scale) =>
      `WHEN ${scale} THEN ${scale === 0 ? '1' : `0.${'1'.padStart(scale, '0')}`}::DECIMAL(13, 12)`,
  );
  await connection.run(`CREATE MACRO unit_of(scale) AS CASE scale ${units.join(' ')} END`);
  const named = new Set(connection.getTableNames(sql, false));
  const segments = listSegments(ticks).segments.filter((place) => isSelected(place, selection));
  for (const kind of TICK_KINDS) {
    if (named.has(kind)) await load(connection, kind, segments);
  }
  const answer = await connection.runAndReadAll(sql);
  const rows = answer.getRowsJson().map((row) => row.map(textOf));
  return { columns: answer.columnNames(), rows };
}

function isSelected({ definition, kind, day }: TickSegmentPlace, of: TickSelection): boolean {
  if (of.instrument !== undefined && definition.id !== of.instrument) return false;
  const last = kind === 'bars-1d' ? `${day.slice(0, 4)}-12-31` : day;
  return (of.fromDay ?? last) <= last && day <= (of.toDay ?? day);
}

async function load(
  connection: DuckDBConnection,
  kind: TickKind,
  segments: readonly TickSegmentPlace[],
): Promise<void> {
  const raw = `"raw ${kind}"`;
  await createRawTable(connection, 'loaded');
  await connection.run(`CREATE TABLE ${raw} AS SELECT '' AS instrument, * FROM loaded`);
  for (const place of segments) {
    if (place.kind !== kind) continue;
    const opened = TickSegmentReader.open(place.path);
    if (!opened.ok) throw new Error(`${place.path}: ${opened.error.code}: ${opened.error.detail}`);
    using reader = opened.value;
    await appendRawRows(connection, 'loaded', place.definition, (into) => reader.next(into));
    const id = quoted(place.definition.id);
    await connection.run(`INSERT INTO ${raw} SELECT ${id}, * FROM loaded; DELETE FROM loaded`);
  }
  await connection.run('DROP TABLE loaded');
  await connection.run(`CREATE VIEW "${kind}" AS ${viewOf(kind, raw)}`);
}

function textOf(value: Json): string | null {
  if (value === null || typeof value === 'string') return value;
  return JSON.stringify(value);
}
