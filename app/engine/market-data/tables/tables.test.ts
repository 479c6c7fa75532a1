import { deflateRawSync, crc32 } from 'node:zlib';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatDecimal } from '../../domain/decimal.ts';
import { INTERVAL_MICROS } from '../../domain/market.ts';
import {
  FLAG_AGGRESSOR_SELL,
  FLAG_AGGRESSOR_UNKNOWN,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_ASK_LEVEL,
  KIND_BID_LEVEL,
  KIND_DIFF_HEADER,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  type MarketRecords,
} from '../../native/compute/market-record.ts';
import { openCsv } from './csv-table.ts';
import { findShape } from './find-shape.ts';
import { openNpz } from './npz-table.ts';
import { readTable, surveyTable, type TableCount } from './read-table.ts';
import type { TableKind } from './table-shape.ts';
import { TableError } from './tick-table.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-tables-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Told {
  readonly count: TableCount;
  /** Instrument, kind, flags, event, received, then price, quantity, price2, quantity2 and id. */
  readonly rows: readonly (readonly (string | number | bigint)[])[];
}

async function told(path: string, kind: TableKind, interval?: '1m' | '1d'): Promise<Told> {
  const table = path.endsWith('.npz') ? await openNpz(path) : await openCsv(path);
  const shaped = findShape(table, kind);
  const scales = await surveyTable(shaped);
  const length = interval === undefined ? 0n : BigInt(INTERVAL_MICROS[interval]) * 1000n;
  const rows: (string | number | bigint)[][] = [];
  const count = await readTable(shaped, scales, length, (name, records: MarketRecords, many) => {
    const { price = 0, quantity = 0 } = scales.get(name) ?? {};
    for (let row = 0; row < many; row += 1) {
      rows.push([
        name,
        records.kind(row),
        records.flags(row),
        records.tsEventNanos(row),
        records.tsInitNanos(row),
        formatDecimal(records.price(row), price),
        formatDecimal(records.quantity(row), quantity),
        records.id(row),
      ]);
    }
  });
  return { count, rows };
}

