import { basename } from 'node:path';
import { openPacked } from '../packed-file.ts';
import { TableError, type TableRow, type TickTable } from './tick-table.ts';

const MAGIC = '\u0093NUMPY';
const ROW_BYTES = 64;

/** The columns of a row of hftbacktest, each of eight bytes. */
export const NPZ_COLUMNS = [
  ...['ev', 'exch_ts', 'local_ts', 'px', 'qty', 'order_id', 'ival', 'fval'],
] as const;
const TYPES = ['<u8', '<i8', '<i8', '<f8', '<f8', '<u8', '<i8', '<f8'];

/**
 * The events of a hftbacktest `.npz` as a table. Its numbers are doubles: each is taken as the shortest decimal that is that
 * double, which is the decimal it was made from as long as that had 15 digits.
 */
export async function openNpz(path: string): Promise<TickTable> {
  const file = basename(path);
  const parts: Buffer[] = [];
  for await (const part of openPacked(path)) {
    if (Buffer.isBuffer(part)) parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  const wrong = (field: string, value: string, reason: string): never => {
    throw new TableError({ file, line: 0, field, value, reason });
  };
  if (bytes.toString('latin1', 0, 6) !== MAGIC) {
    return wrong('the entry', bytes.toString('latin1', 0, 6), 'must be an array of NumPy');
  }
  const wide = bytes.readUInt8(6) > 1;
  const length = wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const start = (wide ? 12 : 10) + length;
  const header = bytes.toString('latin1', start - length, start);
  const fields = [...header.matchAll(/\('(\w+)', '([<>|=]\w\d+)'\)/g)];
  const names = fields.map(([, name]) => name).join(',');
  const types = fields.map(([, , type]) => type).join(',');
  if (names !== NPZ_COLUMNS.join(',')) {
    return wrong('the fields', names, `must be ${NPZ_COLUMNS.join(',')}`);
  }
  if (types !== TYPES.join(',')) return wrong('the types', types, `must be ${TYPES.join(',')}`);
  const count = Number(/'shape': \((\d+),\)/.exec(header)?.[1]);
  if (!Number.isSafeInteger(count) || start + count * ROW_BYTES !== bytes.length) {
    return wrong('the length', String(bytes.length), 'must be that of its rows');
  }
  const cellsAt = (at: number): readonly string[] => [
    String(bytes.readBigUInt64LE(at)),
    String(bytes.readBigInt64LE(at + 8)),
    String(bytes.readBigInt64LE(at + 16)),
    String(bytes.readDoubleLE(at + 24)),
    String(bytes.readDoubleLE(at + 32)),
    String(bytes.readBigUInt64LE(at + 40)),
    String(bytes.readBigInt64LE(at + 48)),
    String(bytes.readDoubleLE(at + 56)),
  ];
  return {
    file,
    columns: NPZ_COLUMNS,
    width: NPZ_COLUMNS.length,
    async *rows(): AsyncGenerator<TableRow, void, undefined> {
      for (let row = 0; row < count; row += 1) {
        yield { line: row + 1, cells: cellsAt(start + row * ROW_BYTES) };
      }
    },
  };
}
