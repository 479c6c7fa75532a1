import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClientOrderId } from '../domain/identifiers.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { QueueEstimate, type RestingOrder } from './queue-estimate.ts';

const OWN = 'own-1' as ClientOrderId;
const AT = price(100);

/** The queue at one bid price as the venue has it, and what it has said of it that has not arrived yet. */
class Venue {
  readonly queue: { readonly own: boolean; quantity: number }[] = [];
  readonly books: { readonly at: number; readonly level: number }[] = [];
  readonly trades: { readonly at: number; readonly quantity: number }[] = [];
  now = 1;
  takenAt: number | undefined;

  get level(): number {
    return this.queue.reduce((sum, one) => sum + one.quantity, 0);
  }

  get leaves(): number {
    return this.queue.find(({ own }) => own)?.quantity ?? 0;
  }

  get ahead(): number {
    const place = this.queue.findIndex(({ own }) => own);
    return this.queue.slice(0, place).reduce((sum, one) => sum + one.quantity, 0);
  }

  add(own: boolean, size: number): void {
    if (own) this.takenAt = this.now;
    this.queue.push({ own, quantity: size });
  }

  cancel(place: number): void {
    const others = this.queue.filter(({ own }) => !own);
    const one = others[place % Math.max(1, others.length)];
    if (one !== undefined) this.queue.splice(this.queue.indexOf(one), 1);
  }

  /** A market sale, of what stands before the own order at most. */
  hit(size: number): void {
    let left = this.takenAt === undefined ? size : Math.min(size, this.ahead);
    const traded = Math.min(left, this.level);
    if (traded === 0) return;
    this.trades.push({ at: this.now, quantity: traded });
    while (left > 0 && this.queue.length > 0) {
      const [first] = this.queue;
      if (first === undefined) return;
      const taken = Math.min(left, first.quantity);
      first.quantity -= taken;
      left -= taken;
      if (first.quantity === 0) this.queue.shift();
    }
  }
}

/** An estimate that is told what the venue said, when it arrives. */
class Desk {
  readonly estimate: QueueEstimate;
  readonly #venue: Venue;
  #level = 0;
  registered = false;

  constructor(venue: Venue) {
    this.#venue = venue;
    this.estimate = new QueueEstimate((side, at) => {
      return side === 'Buy' && at === AT ? this.#level : 0;
    }, true);
    this.estimate.setLive(true);
  }

  book(): void {
    const next = this.#venue.books.shift();
    if (next === undefined) return;
    this.#level = next.level;
    this.estimate.onBook(next.at);
  }

  trade(): void {
    const next = this.#venue.trades.shift();
    if (next === undefined) return;
    const at = unixMicros(next.at);
    this.estimate.onTrade({ price: AT, quantity: quantity(next.quantity), buyer: false, at });
  }

  register(): void {
    const { takenAt, leaves } = this.#venue;
    if (takenAt === undefined) return;
    this.registered = true;
    this.estimate.setOrders([resting(leaves, takenAt)]);
  }

  get place(): { readonly ahead?: number; readonly level?: number } {
    return this.estimate.since(-1)[0] ?? {};
  }
}

function resting(leaves: number, takenAt: number): RestingOrder {
  const took = unixMicros(takenAt);
  return { order: OWN, side: 'Buy', price: AT, leaves: quantity(leaves), takenAt: took };
}

const size = fc.integer({ min: 1, max: 9 });
const step = fc.oneof(
  { weight: 4, arbitrary: size.map((value) => ['add', value] as const) },
  { weight: 2, arbitrary: size.map((value) => ['hit', value] as const) },
  { weight: 2, arbitrary: fc.nat(20).map((value) => ['cancel', value] as const) },
  { weight: 3, arbitrary: fc.constant(['say', 0] as const) },
  { weight: 3, arbitrary: fc.constant(['book', 0] as const) },
  { weight: 3, arbitrary: fc.constant(['trade', 0] as const) },
  { weight: 1, arbitrary: fc.constant(['register', 0] as const) },
);

function play(steps: readonly (readonly [string, number])[], venue: Venue, desk: Desk): void {
  for (const [kind, value] of steps) {
    venue.now += 1;
    if (kind === 'add') venue.add(false, value);
    if (kind === 'hit') venue.hit(value);
    if (kind === 'cancel') venue.cancel(value);
    if (kind === 'say') venue.books.push({ at: venue.now, level: venue.level });
    if (kind === 'book') desk.book();
    if (kind === 'trade') desk.trade();
    if (kind === 'register') desk.register();
    const { ahead } = desk.place;
    // What is on its way may only make it smaller.
    if (ahead !== undefined) expect(ahead).toBeGreaterThanOrEqual(venue.ahead);
  }
}

