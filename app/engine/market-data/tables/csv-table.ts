import { basename } from 'node:path';
import { readPackedLines } from '../packed-file.ts';
import { TableError, type TableRow, type TickTable } from './tick-table.ts';

/** A line of names has no number among them. */
const NUMBER = /^-?\d/;
/** What stands above the names in files of CryptoDataDownload. */
const REMARK = /^(?:Timestamps are|Created on)\b/;

/** A file of cells apart by commas, plain or packed. Cells in quotes are refused: no price needs any. */
export async function openCsv(path: string): Promise<TickTable> {
  const file = basename(path);
  let head: TableRow | undefined;
  for await (const row of linesOf(path, file)) {
    head = row;
    break;
  }
  if (head === undefined) {
    throw new TableError({ file, line: 1, field: 'the file', value: '', reason: 'must have rows' });
  }
  const named = !head.cells.some((cell) => NUMBER.test(cell));
  const { line } = head;
  return {
    file,
    width: head.cells.length,
    columns: named ? head.cells.map((name) => name.replace(/^\uFEFF/, '').trim()) : undefined,
    async *rows() {
      for await (const row of linesOf(path, file)) if (!named || row.line > line) yield row;
    },
  };
}

async function* linesOf(path: string, file: string): AsyncGenerator<TableRow, void, undefined> {
  let line = 0;
  for await (const text of readPackedLines(path)) {
    line += 1;
    if (text === '' || (line === 1 && REMARK.test(text))) continue;
    if (text.includes('"')) {
      const reason = 'must have no quotes';
      throw new TableError({ file, line, field: 'the line', value: text.slice(0, 60), reason });
    }
    yield { line, cells: text.split(',') };
  }
}
