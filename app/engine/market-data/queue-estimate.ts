import type { ClientOrderId } from '../domain/identifiers.ts';
import type { Side } from '../domain/order.ts';
import { quantity, type Price, type Quantity } from '../domain/price.ts';
import type { UnixMicros } from '../domain/time.ts';

/** A limit order that rests in a book, whole in sight. */
export interface RestingOrder {
  readonly order: ClientOrderId;
  readonly side: Side;
  readonly price: Price;
  readonly leaves: Quantity;
  /** When the venue took it, by the venue's clock. */
  readonly takenAt: UnixMicros;
}

/** Where an order stands at its price, at most; absent while the book is not to be trusted. */
export interface QueuePlace {
  readonly order: ClientOrderId;
  /** What is to trade at its price before it. */
  readonly ahead?: Quantity;
  /** All that rests at its price. */
  readonly level?: Quantity;
}

/** A trade, by the venue's clock. */
export interface QueueTrade {
  readonly price: Price;
  readonly quantity: Quantity;
  /** The aggressor bought; undefined: nobody told, and it is taken from no queue. */
  readonly buyer: boolean | undefined;
  readonly at: UnixMicros;
}

/** What is at a price of a side. */
export type LevelQuantity = (side: Side, price: Price) => number;

interface Estimate {
  resting: RestingOrder;
  level: number;
  /** Undefined until the venue made a book after it took the order: what came just before the order is in none yet. */
  ahead: number | undefined;
  /** `ahead` is what stood before it at this time, or later: trades until then are in it. */
  asOf: number;
  /** The version at which it was another last. */
  changed: number;
}

/**
 * How much stands before own orders in the queues of one instrument, from its book by price alone: first come, first served, and
 * what is taken back is thought to have stood behind. It begins with all that is at the price, without the order, in the first book
 * that the venue made after it took the order; what trades there after that is taken from it; it is never more than what is there
 * without the order. So it is never less than the truth, and exact while nobody takes an order back. The model of conventions:
 * FIFO, cancels counted pessimistically.
 */
export class QueueEstimate {
  /** Counts changes: a window compares it with what it sent last. */
  version = 0;
  readonly #estimates = new Map<ClientOrderId, Estimate>();
  readonly #levelOf: LevelQuantity;
  /** Own orders are part of the book; not so in a replay, where the venue never saw them. */
  readonly #ownInBook: boolean;
  #bookAt = 0;
  #live = false;

  constructor(levelOf: LevelQuantity, ownInBook: boolean) {
    this.#levelOf = levelOf;
    this.#ownInBook = ownInBook;
  }

  /** Replaces the orders that are estimated; what is known of those that stay is kept. */
  setOrders(orders: readonly RestingOrder[]): void {
    const wanted = new Map(orders.map((resting) => [resting.order, resting]));
    for (const id of this.#estimates.keys()) {
      if (!wanted.has(id)) this.#estimates.delete(id);
    }
    for (const resting of wanted.values()) {
      const known = this.#estimates.get(resting.order);
      if (known !== undefined && sameQueue(known.resting, resting)) {
        known.resting = resting;
        continue;
      }
      this.version += 1;
      const level = this.#levelOf(resting.side, resting.price);
      const estimate: Estimate = {
        resting,
        level,
        ahead: undefined,
        asOf: 0,
        changed: this.version,
      };
      this.#estimates.set(resting.order, estimate);
      this.#limit(estimate);
    }
  }

  /** The book was changed by a message that the venue made at `at`, its clock (0 when it does not say). */
  onBook(at: number): void {
    this.#bookAt = at;
    for (const estimate of this.#estimates.values()) {
      const { ahead, level } = estimate;
      const { side, price } = estimate.resting;
      estimate.level = this.#levelOf(side, price);
      this.#limit(estimate);
      if (estimate.ahead !== ahead || estimate.level !== level) this.#touch(estimate);
    }
  }

  onTrade(trade: QueueTrade): void {
    for (const estimate of this.#estimates.values()) {
      const { side, price, takenAt } = estimate.resting;
      // An order is hit by those who trade against its side.
      if (trade.at <= takenAt || trade.buyer !== (side === 'Sell')) continue;
      const ahead = this.#after(trade, estimate, price);
      if (ahead === estimate.ahead) continue;
      estimate.ahead = ahead;
      this.#touch(estimate);
    }
  }

  /** Whether the book is to be trusted. */
  setLive(live: boolean): void {
    if (live === this.#live) return;
    this.#live = live;
    for (const estimate of this.#estimates.values()) this.#touch(estimate);
  }

  /** Places that are others than at `version`. */
  since(version: number): QueuePlace[] {
    const places: QueuePlace[] = [];
    for (const [order, { ahead, level, changed }] of this.#estimates) {
      if (changed <= version) continue;
      const known = this.#live && ahead !== undefined;
      places.push(known ? { order, ahead: quantity(ahead), level: quantity(level) } : { order });
    }
    return places;
  }

  #after(trade: QueueTrade, { resting, ahead, asOf }: Estimate, at: Price): number | undefined {
    const through = resting.side === 'Buy' ? trade.price < at : trade.price > at;
    if (through) return 0;
    if (ahead === undefined || trade.price !== at || trade.at <= asOf) return ahead;
    return Math.max(0, ahead - trade.quantity);
  }

  #limit(estimate: Estimate): void {
    const { resting, level, ahead } = estimate;
    if (this.#bookAt <= resting.takenAt) return;
    const own = this.#ownInBook ? resting.leaves : 0;
    const most = Math.max(0, level - own);
    if (ahead !== undefined && ahead <= most) return;
    estimate.ahead = most;
    estimate.asOf = this.#bookAt;
  }

  #touch(estimate: Estimate): void {
    this.version += 1;
    estimate.changed = this.version;
  }
}

function sameQueue(left: RestingOrder, right: RestingOrder): boolean {
  return left.price === right.price && left.side === right.side && left.takenAt === right.takenAt;
}
