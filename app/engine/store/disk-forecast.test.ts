import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  daysUntilFull,
  forecastDisk,
  type DiskBounds,
  type DiskForecast,
} from './disk-forecast.ts';

const HOUR_MS = 3_600_000;
const KB = 1024;

let folder = '';
let startMs = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-disk-'));
  startMs = Date.now();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A file that begins now, is written until `hours` from now and has `allocated` zeros behind. */
function file(path: string, bytes: number, hours: number, allocated = 0): void {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, Buffer.concat([Buffer.alloc(bytes, 7), Buffer.alloc(allocated)]));
  const at = (startMs + hours * HOUR_MS) / 1000;
  utimesSync(whole, at, at);
}

function forecast(hours: number, bounds: Partial<DiskBounds> = {}): DiskForecast {
  const found = forecastDisk(folder, startMs + hours * HOUR_MS, {
    marketRetentionDays: 7,
    ...bounds,
  });
  if (found === undefined) throw new Error('a temporary folder must have a volume');
  return found;
}

function perDay(found: DiskForecast): Record<string, number> {
  const streams = found.growth?.streams ?? [];
  return Object.fromEntries(streams.map(({ stream, bytesPerDay }) => [stream, bytesPerDay]));
}

test('what was written for less than ten minutes says nothing yet', () => {
  file('journal/s1/orders/journal-00000001.qdj', 8 * KB, 0.1);
  const { growth, freeBytes, totalBytes } = forecast(0.1);
  expect(growth).toBeUndefined();
  expect(freeBytes).toBeGreaterThan(0);
  expect(totalBytes).toBeGreaterThanOrEqual(freeBytes);
  expect(forecast(1).growth).toBeDefined();
});

test('each stream by what was written in it, without what is allocated ahead', () => {
  const day = new Date(startMs).toISOString().slice(0, 10);
  file('journal/s1/orders/journal-00000001.qdj', 8 * KB, 2, 1 << 20);
  file('journal/s1/market/journal-00000001.qdj', 64 * KB, 2);
  file('journal/s1/market/journal-00000002.qdj', 16 * KB, 2, 1 << 20);
  file(`ticks/BINANCE/BTCUSDT/${day}/trades.qdt`, 4 * KB, 1);
  file('log/engine.log', 1000, 2);
  const found = perDay(forecast(2));
  const expected = { orders: 96 * KB, market: 960 * KB, ticks: 48 * KB, log: 12_000 };
  for (const [stream, bytes] of Object.entries(expected)) {
    // The files begin some milliseconds into the two hours.
    expect(Math.abs((found[stream] ?? 0) / bytes - 1)).toBeLessThan(0.01);
  }
});

test('only the last six hours count', () => {
  file('journal/s1/orders/journal-00000001.qdj', 80 * KB, 20);
  file('journal/old/orders/journal-00000001.qdj', 80 * KB, 2);
  const { orders = 0 } = perDay(forecast(20));
  expect(Math.abs(orders / (96 * KB) - 1)).toBeLessThan(0.01);
});

test.each([
  ['nothing is written', 100, { orders: 0, market: 0, ticks: 0 }, 7, undefined],
  ['orders and ticks for ever', 100, { orders: 1, market: 0, ticks: 3 }, 7, 25],
  ['market data alone, within its days', 100, { orders: 0, market: 20, ticks: 0 }, 7, 5],
  [
    'market data alone, taken by retention before',
    100,
    { orders: 0, market: 10, ticks: 0 },
    7,
    undefined,
  ],
  ['both, market data for its days', 100, { orders: 1, market: 9, ticks: 0 }, 7, 37],
  [
    'market data that is already dropped as fast as it comes',
    100,
    { orders: 1, market: 99, ticks: 0 },
    0,
    100,
  ],
  ['in more than ten years', 100_000, { orders: 1, market: 0, ticks: 0 }, 7, undefined],
  ['no room now', 0, { orders: 0, market: 0, ticks: 0 }, 7, 0],
])('days until the disk is full: %s', (_, free, perDayOf, marketDays, days) => {
  const ends = { market: marketDays, ticks: Infinity };
  expect(daysUntilFull(free, { ...perDayOf, log: 1_000 }, ends)).toEqual(days);
});

test.each([
  [
    'ticks alone, taken by their budget before',
    100,
    { orders: 0, market: 0, ticks: 10 },
    9,
    undefined,
  ],
  ['ticks alone, the disk before the budget', 100, { orders: 0, market: 0, ticks: 10 }, 11, 10],
  ['all three, ticks end first', 100, { orders: 1, market: 2, ticks: 7 }, 5, 51],
  ['all three, market ends first', 1000, { orders: 1, market: 2, ticks: 7 }, 50, 636],
])('days until the disk is full, with a budget for ticks: %s', (_, free, rates, ticks, days) => {
  expect(daysUntilFull(free, { ...rates, log: 0 }, { market: 7, ticks })).toEqual(days);
});

test('recorded ticks are told beside their room, with the days until the oldest go', () => {
  const day = new Date(startMs).toISOString().slice(0, 10);
  file(`ticks/BINANCE/BTCUSDT/${day}/trades.qdt`, 40 * KB, 2);
  const ticks = { recordedBytes: 1_000_000, budgetBytes: 2_000_000 };
  const { ticks: told } = forecast(2, { ticks });
  expect(told).toMatchObject(ticks);
  const days = 1_000_000 / (40 * KB * 12);
  expect(Math.abs((told?.daysUntilDropped ?? 0) / days - 1)).toBeLessThan(0.01);
  const full = { recordedBytes: 2_000_001, budgetBytes: 2_000_000 };
  expect(forecast(2, { ticks: full }).ticks).toEqual({ ...full, daysUntilDropped: 0 });
  expect(forecast(0.1, { ticks }).ticks).toEqual(ticks);
});

test('a folder that is not there has no forecast', () => {
  expect(forecastDisk(join(folder, 'none'), startMs, { marketRetentionDays: 7 })).toBeUndefined();
});
