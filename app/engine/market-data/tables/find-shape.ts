import { TABLE_SHAPES } from './tick-shapes.ts';
import type { TableKind, TableShape } from './table-shape.ts';
import { TableError, type TickTable } from './tick-table.ts';

/** A table whose form is known: its columns have names. */
export interface ShapedTable {
  readonly table: TickTable;
  readonly shape: TableShape;
  readonly columns: readonly string[];
}

/** The form of a table by its columns. Throws TableError naming the columns that no form of the kind knows. */
export function findShape(table: TickTable, kind: TableKind): ShapedTable {
  const { columns, file } = table;
  const shapes = TABLE_SHAPES.filter((shape) => shape.kind === kind);
  if (columns === undefined) return byName(table, shapes);
  const shape = shapes.find((one) => fits(one, columns));
  if (shape !== undefined) return { table, shape, columns };
  const near = shapes.toSorted((a, b) => distance(a, columns) - distance(b, columns))[0];
  if (near === undefined) throw new Error(`no form of ${kind} is known`);
  const unknown = strangers(near, columns);
  const lacking = missing(near, columns);
  const field = unknown.length > 0 ? `column ${unknown.join(', ')}` : 'columns';
  const lack = lacking.length > 0 ? `, ${lacking.join(', ')} missing` : '';
  const reason = `must be ${allowed(near).join(',')} (${near.name}, the nearest form of ${kind})${lack}`;
  throw new TableError({ file, line: 1, field, value: columns.join(','), reason });
}

function byName(table: TickTable, shapes: readonly TableShape[]): ShapedTable {
  const shape = shapes.find(
    ({ fileName, columns }) =>
      fileName?.test(table.file) === true && columns.length === table.width,
  );
  if (shape !== undefined) return { table, shape, columns: shape.columns };
  const reason =
    'must be names of columns (only files named as Binance Vision names them have none)';
  throw new TableError({ file: table.file, line: 1, field: 'the line', value: 'numbers', reason });
}

function allowed({ columns, notKept, instrument }: TableShape): readonly string[] {
  return [...columns, ...(instrument === undefined ? [] : [instrument]), ...notKept];
}

function strangers(shape: TableShape, columns: readonly string[]): readonly string[] {
  const known = new Set(allowed(shape));
  return columns.filter((column) => !known.has(column));
}

function missing({ columns, instrument }: TableShape, there: readonly string[]): readonly string[] {
  const needed = [...columns, ...(instrument === undefined ? [] : [instrument])];
  return needed.filter((column) => !there.includes(column));
}

function distance(shape: TableShape, columns: readonly string[]): number {
  return strangers(shape, columns).length + missing(shape, columns).length;
}

function fits(shape: TableShape, columns: readonly string[]): boolean {
  const once = new Set(columns).size === columns.length;
  return once && distance(shape, columns) === 0;
}
