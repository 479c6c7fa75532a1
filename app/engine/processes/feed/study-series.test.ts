import { describe, expect, test } from 'vitest';
import type { StudyRows } from '../../api/feed-service.ts';
import { ok } from '../../base/result.ts';
import { Xoshiro128 } from '../../base/rng.ts';
import { INTERVAL_MICROS, type Bar } from '../../domain/market.ts';
import { price, quantity } from '../../domain/price.ts';
import { STUDY_KINDS, standardStudy, type StudySpec } from '../../domain/study.ts';
import { unixMicros } from '../../domain/time.ts';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import { StudyRun } from '../../native/compute/study.ts';
import type { MarketDataClient } from '../../ports/market-data-client.ts';
import { BarHistory } from './bar-history.ts';
import { BarSeries } from './bar-series.ts';
import { StudySeries } from './study-series.ts';

const MINUTE = INTERVAL_MICROS['1m'];
const OPENED = 1_700_000_040_000_000;

/** A venue with a past of its own: closed bars and the one that is being built. */
class Venue {
  readonly bars: Bar[] = [];
  readonly #random: Xoshiro128;
  pages = 0;

  constructor(seed: number, count: number) {
    this.#random = new Xoshiro128(seed);
    for (let index = 0; index < count; index += 1) this.next();
  }

  get client(): MarketDataClient {
    const loadBars: MarketDataClient['loadBars'] = async (_instrument, _interval, range) => {
      this.pages += 1;
      const { endTime = unixMicros(Number.MAX_SAFE_INTEGER), limit } = range;
      return ok(this.bars.filter(({ openTime }) => openTime < endTime).slice(-limit));
    };
    return { loadBars } as MarketDataClient;
  }

  /** Closes the newest bar and opens the next. */
  next(): void {
    const last = this.bars.at(-1);
    if (last !== undefined) this.bars[this.bars.length - 1] = { ...last, closed: true };
    const open = last?.close ?? price(50_000);
    const px = price(open + this.#random.nextBelow(81) - 40);
    this.bars.push({
      openTime: unixMicros(OPENED + this.bars.length * MINUTE),
      open,
      high: price(Math.max(open, px) + 5),
      low: price(Math.min(open, px) - 5),
      close: px,
      volume: quantity(1 + this.#random.nextBelow(500)),
      closed: false,
    });
  }
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
};

/** What a window has of a study: rows by time, as they were told. */
class Table {
  readonly rows = new Map<number, readonly (number | null)[]>();
  told = 0;

  take(news: Omit<StudyRows, 'subscription'> | undefined): void {
    if (news === undefined) return;
    if (news.whole) this.rows.clear();
    this.told += news.times.length;
    for (const [at, time] of news.times.entries()) {
      this.rows.set(
        time,
        news.columns.map((column) => column[at] ?? null),
      );
    }
  }
}

function fromScratch(bars: readonly Bar[], spec: StudySpec): (number | null)[][] {
  const numbers = bars.flatMap(({ openTime, open, high, low, close, volume }) => [
    openTime / 1_000_000,
    open,
    high,
    low,
    close,
    volume,
  ]);
  const run = new StudyRun(spec);
  const values = [...run.commit(Float64Array.from(numbers))];
  return bars.map((_, at) =>
    values
      .slice(at * run.outputs, (at + 1) * run.outputs)
      .map((value) => (Number.isNaN(value) ? null : value)),
  );
}

async function begun(venue: Venue): Promise<{ series: BarSeries; history: BarHistory }> {
  const series = new BarSeries(venue.client, INSTRUMENT, '1m');
  await series.begin();
  return { series, history: new BarHistory(venue.client, series) };
}

describe.each(STUDY_KINDS)('%s', (kind) => {
  test('what a window was told is what the bars of now give, through trades, closings and corrections', async () => {
    const spec = standardStudy(kind);
    const venue = new Venue(7, 2300);
    const { series, history } = await begun(venue);
    const study = new StudySeries(history, spec, 200);
    await settled();
    const table = new Table();
    const check = (): void => {
      table.take(study.take());
      const bars = history.bars.slice(-table.rows.size);
      const wanted = fromScratch(history.bars, spec).slice(-table.rows.size);
      expect(bars.map(({ openTime }) => table.rows.get(openTime))).toEqual(wanted);
    };
    check();
    expect(table.rows.size).toBe(200);
    const random = new Xoshiro128(3);
    for (let step = 0; step < 25; step += 1) {
      const closes = step % 5 === 4;
      if (closes) venue.next();
      const at = venue.bars.at(-1);
      const px = price((at?.close ?? 0) + random.nextBelow(60) - 30);
      series.add({
        id: step,
        price: px,
        quantity: quantity(3),
        buyer: true,
        at: unixMicros(Number(at?.openTime) + 1),
      });
      check();
      // The venue's own bar replaces the closed one, which was built of other trades.
      await settled();
      check();
    }
    expect(table.rows.size).toBe(205);
    expect(table.told).toBeLessThan(200 + 25 * 2 + 5 * 205);
  });
});

test('bars that another study needs from further back do not disturb one that was told', async () => {
  const venue = new Venue(9, 6000);
  const { history } = await begun(venue);
  const spec = standardStudy('Ema');
  const study = new StudySeries(history, spec, 50);
  await settled();
  const table = new Table();
  table.take(study.take());
  const first = Math.min(...table.rows.keys());
  new StudySeries(history, spec, 3000);
  await settled();
  expect(history.bars.length).toBeGreaterThanOrEqual(4500);
  table.take(study.take());
  expect(table.rows.size).toBe(50);
  expect(Math.min(...table.rows.keys())).toBe(first);
  const wanted = fromScratch(history.bars, spec).slice(-50);
  expect([...table.rows.values()]).toEqual(wanted);
  expect(study.take()).toBeUndefined();
});

test('a history that goes on for days keeps what was asked for and some more', async () => {
  const venue = new Venue(11, 1200);
  const { series, history } = await begun(venue);
  history.reach(1000);
  await settled();
  let most = 0;
  for (let step = 0; step < 4500; step += 1) {
    venue.next();
    const at = venue.bars.at(-1);
    const trade = { id: step, price: price(at?.close ?? 1), quantity: quantity(1), buyer: true };
    series.add({ ...trade, at: unixMicros(Number(at?.openTime) + 1) });
    history.refresh();
    most = Math.max(most, history.bars.length);
  }
  await settled();
  expect(most).toBeLessThanOrEqual(3001);
  expect(history.bars.length).toBeGreaterThanOrEqual(1000);
  expect(history.bars.at(-1)?.openTime).toBe(venue.bars.at(-1)?.openTime);
});
