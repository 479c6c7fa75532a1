import { describe, expect, test } from 'vitest';
import { present } from '../base/invariant.ts';
import { quantity } from '../domain/price.ts';
import { MATCHING_EVENT, type MatchingEvents } from '../native/compute/matching-events.ts';
import { MatchingLevels } from '../native/compute/matching.ts';
import { DEFAULT_MARKET, type SyntheticMarket } from './instruments.ts';
import { MarketSimulation } from './market-simulation.ts';
import { createPast } from './past.ts';

const END_MS = Date.UTC(2026, 2, 14, 15, 9);
const STEPS_A_SECOND = 20;

function start(
  seed: number,
  publish: (instrument: number, events: MatchingEvents) => void = () => undefined,
  market: SyntheticMarket = DEFAULT_MARKET,
): MarketSimulation {
  const past = createPast(market, seed, END_MS);
  return new MarketSimulation({ market, seed, past, publish });
}

/** FNV-1a over the numbers of the first `count` events. */
function fingerprint(seed: number, count: number): string {
  let hash = 0xcbf29ce484222325n;
  let left = count;
  const mix = (value: number): void => {
    hash = BigInt.asUintN(64, (hash ^ BigInt(value)) * 0x100000001b3n);
  };
  const simulation = start(seed, (instrument, events) => {
    for (let index = 0; index < events.count && left > 0; index += 1) {
      left -= 1;
      mix(instrument);
      mix(events.kind[index] ?? 0);
      mix(events.reason[index] ?? 0);
      mix(events.orderId[index] ?? 0);
      mix(events.price[index] ?? 0);
      mix(events.quantity[index] ?? 0);
      mix(events.leaves[index] ?? 0);
    }
  });
  while (left > 0) simulation.step();
  return hash.toString(16);
}

test('one seed gives one sequence of events', () => {
  expect(fingerprint(7, 10_000)).toMatchInlineSnapshot(`"54ece072cff5e8f3"`);
  expect(fingerprint(8, 10_000)).not.toBe(fingerprint(7, 10_000));
});

/** Pearson correlation of ranks, which a few wild seconds do not decide. */
function rankCorrelation(left: readonly number[], right: readonly number[]): number {
  const ranks = (values: readonly number[]): number[] => {
    const order = values
      .map((_, index) => index)
      .sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
    const result: number[] = [];
    order.forEach((position, rank) => {
      result[position] = rank;
    });
    return result;
  };
  const [first, second] = [ranks(left), ranks(right)];
  const centre = (first.length - 1) / 2;
  let product = 0;
  let square = 0;
  first.forEach((rank, index) => {
    product += (rank - centre) * ((second[index] ?? 0) - centre);
    square += (rank - centre) ** 2;
  });
  return product / square;
}

const BTC = 0;
const MINUTES = 90;
const BTC_ALONE: SyntheticMarket = {
  instruments: DEFAULT_MARKET.instruments.slice(0, 1),
  correlations: [[1]],
};

/** Means of each minute of the book of BTCUSDT. */
function minutesOfBook(seed: number): { moved: number[]; spread: number[]; depth: number[] } {
  const simulation = start(seed, undefined, BTC_ALONE);
  const engine = simulation.engine(BTC);
  const bids = new MatchingLevels(400);
  const asks = new MatchingLevels(400);
  const result = { moved: [] as number[], spread: [] as number[], depth: [] as number[] };
  let mid = 0;
  for (let minute = 0; minute < MINUTES; minute += 1) {
    let [moved, spread, depth] = [0, 0, 0];
    for (let second = 0; second < 60; second += 1) {
      for (let step = 0; step < STEPS_A_SECOND; step += 1) simulation.step();
      engine.top('Buy', bids);
      engine.top('Sell', asks);
      const next = (bids.price(0) + asks.price(0)) / 2;
      moved += mid === 0 ? 0 : Math.abs(next / mid - 1);
      mid = next;
      spread += asks.price(0) - bids.price(0);
      for (const side of [bids, asks]) {
        for (let level = 0; level < side.count; level += 1) {
          if (Math.abs(side.price(level) / mid - 1) < 0.0005) depth += side.total(level);
        }
      }
    }
    result.moved.push(moved);
    result.spread.push(spread);
    result.depth.push(depth);
  }
  return result;
}

describe.each([1, 2, 3])('the book of seed %i', (seed) => {
  test('widens and thins out when prices move', () => {
    const { moved, spread, depth } = minutesOfBook(seed);
    expect(rankCorrelation(spread, moved)).toBeGreaterThan(0.3);
    expect(rankCorrelation(depth, moved)).toBeLessThan(-0.3);
  });
});

test('a book is never crossed and always has both sides', () => {
  const simulation = start(4);
  const bid = new MatchingLevels(1);
  const ask = new MatchingLevels(1);
  let broken = 0;
  for (let step = 0; step < 4000; step += 1) {
    simulation.step();
    for (let index = 0; index < DEFAULT_MARKET.instruments.length; index += 1) {
      const engine = simulation.engine(index);
      engine.top('Buy', bid);
      engine.top('Sell', ask);
      if (bid.count === 0 || ask.count === 0 || bid.price(0) >= ask.price(0)) broken += 1;
    }
  }
  expect(broken).toBe(0);
});

test("somebody else's order at the touch waits its turn and is filled", () => {
  const OURS = 1;
  let filled = 0;
  const simulation = start(6, (instrument, events) => {
    for (let index = 0; index < events.count; index += 1) {
      const traded = instrument === BTC && events.kind[index] === MATCHING_EVENT.Traded;
      if (traded && events.makerOrderId[index] === OURS) filled += events.quantity[index] ?? 0;
    }
  });
  for (let step = 0; step < 100; step += 1) simulation.step();
  const engine = simulation.engine(BTC);
  const best = engine.top('Buy', new MatchingLevels(1));
  const ahead = best.total(0);
  const wanted = quantity(1000);
  simulation.observe(
    BTC,
    engine.submit({
      orderId: OURS,
      side: 'Buy',
      type: 'Limit',
      price: best.price(0),
      quantity: wanted,
    }),
  );
  expect(present(engine.queuePosition(OURS), 'position').quantityAhead).toBe(ahead);
  for (let step = 0; step < 20 * STEPS_A_SECOND * 60 && filled < wanted; step += 1)
    simulation.step();
  expect(filled).toBe(wanted);
});