function csv(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** The rows of a book, told shortly: S or D for a header, then side, price and quantity of its levels; trades as they are. */
function book(rows: Told['rows']): readonly string[] {
  const texts: Readonly<Record<number, string>> = {
    [KIND_SNAPSHOT_HEADER]: 'S',
    [KIND_DIFF_HEADER]: 'D',
    [KIND_BID_LEVEL]: 'b',
    [KIND_ASK_LEVEL]: 'a',
    [KIND_TRADE]: 't',
  };
  return rows.map(([, kind, flags, , , price, quantity]) => {
    const text = texts[Number(kind)] ?? '?';
    const last = (Number(flags) & FLAG_LAST) === 0 ? '' : '.';
    return 'SD'.includes(text) ? text : `${text} ${price} ${quantity}${last}`;
  });
}

test('trades of Tardis: times in microseconds, sides and ids as they are told, every digit', async () => {
  const { rows, count } = await told(
    csv(
      'binance_trades_2024-01-01_BTCUSDT.csv',
      'exchange,symbol,timestamp,local_timestamp,id,side,price,amount',
      'binance,BTCUSDT,1704067200000123,1704067200004567,42,sell,42313.90,0.00100000',
      'binance,BTCUSDT,1704067200000124,1704067200004567,abc,unknown,42314,12345678.12345678',
    ),
    'trades',
  );
  expect(count).toMatchObject({ rows: 2, faults: [], lastNanos: 1_704_067_200_004_567_000n });
  const at = 1_704_067_200_000_123_000n;
  const received = 1_704_067_200_004_567_000n;
  const [sold, unknown] = [FLAG_LAST | FLAG_AGGRESSOR_SELL, FLAG_LAST | FLAG_AGGRESSOR_UNKNOWN];
  expect(rows).toEqual([
    ['', KIND_TRADE, sold, at, received, '42313.9', '0.00100000', 42],
    ['', KIND_TRADE, unknown, at + 1000n, received, '42314.0', '12345678.12345678', 0],
  ]);
});

test('a book of Tardis: rows of one time of receipt are one message', async () => {
  const at = (micros: number, ...rest: readonly string[]): string =>
    ['deribit', 'BTC', '1704067200000000', String(1_704_067_200_000_000 + micros), ...rest].join();
  const { rows } = await told(
    csv(
      'book.csv',
      'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount',
      at(0, 'true', 'bid', '100.5', '10'),
      at(0, 'true', 'ask', '101', '20'),
      at(5, 'false', 'bid', '100.5', '0'),
      at(5, 'false', 'bid', '100', '7'),
      at(6, 'false', 'ask', '101', '3'),
    ),
    'book',
  );
  expect(book(rows)).toEqual([
    ...['S', 'b 100.5 10', 'a 101.0 20.', 'D', 'b 100.5 0', 'b 100.0 7.', 'D', 'a 101.0 3.'],
  ]);
  expect(Number(rows[0]?.[2]) & FLAG_SNAPSHOT).toBe(FLAG_SNAPSHOT);
});

test('market by order becomes levels, an event at a time, and trades with the aggressor', async () => {
  const t = 1_703_541_600_000_000_000n;
  const row = (...cells: readonly (string | number | bigint)[]): string => cells.join();
  const { rows, count } = await told(
    csv(
      'mbo.csv',
      'ts_recv_ns,ts_event_ns,sequence,instrument_id,action,side,order_id,price,size,flags',
      row(t, t, 1, 7, 'A', 'B', 11, '4799', 2, 40),
      row(t, t, 1, 7, 'A', 'B', 12, '4799', 6, 40),
      row(t, t, 1, 7, 'A', 'A', 13, '4800.25', 5, 40),
      // An order of 3 at the same price; part of one is canceled; one moves.
      row(t + 1n, t, 2, 7, 'A', 'B', 14, '4799', 3, 130),
      row(t + 2n, t, 3, 7, 'C', 'B', 12, '4799', 4, 130),
      row(t + 3n, t, 4, 7, 'M', 'B', 11, '4798.5', 2, 130),
      // A buyer takes all of the ask: trade, fill, cancel, one event.
      row(t + 4n, t, 5, 7, 'T', 'B', 0, '4800.25', 5, 0),
      row(t + 4n, t, 5, 7, 'F', 'A', 13, '4800.25', 5, 0),
      row(t + 4n, t, 5, 7, 'C', 'A', 13, '4800.25', 5, 130),
    ),
    'book',
  );
  expect(count.faults).toEqual([]);
  expect(book(rows)).toEqual([
    ...['S', 'b 4799.00 8', 'a 4800.25 5.'],
    ...['D', 'b 4799.00 11.', 'D', 'b 4799.00 7.', 'D', 'b 4799.00 5', 'b 4798.50 2.'],
    ...['t 4800.25 5.', 'D', 'a 4800.25 0.'],
  ]);
  const unknown = csv(
    'unknown.csv',
    'ts_recv_ns,ts_event_ns,sequence,action,side,order_id,price,size,flags',
    row(t, t, 1, 'C', 'B', 99, '4799', 2, 130),
  );
  expect((await told(unknown, 'book')).count.faults).toMatchObject([
    { line: 2, field: 'order_id', value: '99', reason: 'must be known, for it is canceled' },
  ]);
});

test('Binance Vision: files without names of columns are known by theirs, times by their digits', async () => {
  const aggregates = await told(
    csv('BTCUSDT-aggTrades-2025-01-01.csv', '1,93576.0,0.5,1,2,1735689600010866,True,True'),
    'trades',
  );
  expect(aggregates.rows).toEqual([
    [
      ...['', KIND_TRADE, FLAG_LAST | FLAG_AGGRESSOR_SELL],
      ...[1_735_689_600_010_866_000n, 1_735_689_600_010_866_000n, '93576', '0.5', 1],
    ],
  ]);
  const klines = csv(
    'BTCUSDT-1m-2024-01-01.csv',
    '1704067200000,42283.58,42298.62,42261.02,42298.61,35.92724,1704067259999,1519032.7,1327,19.34,817000.1,0',
  );
  const { rows } = await told(klines, 'bars', '1m');
  expect(rows.map(([, , , at, , price]) => [at, price])).toEqual([
    [1_704_067_200_000_000_000n, '42283.58'],
    [1_704_067_200_000_000_000n, '35927.24'],
  ]);
});

describe('what is wrong is told with line and column', () => {
  const HEAD = 'timestamp,open,high,low,close,volume';
  const GOOD = '2024-01-01T00:00:00Z,1,2,0.5,1.5,10';
  test.each([
    ['2024-01-01T00:01:00Z,1,x,0.5,1.5,10', 'high', 'x'],
    ['2024-01-01T00:01:00Z,1,2e3,0.5,1.5,10', 'high', '2e3'],
    ['2024-01-01T00:01:00Z,1,,0.5,1.5,10', 'high', ''],
    ['yesterday,1,2,0.5,1.5,10', 'timestamp', 'yesterday'],
    ['2024-01-01T00:01:30Z,1,2,0.5,1.5,10', 'timestamp', '2024-01-01T00:01:30Z'],
    ['2024-01-01T00:01:00Z,1,1.2,0.5,1.5,10', 'high', '1.2'],
    ['2024-01-01T00:01:00Z,1,2,0.5,1.5,-1', 'volume', '-1'],
    ['2024-01-01T00:01:00Z,1,2,0.5,1.5,99999999999999999', 'volume', '99999999999999999'],
  ])('%s', async (line, field, value) => {
    const { count } = await told(csv('bars.csv', HEAD, GOOD, line), 'bars', '1m');
    expect(count).toMatchObject({ rows: 1, faults: [{ line: 3, field, value }] });
  });

  test.each([
    ['timestamp,open,high,low,close,volume,vwap', 'column vwap must be timestamp,open,high'],
    ['ts_ms,open,high,low,close', 'volume missing'],
    ['timestamp,open,high,low', 'close missing'],
    ['timestamp,open,open,low,close,volume', 'must be timestamp,open,high'],
  ])('%s', async (head, words) => {
    const path = csv('bars.csv', head, GOOD);
    await expect(told(path, 'bars', '1m')).rejects.toThrow(words);
  });

  test('a line with a cell too many, quotes, no line at all, ticks that go back', async () => {
    await expect(told(csv('a.csv', HEAD, `${GOOD},`), 'bars')).rejects.toThrow('a.csv line 2');
    await expect(told(csv('b.csv', HEAD, '"1",2'), 'bars')).rejects.toThrow('b.csv line 2');
    writeFileSync(join(folder, 'c.csv'), '');
    await expect(told(join(folder, 'c.csv'), 'bars')).rejects.toBeInstanceOf(TableError);
    await expect(told(csv('d.csv', '1,2,3'), 'trades')).rejects.toThrow('names of columns');
    const back = csv('e.csv', 'ts_ms,price,size', '1704067200001,1,1', '1704067200000,1,1');
    expect((await told(back, 'trades')).count.faults).toMatchObject([
      { line: 3, field: 'the time' },
    ]);
  });
});

/** A `.npz` with one array of events. */
function npz(events: readonly (readonly [number, bigint, bigint, number, number])[]): string {
  const fields = ['ev', 'exch_ts', 'local_ts', 'px', 'qty', 'order_id', 'ival', 'fval'];
  const types = ['<u8', '<i8', '<i8', '<f8', '<f8', '<u8', '<i8', '<f8'];
  const descr = fields.map((name, at) => `('${name}', '${types[at]}')`).join(', ');
  const text = `{'descr': [${descr}], 'fortran_order': False, 'shape': (${events.length},), }`;
  const header = Buffer.from(text.padEnd(118 + 128 * 2 - 1).concat('\n'), 'latin1');
  const data = Buffer.alloc(events.length * 64);
  for (const [row, [ev, exch, local, px, qty]] of events.entries()) {
    data.writeBigUInt64LE(BigInt(ev), row * 64);
    data.writeBigInt64LE(exch, row * 64 + 8);
    data.writeBigInt64LE(local, row * 64 + 16);
    data.writeDoubleLE(px, row * 64 + 24);
    data.writeDoubleLE(qty, row * 64 + 32);
  }
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0, 0]);
  start.writeUInt16LE(header.length, 8);
  const array = Buffer.concat([start, header, data]);
  const path = join(folder, 'events.npz');
  writeFileSync(path, zipOf('data.npy', array));
  return path;
}

