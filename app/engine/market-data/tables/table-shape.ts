import type { Cells } from './cells.ts';

/** What a table tells of. */
export const TABLE_KINDS = ['trades', 'bbo', 'book', 'bars', 'derivatives'] as const;
export type TableKind = (typeof TABLE_KINDS)[number];

/** Takes the numbers of records over; the meaning of each by kind stands in native/compute/market-record.ts. */
export interface RecordSink {
  put(
    kind: number,
    flags: number,
    eventNanos: bigint,
    initNanos: bigint,
    price: number,
    quantity: number,
    price2: number,
    quantity2: number,
    id: number,
  ): void;
}

/** Reads the rows of one table in their order. */
export interface RowReader {
  /** Reads the row on which `cells` stand; gives whole messages to the sink. */
  read(cells: Cells): void;
  /** After the last row: what waits for an end has it. */
  end?(): void;
}

/** One form of tables, recognised by its columns. */
export interface TableShape {
  /** Whose form it is, for people. */
  readonly name: string;
  readonly kind: TableKind;
  /** The columns it must have. */
  readonly columns: readonly string[];
  /** Columns it may have that are not kept. */
  readonly notKept: readonly string[];
  /** Those of them that are prices, and quantities, of the instrument. */
  readonly prices: readonly string[];
  readonly quantities: readonly string[];
  /** The column that names one of several instruments of the file. */
  readonly instrument?: string;
  /** For a file without a line of names: what its own name must contain. The columns stand in the order of `columns`. */
  readonly fileName?: RegExp;
  reader(sink: RecordSink, length: BarLength): RowReader;
}

/** Of bars: their length, nanoseconds; 0 of what has none. */
export type BarLength = bigint;
