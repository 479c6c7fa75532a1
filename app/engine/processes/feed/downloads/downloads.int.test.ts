import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { err, ok } from '../../../base/result.ts';
import { Xoshiro128 } from '../../../base/rng.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import { price, quantity } from '../../../domain/price.ts';
import { until } from '../../../ports/contract/until.ts';
import { readLineage } from '../../../store/ticks/lineage.ts';
import { dayName } from '../../../store/ticks/tick-folders.ts';
import {
  DAYS,
  DownloadRig,
  OF,
  only,
  orderOf,
  pastOf,
  TODAY,
  venueOf,
} from './testing/download-rig.ts';

describe.each(['OldestFirst', 'NewestFirst'] as const)('trades told %s', (order) => {
  test('are stored as they were, each once, however often the venue fails and the engine ends on the way', async () => {
    await using store = new DownloadRig();
    const { folder } = store;
    for (let seed = 1; seed <= 12; seed += 1) {
      rmSync(join(folder, 'ticks'), { recursive: true, force: true });
      rmSync(join(folder, 'downloads'), { recursive: true, force: true });
      const rng = new Xoshiro128(seed);
      const trades = pastOf(rng, 300);
      const venue = venueOf(trades, order, rng, 10);
      let downloads = store.open(venue);
      const started = downloads.start(orderOf());
      expect(started).toEqual(ok(1));
      while (only(downloads).state !== 'Done') {
        for (let turns = rng.nextBelow(30); turns > 0; turns -= 1) {
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
        }
        await downloads[Symbol.asyncDispose]();
        // A crash cuts a page anywhere; a loss of power leaves zeros.
        for (const name of readdirSync(join(folder, 'downloads'))) {
          if (!name.endsWith('.part')) continue;
          const tail =
            rng.nextBelow(2) === 0
              ? Buffer.alloc(64 * rng.nextBelow(3))
              : Buffer.alloc(rng.nextBelow(63), 7);
          appendFileSync(join(folder, 'downloads', name), tail);
        }
        downloads = store.open(venue);
        downloads.resume();
        if (rng.nextBelow(3) === 0) {
          await until('it is done', () => only(downloads).state === 'Done');
        }
      }
      expect(store.storedTrades()).toEqual(trades);
      expect(only(downloads)).toMatchObject({ doneDays: DAYS, days: DAYS, state: 'Done' });
      expect(
        readdirSync(join(folder, 'downloads')).filter((name) => name.endsWith('.part')),
      ).toEqual([]);
      await downloads[Symbol.asyncDispose]();
    }
    expect(store.problems).toEqual([]);
  }, 60_000);
});

test('days that are there stay as they are, unless they are to be replaced; its lineage says so', async () => {
  await using store = new DownloadRig();
  const { folder } = store;
  const rng = new Xoshiro128(3);
  const trades = pastOf(rng, 50);
  const first = store.open(venueOf(trades, 'OldestFirst', rng, 0));
  first.start(orderOf());
  await until('it is done', () => only(first).state === 'Done');
  await first[Symbol.asyncDispose]();
  const others = trades.map((trade) => ({ ...trade, price: price(trade.price + 1) }));
  const second = store.open(venueOf(others, 'OldestFirst', rng, 0));
  second.resume();
  second.start(orderOf());
  await until('it is done', () => only(second).state === 'Done');
  const filled = new Set(trades.map(({ tsNanos }) => tsNanos / 86_400_000_000_000n)).size;
  expect(only(second)).toMatchObject({ skippedDays: filled, rows: 0 });
  expect(store.storedTrades()).toEqual(trades);
  second.start(orderOf({ replace: true }));
  await until('it is done', () => only(second).state === 'Done');
  expect(store.storedTrades()).toEqual(others);
  const day = Number((trades[0]?.tsNanos ?? 0n) / 86_400_000_000_000n);
  const lineage = readLineage(join(folder, 'ticks', OF.venue, OF.symbol, dayName(day)));
  expect(lineage.map(({ source }) => source)).toEqual([
    'downloaded from the venue',
    'downloaded from the venue',
  ]);
  expect(lineage[1]?.replaces).toMatch(/^[0-9a-f]{64}$/);
  await second[Symbol.asyncDispose]();
});

