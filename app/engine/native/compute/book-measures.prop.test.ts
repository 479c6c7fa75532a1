import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  DEPTH_BANDS_BPS,
  FINE_DECIMALS,
  FLOW_SECONDS,
  IMBALANCE_DEPTHS,
} from '../../domain/book-measures.ts';
import { BookMeasures } from './book-measures.ts';
import { BookTop, L2Book } from './book.ts';
import { Decoder } from './decode.ts';
import {
  FLAG_LAST,
  KIND_ASK_LEVEL,
  KIND_BID_LEVEL,
  KIND_DIFF_HEADER,
  MarketRecords,
} from './market-record.ts';

const RECORDINGS = join(import.meta.dirname, '../../../../../shared/data/ws/binance_spot');
const ALL_LEVELS = 65_535;

interface Away {
  readonly kind: number;
  readonly away: number;
  readonly quantity: number;
}

type Levels = readonly (readonly [price: number, quantity: number])[];

/** The plain second calculation, from all levels of both sides, best first; no slope is drawn through levels at the mid. */
function expected(bids: Levels, asks: Levels) {
  const [bid, ask] = [bids[0] ?? [0, 0], asks[0] ?? [0, 0]];
  const mid = (bid[0] + ask[0]) / 2;
  const away = (at: number) => (Math.abs(at - mid) / mid) * 10_000;
  const sum = (levels: Levels) => levels.reduce((total, [, quantity]) => total + quantity, 0);
  const slope = (levels: Levels) => {
    const best = levels.slice(0, 20);
    const points = best.map(([at], rank) => [away(at), sum(best.slice(0, rank + 1))] as const);
    const across = points.reduce((total, [d, cumulative]) => total + d * cumulative, 0);
    const squares = points.reduce((total, [d]) => total + d * d, 0);
    return squares === 0 ? undefined : across / squares;
  };
  // Exact: both sides of the comparison are whole numbers.
  const within = (levels: Levels, sign: number, bps: number) =>
    sum(
      levels.filter(([at]) => {
        const limit = BigInt(bid[0] + ask[0]) * BigInt(10_000 - sign * bps);
        return BigInt(sign) * (BigInt(at) * 20_000n - limit) >= 0n;
      }),
    );
  return {
    mid,
    microprice: (bid[0] * ask[1] + ask[0] * bid[1]) / (bid[1] + ask[1]),
    spreadBps: ((ask[0] - bid[0]) / mid) * 10_000,
    imbalances: IMBALANCE_DEPTHS.map((depth) => {
      const [ours, theirs] = [sum(bids.slice(0, depth)), sum(asks.slice(0, depth))];
      return (ours - theirs) / (ours + theirs);
    }),
    slopes: [slope(bids), slope(asks)],
    reaches: [away(bids.at(-1)?.[0] ?? 0), away(asks.at(-1)?.[0] ?? 0)],
    bidsWithin: DEPTH_BANDS_BPS.map((bps) => within(bids, 1, bps)),
    asksWithin: DEPTH_BANDS_BPS.map((bps) => within(asks, -1, bps)),
  };
}

function checkMeasures(book: L2Book, measures: BookMeasures): void {
  const top = new BookTop(ALL_LEVELS);
  book.top(top);
  book.measure(measures);
  expect(measures.twoSided).toBe(top.bids > 0 && top.asks > 0);
  if (!measures.twoSided) {
    expect([measures.midFine, ...measures.imbalances, measures.bid.slope]).not.toContain(0);
    return;
  }
  const plain = expected(
    levelsOf(top.bidPrices, top.bidQuantities, top.bids),
    levelsOf(top.askPrices, top.askQuantities, top.asks),
  );
  const { bid, ask } = measures;
  expect(measures.midFine).toBe(plain.mid * 10 ** FINE_DECIMALS);
  expect(Math.abs((measures.micropriceFine ?? 0) - plain.microprice * 100)).toBeLessThan(0.51);
  expect(measures.spreadBps).toBeCloseTo(plain.spreadBps, 6);
  plain.imbalances.forEach((one, at) => expect(measures.imbalances[at]).toBeCloseTo(one, 9));
  [bid, ask].forEach(({ slope, reachBps }, side) => {
    const drawn = plain.slopes[side];
    expect(slope === undefined).toBe(drawn === undefined);
    if (drawn !== undefined) expect((slope ?? 0) / drawn).toBeCloseTo(1, 9);
    expect(reachBps).toBeCloseTo(plain.reaches[side] ?? 0, 6);
  });
  expect([bid.within, ask.within]).toEqual([plain.bidsWithin, plain.asksWithin]);
}

