import {
  decimalsOf,
  formatDecimal,
  parseDecimal,
  parseDecimalBig,
  rescale,
} from '../../domain/decimal.ts';
import { parseTimestamp } from '../../ports/timestamp.ts';
import { TableError, type TableRow } from './tick-table.ts';

/** Decimals of prices and quantities. */
export interface TableScales {
  readonly price: number;
  readonly quantity: number;
  /** Quantities that have more are rounded half to even: whoever reads the file said so. */
  readonly roundQuantities?: true;
}

/** How a column tells time: digits since the epoch of a unit, of milliseconds or microseconds by their number, or written out (`text` also as digits, told by their number). */
export type TimeUnit =
  'ns' | 'us' | 'ms' | 'ms-or-us' | 'text' | 'month/day/year' | 'day hour-AM' | 'yyyymmdd hh:mm:ss';

const NANOS: Readonly<Record<string, bigint>> = { ns: 1n, us: 1000n, ms: 1_000_000n };
/** Digits of a time from 1973 to 2286 in a unit. */
const DIGITS: Readonly<Record<string, RegExp>> = {
  ns: /^\d{18,19}$/,
  us: /^\d{15,16}$/,
  ms: /^\d{12,13}$/,
};

/** Reads the cells of one row after the other. */
export class Cells {
  readonly #file: string;
  readonly #places: ReadonlyMap<string, number>;
  readonly #scales: TableScales;
  #row: TableRow = { line: 0, cells: [] };

  constructor(file: string, columns: readonly string[], scales: TableScales) {
    this.#file = file;
    this.#places = new Map(columns.map((name, place) => [name, place]));
    this.#scales = scales;
  }

  /** Goes to a row; throws TableError when it has not a cell for each column. */
  take(row: TableRow): void {
    this.#row = row;
    const { size } = this.#places;
    if (row.cells.length === size) return;
    this.fail('the line', String(row.cells.length), `must have ${size} cells`);
  }

  text(column: string): string {
    return this.#row.cells[this.#places.get(column) ?? -1] ?? '';
  }

  price(column: string): number {
    return this.#decimal(column, 'price');
  }

  quantity(column: string): number {
    const found = this.#decimal(column, 'quantity');
    if (found < 0 || this.text(column).startsWith('-')) {
      this.refuse(column, 'must not be negative');
    }
    return found;
  }

  /** A number with decimals of its own. */
  rate(column: string, scale: number): number {
    const parsed = parseDecimal(this.text(column), scale);
    return parsed.ok ? parsed.value : this.refuse(column, `must be a number of ${scale} decimals`);
  }

  whole(column: string): number {
    const value = /^\d{1,16}$/.test(this.text(column)) ? Number(this.text(column)) : Number.NaN;
    return Number.isSafeInteger(value) ? value : this.refuse(column, 'must be a whole number');
  }

  /** Which of some words stands there. */
  word<T>(column: string, words: Readonly<Record<string, T>>): T {
    const found = Object.hasOwn(words, this.text(column)) ? words[this.text(column)] : undefined;
    if (found !== undefined) return found;
    return this.refuse(column, `must be one of ${Object.keys(words).join(', ')}`);
  }

  nanos(column: string, unit: TimeUnit): bigint {
    const text = this.text(column);
    return nanosOf(text, unit) ?? this.refuse(column, `must be a time (${unit})`);
  }

  refuse(column: string, reason: string): never {
    return this.fail(column, this.text(column), reason);
  }

  fail(field: string, value: string, reason: string): never {
    throw new TableError({ file: this.#file, line: this.#row.line, field, value, reason });
  }

  #decimal(column: string, of: 'price' | 'quantity'): number {
    const round = of === 'quantity' && this.#scales.roundQuantities === true;
    const text = round ? roundedText(this.text(column), this.#scales[of]) : this.text(column);
    const parsed = parseDecimal(text, this.#scales[of]);
    if (parsed.ok) return parsed.value;
    return this.refuse(
      column,
      `must be a decimal of 15 digits, at most ${this.#scales[of]} of them decimals`,
    );
  }
}

function roundedText(text: string, scale: number): string {
  const decimals = decimalsOf(text);
  const exact = parseDecimalBig(text, decimals);
  if (decimals <= scale || !exact.ok) return text;
  return formatDecimal(rescale(exact.value, decimals, scale), scale);
}

function nanosOf(text: string, unit: TimeUnit): bigint | undefined {
  switch (unit) {
    case 'ns':
    case 'us':
    case 'ms':
      return DIGITS[unit]?.test(text) === true ? BigInt(text) * (NANOS[unit] ?? 1n) : undefined;
    case 'ms-or-us':
      return nanosOf(text, 'ms') ?? nanosOf(text, 'us');
    case 'text':
      return parseTimestamp(text);
    case 'month/day/year': {
      const [, month = '', day = '', year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
      if (year === undefined) return undefined;
      return parseTimestamp(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
    }
    case 'day hour-AM': {
      const [, day, hour, half] = /^(\d{4}-\d{2}-\d{2}) (0[1-9]|1[0-2])-(AM|PM)$/.exec(text) ?? [];
      if (day === undefined) return undefined;
      const past = (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
      return parseTimestamp(`${day}T${String(past).padStart(2, '0')}:00`);
    }
    case 'yyyymmdd hh:mm:ss': {
      const [, year, month, day, clock] = /^(\d{4})(\d\d)(\d\d) (\d\d:\d\d:\d\d)$/.exec(text) ?? [];
      return clock === undefined ? undefined : parseTimestamp(`${year}-${month}-${day}T${clock}`);
    }
  }
}
