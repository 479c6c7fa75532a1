import type { ClientOrderId } from '../domain/identifiers.ts';
import type { Order, Side } from '../domain/order.ts';
import { notional, price, quantity, type Price, type Quantity } from '../domain/price.ts';
import { BookTop, L2Book } from '../native/compute/book.ts';
import {
  FLAG_AGGRESSOR_SELL,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_ASK_LEVEL,
  KIND_BID_LEVEL,
  KIND_BOOK_STATUS,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  type MarketRecords,
} from '../native/compute/market-record.ts';
import { BOOK_REASON } from '../ports/market-data-client.ts';
import { cancelFromQueue, tradeThroughQueue } from './models/queue.ts';

/** Levels looked at when an order takes. */
const TAKING_DEPTH = 1000;

/** An order of ours in the simulated market. */
export interface SimulatedOrder {
  readonly order: Order;
  readonly price: Price | undefined;
  ahead: number;
  leaves: number;
  triggered: boolean;
}

/** What happens to orders, told as it happens. */
export interface SimulatedBookListener {
  onFill(order: SimulatedOrder, px: Price, qty: Quantity, maker: boolean): void;
  onTriggered(order: SimulatedOrder): void;
  onExpired(order: SimulatedOrder, code: string): void;
}

/** Why an order is not taken at all. */
export type SubmitRefusal = 'WOULD_MATCH_IMMEDIATELY' | 'WOULD_TRIGGER_IMMEDIATELY';

/**
 * Our orders against a recorded market of one instrument. A resting order joins behind the recorded quantity of its level, moves up by
 * recorded trades and, in proportion, by cancels, and fills by trades through or at its price; what it takes is taken once: recorded
 * quantity it consumed is not there for it again.
 */
export class SimulatedBook {
  readonly #recorded: L2Book;
  readonly #top = new BookTop(TAKING_DEPTH);
  readonly #listener: SimulatedBookListener;
  #orders: SimulatedOrder[] = [];
  #stops: SimulatedOrder[] = [];
  /** Recorded quantity that we took, by side and price. */
  readonly #consumed = { Buy: new Map<number, number>(), Sell: new Map<number, number>() };
  /** The same before the last snapshot. */
  readonly #before = { Buy: new Map<number, number>(), Sell: new Map<number, number>() };
  /** Traded at a level since its recorded quantity last changed: that much of a decrease is no cancel. */
  readonly #traded = { Buy: new Map<number, number>(), Sell: new Map<number, number>() };
  #last: Price | undefined;

  /** `tickSize` is the instrument's, a mantissa. */
  constructor(tickSize: Price, listener: SimulatedBookListener) {
    this.#recorded = new L2Book({ tickSize });
    this.#listener = listener;
  }

