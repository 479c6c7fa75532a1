import { basename } from 'node:path';
import { formatDecimal } from '../../domain/decimal.ts';
import { listZipEntries, readEntry, type ZipEntry } from '../zip-entry.ts';
import { TableError, type TableRow, type TickTable } from './tick-table.ts';

/** `DATE_SYMBOL_minute_quote_STYLE_call_STRIKE_EXPIRY.csv`: of a contract, the strike in ten-thousandths. */
const ENTRY =
  /^(\d{8})_([a-z0-9.]+)_minute_(trade|quote)_(?:american|european)_(call|put)_(\d{1,8}0)_(\d{8})\.csv$/;
/** Prices are whole ten-thousandths. */
const PRICE_DECIMALS = 4;
const PRICE = /^\d{0,15}$/;
const MILLIS = /^\d{1,8}$/;

const OHLC = ['open', 'high', 'low', 'close'] as const;
const QUOTE_COLUMNS = ['bid', 'ask'].flatMap((side) => [
  ...OHLC.map((price) => `${side}_${price}`),
  `${side}_size`,
]);
/** The columns of a line behind its time. */
const COLUMNS = { trade: [...OHLC, 'volume'], quote: QUOTE_COLUMNS };

interface Contract {
  readonly entry: ZipEntry;
  /** `151224C01000000`: expiry, right and strike in thousandths, as the OCC's symbols have them (OSI). */
  readonly name: string;
  readonly midnightMs: number;
}

/** True of a zip file of minutes of option contracts as LEAN keeps them: a file without a line of names for each. */
export async function isLeanOptions(path: string): Promise<boolean> {
  if (!path.endsWith('.zip')) return false;
  const [first] = await listZipEntries(path);
  return first !== undefined && ENTRY.test(first.name);
}

/**
 * Such a file as one table of many contracts: `ts_ms`, `contract`, then prices, sizes or volume. Times in it are milliseconds since
 * the exchange's midnight; `midnightOf` gives that of a day `YYYY-MM-DD`, ms since the epoch.
 */
export async function openLeanOptions(
  path: string,
  midnightOf: (day: string) => number,
): Promise<TickTable> {
  const file = basename(path);
  const entries = await listZipEntries(path);
  const kinds = new Set<'trade' | 'quote'>();
  const contracts = entries.map((entry): Contract => {
    const [, date = '', , kind, right, strike = '', expiry = ''] = ENTRY.exec(entry.name) ?? [];
    if (kind !== 'trade' && kind !== 'quote') {
      const reason = 'must be named as LEAN names minutes of options';
      throw new TableError({ file, line: 0, field: 'the entry', value: entry.name, reason });
    }
    kinds.add(kind);
    const name = `${expiry.slice(2)}${right === 'call' ? 'C' : 'P'}${thousandths(strike)}`;
    const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
    return { entry, name, midnightMs: midnightOf(day) };
  });
  const [kind = 'trade', other] = kinds;
  if (other !== undefined) {
    const value = 'trades and quotes';
    throw new TableError({ file, line: 0, field: 'the file', value, reason: 'must have one kind' });
  }
  const columns = ['ts_ms', 'contract', ...COLUMNS[kind]];
  return {
    file,
    width: columns.length,
    columns,
    priceDecimals: PRICE_DECIMALS,
    async *rows() {
      for (const contract of contracts) yield* rowsOf(path, contract, COLUMNS[kind]);
    },
  };
}

async function* rowsOf(
  path: string,
  { entry, name, midnightMs }: Contract,
  columns: readonly string[],
): AsyncGenerator<TableRow, void, undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of readEntry(path, entry)) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString('utf8').split(/\r?\n/);
  for (const [index, text] of lines.entries()) {
    if (text === '') continue;
    const line = index + 1;
    const [time = '', ...cells] = text.split(',');
    const wrong = (field: string, value: string, reason: string): never => {
      throw new TableError({ file: entry.name, line, field, value, reason });
    };
    if (!MILLIS.test(time)) wrong('the time', time, 'must be milliseconds since midnight');
    if (cells.length !== columns.length) {
      wrong('the line', String(cells.length + 1), `must have ${columns.length + 1} cells`);
    }
    const told = cells.map((cell, at) => {
      const column = columns[at] ?? '';
      if (column.endsWith('size') || column === 'volume') return cell;
      if (!PRICE.test(cell)) wrong(column, cell, 'must be whole ten-thousandths');
      return cell === '' ? '' : scaled(cell);
    });
    yield { line, cells: [String(midnightMs + Number(time)), name, ...told] };
  }
}

/** Eight digits; a strike is a whole number of thousandths. */
function thousandths(strike: string): string {
  return strike.replace(/0$/, '').padStart(8, '0');
}

/** `21500` is `2.15`. */
function scaled(tenThousandths: string): string {
  return formatDecimal(BigInt(tenThousandths), PRICE_DECIMALS).replace(/\.?0+$/, '');
}