function levelsOf(prices: Float64Array, quantities: Float64Array, count: number): Levels {
  return Array.from({ length: count }, (_, at) => [prices[at] ?? 0, quantities[at] ?? 0]);
}

/** A book of levels counted from a price: bids down from it, asks up from the tick above. */
function bookOf(levels: readonly Away[], touch: number): L2Book {
  const book = new L2Book();
  const records = new MarketRecords(levels.length + 1);
  levels.forEach(({ kind, away, quantity }, row) => {
    const price = kind === KIND_BID_LEVEL ? touch - away : touch + 1 + away;
    records.set(row, kind, FLAG_LAST, 0, 0n, 0n, price, quantity, 0, 0, row);
  });
  book.apply(records, 0, levels.length);
  return book;
}

test('no slope is drawn through a locked book of one level a side', () => {
  const measures = new BookMeasures();
  const bid = { kind: KIND_BID_LEVEL, away: -2, quantity: 1 };
  const ask = { kind: KIND_ASK_LEVEL, away: 1, quantity: 1 };
  checkMeasures(bookOf([ask, bid], 200), measures);
  expect([measures.spreadBps, measures.bid.slope, measures.ask.slope]).toEqual([
    0,
    undefined,
    undefined,
  ]);
});

test('measures agree with the plain calculation over any book', () => {
  const level = fc.record({
    kind: fc.constantFrom(KIND_BID_LEVEL, KIND_ASK_LEVEL),
    away: fc.integer({ min: -2, max: 120 }),
    quantity: fc.integer({ min: 0, max: 1_000_000 }),
  });
  const measures = new BookMeasures();
  fc.assert(
    fc.property(
      fc.array(level, { maxLength: 80 }),
      fc.integer({ min: 200, max: 100_000 }),
      (levels, touch) => {
        checkMeasures(bookOf(levels, touch), measures);
      },
    ),
    { numRuns: 300 },
  );
});

test('measures and flow agree with the plain calculation over a recorded book', ({ skip }) => {
  skip(!existsSync(RECORDINGS), `no recordings at ${RECORDINGS}`);
  const texts = gunzipSync(readFileSync(join(RECORDINGS, 'btcusdt_20240808.txt.gz')))
    .toString()
    .trimEnd()
    .split('\n');
  const decoder = new Decoder([{ symbol: 'BTCUSDT', index: 0, priceScale: 2, quantityScale: 8 }]);
  const book = new L2Book();
  book.watchFlow(true);
  const measures = new BookMeasures();
  const top = new BookTop(1);
  const out = new MarketRecords(20_000);
  const status = new Int32Array(1);
  const events: { readonly step: number; readonly flow: number }[] = [];
  let before: readonly number[] | undefined;
  let [joined, nowMicros, messages] = [false, 0, 0];
  for (const line of texts) {
    const space = line.indexOf(' ');
    const nanos = BigInt(line.slice(0, space));
    const text = line.slice(space + 1);
    const bytes = Buffer.from(text);
    if (text.startsWith('{"lastUpdateId"')) {
      book.apply(out, 0, decoder.decodeSnapshot(bytes, 0, nanos, out));
      [joined, before] = [true, undefined];
    } else {
      const ends = Uint32Array.of(bytes.length);
      const count = decoder.decode(bytes, ends, 1, BigInt64Array.of(nanos), out, status);
      if (status[0] !== KIND_DIFF_HEADER || !joined || out.id(0) <= book.lastUpdateId) continue;
      book.apply(out, 0, count);
    }
    book.top(top);
    const [bid = 0, bidQuantity = 0, ask = 0, askQuantity = 0] = top.columns;
    if (before !== undefined) {
      const [bid0 = 0, bidQuantity0 = 0, ask0 = 0, askQuantity0 = 0] = before;
      const ofBid = (bid >= bid0 ? bidQuantity : 0) - (bid <= bid0 ? bidQuantity0 : 0);
      const ofAsk = (ask <= ask0 ? askQuantity : 0) - (ask >= ask0 ? askQuantity0 : 0);
      events.push({ step: Number(nanos / 100_000_000n), flow: ofBid - ofAsk });
    }
    before = [bid, bidQuantity, ask, askQuantity];
    nowMicros = Number(nanos / 1000n);
    messages += 1;
    if (messages % 25 !== 0) continue;
    checkMeasures(book, measures);
    for (const seconds of FLOW_SECONDS) {
      const newest = Math.floor(nowMicros / 100_000);
      const counted = events.filter(({ step }) => step > newest - seconds * 10);
      const sum = counted.reduce((total, { flow }) => total + flow, 0);
      expect(book.flow(nowMicros, seconds)).toBe(sum);
    }
  }
  expect(messages).toBeGreaterThan(500);
  expect(events.some(({ flow }) => flow !== 0)).toBe(true);
});
