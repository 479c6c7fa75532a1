import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BookTop } from '../native/compute/book.ts';
import { crossingQuantity, joinSide, type JoinedLevel, type JoinSource } from './joined-book.ts';

const DEPTH = 12;
const FAR = BigInt(Number.MAX_SAFE_INTEGER);

const factor = fc.oneof(
  fc.constant({ numerator: 1n, denominator: 1n }),
  fc.constant({ numerator: 100n, denominator: 1n }),
  fc.record({
    numerator: fc.bigInt({ min: 1n, max: 3n * 10n ** 14n }),
    denominator: fc.bigInt({ min: 1n, max: 10n ** 14n }),
  }),
);
const levels = fc.uniqueArray(
  fc.record({
    price: fc.oneof(fc.integer({ min: -20, max: 60 }), fc.integer({ min: 1, max: 1_000_000_000 })),
    quantity: fc.oneof(
      fc.integer({ min: 1, max: 1000 }),
      fc.maxSafeNat().filter((one) => one > 0),
    ),
  }),
  { selector: ({ price }) => price, maxLength: 10 },
);
const source = fc.record({
  bids: levels,
  asks: levels,
  bid: factor,
  ask: factor,
  quantity: fc.constantFrom(1, 10, 1000),
});
type Plain = typeof source extends fc.Arbitrary<infer T> ? T : never;

function bestFirst(side: 'Bid' | 'Ask', { bids, asks }: Plain) {
  return side === 'Bid'
    ? bids.toSorted((left, right) => right.price - left.price)
    : asks.toSorted((left, right) => left.price - right.price);
}

function topOf(one: Plain): BookTop {
  const top = new BookTop(10);
  bestFirst('Bid', one).forEach(({ price, quantity }, at) => {
    [top.bidPrices[at], top.bidQuantities[at]] = [price, quantity];
  });
  bestFirst('Ask', one).forEach(({ price, quantity }, at) => {
    [top.askPrices[at], top.askQuantities[at]] = [price, quantity];
  });
  [top.bids, top.asks] = [one.bids.length, one.asks.length];
  return top;
}

/** The naive join: every level by itself, its price found by trying the whole numbers around the broken one. */
function naive(side: 'Bid' | 'Ask', sources: readonly Plain[]): JoinedLevel[] {
  const prices = new Map<bigint, bigint[]>();
  sources.forEach((one, at) => {
    const { numerator, denominator } = side === 'Bid' ? one.bid : one.ask;
    for (const { price, quantity } of bestFirst(side, one)) {
      const product = BigInt(price) * numerator;
      const near = product / denominator;
      const fits = (whole: bigint) =>
        side === 'Bid' ? whole * denominator <= product : whole * denominator >= product;
      const around = [near - 1n, near, near + 1n].filter(fits);
      const whole = side === 'Bid' ? around.at(-1) : around[0];
      if (whole === undefined || whole > FAR || whole < -FAR) break;
      const parts = prices.get(whole) ?? sources.map(() => 0n);
      const sum = (parts[at] ?? 0n) + BigInt(quantity) * BigInt(one.quantity);
      parts[at] = sum < FAR ? sum : FAR;
      prices.set(whole, parts);
    }
  });
  const sign = side === 'Bid' ? -1 : 1;
  return [...prices]
    .toSorted(([left], [right]) => sign * Number(left - right))
    .slice(0, DEPTH)
    .map(([price, parts]) => {
      const total = parts.reduce((sum, part) => sum + part, 0n);
      const quantity = Number(total < FAR ? total : FAR);
      return { price: Number(price), quantity, parts: parts.map(Number) };
    });
}

test('joined levels are those of the naive join, at any factors', () => {
  fc.assert(
    fc.property(fc.array(source, { maxLength: 4 }), (plain) => {
      const sources = plain.map((one): JoinSource => ({ ...one, top: topOf(one) }));
      for (const side of ['Bid', 'Ask'] as const) {
        expect(joinSide(side, sources, DEPTH)).toEqual(naive(side, plain));
      }
    }),
    { numRuns: 500 },
  );
});

test('what crosses is what the best orders, taken one by one, would trade', () => {
  const side = fc.array(
    fc.record({ price: fc.integer({ min: 0, max: 20 }), quantity: fc.integer({ min: 1, max: 5 }) }),
    { maxLength: 8 },
  );
  const sorted = (
    orders: readonly { readonly price: number; readonly quantity: number }[],
    sign: number,
  ) =>
    orders
      .map((one) => ({ ...one, parts: [] }))
      .toSorted((left, right) => sign * (left.price - right.price));
  fc.assert(
    fc.property(side, side, (buying, selling) => {
      const [bids, asks] = [sorted(buying, -1), sorted(selling, 1)];
      const ones = (orders: readonly JoinedLevel[]) =>
        orders.flatMap(({ price, quantity }) => Array.from({ length: quantity }, () => price));
      const [bought, sold] = [ones(bids), ones(asks)];
      const traded = bought.filter((price, at) => price > (sold[at] ?? Infinity)).length;
      expect(crossingQuantity(bids, asks)).toBe(traded);
    }),
  );
});
