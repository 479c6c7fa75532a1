import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from '../domain/market.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { joinBars, TimeBars } from './time-bars.ts';

const MINUTE = 60_000_000;

interface Print {
  readonly at: number;
  readonly price: number;
  readonly quantity: number;
}

function build(prints: readonly Print[], interval: number): Bar[] {
  const bars = new TimeBars(interval);
  const closed: Bar[] = [];
  for (const print of prints) {
    bars.add(price(print.price), quantity(print.quantity), unixMicros(print.at), (bar) =>
      closed.push(bar),
    );
  }
  return bars.current === undefined ? closed : [...closed, bars.current];
}

/** The plain second calculation: group, then take extremes; a group without prints is flat at the close before. */
function expected(prints: readonly Print[], interval: number): unknown[] {
  const first = Math.floor((prints[0]?.at ?? 0) / interval);
  const last = Math.floor((prints.at(-1)?.at ?? 0) / interval);
  const rows: unknown[] = [];
  let close = 0;
  for (let slot = first; slot <= last; slot += 1) {
    const group = prints.filter((print) => Math.floor(print.at / interval) === slot);
    const prices = group.length === 0 ? [close] : group.map((print) => print.price);
    close = prices.at(-1) ?? close;
    rows.push({
      openTime: slot * interval,
      open: prices[0],
      high: Math.max(...prices),
      low: Math.min(...prices),
      close,
      volume: group.reduce((sum, print) => sum + print.quantity, 0),
      closed: slot !== last,
    });
  }
  return rows;
}

const prints = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: 20 * MINUTE }),
      price: fc.integer({ min: 1, max: 1000 }),
      quantity: fc.integer({ min: 1, max: 50 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows) => rows.sort((left, right) => left.at - right.at));

describe('TimeBars', () => {
  test('agree with grouping the prints by hand', () => {
    fc.assert(
      fc.property(prints, (rows) => {
        expect(build(rows, MINUTE)).toEqual(expected(rows, MINUTE));
      }),
    );
  });

  test('joined minutes equal five-minute bars built from the prints', () => {
    fc.assert(
      fc.property(prints, (rows) => {
        const joined = joinBars(build(rows, MINUTE), 5 * MINUTE);
        const direct = build(rows, 5 * MINUTE);
        expect(
          joined.map((bar) => [bar.openTime, bar.high, bar.low, bar.close, bar.volume]),
        ).toEqual(direct.map((bar) => [bar.openTime, bar.high, bar.low, bar.close, bar.volume]));
      }),
    );
  });

  test('a late print counts into the bar being built', () => {
    const bars = build(
      [
        { at: MINUTE, price: 10, quantity: 1 },
        { at: MINUTE - 1, price: 12, quantity: 2 },
      ],
      MINUTE,
    );
    expect(bars).toMatchObject([{ openTime: MINUTE, high: 12, volume: 3 }]);
  });
});