  /** Our open orders, oldest first. */
  get orders(): readonly SimulatedOrder[] {
    return [...this.#orders, ...this.#stops];
  }

  /** Moves the market by one record. */
  onRecord(records: MarketRecords, row: number): void {
    const kind = records.kind(row);
    if (kind === KIND_TRADE) {
      const aggressor: Side = (records.flags(row) & FLAG_AGGRESSOR_SELL) === 0 ? 'Buy' : 'Sell';
      this.#onTrade(price(records.price(row)), records.quantity(row), aggressor);
    } else if (kind === KIND_BOOK_STATUS && records.quantity(row) === BOOK_REASON.sought) {
      this.#onSought();
    } else if (kind === KIND_SNAPSHOT_HEADER) {
      this.#onSnapshot(records, row);
    } else if (kind === KIND_BID_LEVEL || kind === KIND_ASK_LEVEL) {
      this.#onLevel(records, row, kind === KIND_BID_LEVEL ? 'Buy' : 'Sell');
    }
  }

  /** Enters an order: it takes what it may, and rests or expires. */
  submit(order: Order): SubmitRefusal | undefined {
    const entered: SimulatedOrder = {
      order,
      price: order.price,
      ahead: 0,
      leaves: order.leavesQty,
      triggered: false,
    };
    if (order.stopPrice !== undefined) {
      if (this.#last !== undefined && isTriggered(order, this.#last)) {
        return 'WOULD_TRIGGER_IMMEDIATELY';
      }
      this.#stops.push(entered);
      return undefined;
    }
    if (order.postOnly && this.#reachable(order) > 0) return 'WOULD_MATCH_IMMEDIATELY';
    this.#enter(entered);
    return undefined;
  }

  /** What taking all of a market order that can be filled now would cost or bring: price x quantity. */
  valueOfTaking(order: Order): bigint {
    let left: number = order.leavesQty;
    let value = 0n;
    for (const [px, standing] of this.#opposing(order.side, undefined)) {
      const fill = Math.max(0, Math.min(left, standing));
      value += notional(px, quantity(fill));
      left -= fill;
    }
    return value;
  }

  /** Puts back an order that rested before: it stands behind all that is recorded at its level now. */
  restore(order: Order): void {
    const { price: limit, leavesQty: leaves, side } = order;
    const triggered = order.triggeredAt !== undefined;
    if (order.stopPrice !== undefined && !triggered) {
      this.#stops.push({ order, price: limit, ahead: 0, leaves, triggered });
      return;
    }
    if (limit === undefined) return;
    const ahead = this.#recorded.quantityAt(bookSide(side), limit);
    this.#orders.push({ order, price: limit, ahead, leaves, triggered });
  }

  /** Takes an order out; the order with what it left, or undefined when it is not open. */
  cancel(id: ClientOrderId): SimulatedOrder | undefined {
    const found = this.orders.find((candidate) => candidate.order.clientOrderId === id);
    if (found !== undefined) this.#remove(found);
    return found;
  }

  #enter(entered: SimulatedOrder): void {
    const { order } = entered;
    if (order.timeInForce === 'FOK' && this.#reachable(order) < entered.leaves) {
      this.#listener.onExpired(entered, 'FOK_NOT_FILLABLE');
      return;
    }
    this.#take(entered);
    if (entered.leaves === 0) return;
    if (order.timeInForce !== 'GTC' || entered.price === undefined) {
      this.#listener.onExpired(entered, entered.price === undefined ? 'NO_LIQUIDITY' : 'IOC_REST');
      return;
    }
    entered.ahead = this.#recorded.quantityAt(bookSide(order.side), entered.price);
    this.#orders.push(entered);
  }

  /** The opposing levels an order may take, best first: recorded less what we took of them before. */
  #opposing(side: Side, limit: Price | undefined): [Price, number][] {
    const top = this.#top;
    this.#recorded.top(top);
    const buying = side === 'Buy';
    const prices = buying ? top.askPrices : top.bidPrices;
    const quantities = buying ? top.askQuantities : top.bidQuantities;
    const consumed = this.#consumed[buying ? 'Sell' : 'Buy'];
    const levels: [Price, number][] = [];
    for (let level = 0; level < (buying ? top.asks : top.bids); level += 1) {
      const px = price(prices[level] ?? 0);
      if (limit !== undefined && (buying ? px > limit : px < limit)) break;
      levels.push([px, (quantities[level] ?? 0) - (consumed.get(px) ?? 0)]);
    }
    return levels;
  }

