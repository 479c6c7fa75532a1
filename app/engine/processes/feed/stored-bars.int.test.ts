import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { joinBars } from '../../bars/time-bars.ts';
import { err, ok } from '../../base/result.ts';
import { Xoshiro128 } from '../../base/rng.ts';
import { INTERVAL_MICROS, INTERVALS, type Bar } from '../../domain/market.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import { BarStore, MICROS_A_DAY } from '../../store/ticks/bar-store.ts';
import { segmentOfDay } from '../../store/ticks/tick-folders.ts';
import { StoredBars, type BarSource } from './stored-bars.ts';

const MINUTE = INTERVAL_MICROS['1m'];
const FIRST_DAY = 19_700;
const DAYS = 6;
const NOW = (FIRST_DAY + DAYS) * MICROS_A_DAY + 125.5 * MINUTE;

let ticks = '';
beforeEach(() => {
  ticks = join(mkdtempSync(join(tmpdir(), 'qd-bars-')), 'ticks');
});
afterEach(() => rmSync(join(ticks, '..'), { recursive: true }));

/** Minutes of six days and the present one, its last unfinished; some are missing, some without a trade. */
function history(seed: number): readonly Bar[] {
  const rng = new Xoshiro128(seed);
  const bars: Bar[] = [];
  let last = 50_000;
  for (let at = FIRST_DAY * MICROS_A_DAY; at < NOW; at += MINUTE) {
    const fate = rng.nextDouble();
    if (fate < 0.02 && at + MINUTE < NOW) continue;
    const close = last + rng.nextBelow(21) - 10;
    const traded = fate > 0.1;
    const [low, high] = [Math.min(last, close) - 3, Math.max(last, close) + 4];
    bars.push({
      openTime: unixMicros(at),
      open: price(last),
      high: price(traded ? high : last),
      low: price(traded ? low : last),
      close: price(traded ? close : last),
      volume: quantity(traded ? 1 + rng.nextBelow(1e9) : 0),
      closed: at + MINUTE <= NOW,
    });
    if (traded) last = close;
  }
  return bars;
}

/** A venue that has them and counts what it was asked for. */
function venueOf(minutes: readonly Bar[]): BarSource & { asked: number; fails: boolean } {
  return {
    asked: 0,
    fails: false,
    async loadBars(_instrument, interval, { endTime = Number.MAX_SAFE_INTEGER, limit }) {
      this.asked += 1;
      if (this.fails) return err({ code: 'VENUE_SILENT', kind: 'Retryable', message: 'no answer' });
      const bars = joinBars(minutes, INTERVAL_MICROS[interval]);
      return ok(bars.filter(({ openTime }) => openTime < endTime).slice(-limit));
    },
  };
}

function storedOver(client: BarSource, keep: boolean): StoredBars {
  const store = new BarStore(ticks, 'a test');
  const onProblem = (problem: string): void => {
    throw new Error(problem);
  };
  return new StoredBars({ client, store, nowMicros: () => NOW, keep, onProblem });
}

function minutesOf(bars: readonly Bar[], day: number): readonly Bar[] {
  return bars.filter(({ openTime }) => Math.floor(openTime / MICROS_A_DAY) === day);
}

function spoil(day: number): void {
  const place = segmentOfDay(ticks, INSTRUMENT.id, day, 'bars');
  if (place === undefined) throw new Error(`day ${day} is not kept`);
  const file = openSync(place.path, 'r+');
  writeSync(file, Buffer.from([0x5a]), 0, 1, 300);
  closeSync(file);
}

const questions = fc.array(
  fc.record({
    interval: fc.constantFrom(...INTERVALS),
    end: fc.option(fc.integer({ min: -2000, max: (DAYS + 1) * 1440 }), { nil: undefined }),
    limit: fc.integer({ min: 1, max: 1000 }),
  }),
  { minLength: 1, maxLength: 6 },
);

describe('StoredBars', () => {
  test('whatever days are kept or damaged, an answer is what the venue would say', async () => {
    const dayList = Array.from({ length: DAYS }, (_, index) => FIRST_DAY + index);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.subarray(dayList),
        fc.subarray(dayList),
        questions,
        async (seed, kept, damaged, asked) => {
          rmSync(ticks, { recursive: true, force: true });
          const minutes = history(seed);
          const venue = venueOf(minutes);
          const store = new BarStore(ticks, 'a test');
          for (const day of kept) store.keepDay(INSTRUMENT, day, minutesOf(minutes, day));
          for (const day of damaged.filter((one) => kept.includes(one))) spoil(day);
          const bars = storedOver(venue, false);
          for (const { interval, end, limit } of asked) {
            const endTime =
              end === undefined
                ? {}
                : { endTime: unixMicros(FIRST_DAY * MICROS_A_DAY + end * MINUTE) };
            const told = await bars.loadBars(INSTRUMENT, interval, { limit, ...endTime });
            expect(told).toEqual(await venue.loadBars(INSTRUMENT, interval, { limit, ...endTime }));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('what a chart pages through is kept day by day, and the venue is not asked again', async () => {
    const minutes = history(7);
    const venue = venueOf(minutes);
    const bars = storedOver(venue, true);
    let end: number | undefined;
    for (;;) {
      const range = { limit: 700, ...(end !== undefined && { endTime: unixMicros(end) }) };
      const told = await bars.loadBars(INSTRUMENT, '1m', range);
      const first = told.ok ? told.value[0] : undefined;
      if (first === undefined) break;
      end = first.openTime - 1;
    }
    const store = new BarStore(ticks, 'a test');
    for (let day = FIRST_DAY; day < FIRST_DAY + DAYS; day += 1) {
      expect(store.readDay(INSTRUMENT, day, '1m')).toEqual(minutesOf(minutes, day));
    }
    expect(store.has(INSTRUMENT, FIRST_DAY + DAYS)).toBe(false);
    venue.fails = true;
    venue.asked = 0;
    const midnight = unixMicros((FIRST_DAY + DAYS) * MICROS_A_DAY);
    const days = await bars.loadBars(INSTRUMENT, '1d', { limit: DAYS, endTime: midnight });
    expect(days).toEqual(ok(joinBars(minutes, MICROS_A_DAY).slice(0, DAYS)));
    expect(venue.asked).toBe(0);
  });

  test('a venue that fails costs what only it has', async () => {
    const minutes = history(11);
    const venue = venueOf(minutes);
    const store = new BarStore(ticks, 'a test');
    const kept = FIRST_DAY + DAYS - 1;
    store.keepDay(INSTRUMENT, kept, minutesOf(minutes, kept));
    venue.fails = true;
    const bars = storedOver(venue, true);
    const endTime = unixMicros((kept + 1) * MICROS_A_DAY);
    const told = await bars.loadBars(INSTRUMENT, '1h', { limit: 100, endTime });
    expect(told).toEqual(ok(joinBars(minutesOf(minutes, kept), INTERVAL_MICROS['1h'])));
    expect(await bars.loadBars(INSTRUMENT, '1h', { limit: 100 })).toMatchObject({
      error: { code: 'VENUE_SILENT' },
    });
  });

  test('a day that was kept with other scales is not read', () => {
    const minutes = history(13);
    const store = new BarStore(ticks, 'a test');
    store.keepDay(INSTRUMENT, FIRST_DAY, minutesOf(minutes, FIRST_DAY));
    const finer = { ...INSTRUMENT, priceScale: INSTRUMENT.priceScale + 1 };
    expect(store.readDay(finer, FIRST_DAY, '1h')).toBeUndefined();
    expect(store.readDay(INSTRUMENT, FIRST_DAY, '1h')).toHaveLength(24);
  });
});
