import { decimalsOf } from '../../domain/decimal.ts';
import { FLAG_LAST, KIND_KLINE_PRICES, MarketRecords } from '../../native/compute/market-record.ts';
import { Cells, type TableScales } from './cells.ts';
import type { ShapedTable } from './find-shape.ts';
import type { BarLength, RecordSink, RowReader } from './table-shape.ts';
import { TableError, type TableFault, type TableRow } from './tick-table.ts';

/** Most faults that are listed. */
const MOST_FAULTS = 100;
/** Most decimals of an instrument. */
const MOST_DECIMALS = 12;

/** Numbers need these scales; per instrument of the file, by its name in it ('' where it has one). */
export type NeededScales = ReadonlyMap<string, TableScales>;

/** What a whole table comes to. */
export interface TableCount {
  /** Rows of the table, and of each instrument. */
  readonly rows: number;
  readonly faults: readonly TableFault[];
  /** Times of receipt of the first and the last record, nanoseconds; 0 without any. */
  readonly firstNanos: bigint;
  readonly lastNanos: bigint;
}

/** Records of one instrument as they are read; whole messages. */
export type OnRecords = (instrument: string, records: MarketRecords, count: number) => void;

/** The decimals that a table's numbers have. Throws TableError for a line with too many or too few cells. */
export async function surveyTable({ table, shape, columns }: ShapedTable): Promise<NeededScales> {
  const found = new Map<string, { price: number; quantity: number }>();
  const places = (names: readonly string[]): readonly number[] =>
    names.map((name) => columns.indexOf(name));
  const [prices, quantities] = [places(shape.prices), places(shape.quantities)];
  const most = (row: TableRow, from: readonly number[], least: number): number =>
    from.reduce((scale, place) => Math.max(scale, decimalsOf(row.cells[place] ?? '')), least);
  const instrumentAt = columns.indexOf(shape.instrument ?? '');
  for await (const row of table.rows()) {
    if (row.cells.length !== columns.length) {
      const reason = `must have ${columns.length} cells`;
      const value = String(row.cells.length);
      throw new TableError({ file: table.file, line: row.line, field: 'the line', value, reason });
    }
    const name = row.cells[instrumentAt] ?? '';
    const before = found.get(name) ?? { price: table.priceDecimals ?? 0, quantity: 0 };
    const price = most(row, prices, before.price);
    const quantity = most(row, quantities, before.quantity);
    if (Math.max(price, quantity) > MOST_DECIMALS) {
      const reason = `must have at most ${MOST_DECIMALS} decimals`;
      const value = row.cells.join(',');
      throw new TableError({ file: table.file, line: row.line, field: 'a number', value, reason });
    }
    found.set(name, { price, quantity });
  }
  return found;
}

/** Reads a table row by row at these scales. Rows that cannot be taken are told as faults and left out; ticks must not go back in time. */
export async function readTable(
  { table, shape, columns }: ShapedTable,
  scales: NeededScales,
  length: BarLength,
  onRecords: OnRecords,
): Promise<TableCount> {
  const instrumentAt = columns.indexOf(shape.instrument ?? '');
  const readers = new Map<string, { cells: Cells; reader: RowReader; sink: Batch }>();
  const ordered = shape.kind !== 'bars';
  const faults: TableFault[] = [];
  let rows = 0;
  for await (const row of table.rows()) {
    const name = row.cells[instrumentAt] ?? '';
    let one = readers.get(name);
    if (one === undefined) {
      const cells = new Cells(table.file, columns, scales.get(name) ?? { price: 0, quantity: 0 });
      const sink = new Batch(ordered, (records, count) => onRecords(name, records, count));
      one = { cells, sink, reader: shape.reader(sink, length) };
      readers.set(name, one);
    }
    try {
      one.cells.take(row);
      one.reader.read(one.cells);
      if (one.sink.wentBack)
        one.cells.fail('the time', '', 'must not be before that of the line before');
      rows += 1;
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      faults.push(error.fault);
      if (faults.length >= MOST_FAULTS) break;
    }
  }
  let [firstNanos, lastNanos] = [0n, 0n];
  for (const { reader, sink } of readers.values()) {
    reader.end?.();
    sink.flush();
    if (firstNanos === 0n || sink.firstNanos < firstNanos) firstNanos = sink.firstNanos;
    if (sink.lastNanos > lastNanos) lastNanos = sink.lastNanos;
  }
  return { rows, faults, firstNanos, lastNanos };
}

const BATCH = 4096;
/** A file may have thousands of instruments: the room of each grows as it is needed. */
const FIRST_ROOM = 32;

/** Collects records and gives them on a batch of whole messages at a time. */
class Batch implements RecordSink {
  firstNanos = 0n;
  lastNanos = 0n;
  wentBack = false;
  readonly #ordered: boolean;
  readonly #onRecords: (records: MarketRecords, count: number) => void;
  #records = new MarketRecords(FIRST_ROOM);
  #count = 0;

  constructor(ordered: boolean, onRecords: (records: MarketRecords, count: number) => void) {
    this.#ordered = ordered;
    this.#onRecords = onRecords;
  }

  put(...record: Parameters<RecordSink['put']>): void {
    const [kind, flags, event, init, ...numbers] = record;
    this.wentBack = this.#ordered && init < this.lastNanos;
    if (this.firstNanos === 0n || init < this.firstNanos) this.firstNanos = init;
    if (init > this.lastNanos) this.lastNanos = init;
    if (this.#count === this.#records.capacity) this.#grow();
    this.#records.set(this.#count, kind, flags, 0, event, init, ...numbers);
    this.#count += 1;
    const whole = (flags & FLAG_LAST) !== 0 && kind !== KIND_KLINE_PRICES;
    if (whole && this.#count >= BATCH) this.flush();
  }

  flush(): void {
    if (this.#count > 0) this.#onRecords(this.#records, this.#count);
    this.#count = 0;
  }

  #grow(): void {
    const larger = new MarketRecords(this.#records.capacity * 2);
    larger.bytes.set(this.#records.bytes);
    this.#records = larger;
  }
}
