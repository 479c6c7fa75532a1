import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BookTop, L2Book } from './book.ts';
import {
  KIND_ASK_LEVEL,
  KIND_BID_LEVEL,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  MarketRecords,
} from './market-record.ts';

const DEPTH = 8;

/** The slow reference: a map a side, sorted when asked. */
class PlainBook {
  readonly #sides = { Bid: new Map<number, number>(), Ask: new Map<number, number>() };
  readonly #maxLevels: number;

  constructor(maxLevels: number) {
    this.#maxLevels = maxLevels;
  }

  apply(kind: number, price: number, quantity: number): void {
    if (kind === KIND_SNAPSHOT_HEADER) {
      this.#sides.Bid.clear();
      this.#sides.Ask.clear();
    }
    if (kind !== KIND_BID_LEVEL && kind !== KIND_ASK_LEVEL) return;
    const side = kind === KIND_BID_LEVEL ? 'Bid' : 'Ask';
    if (quantity === 0) this.#sides[side].delete(price);
    else this.#sides[side].set(price, quantity);
    const worst = this.sorted(side).at(this.#maxLevels);
    if (worst !== undefined) this.#sides[side].delete(worst[0]);
  }

  sorted(side: 'Bid' | 'Ask'): [number, number][] {
    const sign = side === 'Bid' ? -1 : 1;
    return [...this.#sides[side]].sort((a, b) => sign * (a[0] - b[0]));
  }
}

const level = fc.record({
  kind: fc.oneof(
    { weight: 50, arbitrary: fc.constantFrom(KIND_BID_LEVEL, KIND_ASK_LEVEL) },
    { weight: 1, arbitrary: fc.constantFrom(KIND_SNAPSHOT_HEADER, KIND_TRADE) },
  ),
  price: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: -30, max: 60 }) },
    { weight: 2, arbitrary: fc.integer({ min: -40_000, max: 40_000 }) },
    { weight: 1, arbitrary: fc.maxSafeInteger() },
  ),
  quantity: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1000 }), fc.maxSafeNat()),
});

test('the book agrees with sorted maps after any records', () => {
  const batches = fc.array(fc.array(level, { maxLength: 40 }), { maxLength: 12 });
  fc.assert(
    fc.property(
      batches,
      fc.constantFrom(1, 5, 1000),
      fc.constantFrom(1, 7),
      (all, maxLevels, tickSize) => {
        const book = new L2Book({ maxLevels, tickSize });
        const plain = new PlainBook(maxLevels);
        const top = new BookTop(DEPTH);
        for (const batch of all) {
          const records = new MarketRecords(batch.length + 1);
          batch.forEach(({ kind, price, quantity }, i) => {
            records.set(i, kind, 0, 0, 0n, 0n, price, quantity, 0, 0, i);
            plain.apply(kind, price, quantity);
          });
          book.applyAndTop(records, 0, batch.length, top);
          const [bids, asks] = [plain.sorted('Bid'), plain.sorted('Ask')];
          expect([top.bids, top.asks]).toEqual(
            [bids, asks].map((side) => Math.min(side.length, DEPTH)),
          );
          expect(column(top.bidPrices, top.bidQuantities, top.bids)).toEqual(bids.slice(0, DEPTH));
          expect(column(top.askPrices, top.askQuantities, top.asks)).toEqual(asks.slice(0, DEPTH));
          expect([book.levels('Bid'), book.levels('Ask')]).toEqual([bids.length, asks.length]);
          const [bid, ask] = [bids[0], asks[0]];
          expect(book.crossed).toBe(bid !== undefined && ask !== undefined && bid[0] >= ask[0]);
          for (const [price, quantity] of bids)
            expect(book.quantityAt('Bid', price)).toBe(quantity);
          const within = asks.filter(([price]) => price >= -10 && price <= 20);
          const sum = within.reduce((total, [, quantity]) => total + BigInt(quantity), 0n);
          const limit = BigInt(Number.MAX_SAFE_INTEGER);
          expect(book.depthBetween('Ask', -10, 20)).toBe(Number(sum < limit ? sum : limit));
        }
      },
    ),
    { numRuns: 400 },
  );
});

function column(prices: Float64Array, quantities: Float64Array, count: number): [number, number][] {
  return Array.from({ length: count }, (_, i) => [prices[i] ?? 0, quantities[i] ?? 0]);
}
