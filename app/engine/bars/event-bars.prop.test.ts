import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { EventBars, type BarRule, type BarTrade, type EventBar } from './event-bars.ts';

const trades = fc
  .array(
    fc.record({
      step: fc.integer({ min: -40, max: 40 }),
      qty: fc.integer({ min: 1, max: 50 }),
      side: fc.constantFrom<'Buy' | 'Sell' | undefined>('Buy', 'Sell', undefined),
      pause: fc.integer({ min: 0, max: 5 }),
    }),
    { maxLength: 120 },
  )
  .map((steps) => {
    let [px, at] = [10_000, 1_700_000_000_000_000];
    return steps.map(({ step, qty, side, pause }): BarTrade => {
      px += step;
      at += pause;
      const aggressor = side === undefined ? {} : { aggressor: side };
      return { price: price(px), quantity: quantity(qty), at: unixMicros(at), ...aggressor };
    });
  });

const rule = fc.oneof(
  fc.integer({ min: 1, max: 9 }).map((size): BarRule => ({ by: 'tick', size })),
  fc.integer({ min: 1, max: 200 }).map((size): BarRule => ({ by: 'volume', size: quantity(size) })),
  fc
    .integer({ min: 1, max: 2_000_000 })
    .map((size): BarRule => ({ by: 'dollar', size: BigInt(size) })),
  fc.integer({ min: 1, max: 90 }).map((size): BarRule => ({ by: 'range', size: price(size) })),
  fc
    .integer({ min: 1, max: 90 })
    .map((size): BarRule => ({ by: 'imbalance', size: quantity(size) })),
);

function build(of: BarRule, from: readonly BarTrade[]): { closed: EventBar[]; rest?: EventBar } {
  const bars = new EventBars(of);
  const closed: EventBar[] = [];
  for (const trade of from) bars.add(trade, (bar) => closed.push(bar));
  return { closed, ...(bars.current === undefined ? {} : { rest: bars.current }) };
}

/** True when a bar of these trades is over: told from all of them anew, not from what was counted before. */
function isOver(of: BarRule, group: readonly BarTrade[]): boolean {
  const sum = (value: (trade: BarTrade) => number): number =>
    group.reduce((all, trade) => all + value(trade), 0);
  switch (of.by) {
    case 'tick':
      return group.length >= of.size;
    case 'volume':
      return sum((trade) => trade.quantity) >= of.size;
    case 'dollar':
      return BigInt(sum((trade) => trade.price * trade.quantity)) >= of.size;
    case 'imbalance': {
      const signed = (side: string): number =>
        sum((trade) => (trade.aggressor === side ? trade.quantity : 0));
      return Math.abs(signed('Buy') - signed('Sell')) >= of.size;
    }
    default:
      return false;
  }
}

/** The plain second calculation: groups of trades first, their bars afterwards. */
function groups(of: BarRule, from: readonly BarTrade[]): BarTrade[][] {
  const found: BarTrade[][] = [];
  let group: BarTrade[] = [];
  for (const trade of from) {
    const prices = [...group, trade].map((one) => one.price);
    if (of.by === 'range' && Math.max(...prices) - Math.min(...prices) > of.size) {
      found.push(group);
      group = [];
    }
    group.push(trade);
    if (isOver(of, group)) {
      found.push(group);
      group = [];
    }
  }
  return group.length > 0 ? [...found, group] : found;
}

test('bars are those of the groups of trades told anew: nothing lost, nothing made up', () => {
  fc.assert(
    fc.property(rule, trades, (of, from) => {
      const { closed, rest } = build(of, from);
      const all = rest === undefined ? closed : [...closed, rest];
      const expected = groups(of, from).map((group) => ({
        openTime: group[0]?.at,
        closeTime: group.at(-1)?.at,
        open: group[0]?.price,
        high: Math.max(...group.map((one) => one.price)),
        low: Math.min(...group.map((one) => one.price)),
        close: group.at(-1)?.price,
        volume: group.reduce((sum, one) => sum + one.quantity, 0),
        trades: group.length,
      }));
      expect(all.map(({ closed: _closed, ...bar }) => bar)).toEqual(expected);
      expect(closed.every((bar) => bar.closed)).toBe(true);
      expect(rest?.closed ?? false).toBe(false);
    }),
  );
});

describe('bricks', () => {
  test('lie on a grid from the first price, one after the other, and keep all that was traded', () => {
    fc.assert(
      fc.property(trades, fc.integer({ min: 1, max: 60 }), (from, size) => {
        const { closed, rest } = build({ by: 'renko', size: price(size) }, from);
        const [first] = from;
        for (const [place, bar] of closed.entries()) {
          expect(Math.abs(bar.close - bar.open)).toBe(size);
          expect((bar.open - (first?.price ?? 0)) % size).toBeCloseTo(0);
          const before = closed[place - 1];
          if (before === undefined) continue;
          const same = Math.sign(bar.close - bar.open) === Math.sign(before.close - before.open);
          expect(bar.open).toBe(same ? before.close : before.open);
        }
        const kept = [...closed, ...(rest === undefined ? [] : [rest])];
        expect(kept.reduce((sum, bar) => sum + bar.volume, 0)).toBe(
          from.reduce((sum, trade) => sum + trade.quantity, 0),
        );
        // The last price is within what the next brick needs.
        const end = closed.at(-1)?.close ?? first?.price ?? 0;
        expect(Math.abs((from.at(-1)?.price ?? end) - end)).toBeLessThan(2 * size);
      }),
    );
  });

  test('by hand: up, up, a pause, and a turn that takes twice the size', () => {
    const prices = [100, 109, 110, 121, 115, 101, 100, 99];
    const from = prices.map((px, place): BarTrade => ({
      price: price(px),
      quantity: quantity(1),
      at: unixMicros(1_700_000_000_000_000 + place),
    }));
    const { closed } = build({ by: 'renko', size: price(10) }, from);
    expect(closed.map(({ open, close, trades: many }) => [open, close, many])).toEqual([
      [100, 110, 3],
      [110, 120, 1],
      [110, 100, 3],
    ]);
  });
});
