import { TableError, type TableRow, type TickTable } from './tick-table.ts';

/** What a chain of LEAN's begins with; its other columns are those of a table of bars, or are not kept. */
const CONTRACT = ['#expiry', 'strike', 'right'] as const;
const OHLC = ['open', 'high', 'low', 'close'];
/** `spy_20240102.csv`: whose contracts they are, and their day. */
const FILE = /_(\d{4})(\d{2})(\d{2})\.csv/;
const EXPIRY = /^\d{8}$/;
const STRIKE = /^(\d{1,5})(?:\.(\d{1,3})0*)?$/;
/** As most of its prices have; a contract keeps its scale from day to day. */
const PRICE_DECIMALS = 4;
const RIGHT = /^[CP]$/;

/** True of a table of the option contracts of an underlying at the end of a day, as LEAN keeps them. */
export function isLeanChain({ columns }: TickTable): boolean {
  return CONTRACT.every((name, at) => columns?.[at] === name);
}

/**
 * Such a table as bars of a day: `ts_ms` and `contract` in place of expiry, strike and right; the day is in the name of the
 * file. The row without an expiry is the underlying. A row without prices, all of them zero, is left out.
 */
export function openLeanChain(table: TickTable): TickTable {
  const { file } = table;
  const [, year, month, day] = FILE.exec(file) ?? [];
  if (year === undefined) {
    const reason = 'must end with its day, as in spy_20240102.csv';
    throw new TableError({ file, line: 1, field: 'the name', value: file, reason });
  }
  const time = String(Date.parse(`${year}-${month}-${day}`));
  const behind = table.columns?.slice(CONTRACT.length) ?? [];
  const columns = ['ts_ms', 'contract', ...behind];
  const prices = OHLC.map((name) => behind.indexOf(name));
  return {
    file,
    width: columns.length,
    columns,
    priceDecimals: PRICE_DECIMALS,
    async *rows() {
      for await (const row of table.rows()) {
        const cells = row.cells.slice(CONTRACT.length);
        if (prices.every((place) => Number(cells[place]) === 0)) continue;
        yield { line: row.line, cells: [time, contractOf(file, row), ...cells] };
      }
    },
  };
}

/** `151224C01000000`: expiry, right and strike in thousandths, as the OCC's symbols have them (OSI); empty of the underlying. */
function contractOf(file: string, { line, cells }: TableRow): string {
  const [expiry = '', strike = '', right = ''] = cells;
  if (expiry === '' && strike === '' && right === '') return '';
  const wrong = (field: string, value: string, reason: string): never => {
    throw new TableError({ file, line, field, value, reason });
  };
  if (!EXPIRY.test(expiry)) wrong('#expiry', expiry, 'must be a day as 20240103');
  if (!RIGHT.test(right)) wrong('right', right, 'must be C or P');
  const [, whole, part = ''] = STRIKE.exec(strike) ?? [];
  if (whole === undefined) wrong('strike', strike, 'must be below 100000, of three decimals');
  return `${expiry.slice(2)}${right}${whole?.padStart(5, '0')}${part.padEnd(3, '0')}`;
}
