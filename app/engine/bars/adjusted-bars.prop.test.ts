import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CorporateAction } from '../domain/corporate-action.ts';
import type { Bar } from '../domain/market.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { adjustBars } from './adjusted-bars.ts';

const DAY_MICROS = 86_400_000_000;
const PRICE_SCALE = 2;

/** A day of a share that opened and closed at one price; days since the epoch. */
function bar(day: number, close: number, volume = 1000): Bar {
  const flat = { open: price(close), high: price(close), low: price(close), close: price(close) };
  return {
    openTime: unixMicros(day * DAY_MICROS),
    ...flat,
    volume: quantity(volume),
    closed: true,
  };
}

function dateOf({ openTime }: Bar): string {
  return new Date(openTime / 1000).toISOString().slice(0, 10);
}

const dayText = (day: number): string => dateOf(bar(day, 1));

function adjusted(
  bars: readonly Bar[],
  actions: readonly CorporateAction[],
  adjustment: 'splits' | 'all' = 'all',
): readonly Bar[] {
  return adjustBars(bars, actions, { adjustment, decimals: 4, dateOf, priceScale: PRICE_SCALE });
}

const closesOf = (bars: readonly Bar[]): number[] => bars.map(({ close }) => close / 1e6);

test('two for one: prices before are half, volumes twice, and what is stored stays', () => {
  const bars = [bar(10, 100_00), bar(11, 51_00, 2000)];
  const split = { kind: 'Split', exDate: dayText(11), ratio: { over: 1n, under: 2n } } as const;
  const [before, after] = adjusted(bars, [split]);
  expect([before?.close, before?.volume]).toEqual([50_000_000, 20_000_000]);
  expect([after?.close, after?.volume]).toEqual([51_000_000, 20_000_000]);
  expect(bars[0]).toEqual(bar(10, 100_00));
});

test('a dividend is taken from the close before it; splits alone leave it', () => {
  const bars = [bar(9, 80_00), bar(10, 100_00), bar(12, 99_00)];
  const paid = {
    kind: 'Dividend',
    exDate: dayText(12),
    amount: { over: 125n, under: 100n },
  } as const;
  // (100 - 1.25) / 100
  expect(closesOf(adjusted(bars, [paid]))).toEqual([79, 98.75, 99]);
  expect(closesOf(adjusted(bars, [paid], 'splits'))).toEqual([80, 100, 99]);
});

test('a dividend that nothing came before, or that was more than the price, moves nothing', () => {
  const bars = [bar(10, 1_00), bar(11, 1_00)];
  const paid = (day: number, over: bigint): CorporateAction => ({
    kind: 'Dividend',
    exDate: dayText(day),
    amount: { over, under: 1n },
  });
  expect(closesOf(adjusted(bars, [paid(10, 1n), paid(11, 1n), paid(9, 1n)]))).toEqual([1, 1]);
});

const actionsOver = fc.array(
  fc.record({
    day: fc.integer({ min: 0, max: 40 }),
    over: fc.bigInt({ min: 1n, max: 20n }),
    under: fc.bigInt({ min: 1n, max: 20n }),
    split: fc.boolean(),
  }),
  { maxLength: 8 },
);
const closes = fc.array(fc.integer({ min: 50_00, max: 900_00 }), { minLength: 2, maxLength: 40 });

test('a return between two days that no action lies between is what it was; the newest day is as it is stored', () => {
  fc.assert(
    fc.property(closes, actionsOver, (drawn, told) => {
      const bars = drawn.map((close, day) => bar(day, close));
      const actions = told.map(({ day, over, under, split }): CorporateAction => ({
        kind: split ? 'Split' : 'DividendRatio',
        exDate: dayText(day),
        ratio: { over, under },
      }));
      const shown = adjusted(bars, actions);
      const last = bars.length - 1;
      const later = told.some(({ day }) => day > last);
      if (!later) expect(shown[last]?.close).toBe((drawn[last] ?? 0) * 10_000);
      for (let day = 1; day <= last; day += 1) {
        const between = told.filter((one) => one.day === day);
        const ratio = between.reduce(
          (all, { over, under }) => (all * Number(over)) / Number(under),
          1,
        );
        const own = (drawn[day] ?? 0) / ((drawn[day - 1] ?? 1) * ratio);
        const found = (shown[day]?.close ?? 0) / (shown[day - 1]?.close ?? 1);
        // Six decimals of prices that ratios may have made small.
        const least = Math.min(shown[day]?.close ?? 0, shown[day - 1]?.close ?? 0);
        fc.pre(least > 1000);
        expect(Math.abs(found / own - 1)).toBeLessThan(2 / least);
      }
    }),
    { numRuns: 300 },
  );
});
