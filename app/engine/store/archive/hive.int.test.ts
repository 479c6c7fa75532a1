import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import { TICK_KINDS } from '../../domain/market.ts';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import {
  FLAG_AGGRESSOR_SELL,
  FLAG_LAST,
  FLAG_LIQUIDATION,
  FLAG_SNAPSHOT,
  KIND_ASK_LEVEL,
  KIND_BBO,
  KIND_BID_LEVEL,
  KIND_BOOK_STATUS,
  KIND_DIFF_HEADER,
  KIND_FUNDING_RATE,
  KIND_LIQUIDATION,
  KIND_MARK_PRICE,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { TickSegmentReader } from '../../native/io/tick-segment.ts';
import { BarStore } from '../ticks/bar-store.ts';
import { SegmentReplacement } from '../ticks/segment-replacement.ts';
import { listSegments } from '../ticks/tick-folders.ts';
import { TickRecorder } from '../ticks/tick-recorder.ts';
import { openDuck } from './duck.ts';
import {
  exportSegment,
  findHiveFiles,
  HIVE_FORMATS,
  importHiveFile,
  type HiveFormat,
} from './hive.ts';
import { askTicks } from './tick-sql.ts';

const ORIGIN = { source: 'a test', writtenBy: 'a test' };
/** 2023-11-14T22:13:20.000000001Z: no number of JavaScript holds it. */
const AT = 1_700_000_000_000_000_001n;
/** The largest mantissas, both ways: no double fraction holds their decimals. */
const MOST = Number.MAX_SAFE_INTEGER;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-hive-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A store with something of every kind. */
function fill(ticks: string): void {
  using recorder = new TickRecorder(ticks, [INSTRUMENT], ORIGIN);
  const records = new MarketRecords(12);
  const rows: readonly Parameters<MarketRecords['set']>[] = [
    [0, KIND_TRADE, FLAG_LAST | FLAG_AGGRESSOR_SELL, 0, AT - 5n, AT, MOST, 1, 0, 0, MOST],
    [1, KIND_TRADE, FLAG_LAST | FLAG_LIQUIDATION, 0, 0n, AT, -MOST, MOST, 0, 0, 0],
    [2, KIND_BBO, FLAG_LAST, 0, 0n, AT, 6_740_312, 62_737, 6_740_320, 8, 1_016_882],
    [3, KIND_SNAPSHOT_HEADER, FLAG_SNAPSHOT, 0, 0n, AT, 0, 1, 0, 100, 8],
    [4, KIND_BID_LEVEL, FLAG_SNAPSHOT | FLAG_LAST, 0, 0n, AT, 9999, 100_000, 0, 0, 8],
    [5, KIND_DIFF_HEADER, 0, 0, AT, AT + 3n, 9, 2, -1, 0, 10],
    [6, KIND_BID_LEVEL, 0, 0, AT, AT + 3n, 9999, 0, 0, 0, 10],
    [7, KIND_ASK_LEVEL, FLAG_LAST, 0, AT, AT + 3n, 10_001, 5, 0, 0, 10],
    [8, KIND_BOOK_STATUS, FLAG_LAST, 0, 0n, AT + 4n, 1, 3, 0, 0, 10],
    [9, KIND_MARK_PRICE, FLAG_LAST, 0, AT, AT + 5n, 1_178_462_659_091, 0, 8, 0, 0],
    [
      10,
      KIND_FUNDING_RATE,
      FLAG_LAST,
      0,
      AT,
      AT + 5n,
      -46_670_000,
      28_800_000,
      0,
      0,
      1_700_006_400_000,
    ],
    [11, KIND_LIQUIDATION, FLAG_LAST, 0, AT, AT + 6n, 5, 7, 2, 3, 0],
  ];
  for (const row of rows) records.set(...row);
  recorder.append(records.bytes, records.capacity);
  recorder.close();
  const bar = {
    open: price(5),
    high: price(9),
    low: price(1),
    close: price(7),
    volume: quantity(3),
  };
  const openTime = unixMicros(19_675 * 86_400_000_000);
  new BarStore(ticks, 'a test').keepDay(INSTRUMENT, 19_675, [{ openTime, ...bar, closed: true }]);
  const bars = new MarketRecords(2);
  for (const [row, kind] of [7, 8].entries()) {
    bars.set(row, kind, FLAG_LAST, 0, AT, AT, 1 + row, 4, 1, 86_400_000, 1_700_000_000_000);
  }
  const settled = new MarketRecords(1);
  const endMs = Number(AT / 1_000_000n);
  settled.set(0, KIND_FUNDING_RATE, FLAG_LAST, 0, AT, AT, -46_670_000, 28_800_000, 0, 0, endMs);
  {
    using segment = new SegmentReplacement(ticks, INSTRUMENT, 19_675, 'funding');
    segment.append(settled, 1);
    segment.commit(ORIGIN);
  }
  for (const kind of TICK_KINDS.filter((one) => one.startsWith('bars-'))) {
    const day = kind === 'bars-1d' ? 19_358 : 19_675;
    using segment = new SegmentReplacement(ticks, INSTRUMENT, day, kind);
    segment.append(bars, 2);
    segment.commit(ORIGIN);
  }
}

/** Every record of a store by its segment, byte by byte. */
function contentOf(ticks: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    listSegments(ticks).segments.map(({ definition, kind, day, path }) => {
      const opened = TickSegmentReader.open(path);
      if (!opened.ok) throw new Error(opened.error.detail);
      using reader = opened.value;
      const { rows } = reader.stats;
      const records = new MarketRecords(rows);
      expect(reader.next(records.bytes)).toBe(rows);
      const scales = `${definition.priceScale} ${definition.quantityScale}`;
      const bytes = Buffer.from(records.bytes).toString('hex');
      return [`${definition.id} ${kind} ${day} ${scales}`, bytes];
    }),
  );
}

