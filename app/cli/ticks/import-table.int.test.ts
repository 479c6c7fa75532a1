import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import { openCsv } from '../../engine/market-data/tables/csv-table.ts';
import { BookTop, L2Book } from '../../engine/native/compute/book.ts';
import { KIND_BOOK_STATUS } from '../../engine/native/compute/market-record.ts';
import { readStoredBook } from '../../engine/store/ticks/stored-book.ts';
import { qd } from '../testing/running-command.ts';
import { importTable, type TableImportOptions } from './import-table.ts';
import { knownEntries } from './tick-store.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data');

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'qd-table-'));
  process.exitCode = 0;
});
afterEach(() => {
  rmSync(data, { recursive: true });
  process.exitCode = 0;
});

function csv(name: string, ...lines: readonly string[]): string {
  const path = join(data, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

async function take(
  file: string,
  instrument: string,
  options: Omit<TableImportOptions, 'data' | 'instrument'>,
): Promise<void> {
  await importTable(file, { data, instrument: instrument as InstrumentId, ...options });
}

const BARS = 'timestamp,open,high,low,close,volume';

test('bars of days lie in a segment a year; a later file adds to it and replaces what it has', async () => {
  const day = (date: string, close: string): string => `${date},1,9,0.5,${close},100`;
  const first = csv('first.csv', BARS, day('2023-12-29', '2'), day('2024-01-02', '3.25'));
  const run = await qd(
    ...['ticks', 'import', first, '--kind', 'bars', '--interval', '1d'],
    ...['--instrument', 'EEM.CSV', '--json', '--data', data],
  );
  expect(run).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(run.stdout)).toMatchObject({
    instrument: 'EEM.CSV',
    kind: 'bars',
    rows: 2,
    from: '2023-12-29T00:00:00.000000000Z',
    to: '2024-01-02T00:00:00.000000000Z',
    rejected: [],
    dataVersion: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
  });
  await take(csv('second.csv', BARS, day('2024-01-02', '4'), day('2024-01-03', '5')), 'EEM.CSV', {
    kind: 'bars',
    interval: '1d',
  });
  expect(
    knownEntries({ data }).map(({ day: from, rows, writings }) => [from, rows, writings.length]),
  ).toEqual([
    ['2023-01-01', 2, 1],
    ['2024-01-01', 4, 2],
  ]);
  const shown = await qd(
    ...['ticks', 'show', '--kind', 'bars-1d', '--instrument', 'EEM.CSV', '--json', '--data', data],
  );
  const { rows } = JSON.parse(shown.stdout) as {
    rows: readonly { opened: string; close: string }[];
  };
  expect(rows.map(({ opened, close }) => [opened.slice(0, 10), close])).toEqual([
    ['2023-12-29', '2.00'],
    ['2024-01-02', '4.00'],
    ['2024-01-03', '5.00'],
  ]);
});

test('a file with a wrong line is not imported at all, and says line, field and value', async () => {
  const bad = csv('bad.csv', BARS, '2024-01-01,1,2,1,1,1', '2024-01-02,1,two,1,1,1');
  const run = await qd(
    ...['ticks', 'import', bad, '--kind', 'bars', '--interval', '1d', '--json'],
    ...['--instrument', 'EEM.CSV', '--data', data],
  );
  expect(run.status).toBe(2);
  expect(run.stderr).toContain('bad.csv line 3: high must be a decimal');
  expect(JSON.parse(run.stdout)).toMatchObject({
    rows: 0,
    rejected: [{ line: 3, field: 'high', value: 'two' }],
  });
  expect(knownEntries({ data })).toEqual([]);
});

test('ticks that the store has already, or that need other decimals on a day, are refused', async () => {
  const head = 'ts_ms,price,size';
  const trades = csv('t.csv', head, '1704067200000,10.5,1', '1704067260000,10.5,1');
  await take(trades, 'X.CSV', { kind: 'trades' });
  await expect(take(trades, 'X.CSV', { kind: 'trades' })).rejects.toThrow(
    'the store has trades of X.CSV until',
  );
  const later = csv('l.csv', head, '1704067320000,10.5,1');
  await take(later, 'X.CSV', { kind: 'trades' });
  const finer = csv('f.csv', head, '1704067380000,10.555,1');
  await expect(take(finer, 'X.CSV', { kind: 'trades' })).rejects.toThrow(
    'the file needs 3 decimals',
  );
  expect(knownEntries({ data })).toMatchObject([{ rows: 3, intact: true }]);
});

test('quantities finer than can be kept are refused, or rounded where that is asked for', async () => {
  const noise = csv('n.csv', 'ts_ms,price,size', '1704067200000,10.5,1829623.72950000001');
  await take(noise, 'X.CSV', { kind: 'trades' });
  expect(process.exitCode).toBe(2);
  expect(existsSync(join(data, 'ticks', 'CSV'))).toBe(false);
  process.exitCode = 0;
  await take(noise, 'X.CSV', { kind: 'trades', quantityDecimals: 4 });
  expect(knownEntries({ data })).toMatchObject([{ rows: 1, quantityScale: 4 }]);
});

const ORDERS = join(DATA, 'ticks/futures_l3/esh4_mbo_20231225.csv.gz');

test.runIf(existsSync(ORDERS))(
  'the recorded market by order of a day, imported and read back, is the book of its orders',
  async () => {
    await take(ORDERS, 'ESH4.CME', { kind: 'book' });
    const book = new L2Book();
    for (const { records, from, to } of readStoredBook(
      join(data, 'ticks'),
      'ESH4.CME' as InstrumentId,
    )) {
      if (records.kind(from) !== KIND_BOOK_STATUS) book.apply(records, from, to);
    }
    const top = new BookTop(50);
    book.top(top);
    // The orders themselves, one by one, and their sizes at each price.
    const orders = new Map<string, { side: string; price: number; size: number }>();
    const table = await openCsv(ORDERS);
    for await (const { cells } of table.rows()) {
      const [, , , , action = '', side = '', id = '', price = '', size = ''] = cells;
      const before = orders.get(id)?.size ?? 0;
      const left = action === 'C' ? before - Number(size) : Number(size);
      if (action === 'T' || action === 'F') continue;
      if (left > 0) orders.set(id, { side, price: Number(price) * 100, size: left });
      else orders.delete(id);
    }
    const levels = (wanted: string): readonly (readonly [number, number])[] => {
      const sums = new Map<number, number>();
      for (const { side, price, size } of orders.values()) {
        if (side === wanted) sums.set(price, (sums.get(price) ?? 0) + size);
      }
      const down = wanted === 'B' ? -1 : 1;
      return [...sums].toSorted(([a], [b]) => (a - b) * down).slice(0, 50);
    };
    const kept = (prices: Float64Array, sizes: Float64Array, count: number) =>
      Array.from({ length: count }, (_, row) => [prices[row], sizes[row]]);
    expect(kept(top.bidPrices, top.bidQuantities, top.bids)).toEqual(levels('B'));
    expect(kept(top.askPrices, top.askQuantities, top.asks)).toEqual(levels('A'));
    expect(book.crossed).toBe(false);
  },
);

const OPTIONS = join(DATA, 'options');

test.runIf(existsSync(OPTIONS))(
  'minutes of option contracts in LEAN’s zips: as many contracts and rows as their list says, in the exchange’s time',
  async () => {
    await take(join(OPTIONS, 'goog_20151224_1m_trade_american.zip'), 'GOOG.US', {
      kind: 'bars',
      interval: '1m',
    });
    const bars = knownEntries({ data });
    expect(bars).toHaveLength(241);
    // A bar is two rows.
    expect(bars.reduce((sum, { rows }) => sum + rows, 0)).toBe(958 * 2);
    expect(bars.every(({ day, priceScale }) => day === '2015-12-24' && priceScale === 4)).toBe(
      true,
    );
    await take(join(OPTIONS, 'spy_20230803_1m_quote_american.zip'), 'SPY.US', {
      kind: 'bbo',
      interval: '1m',
    });
    const quotes = knownEntries({ data }).filter(({ kind }) => kind === 'bbo');
    expect(quotes.map(({ instrument }) => instrument)).toEqual([
      'SPY-230901C00430000.US',
      'SPY-230901C00470000.US',
      'SPY-230901P00430000.US',
      'SPY-230901P00470000.US',
    ]);
    // 9:30 of a New York summer; the quote of a minute is known at its end.
    const opened = BigInt(Date.UTC(2023, 7, 3, 13, 31)) * 1_000_000n;
    expect(quotes.map(({ firstNanos }) => firstNanos)).toEqual(quotes.map(() => opened));
  },
  60_000,
);

const CHAINS = join(OPTIONS, 'chains');

test.runIf(existsSync(CHAINS))(
  'chains of options at the end of days: a bar a day of each contract that has a price, and of the underlying',
  async () => {
    const days = ['02', '03', '04', '05', '08', '09'];
    const chain = (day: string): string => join(CHAINS, `spy_202401${day}.csv.gz`);
    const priced = new Set<string>();
    let rows = 0;
    for (const day of days) {
      await take(chain(day), 'SPY.US', { kind: 'bars', interval: '1d' });
      const table = await openCsv(chain(day));
      for await (const { cells } of table.rows()) {
        if (cells.slice(3, 7).every((price) => Number(price) === 0)) continue;
        priced.add(cells.slice(0, 3).join());
        rows += 1;
      }
    }
    const kept = knownEntries({ data });
    expect(kept).toHaveLength(priced.size);
    expect(kept.reduce((sum, entry) => sum + entry.rows, 0)).toBe(rows * 2);
    const shown = await qd(
      ...['ticks', 'show', '--kind', 'bars-1d', '--instrument', 'SPY.US', '--json'],
      ...['--data', data],
    );
    // As published for these days.
    expect(JSON.parse(shown.stdout)).toMatchObject({
      rows: [
        { opened: expect.stringMatching(/^2024-01-02/), close: '472.6500' },
        { opened: expect.stringMatching(/^2024-01-03/), close: '468.7900' },
        { opened: expect.stringMatching(/^2024-01-04/), close: '467.2800' },
        { opened: expect.stringMatching(/^2024-01-05/), close: '467.9200' },
        { opened: expect.stringMatching(/^2024-01-08/), close: '474.6000' },
        { opened: expect.stringMatching(/^2024-01-09/), close: '473.8800' },
      ],
    });
    await take(chain('02'), 'SPY.US', { kind: 'bars', interval: '1m' });
    expect(process.exitCode).toBe(2);
  },
  60_000,
);

const RATES = join(DATA, 'fx/fxcm_gbpusd_1m_2012_bid.csv.gz');

test.runIf(existsSync(RATES))('bars that have no volume are kept with none', async () => {
  await take(RATES, 'GBPUSD-BID.FXCM', { kind: 'bars', interval: '1m' });
  const kept = knownEntries({ data });
  expect(kept.reduce((sum, { rows }) => sum + rows, 0)).toBe(30_117 * 2);
  expect(kept[0]?.day).toBe('2012-02-01');
});
