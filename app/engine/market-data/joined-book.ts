import type { BookSide, BookTop } from '../native/compute/book.ts';

/** A whole or broken number that prices are multiplied by. */
export interface Factor {
  readonly numerator: bigint;
  /** At least 1. */
  readonly denominator: bigint;
}

/** A venue's book as it is joined: mantissas x these factors are mantissas at the common scales. */
export interface JoinSource {
  readonly top: BookTop;
  readonly bid: Factor;
  readonly ask: Factor;
  readonly quantity: number;
}

/** A price with what all sources have there; `parts` in the order of the sources. Sums stop at 2^53 - 1. */
export interface JoinedLevel {
  readonly price: number;
  readonly quantity: number;
  readonly parts: readonly number[];
}

/**
 * The best `depth` prices of a side of all sources together, best first. A price that a factor breaks is rounded to the next
 * worse one, bids down and asks up: none looks better than it is. A source ends where its mantissas pass 2^53.
 */
export function joinSide(
  side: BookSide,
  sources: readonly JoinSource[],
  depth: number,
): readonly JoinedLevel[] {
  const cursors = sources.map((source) => new Cursor(side, source));
  const levels: JoinedLevel[] = [];
  while (levels.length < depth) {
    const best = bestOf(side, cursors);
    if (best === undefined) break;
    const parts = cursors.map((cursor) => cursor.take(best));
    levels.push({ price: best, quantity: parts.reduce(capped, 0), parts });
  }
  return levels;
}

/** The worst price of a source's own book that is not worse than `limit`, a price of the joined one between its units. */
export function ownLimit(side: BookSide, source: JoinSource, limit: Factor): number {
  const bids = side === 'Bid';
  // Joined prices are whole: the limit too, before it is a price of the source.
  const whole = BigInt(divided(limit.numerator, limit.denominator, bids));
  const { numerator, denominator } = bids ? source.bid : source.ask;
  const own = divided(whole * denominator, numerator, bids);
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(own, Number.MAX_SAFE_INTEGER));
}

/** How much bids and asks of a crossed book could trade with each other: what is bid above what is asked. */
export function crossingQuantity(
  bids: readonly JoinedLevel[],
  asks: readonly JoinedLevel[],
): number {
  let [bid, ask, crossing] = [0, 0, 0];
  let [bidLeft, askLeft] = [bids[0]?.quantity ?? 0, asks[0]?.quantity ?? 0];
  for (;;) {
    const [buyer, seller] = [bids[bid], asks[ask]];
    if (buyer === undefined || seller === undefined || buyer.price <= seller.price) return crossing;
    const traded = Math.min(bidLeft, askLeft);
    crossing = capped(crossing, traded);
    bidLeft -= traded;
    askLeft -= traded;
    if (bidLeft === 0) bidLeft = bids[++bid]?.quantity ?? 0;
    if (askLeft === 0) askLeft = asks[++ask]?.quantity ?? 0;
  }
}

/** One source's way through its levels of a side. */
class Cursor {
  /** The price of the next level at the common scale; undefined behind the last one. */
  price: number | undefined;
  readonly #prices: Float64Array;
  readonly #quantities: Float64Array;
  readonly #count: number;
  readonly #factor: Factor;
  readonly #quantity: number;
  readonly #up: boolean;
  #next = 0;

  constructor(side: BookSide, { top, bid, ask, quantity }: JoinSource) {
    const bids = side === 'Bid';
    this.#prices = bids ? top.bidPrices : top.askPrices;
    this.#quantities = bids ? top.bidQuantities : top.askQuantities;
    this.#count = bids ? top.bids : top.asks;
    this.#factor = bids ? bid : ask;
    this.#quantity = quantity;
    this.#up = !bids;
    this.#step();
  }

  /** What it has at a price: several of its levels may have become one. */
  take(price: number): number {
    let sum = 0;
    while (this.price === price) {
      sum = capped(sum, (this.#quantities[this.#next - 1] ?? 0) * this.#quantity);
      this.#step();
    }
    return sum;
  }

  #step(): void {
    const price = this.#next < this.#count ? this.#prices[this.#next] : undefined;
    this.#next += 1;
    const moved = price === undefined ? undefined : multiplied(price, this.#factor, this.#up);
    this.price = Number.isSafeInteger(moved) ? moved : undefined;
  }
}

function bestOf(side: BookSide, cursors: readonly Cursor[]): number | undefined {
  let best: number | undefined;
  for (const { price } of cursors) {
    if (price === undefined) continue;
    const better = side === 'Bid' ? price > (best ?? -Infinity) : price < (best ?? Infinity);
    if (better) best = price;
  }
  return best;
}

function multiplied(price: number, { numerator, denominator }: Factor, up: boolean): number {
  if (denominator === 1n) return price * Number(numerator);
  return divided(BigInt(price) * numerator, denominator, up);
}

function divided(product: bigint, denominator: bigint, up: boolean): number {
  const quotient = product / denominator;
  // What is left has the sign of the product.
  const rest = product % denominator;
  if (up) return Number(rest > 0n ? quotient + 1n : quotient);
  return Number(rest < 0n ? quotient - 1n : quotient);
}

function capped(sum: number, more: number): number {
  return Math.min(sum + more, Number.MAX_SAFE_INTEGER);
}