async function exported(ticks: string, to: string, format: HiveFormat): Promise<void> {
  using duck = await openDuck();
  for (const place of listSegments(ticks).segments) await exportSegment(duck, place, to, format);
}

async function imported(from: string, ticks: string): Promise<readonly unknown[]> {
  using duck = await openDuck();
  const found = findHiveFiles(from);
  if (!found.ok) throw new Error(found.error.message);
  const answers: unknown[] = [];
  for (const file of found.value) {
    const kept = await importHiveFile(duck, ticks, file, ORIGIN);
    answers.push(kept.ok ? kept.value : kept.error);
  }
  return answers;
}

describe.each(HIVE_FORMATS)('as %s', (format) => {
  test('every kind goes out and comes back as it was, to the last bit', async () => {
    const [ticks, hive, back] = ['ticks', 'hive', 'back'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    fill(ticks);
    const before = contentOf(ticks);
    expect(Object.keys(before)).toHaveLength(TICK_KINDS.length);
    await exported(ticks, hive, format);
    expect(readdirSync(hive, { recursive: true })).toContain(
      join(
        'venue=BINANCE@sandbox',
        'instrument=BTCUSDT',
        'kind=trades',
        'date=2023-11-14',
        `part-0.${format}`,
      ),
    );
    await imported(hive, back);
    expect(contentOf(back)).toEqual(before);
    // What is there already is not touched.
    const again = await imported(hive, back);
    expect(again).toEqual(
      again.map(() => expect.objectContaining({ code: 'HIVE_IN_STORE' }) as unknown),
    );
    expect(contentOf(back)).toEqual(before);
  });
});

describe('a file that is none of ours', () => {
  const place = 'venue=X/instrument=Y/kind=trades/date=2023-11-14';
  const HEAD =
    'kind,flags,ts_event,ts_received,price,quantity,price2,quantity2,id,price_scale,quantity_scale';
  test.each([
    ['other columns', 'a,b\n1,2\n', 'the columns must be'],
    ['a fraction', `${HEAD}\n1,1,0,${AT},1.5,1,0,0,0,2,2\n`, 'row 1: price must be a whole number'],
    ['another kind', `${HEAD}\n2,1,0,${AT},1,1,0,0,0,2,2\n`, 'are of no kind 2'],
    ['another day', `${HEAD}\n1,1,0,1800000000000000000,1,1,0,0,0,2,2\n`, 'of the day of their'],
    [
      'two scales',
      `${HEAD}\n1,1,0,${AT},1,1,0,0,0,2,2\n1,1,0,${AT},1,1,0,0,0,3,2\n`,
      'row 2: the scales',
    ],
    [
      'time that goes back',
      `${HEAD}\n1,1,0,${AT},1,1,0,0,0,2,2\n1,1,0,1,1,1,0,0,0,2,2\n`,
      'row 2: ts_received',
    ],
    ['a word', `${HEAD}\n1,1,0,${AT},x,1,0,0,0,2,2\n`, 'price must be a whole number'],
  ])('%s is told, and nothing is kept', async (_, text, words) => {
    mkdirSync(join(folder, place), { recursive: true });
    writeFileSync(join(folder, place, 'part-0.csv'), text);
    const [answer] = await imported(folder, join(folder, 'ticks'));
    expect(answer).toMatchObject({ code: 'HIVE_FILE_UNREADABLE' });
    expect((answer as { message: string }).message).toContain(words);
    expect(listSegments(join(folder, 'ticks')).segments).toEqual([]);
  });

  test('no files, a folder of another shape', () => {
    expect(findHiveFiles(folder)).toMatchObject({ error: { code: 'HIVE_NO_FILES' } });
    writeFileSync(join(folder, 'a.parquet'), '');
    expect(findHiveFiles(folder)).toMatchObject({ error: { code: 'HIVE_FOLDER_UNKNOWN' } });
  });
});

describe('questions in SQL', () => {
  test('tables by kind, decimals exact, days and instrument chosen', async () => {
    const ticks = join(folder, 'ticks');
    fill(ticks);
    expect(
      await askTicks(
        ticks,
        {},
        'SELECT instrument, received::VARCHAR, price::VARCHAR, side FROM trades ORDER BY price',
      ),
    ).toEqual({
      columns: ['instrument', 'CAST(received AS VARCHAR)', 'CAST(price AS VARCHAR)', 'side'],
      rows: [
        [INSTRUMENT.id, '2023-11-14 22:13:20.000000001', '-90071992547409.910000000000', 'buy'],
        [INSTRUMENT.id, '2023-11-14 22:13:20.000000001', '90071992547409.910000000000', 'sell'],
      ],
    });
    const bars =
      'SELECT open::VARCHAR, high::VARCHAR, low::VARCHAR, close::VARCHAR, volume::VARCHAR FROM bars';
    expect((await askTicks(ticks, {}, bars)).rows).toEqual([
      ['0.050000000000', '0.090000000000', '0.010000000000', '0.070000000000', '0.000030000000'],
    ]);
    const funding = 'SELECT settled::VARCHAR, rate::VARCHAR, period_ms FROM funding';
    expect((await askTicks(ticks, {}, funding)).rows).toEqual([
      ['2023-11-14 22:13:20.000000001', '-0.000046670000', '28800000'],
    ]);
    const count = 'SELECT (SELECT count(*) FROM trades) + (SELECT count(*) FROM diffs) AS rows';
    expect((await askTicks(ticks, { fromDay: '2023-11-14' }, count)).rows).toEqual([['4']]);
    expect((await askTicks(ticks, { fromDay: '2023-11-15' }, count)).rows).toEqual([['0']]);
    await expect(askTicks(ticks, {}, 'SELEC 1')).rejects.toThrow('syntax error');
  });
});
