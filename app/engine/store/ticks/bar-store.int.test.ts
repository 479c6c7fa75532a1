import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Bar } from '../../domain/market.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import { TickSegmentReader } from '../../native/io/tick-segment.ts';
import { BarStore, MICROS_A_DAY } from './bar-store.ts';
import { findSegments } from './tick-folders.ts';
import { readTicks } from './tick-rows.ts';

let ticks = '';
beforeEach(() => {
  ticks = join(mkdtempSync(join(tmpdir(), 'qd-bars-')), 'ticks');
});
afterEach(() => rmSync(join(ticks, '..'), { recursive: true }));

/** 2023-11-14 */
const DAY = 19_675;

function minute(index: number): Bar {
  return {
    openTime: unixMicros(DAY * MICROS_A_DAY + index * 60_000_000),
    open: price(10_050 + index),
    high: price(10_060 + index),
    low: price(10_040 + index),
    close: price(10_055 + index),
    volume: quantity(12_345),
    closed: true,
  };
}

test('a kept day is a segment among the others: its bars print as bars, from any of them on', () => {
  new BarStore(ticks, 'a test').keepDay(
    INSTRUMENT,
    DAY,
    Array.from({ length: 1440 }, (_, i) => minute(i)),
  );
  const found = findSegments(ticks, INSTRUMENT.id);
  const [place] = found.ok ? found.value : [];
  expect(place).toMatchObject({ day: '2023-11-14', kind: 'bars' });
  if (place === undefined) return;
  const opened = TickSegmentReader.open(place.path);
  if (!opened.ok) throw new Error(opened.error.detail);
  using reader = opened.value;
  expect(reader.stats).toMatchObject({ rows: 2880, damages: [] });
  const fromNanos = BigInt(DAY) * 86_400_000_000_000n + 90_000_000_000n;
  const rows = [...readTicks(reader, place.definition, { fromNanos })];
  expect(rows).toHaveLength(1438);
  expect(rows[0]).toEqual({
    opened: '2023-11-14T00:02:00.000000000Z',
    open: '100.52',
    high: '100.62',
    low: '100.42',
    close: '100.57',
    volume: '0.12345',
  });
});

test('a day that is told again replaces what was kept, also for who has read it', () => {
  const store = new BarStore(ticks, 'a test');
  store.keepDay(INSTRUMENT, DAY, [minute(0), minute(1)]);
  expect(store.readDay(INSTRUMENT, DAY, '1d')).toMatchObject([{ close: 10_056, volume: 24_690 }]);
  store.keepDay(INSTRUMENT, DAY, [minute(0), minute(1), minute(2)]);
  expect(store.readDay(INSTRUMENT, DAY, '1d')).toMatchObject([{ close: 10_057, volume: 37_035 }]);
  expect(store.readDay(INSTRUMENT, DAY - 1, '1d')).toBeUndefined();
});

test('a day that was cut off anywhere is not read as one without trades', () => {
  new BarStore(ticks, 'a test').keepDay(
    INSTRUMENT,
    DAY,
    Array.from({ length: 1440 }, (_, i) => minute(i)),
  );
  const found = findSegments(ticks, INSTRUMENT.id);
  const path = (found.ok ? found.value[0]?.path : undefined) ?? '';
  for (const size of [5000, 200, 100, 64, 10, 0]) {
    truncateSync(path, size);
    expect(new BarStore(ticks, 'a test').readDay(INSTRUMENT, DAY, '1d')).toBeUndefined();
  }
});
