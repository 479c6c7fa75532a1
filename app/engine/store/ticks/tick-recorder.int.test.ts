import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Instrument } from '../../domain/instrument.ts';
import { instrumentId } from '../../domain/identifiers.ts';
import { BTC, INSTRUMENT, VENUE } from '../../kernel/testing/desk.ts';
import {
  FLAG_AGGRESSOR_SELL,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_ASK_LEVEL,
  KIND_BBO,
  KIND_BID_LEVEL,
  KIND_BOOK_STATUS,
  KIND_DIFF_HEADER,
  KIND_FUNDING_RATE,
  KIND_INDEX_PRICE,
  KIND_LIQUIDATION,
  KIND_MARK_PRICE,
  KIND_OPEN_INTEREST,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { TickSegmentReader } from '../../native/io/tick-segment.ts';
import { findSegments, listSegments } from './tick-folders.ts';
import { TickRecorder } from './tick-recorder.ts';
import { readTicks, type TickRow } from './tick-rows.ts';

const ETH: Instrument = { ...INSTRUMENT, id: instrumentId('ETHUSDT', VENUE), symbol: 'ETHUSDT' };
/** 2023-11-14T22:13:20Z */
const AT = 1_700_000_000_000_000_000n;
const DAY = 86_400_000_000_000n;

const ORIGIN = { source: 'a test', writtenBy: 'a test' };

let ticks = '';
beforeEach(() => {
  ticks = join(mkdtempSync(join(tmpdir(), 'qd-ticks-')), 'ticks');
});
afterEach(() => rmSync(join(ticks, '..'), { recursive: true }));

/** One message of each kind of two instruments, received from `at` on. */
function messages(at: bigint): MarketRecords {
  const records = new MarketRecords(9);
  records.set(
    0,
    KIND_TRADE,
    FLAG_LAST | FLAG_AGGRESSOR_SELL,
    0,
    at - 5n,
    at,
    10_050,
    12_345,
    0,
    0,
    77,
  );
  records.set(1, KIND_BBO, FLAG_LAST, 1, 0n, at + 1n, 200, 1, 201, 2, 5);
  records.set(2, KIND_SNAPSHOT_HEADER, FLAG_SNAPSHOT, 0, 0n, at + 2n, 0, 1, 0, 0, 8);
  records.set(
    3,
    KIND_BID_LEVEL,
    FLAG_SNAPSHOT | FLAG_LAST,
    0,
    0n,
    at + 2n,
    9_999,
    100_000,
    0,
    0,
    8,
  );
  records.set(4, KIND_DIFF_HEADER, 0, 0, 0n, at + 3n, 9, 2, -1, 0, 10);
  records.set(5, KIND_BID_LEVEL, 0, 0, 0n, at + 3n, 9_999, 0, 0, 0, 10);
  records.set(6, KIND_ASK_LEVEL, FLAG_LAST, 0, 0n, at + 3n, 10_001, 5, 0, 0, 10);
  records.set(7, KIND_BOOK_STATUS, FLAG_LAST, 0, 0n, at + 4n, 0, 0, 0, 0, 10);
  records.set(8, KIND_TRADE, FLAG_LAST, 0, at, at + 5n, 10_051, 1, 0, 0, 78);
  return records;
}

function read(instrument: Instrument): Record<string, TickRow[]> {
  const found = findSegments(ticks, instrument.id);
  if (!found.ok) throw new Error(found.error.message);
  const rows: Record<string, TickRow[]> = {};
  for (const place of found.value) {
    const opened = TickSegmentReader.open(place.path);
    if (!opened.ok) throw new Error(opened.error.detail);
    using reader = opened.value;
    rows[`${place.day} ${place.kind}`] = [...readTicks(reader, place.definition, {})];
  }
  return rows;
}

describe('TickRecorder', () => {
  test('what is told of derivatives stands apart, with its own decimals', () => {
    using recorder = new TickRecorder(ticks, [INSTRUMENT], ORIGIN);
    const records = new MarketRecords(5);
    const put = (row: number, kind: number, flags: number, ...values: readonly number[]): void => {
      const [px = 0, qty = 0, px2 = 0, qty2 = 0, id = 0] = values;
      records.set(row, kind, FLAG_LAST | flags, 0, AT, AT, px, qty, px2, qty2, id);
    };
    put(0, KIND_MARK_PRICE, 0, 1_178_462_659_091, 0, 8);
    put(1, KIND_INDEX_PRICE, 0, 1_179_415, 0, 2);
    put(2, KIND_FUNDING_RATE, 0, -212_000_000, 28_800_000, 0, 0, 1_673_280_000_000);
    put(3, KIND_OPEN_INTEREST, 0, 0, 343_723_805, 0, 4);
    put(4, KIND_LIQUIDATION, FLAG_AGGRESSOR_SELL, 991_012_345_678, 14, 8, 3);
    recorder.append(records.bytes, 5);
    recorder.flush();
    const rows = read(INSTRUMENT)['2023-11-14 derivatives'] ?? [];
    const shown = rows.map(({ what, side, price, quantity, id }) => [
      what,
      side,
      price,
      quantity,
      id,
    ]);
    expect(shown).toEqual([
      ['markPrice', '', '11784.62659091', '', '0'],
      ['indexPrice', '', '11794.15', '', '0'],
      ['fundingRate', '', '-0.000212000000', '', '1673280000000'],
      ['openInterest', '', '', '34372.3805', '0'],
      ['liquidation', 'sell', '9910.12345678', '0.014', '0'],
    ]);
  });

  test('what was received comes back, kind by kind, as decimals; readable while it is written', () => {
    using recorder = new TickRecorder(ticks, [INSTRUMENT, ETH], ORIGIN);
    recorder.append(messages(AT).bytes, 9);
    recorder.flush();
    const rows = read(INSTRUMENT);
    expect(Object.keys(rows)).toEqual([
      '2023-11-14 trades',
      '2023-11-14 diffs',
      '2023-11-14 snapshots',
    ]);
    expect(rows['2023-11-14 trades']).toEqual([
      {
        event: '2023-11-14T22:13:19.999999995Z',
        received: '2023-11-14T22:13:20.000000000Z',
        what: 'trade',
        side: 'sell',
        price: '100.50',
        quantity: '0.12345',
        askPrice: '',
        askQuantity: '',
        id: '77',
      },
      expect.objectContaining({ side: 'buy', price: '100.51', id: '78' }),
    ]);
    expect(
      rows['2023-11-14 diffs']?.map(({ what, side, quantity }) => [what, side, quantity]),
    ).toEqual([
      // Where the snapshot stood, which is kept apart.
      ['snapshot', '', ''],
      ['diff', '', ''],
      ['level', 'bid', '0.00000'],
      ['level', 'ask', '0.00005'],
      ['status', '', ''],
    ]);
    expect(read(ETH)).toMatchObject({ '2023-11-14 bbo': [{ price: '2.00', askPrice: '2.01' }] });
    expect(recorder.state).toEqual({ rows: 9, lost: 0 });
    recorder.append(messages(AT + 10n).bytes.subarray(0, 64), 1);
    recorder.flush();
    expect(read(INSTRUMENT)['2023-11-14 trades']).toHaveLength(3);
  });

  test('a recording goes over into the next day and on with segments it finds', () => {
    for (const at of [AT, AT + DAY, AT + DAY + 10n]) {
      using recorder = new TickRecorder(ticks, [INSTRUMENT, ETH], ORIGIN);
      recorder.append(messages(at).bytes, 9);
    }
    const rows = read(INSTRUMENT);
    expect(rows['2023-11-14 trades']).toHaveLength(2);
    expect(rows['2023-11-15 trades']).toHaveLength(4);
    const { segments, problems } = listSegments(ticks);
    expect(problems).toEqual([]);
    expect(segments).toHaveLength(8);
    expect(statSync(join(ticks, VENUE)).mode & 0o777).toBe(0o700);
    expect(segments.map(({ path }) => statSync(path).mode & 0o777)).toEqual(Array(8).fill(0o600));
  });

  test('scales that the venue changed hold from their day on; within a day what differs is refused and counted', () => {
    const finer: Instrument = { ...INSTRUMENT, priceScale: 3 };
    {
      using recorder = new TickRecorder(ticks, [INSTRUMENT, ETH], ORIGIN);
      recorder.append(messages(AT).bytes, 1);
    }
    using recorder = new TickRecorder(ticks, [finer, ETH], ORIGIN);
    recorder.append(messages(AT + 5n).bytes, 1);
    expect(recorder.state).toMatchObject({ rows: 0, lost: 1 });
    expect(recorder.state.problem).toContain('"priceScale":2');
    recorder.append(messages(AT + DAY).bytes, 1);
    recorder.flush();
    const rows = read(INSTRUMENT);
    expect(rows['2023-11-14 trades']?.map(({ price }) => price)).toEqual(['100.50']);
    expect(rows['2023-11-15 trades']?.map(({ price }) => price)).toEqual(['10.050']);
  });

  test('a day whose definition is damaged is named; a recording sets it aside and goes on', () => {
    const day = join(ticks, VENUE, 'BTCUSDT', '2023-11-14');
    {
      using recorder = new TickRecorder(ticks, [INSTRUMENT, ETH], ORIGIN);
      recorder.append(messages(AT).bytes, 1);
    }
    writeFileSync(join(day, 'instrument.json'), '{"id":');
    expect(findSegments(ticks, BTC)).toMatchObject({ error: { code: 'TICKS_DEFINITION_DAMAGED' } });
    expect(listSegments(ticks).problems).toHaveLength(1);
    {
      using recorder = new TickRecorder(ticks, [INSTRUMENT, ETH], ORIGIN);
      recorder.append(messages(AT + 9n).bytes, 1);
    }
    expect(read(INSTRUMENT)['2023-11-14 trades']).toHaveLength(2);
    expect(readdirSync(day)).toContain('instrument.json.damaged');
  });

  test('a disk that refuses costs records, counted, and is tried again', () => {
    writeFileSync(ticks, 'a file where the folder should be');
    using recorder = new TickRecorder(ticks, [INSTRUMENT, ETH], ORIGIN);
    recorder.append(messages(AT).bytes, 9);
    expect(recorder.state).toMatchObject({ rows: 0, lost: 9 });
    expect(recorder.state.problem).toMatch(/ENOTDIR|EEXIST/);
    rmSync(ticks);
    recorder.append(messages(AT + 2_000_000_000n).bytes, 9);
    expect(recorder.state).toMatchObject({ rows: 9, lost: 9 });
  });

  test('messages nobody understood are kept as they came', () => {
    using recorder = new TickRecorder(ticks, [INSTRUMENT], ORIGIN);
    recorder.unknown('{"a":\n1}', AT);
    recorder.unknown('x', AT + 1n);
    const text = readFileSync(join(ticks, VENUE, 'unknown-2023-11-14.txt'), 'utf8');
    expect(text).toBe(`${AT} {"a": 1}\n${AT + 1n} x\n`);
    expect(listSegments(ticks)).toEqual({ segments: [], problems: [] });
  });
});
