import { beforeEach, describe, expect, test } from 'vitest';
import { ok } from '../../../engine/base/result.ts';
import { INTERVAL_MICROS, type Interval } from '../../../engine/domain/market.ts';
import { price, quantity } from '../../../engine/domain/price.ts';
import { unixMicros } from '../../../engine/domain/time.ts';
import type { BarRow } from '../../state/market-store.ts';
import { SOL } from '../../state/testdata.ts';
import { BarWindow, MOST_BARS, type BarSource, type TimeSpan } from './bar-window.ts';

/** A million minutes end here, seconds. */
const NOW = 1_800_000_000;
const MINUTES = 1_000_000;

function row(interval: Interval, at: number): BarRow {
  const px = price(18_000 + (at % 7));
  return [unixMicros(at * INTERVAL_MICROS[interval]), px, px, px, px, quantity(5)];
}

/** A market with a million minutes, in every interval. */
class Source implements BarSource {
  questions = 0;
  most = 0;
  tell: (row: BarRow) => void = () => undefined;
  listening: Interval | undefined;

  async loadBars(
    ...[, interval, limit, endTime = unixMicros(Number.MAX_SAFE_INTEGER)]: Parameters<
      BarSource['loadBars']
    >
  ): ReturnType<BarSource['loadBars']> {
    this.questions += 1;
    this.most = Math.max(this.most, limit);
    const length = INTERVAL_MICROS[interval];
    const newest = Math.min(Math.ceil(endTime / length) - 1, Math.floor((NOW * 1e6) / length));
    const oldest = Math.floor(((NOW - MINUTES * 60) * 1e6) / length);
    const first = Math.max(oldest, newest - limit + 1);
    const count = Math.max(0, newest - first + 1);
    return ok(Array.from({ length: count }, (_, index) => row(interval, first + index)));
  }

  onBars(...[, interval, listener]: Parameters<BarSource['onBars']>): () => void {
    this.listening = interval;
    this.tell = listener;
    return () => undefined;
  }
}

let source: Source;
let told: (TimeSpan | 'newest' | 'same' | 'update')[];
let bars: BarWindow;
beforeEach(async () => {
  source = new Source();
  told = [];
  bars = new BarWindow(source, SOL, '1m', {
    onLoading: () => undefined,
    onFailed: (message) => expect.unreachable(message),
    onBars: (seen) => told.push(seen),
    onIdle: () => undefined,
    onUpdate: () => told.push('update'),
  });
  await bars.loadNewest();
});

test('the first bar of an empty market is drawn like a load, those after it alone', async () => {
  source.loadBars = () => Promise.resolve(ok([]));
  await bars.loadNewest();
  told = [];
  source.tell(row('1m', 7));
  source.tell(row('1m', 8));
  expect(told).toEqual(['newest', 'update']);
  expect(bars.bars).toHaveLength(2);
});

/** The bars follow each other without a hole. */
function expectRun(): void {
  const times = bars.bars.map(({ time }) => time);
  for (const [at, time] of times.slice(1).entries()) {
    expect(time - (times[at] ?? 0)).toBe(bars.levelSeconds);
  }
}

describe('a window of bars over a million minutes', () => {
  test('begins with the newest and goes on with what is traded', () => {
    expect(bars.bars.at(-1)?.time).toBe(NOW);
    expect(bars.live).toBe(true);
    source.tell(row('1m', NOW / 60 + 1));
    expect(bars.bars.at(-1)?.time).toBe(NOW + 60);
    expectRun();
  });

  test('never holds more than its bound, wherever it went, and comes back to now', async () => {
    for (let page = 0; page < 20; page += 1) await bars.loadOlder();
    expect(bars.bars).toHaveLength(MOST_BARS);
    expect(bars.live).toBe(false);
    expect(bars.bars[0]?.time).toBe(NOW - (20 * 500 + 499) * 60);
    expectRun();
    const oldest = bars.bars[0]?.time;
    source.tell(row('1m', NOW / 60));
    expect(bars.bars.at(-1)?.time).not.toBe(NOW);
    for (let page = 0; page < 12; page += 1) await bars.loadNewer();
    expect(bars.live).toBe(true);
    expect(bars.bars.at(-1)?.time).toBe(NOW);
    expect(bars.bars).toHaveLength(MOST_BARS);
    expect(bars.bars[0]?.time).toBeGreaterThan(oldest ?? 0);
    expectRun();
  });

  test('shows all of it in a few questions, at the detail that fits, and any part at its own', async () => {
    const whole = { from: NOW - MINUTES * 60, to: NOW };
    source.questions = 0;
    await bars.show('4h', whole);
    expect(bars.bars[0]?.time).toBeLessThanOrEqual(whole.from);
    expect(bars.live).toBe(true);
    expect(source.listening).toBe('4h');
    expect(source.questions).toBeLessThanOrEqual(MOST_BARS / 1000);
    expectRun();
    const day = { from: NOW - 400 * 86_400, to: NOW - 399 * 86_400 };
    await bars.show('1m', day);
    expect(bars.live).toBe(false);
    expect(bars.bars[0]?.time).toBeLessThanOrEqual(day.from);
    expect(bars.bars.at(-1)?.time).toBeGreaterThanOrEqual(day.to);
    expect(told.slice(-2)).toEqual([whole, day]);
    expect(source.most).toBeLessThanOrEqual(1000);
    expectRun();
    await bars.loadNewest();
    expect(bars.bars.at(-1)?.time).toBe(NOW);
    expect(bars.live).toBe(true);
  });
});