function zipOf(name: string, bytes: Buffer): Buffer {
  const packed = deflateRawSync(bytes);
  const common = Buffer.alloc(22);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(bytes), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  const named = Buffer.alloc(4);
  named.writeUInt16LE(name.length, 0);
  const word = (value: number): Buffer => {
    const four = Buffer.alloc(4);
    four.writeUInt32LE(value);
    return four;
  };
  const label = Buffer.from(name);
  const local = Buffer.concat([word(0x04034b50), common, named, label, packed]);
  const entry = Buffer.concat([
    ...[word(0x02014b50), Buffer.alloc(2), common, named],
    ...[Buffer.alloc(10), word(0), label],
  ]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(entry.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, entry, word(0x06054b50), end]);
}

test('events of hftbacktest: the shortest decimal of each double, only what was received', async () => {
  const [local, exchange, buy, sell] = [2 ** 30, 2 ** 31, 2 ** 29, 2 ** 28];
  const t = 1_723_161_255_030_314_000n;
  const { rows, count } = await told(
    npz([
      [3 + local + exchange + buy, t, t + 5n, 0, 0],
      [4 + local + exchange + buy, t, t + 5n, 61_594.1, 0.1],
      [4 + local + exchange + sell, t, t + 5n, 61_594.2, 0.3],
      [1 + exchange + buy, t, t + 6n, 61_594, 9],
      [1 + local + buy, t, t + 7n, 61_594.1, 0],
      [2 + local + exchange + sell, t, t + 8n, 61_594.1, 0.002],
    ]),
    'book',
  );
  expect(count.faults).toEqual([]);
  expect(book(rows)).toEqual([
    ...['S', 'b 61594.1 0.100', 'a 61594.2 0.300.', 'D', 'b 61594.1 0.000.'],
    't 61594.1 0.002.',
  ]);
});