test('where a venue’s numbers go on and its times go back, both are kept, and what was received does not go back', async () => {
  await using store = new DownloadRig();
  const start = BigInt(TODAY - 1) * 86_400_000_000_000n;
  const trades = [5n, 9n, 7n, 9n].map((at, row) => ({
    tradeId: row + 1,
    tsNanos: start + at * 1_000_000n,
    price: price(100),
    quantity: quantity(1),
    aggressor: 'Buy' as const,
  }));
  const downloads = store.open(venueOf(trades, 'NewestFirst', new Xoshiro128(1), 0));
  downloads.start(orderOf());
  await until('it is done', () => only(downloads).state === 'Done');
  expect(store.storedTrades()).toEqual(trades);
  const records = store.stored(OF.id, 'trades', TODAY - 1);
  const received = trades.map((_, row) => ((records?.tsInitNanos(row) ?? 0n) - start) / 1_000_000n);
  expect(received).toEqual([5n, 9n, 9n, 9n]);
  await downloads[Symbol.asyncDispose]();
});

test('what cannot be is refused in words', async () => {
  await using store = new DownloadRig();
  const downloads = store.open(venueOf([], 'OldestFirst', new Xoshiro128(1), 0));
  const refusals = [
    orderOf({ from: '2023-02-30' }),
    orderOf({ to: 'tomorrow' }),
    orderOf({ from: dayName(TODAY - 1), to: dayName(TODAY - 2) }),
    orderOf({ to: dayName(TODAY) }),
    orderOf({ from: '1980-01-01' }),
    orderOf({ kind: 'funding' }),
    orderOf({ instrument: 'BINANCE:NONE' as Instrument['id'] }),
  ].map((order) => {
    const started = downloads.start(order);
    return started.ok ? started : `${started.error.code}: ${started.error.message}`;
  });
  expect(refusals).toEqual([
    'DOWNLOAD_SPAN: from must be a day like 2026-01-31, was 2023-02-30',
    'DOWNLOAD_SPAN: to must be a day like 2026-01-31, was tomorrow',
    'DOWNLOAD_SPAN: to must not be before from (2023-11-13), was 2023-11-12',
    'DOWNLOAD_SPAN: to must be a day that is over, 2023-11-13 or before, was 2023-11-14',
    'DOWNLOAD_SPAN: a download may have 3660 days, these are 16023',
    `DOWNLOAD_NOT_TOLD: ${OF.venue} does not tell funding of the past of ${OF.symbol}`,
    'INSTRUMENT_UNKNOWN: instrument must be one the feed follows, was BINANCE:NONE',
  ]);
  expect(downloads.control(7, 'Pause')).toMatchObject({ error: { code: 'DOWNLOAD_UNKNOWN' } });
  expect(downloads.rows()).toEqual([]);
  await downloads[Symbol.asyncDispose]();
});

test('a venue that refuses ends it with its words; it goes on at the day that failed when asked to', async () => {
  await using store = new DownloadRig();
  const rng = new Xoshiro128(5);
  const trades = pastOf(rng, 60);
  const venue = venueOf(trades, 'OldestFirst', rng, 0);
  let refuses = true;
  const downloads = store.open({
    ...venue,
    history: (instrument) => {
      const { trades: told } = venue.history?.(instrument) ?? {};
      if (told === undefined) return {};
      return {
        trades: {
          ...told,
          page: async (span) =>
            refuses && span.after !== undefined
              ? err({ code: 'VENUE_REFUSED', kind: 'Refused', message: 'not for you' })
              : told.page(span),
        },
      };
    },
  });
  downloads.start(orderOf());
  await until('it failed', () => only(downloads).state === 'Failed');
  expect(only(downloads).message).toBe('not for you');
  refuses = false;
  expect(downloads.control(1, 'Resume')).toEqual(ok(1));
  await until('it is done', () => only(downloads).state === 'Done');
  expect(store.storedTrades()).toEqual(trades);
  await downloads[Symbol.asyncDispose]();
});