  #reachable(order: Order): number {
    return this.#opposing(order.side, order.price).reduce((sum, [, left]) => sum + left, 0);
  }

  #take(entered: SimulatedOrder): void {
    const { side } = entered.order;
    const consumed = this.#consumed[side === 'Buy' ? 'Sell' : 'Buy'];
    for (const [px, left] of this.#opposing(side, entered.price)) {
      const fill = Math.min(left, entered.leaves);
      if (fill <= 0) continue;
      consumed.set(px, (consumed.get(px) ?? 0) + fill);
      entered.leaves -= fill;
      this.#listener.onFill(entered, px, quantity(fill), false);
      if (entered.leaves === 0) return;
    }
  }

  #onTrade(px: Price, traded: number, aggressor: Side): void {
    this.#last = px;
    const side: Side = aggressor === 'Buy' ? 'Sell' : 'Buy';
    const level = this.#traded[side];
    level.set(px, (level.get(px) ?? 0) + traded);
    const left = this.#fillThrough(px, traded, side);
    this.#fillAt(px, left, side);
    this.#trigger(px);
  }

  /** The trade printed beyond our price: its aggressor would have met us first, best price first. */
  #fillThrough(px: Price, traded: number, side: Side): number {
    const beyond = this.#orders
      .filter(({ order, price: limit }) => order.side === side && isBetter(side, limit, px))
      .sort((one, two) => {
        const lower = (one.price ?? 0) - (two.price ?? 0);
        return side === 'Buy' ? -lower : lower;
      });
    let left = traded;
    for (const resting of beyond) {
      const fill = Math.min(left, resting.leaves);
      left -= fill;
      resting.leaves -= fill;
      this.#filled(resting, fill);
    }
    return left;
  }

  #fillAt(px: Price, traded: number, side: Side): void {
    const level = this.#orders.filter(
      (resting) => resting.order.side === side && resting.price === px,
    );
    tradeThroughQueue(level, traded).forEach((fill, index) => {
      const resting = level[index];
      if (resting !== undefined) this.#filled(resting, fill);
    });
  }

  #filled(resting: SimulatedOrder, fill: number): void {
    if (fill === 0 || resting.price === undefined) return;
    this.#listener.onFill(resting, resting.price, quantity(fill), true);
    if (resting.leaves === 0) this.#remove(resting);
  }

  #trigger(last: Price): void {
    const reached = this.#stops.filter(({ order }) => isTriggered(order, last));
    for (const stop of reached) {
      this.#remove(stop);
      stop.triggered = true;
      this.#listener.onTriggered(stop);
      this.#enter(stop);
    }
  }

  #onSnapshot(records: MarketRecords, row: number): void {
    this.#recorded.apply(records, row, row + 1);
    for (const side of ['Buy', 'Sell'] as const) {
      this.#traded[side].clear();
      this.#before[side] = this.#consumed[side];
      this.#consumed[side] = new Map();
    }
  }

  #onLevel(records: MarketRecords, row: number, side: Side): void {
    const px = price(records.price(row));
    const before = this.#recorded.quantityAt(bookSide(side), px);
    const after = records.quantity(row);
    this.#recorded.apply(records, row, row + 1);
    const traded = Math.min(this.#traded[side].get(px) ?? 0, before);
    this.#traded[side].delete(px);
    const standing = before - traded;
    const level = this.#orders.filter(
      (resting) => resting.order.side === side && resting.price === px,
    );
    if (after < standing) cancelFromQueue(level, standing - after, standing);
    if ((records.flags(row) & FLAG_SNAPSHOT) === 0) {
      this.#restoreConsumed(side, px, before, after);
    } else {
      // The same level told anew holds what we took of it no more than before.
      const taken = Math.min(this.#before[side].get(px) ?? 0, after);
      if (taken > 0) this.#consumed[side].set(px, taken);
      for (const resting of level) resting.ahead = Math.min(resting.ahead, after);
    }
    if ((records.flags(row) & FLAG_LAST) === 0 || this.#orders.length === 0) return;
    this.#meet('Buy');
    this.#meet('Sell');
  }

  /** What we took of a level is gone from it as the recorded quantity goes; new quantity is there to be taken. */
  #restoreConsumed(side: Side, px: Price, before: number, after: number): void {
    const taken = this.#consumed[side].get(px);
    if (taken === undefined) return;
    const left = Math.max(0, taken - Math.max(0, before - after));
    if (left === 0) this.#consumed[side].delete(px);
    else this.#consumed[side].set(px, Math.min(left, after));
  }

  /** The recorded market moved onto our resting orders without a trade: they would have met, once. */
  #meet(side: Side): void {
    for (const resting of this.#orders.filter(({ order }) => order.side === side)) {
      const consumed = this.#consumed[side === 'Buy' ? 'Sell' : 'Buy'];
      for (const [px, left] of this.#opposing(side, resting.price)) {
        const fill = Math.min(left, resting.leaves);
        if (fill <= 0) continue;
        consumed.set(px, (consumed.get(px) ?? 0) + fill);
        resting.leaves -= fill;
        this.#filled(resting, fill);
      }
    }
  }

  /** The market goes to another time: what waits in it belongs to this one. */
  #onSought(): void {
    const open = this.orders;
    this.#orders = [];
    this.#stops = [];
    this.#last = undefined;
    this.#recorded.clear();
    for (const side of ['Buy', 'Sell'] as const) {
      this.#traded[side].clear();
      this.#consumed[side].clear();
      this.#before[side].clear();
    }
    for (const order of open) this.#listener.onExpired(order, 'REPLAY_SOUGHT');
  }

  #remove(gone: SimulatedOrder): void {
    this.#orders = this.#orders.filter((candidate) => candidate !== gone);
    this.#stops = this.#stops.filter((candidate) => candidate !== gone);
  }
}

function bookSide(side: Side): 'Bid' | 'Ask' {
  return side === 'Buy' ? 'Bid' : 'Ask';
}

function isBetter(side: Side, left: Price | undefined, right: Price): boolean {
  if (left === undefined) return false;
  return side === 'Buy' ? left > right : left < right;
}

function isTriggered(order: Order, last: Price): boolean {
  if (order.stopPrice === undefined) return false;
  return order.side === 'Buy' ? last >= order.stopPrice : last <= order.stopPrice;
}
