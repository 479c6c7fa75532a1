/** One line of a table, its cells in the order of the columns. */
export interface TableRow {
  /** Counted from 1; of a file without lines the number of the row. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A file of rows and columns, which can be read more than once. */
export interface TickTable {
  /** Its name, for people. */
  readonly file: string;
  /** Undefined: the file has no line of names. */
  readonly columns: readonly string[] | undefined;
  /** Cells of its first line. */
  readonly width: number;
  /** Decimals that its form gives every price, whether it needs them or not. */
  readonly priceDecimals?: number;
  rows(): AsyncIterable<TableRow>;
}

/** A place in a table that cannot be taken as it is. */
export interface TableFault {
  readonly file: string;
  readonly line: number;
  readonly field: string;
  readonly value: string;
  /** What would be accepted. */
  readonly reason: string;
}

/** Ends the reading of a table: nothing of it is used. */
export class TableError extends Error {
  readonly fault: TableFault;

  constructor(fault: TableFault) {
    const { file, line, field, value, reason } = fault;
    super(`${file} line ${line}: ${field} ${reason}, was ${value === '' ? 'empty' : value}`);
    this.fault = fault;
  }
}
