import { existsSync, readFileSync } from 'node:fs';
import { readActionLines } from '../../engine/market-data/tables/action-lines.ts';
import { keepActions } from '../../engine/store/ticks/corporate-actions.ts';
import { CommandFailure, printJson, printLine, WRONG_INPUT } from '../output.ts';
import type { TableImportOptions } from './import-table.ts';
import { holdTickStore } from './tick-store.ts';

/** `qd ticks import --kind actions`: splits and dividends of one instrument, in place of those kept. Nothing that is stored is changed. */
export function importActions(
  file: string,
  options: Pick<TableImportOptions, 'instrument' | 'data' | 'json'>,
): void {
  const { instrument } = options;
  if (instrument === undefined) {
    throw new CommandFailure(WRONG_INPUT, '--instrument: must be named for this kind');
  }
  if (!existsSync(file)) throw new CommandFailure(WRONG_INPUT, `there is no file ${file}`);
  const read = readActionLines(readFileSync(file, 'utf8'));
  if (!read.ok) {
    const { line, field, value, reason } = read.error;
    const message = `${file} line ${line}: ${field} ${reason}, was ${value}; nothing was imported`;
    throw new CommandFailure(WRONG_INPUT, message);
  }
  using store = holdTickStore(options);
  keepActions(store.ticks, instrument, read.value);
  const splits = read.value.filter(({ kind }) => kind === 'Split').length;
  const dividends = read.value.length - splits;
  if (options.json === true) {
    printJson({ instrument, splits, dividends });
    return;
  }
  printLine(`${splits} splits and ${dividends} dividends of ${instrument}`);
}
