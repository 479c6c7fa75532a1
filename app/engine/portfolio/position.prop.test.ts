import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountId, InstrumentId } from '../domain/identifiers.ts';
import type { Fill } from '../domain/order.ts';
import { unixMicros } from '../domain/time.ts';
import { applyFill, emptyPosition, keepDay } from './position.ts';
import { fillOf } from './testing/fill-of.ts';

/** A fraction in lowest terms is not needed: only exact comparison. */
interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** Average cost by definition, in fractions: the open quantity is worth quantity x average, nothing is ever rounded. */
class Oracle {
  quantity = 0n;
  average: Fraction = { top: 0n, bottom: 1n };
  realized: Fraction = { top: 0n, bottom: 1n };

  fill(fill: Fill): void {
    const sign = fill.side === 'Buy' ? 1n : -1n;
    let left = BigInt(fill.lastQty);
    const px = BigInt(fill.lastPx);
    while (left > 0n) {
      const same = this.quantity === 0n || this.quantity > 0n === sign > 0n;
      const held = this.quantity < 0n ? -this.quantity : this.quantity;
      if (same) {
        const top = this.average.top * held + px * left * this.average.bottom;
        this.average = { top, bottom: this.average.bottom * (held + left) };
        this.quantity += sign * left;
        return;
      }
      const closed = left < held ? left : held;
      const direction = this.quantity > 0n ? 1n : -1n;
      const gain = (px * this.average.bottom - this.average.top) * closed * direction;
      const { top, bottom } = this.realized;
      this.realized = {
        top: top * this.average.bottom + gain * bottom,
        bottom: bottom * this.average.bottom,
      };
      this.quantity += sign * closed;
      left -= closed;
      if (this.quantity === 0n) this.average = { top: 0n, bottom: 1n };
    }
  }
}

const fills = fc.array(
  fc.record({
    side: fc.constantFrom('Buy' as const, 'Sell' as const),
    px: fc.integer({ min: 1, max: 10_000_000 }),
    size: fc.integer({ min: 1, max: 1_000_000 }),
  }),
  { minLength: 1, maxLength: 40 },
);

const ACCOUNT = 'BINANCE@sandbox/main' as AccountId;
const BTC = 'BTCUSDT.BINANCE@sandbox' as InstrumentId;

const DAY = 86_400_000_000;

describe('the day of a position', () => {
  it('is that of its newest fill, and what it realized is that of the fills of the day, in whatever order they are told', () => {
    const dated = fc.array(
      fc.record({
        side: fc.constantFrom('Buy' as const, 'Sell' as const),
        px: fc.integer({ min: 1, max: 1_000 }),
        size: fc.integer({ min: 1, max: 100 }),
        at: fc.integer({ min: 20_000 * DAY, max: 20_003 * DAY }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(dated, (list) => {
        let position = emptyPosition(ACCOUNT, BTC);
        const realizedOf = new Map<number, bigint>();
        list.forEach(({ side, px, size, at }, index) => {
          const fill = {
            ...fillOf({ tradeId: String(index), side, px, size }),
            venueTime: unixMicros(at),
          };
          const after = applyFill(position, fill);
          const day = Math.floor(at / DAY);
          const made = after.realized - position.realized;
          realizedOf.set(day, (realizedOf.get(day) ?? 0n) + made);
          position = keepDay(position, after, fill);
        });
        const newest = Math.max(...realizedOf.keys());
        const { realized, day } = position;
        expect(day?.start).toBe(newest * DAY);
        expect(realized - (day?.realizedBefore ?? 0n)).toBe(realizedOf.get(newest));
      }),
    );
  });
});

describe('average cost', () => {
  it('follows the definition in fractions to within half a unit a closing fill', () => {
    fc.assert(
      fc.property(fills, (list) => {
        const oracle = new Oracle();
        let position = emptyPosition(ACCOUNT, BTC);
        let cash = 0n;
        list.forEach(({ side, px, size }, index) => {
          const fill = fillOf({ tradeId: String(index), side, px, size });
          oracle.fill(fill);
          position = applyFill(position, fill);
          cash += BigInt(px) * BigInt(size) * (side === 'Buy' ? 1n : -1n);
          expect(BigInt(position.quantity)).toBe(oracle.quantity);
          // Exact at every step, whatever was rounded.
          expect(position.openCost - position.realized).toBe(cash);
          const { top, bottom } = oracle.realized;
          const gap = position.realized * bottom - top;
          const bound = BigInt(index + 1) * bottom;
          expect((gap < 0n ? -gap : gap) <= bound).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('realizes the same whatever way a fill is cut in pieces of one price', () => {
    fc.assert(
      fc.property(fills, fc.integer({ min: 2, max: 5 }), (list, parts) => {
        let whole = emptyPosition(ACCOUNT, BTC);
        let cut = emptyPosition(ACCOUNT, BTC);
        list.forEach(({ side, px, size }, index) => {
          whole = applyFill(whole, fillOf({ tradeId: `${index}`, side, px, size }));
          const piece = Math.floor(size / parts);
          const pieces = [
            ...Array.from({ length: parts - 1 }, () => piece),
            size - piece * (parts - 1),
          ];
          for (const one of pieces.filter((part) => part > 0)) {
            cut = applyFill(cut, fillOf({ tradeId: `${index}`, side, px, size: one }));
          }
        });
        expect(cut.quantity).toBe(whole.quantity);
        const gap = cut.realized - whole.realized;
        expect((gap < 0n ? -gap : gap) <= BigInt(list.length * parts)).toBe(true);
      }),
    );
  });
});
