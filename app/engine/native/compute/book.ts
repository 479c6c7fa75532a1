import { invariant } from '../../base/invariant.ts';
import { DEPTH_BANDS_BPS, IMBALANCE_DEPTHS } from '../../domain/book-measures.ts';
import { addon } from '../addon.mjs';
import type { L2BookCore } from './book-binding.ts';
import type { BookMeasures } from './book-measures.ts';
import type { MarketRecords } from './market-record.ts';

/** A side of the book. */
export type BookSide = 'Bid' | 'Ask';

const MAX_DEPTH = 65_535;
const MAX_WRITTEN_ZEROS = 15;
const DEFAULT_MAX_LEVELS = 20_000;
const FLOW_STEPS_A_SECOND = 10;
const MOST_FLOW_SECONDS = 10;
const DEPTHS = Float64Array.from(IMBALANCE_DEPTHS);
const BANDS = Float64Array.from(DEPTH_BANDS_BPS);

/** The best levels of both sides as columns of mantissas, best first; overwritten by every `top` into it. */
export class BookTop {
  readonly depth: number;
  readonly bidPrices: Float64Array;
  readonly bidQuantities: Float64Array;
  readonly askPrices: Float64Array;
  readonly askQuantities: Float64Array;
  /** Levels that are there; columns beyond are not written. */
  bids = 0;
  asks = 0;
  /** The four columns one behind the other, for the addon. */
  readonly columns: Float64Array;

  constructor(depth: number) {
    checkWhole('depth', depth, 1, MAX_DEPTH);
    this.depth = depth;
    this.columns = new Float64Array(depth * 4);
    const column = (index: number) => this.columns.subarray(index * depth, (index + 1) * depth);
    this.bidPrices = column(0);
    this.bidQuantities = column(1);
    this.askPrices = column(2);
    this.askQuantities = column(3);
  }
}

/** How a book is kept. */
export interface L2BookOptions {
  /** The instrument's price tick as a mantissa, 1 when absent. Another tick costs speed, not correctness. */
  readonly tickSize?: number;
  /** Best levels that each side keeps, 20,000 when absent; what is not kept is counted in `droppedLevels`. */
  readonly maxLevels?: number;
}

/** A price-level book fed by decoded records. Joining snapshots and updates by their ids is its owner's work. */
export class L2Book {
  readonly #core: L2BookCore;
  readonly #state = new Float64Array(6);

  constructor(options: L2BookOptions = {}) {
    const { tickSize = 1, maxLevels = DEFAULT_MAX_LEVELS } = options;
    checkWhole('tickSize', tickSize, 1, Number.MAX_SAFE_INTEGER);
    checkWhole('maxLevels', maxLevels, 1, 10_000_000);
    this.#core = new addon.L2BookCore(maxLevels, tickSize);
  }

  /** Applies records [from, to) in order: levels are set, a snapshot header clears first, a header's depth cuts after its last level, other kinds are passed over. Returns the levels applied. */
  apply(records: MarketRecords, from: number, to: number): number {
    checkSpan(records, from, to);
    return this.#core.apply(records.bytes, from, to);
  }

  /** Writes the best levels. */
  top(into: BookTop): void {
    count(into, this.#core.top(into.columns, into.depth));
  }

  /** `apply`, then `top`, in one call. */
  applyAndTop(records: MarketRecords, from: number, to: number, into: BookTop): void {
    checkSpan(records, from, to);
    count(into, this.#core.applyAndTop(records.bytes, from, to, into.columns, into.depth));
  }

  /** The quantity at a price; 0 when there is no such level. */
  quantityAt(side: BookSide, price: number): number {
    checkMantissa('price', price);
    return this.#core.quantityAt(sideCode(side), price);
  }

  /** Sum of the quantities of prices in [low, high]; stops at 2^53 - 1. */
  depthBetween(side: BookSide, low: number, high: number): number {
    checkMantissa('low', low);
    checkMantissa('high', high);
    return this.#core.depthBetween(sideCode(side), low, high);
  }

  levels(side: BookSide): number {
    return this.#read(sideCode(side));
  }

  /** Both sides have levels and the best bid is at or above the best ask. */
  get crossed(): boolean {
    return this.#read(2) === 1;
  }

  /** Update id of the last header applied; 0 at first and after `clear`. */
  get lastUpdateId(): number {
    return this.#read(3);
  }

  /** Levels that were not kept because of `maxLevels`, since the book was made. */
  droppedLevels(side: BookSide): number {
    return this.#read(4 + sideCode(side));
  }

  /** Kraken's checksum of this book, an unsigned 32-bit number. The venue may write more decimals than the mantissas have: so many zeros, 0..15. */
  krakenChecksum(priceZeros: number, quantityZeros: number): number {
    checkWhole('priceZeros', priceZeros, 0, MAX_WRITTEN_ZEROS);
    checkWhole('quantityZeros', quantityZeros, 0, MAX_WRITTEN_ZEROS);
    return this.#core.krakenChecksum(priceZeros, quantityZeros);
  }

  /** OKX's checksum of this book, a signed 32-bit number, of mantissas at these scales (0..15). */
  okxChecksum(priceScale: number, quantityScale: number): number {
    checkWhole('priceScale', priceScale, 0, MAX_WRITTEN_ZEROS);
    checkWhole('quantityScale', quantityScale, 0, MAX_WRITTEN_ZEROS);
    return this.#core.okxChecksum(priceScale, quantityScale);
  }

  /** Measures the book as it is. */
  measure(into: BookMeasures): void {
    into.twoSided = this.#core.measure(DEPTHS, BANDS, into.values);
  }

  /** Whether the order flow at the touch is counted, message by message, from now on; it begins with nothing. */
  watchFlow(on: boolean): void {
    this.#core.watchFlow(on);
  }

  /**
   * Order flow imbalance of the best levels over the last 1..10 `seconds` until `nowMicros` on the clock of the records'
   * `tsInit`, in units of quantity: what came to the bid and left the ask less the reverse. In steps of 100 ms, the newest
   * one counted as far as it is; 0 while it is not watched. Cont, Kukanov and Stoikov (2014).
   */
  flow(nowMicros: number, seconds: number): number {
    checkWhole('nowMicros', nowMicros, 0, Number.MAX_SAFE_INTEGER);
    checkWhole('seconds', seconds, 1, MOST_FLOW_SECONDS);
    return this.#core.flow(nowMicros, seconds * FLOW_STEPS_A_SECOND);
  }

  clear(): void {
    this.#core.clear();
  }

  #read(field: number): number {
    this.#core.state(this.#state);
    return this.#state[field] ?? 0;
  }
}

function sideCode(side: BookSide): number {
  return side === 'Bid' ? 0 : 1;
}

function count(into: BookTop, counts: number): void {
  into.bids = Math.floor(counts / 65_536);
  into.asks = counts % 65_536;
}

function checkSpan(records: MarketRecords, from: number, to: number): void {
  checkWhole('to', to, 0, records.capacity);
  checkWhole('from', from, 0, to);
}

function checkMantissa(name: string, value: number): void {
  invariant(Number.isSafeInteger(value), `${name} must be a safe integer, was ${value}`);
}

function checkWhole(name: string, value: number, least: number, greatest: number): void {
  invariant(
    Number.isInteger(value) && value >= least && value <= greatest,
    `${name} must be ${least}..${greatest}, was ${value}`,
  );
}