test('a paused download waits over a start, a removed one leaves nothing of days that are not whole', async () => {
  await using store = new DownloadRig();
  const { folder } = store;
  const rng = new Xoshiro128(6);
  const venue = venueOf(pastOf(rng, 2_000), 'OldestFirst', rng, 0);
  let downloads = store.open(venue);
  downloads.start(orderOf());
  await until('it runs', () => only(downloads).withinDay !== undefined);
  expect(downloads.control(1, 'Pause')).toEqual(ok(1));
  await downloads[Symbol.asyncDispose]();
  downloads = store.open(venue);
  downloads.resume();
  expect(only(downloads).state).toBe('Paused');
  const parts = (): readonly string[] =>
    readdirSync(join(folder, 'downloads')).filter((name) => name.endsWith('.part'));
  expect(parts()).toHaveLength(1);
  downloads.control(1, 'Remove');
  await until('the part is gone', () => parts().length === 0);
  expect(downloads.rows()).toEqual([]);
  await downloads[Symbol.asyncDispose]();
});

test('the past of a simulated venue is another one at each start: a day that was begun begins anew', async () => {
  await using store = new DownloadRig();
  const { folder } = store;
  const rng = new Xoshiro128(8);
  const trades = pastOf(rng, 2_000);
  const first = store.open(venueOf(trades, 'OldestFirst', rng, 0));
  first.start(orderOf());
  await until('it runs', () => only(first).withinDay !== undefined);
  await first[Symbol.asyncDispose]();
  rmSync(join(folder, 'ticks'), { recursive: true, force: true });
  const others = trades.map((trade) => ({ ...trade, price: price(trade.price + 1) }));
  const next = store.open(venueOf(others, 'OldestFirst', rng, 0), undefined, TODAY, false);
  next.resume();
  await until('it is done', () => only(next).state === 'Done');
  const days = new Set(store.storedTrades().map(({ tsNanos }) => tsNanos / 86_400_000_000_000n));
  expect(store.storedTrades()).toEqual(
    others.filter(({ tsNanos }) => days.has(tsNanos / 86_400_000_000_000n)),
  );
  expect(days.size).toBeGreaterThan(0);
  await next[Symbol.asyncDispose]();
});

test('a venue that keeps one waiting holds up neither a pause nor the end', async () => {
  await using store = new DownloadRig();
  let asked = 0;
  const downloads = store.open({
    loadBars: async () => {
      asked += 1;
      return new Promise(() => undefined);
    },
  });
  downloads.start(orderOf({ kind: 'bars' }));
  await until('it is asked', () => asked === 1);
  downloads.control(1, 'Pause');
  downloads.control(1, 'Resume');
  await until('it is asked again', () => asked === 2);
  await downloads[Symbol.asyncDispose]();
  expect(only(downloads)).toMatchObject({ state: 'Running', doneDays: 0 });
});

test('a list that cannot be read is set aside and told', async () => {
  await using store = new DownloadRig();
  const { folder } = store;
  const downloads = store.open(venueOf([], 'OldestFirst', new Xoshiro128(1), 0));
  downloads.start(orderOf());
  await until('it is done', () => only(downloads).state === 'Done');
  await downloads[Symbol.asyncDispose]();
  const list = join(folder, 'downloads', 'downloads.json');
  expect(JSON.parse(readFileSync(list, 'utf8'))).toMatchObject({ version: 1 });
  writeFileSync(list, '{"version":2}');
  const next = store.open(venueOf([], 'OldestFirst', new Xoshiro128(1), 0));
  next.resume();
  expect(next.rows()).toEqual([]);
  expect(store.problems).toEqual([expect.stringContaining(`${list}.damaged`)]);
  expect(readFileSync(`${list}.damaged`, 'utf8')).toBe('{"version":2}');
  await next[Symbol.asyncDispose]();
});