describe('QueueEstimate', () => {
  test('it is never less than the truth, however trades, books and the order itself come in', () => {
    let apart = 0;
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 30 }),
        size,
        fc.array(step, { maxLength: 60 }),
        (before, own, after) => {
          const venue = new Venue();
          const desk = new Desk(venue);
          play(before, venue, desk);
          venue.now += 1;
          venue.add(true, own);
          play(after, venue, desk);
          desk.register();
          venue.now += 1;
          venue.books.push({ at: venue.now, level: venue.level });
          while (venue.books.length > 0) desk.book();
          while (venue.trades.length > 0) desk.trade();
          const { ahead = -1, level } = desk.place;
          expect(level).toBe(venue.level);
          expect(ahead).toBeGreaterThanOrEqual(venue.ahead);
          expect(ahead).toBeLessThanOrEqual(venue.level - own);
          if (ahead > venue.ahead) apart += 1;
        },
      ),
      { numRuns: 2000 },
    );
    // Cancels ahead are what it cannot see: were it always right, the test would try none.
    expect(apart).toBeGreaterThan(0);
  });

  test('it is exact while nobody takes an order back, from a book made right after ours was taken', () => {
    fc.assert(
      fc.property(
        fc.array(size, { maxLength: 6 }),
        size,
        fc.array(fc.tuple(fc.constantFrom('add', 'hit', 'say', 'trade'), size), { maxLength: 40 }),
        (before, own, after) => {
          const venue = new Venue();
          const desk = new Desk(venue);
          for (const value of before) venue.add(false, value);
          venue.now += 1;
          venue.add(true, own);
          venue.now += 1;
          venue.books.push({ at: venue.now, level: venue.level });
          desk.register();
          desk.book();
          play(after, venue, desk);
          while (venue.trades.length > 0) desk.trade();
          while (venue.books.length > 0) desk.book();
          expect(desk.place.ahead).toBe(venue.ahead);
        },
      ),
      { numRuns: 1000 },
    );
  });

  /** An order of 5 taken at 10 in a queue of 50. */
  function amid(): QueueEstimate {
    const estimate = new QueueEstimate((_side, at) => (at === AT ? 55 : 20), true);
    estimate.setLive(true);
    estimate.setOrders([resting(5, 10)]);
    estimate.onBook(11);
    return estimate;
  }

  test('nothing is told before the first book that can hold the order', () => {
    const estimate = new QueueEstimate(() => 50, true);
    estimate.setLive(true);
    estimate.setOrders([resting(5, 10)]);
    for (const at of [0, 9, 10]) {
      estimate.onBook(at);
      expect(estimate.since(-1)).toEqual([{ order: OWN }]);
    }
    estimate.onBook(11);
    expect(estimate.since(-1)).toEqual([{ order: OWN, ahead: 45, level: 50 }]);
  });

  test('a trade through the price leaves nothing ahead; one of the other side, price or time leaves all', () => {
    const estimate = amid();
    const trade = (at: number, px: number, buyer = false): number | undefined => {
      const size = quantity(3);
      estimate.onTrade({ price: price(px), quantity: size, buyer, at: unixMicros(at) });
      return estimate.since(-1)[0]?.ahead;
    };
    expect(trade(12, 100, true)).toBe(50);
    expect(trade(12, 101)).toBe(50);
    expect(trade(11, 100)).toBe(50);
    expect(trade(12, 100)).toBe(47);
    expect(trade(13, 99)).toBe(0);
  });

  test('while the book is not to be trusted no place is told; it is told again after', () => {
    const estimate = amid();
    const sent = estimate.version;
    estimate.setLive(false);
    expect(estimate.since(sent)).toEqual([{ order: OWN }]);
    estimate.setLive(true);
    expect(estimate.since(sent)).toEqual([{ order: OWN, ahead: 50, level: 55 }]);
  });

  test('where own orders are in no book, all at the price stands before them', () => {
    const estimate = new QueueEstimate(() => 50, false);
    estimate.setLive(true);
    estimate.setOrders([resting(5, 10)]);
    estimate.onBook(11);
    expect(estimate.since(-1)).toEqual([{ order: OWN, ahead: 50, level: 50 }]);
  });

  test('an order that moves to another price begins anew; one that stays keeps what is known', () => {
    const estimate = amid();
    estimate.onTrade({ price: AT, quantity: quantity(8), buyer: false, at: unixMicros(12) });
    estimate.setOrders([resting(5, 10)]);
    expect(estimate.since(-1)[0]?.ahead).toBe(42);
    estimate.setOrders([{ ...resting(5, 12), price: price(99) }]);
    expect(estimate.since(-1)).toEqual([{ order: OWN }]);
    estimate.onBook(13);
    expect(estimate.since(-1)[0]?.ahead).toBe(15);
    estimate.setOrders([]);
    expect(estimate.since(-1)).toEqual([]);
  });
});
