import { quantity, price } from '../../engine/domain/price.ts';
import { parseDecimal } from '../../engine/domain/decimal.ts';
import { MatchingLevels } from '../../engine/native/compute/matching.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Listing } from '../exchange/listing.ts';
import type { Market } from '../exchange/market.ts';
import type { ExchangeOrder } from '../exchange/order.ts';
import type { Fault } from './plan.ts';

/** The id a stranger's order has; it never rests, so it is free again at once. */
const STRANGER_ORDER_ID = 1;
const DEEPEST_LEVELS = 5000;

/** What faults need the exchange itself for: somebody who trades just now, other rules, a halt. */
export class ExchangeFaults {
  readonly #exchange: Exchange;
  readonly #listings = new Map<Market, Listing>();
  readonly #halted = new Set<Market>();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** An order of the account by what a request calls it. */
  order(symbol: string, orderId: unknown, clientOrderId: unknown): ExchangeOrder | undefined {
    return this.#exchange.desk.find(
      symbol,
      typeof orderId === 'number' ? orderId : undefined,
      typeof clientOrderId === 'string' ? clientOrderId : undefined,
    );
  }

  /** A stranger takes everything ahead of a resting order and `part` of what is left of it. */
  take(order: ExchangeOrder, part: number): void {
    const { listing, side, price: limit } = order.request;
    const market = this.#exchange.market(listing.symbol);
    if (market === undefined || limit === undefined) return;
    const ahead = market.engine.queuePosition(order.orderId)?.quantityAhead;
    if (ahead === undefined) return;
    const levels = market.engine.top(side, new MatchingLevels(DEEPEST_LEVELS));
    let wanted = ahead;
    for (let index = 0; index < levels.count; index += 1) {
      const better = side === 'Buy' ? levels.price(index) > limit : levels.price(index) < limit;
      if (better) wanted += levels.total(index);
    }
    const { stepSize } = market.listing;
    const own = Math.ceil((market.engine.leaves(order.orderId) * part) / stepSize) * stepSize;
    this.#exchange.trade(market, {
      orderId: STRANGER_ORDER_ID,
      side: side === 'Buy' ? 'Sell' : 'Buy',
      type: 'Limit',
      timeInForce: 'IOC',
      price: price(limit),
      quantity: quantity(wanted + own),
    });
  }

  /** The exchange itself ends an order. */
  end(order: ExchangeOrder): void {
    const market = this.#exchange.market(order.request.listing.symbol);
    if (market !== undefined) this.#exchange.desk.cancel(market, order, 'exchange');
  }

  /** Brings halts and rules in line with the faults that last now. */
  follow(states: readonly Fault[]): void {
    for (const market of this.#exchange.markets) {
      const { symbol } = market.listing;
      const mine = states.filter((fault) => fault.symbol === symbol);
      this.#halt(
        market,
        mine.some(({ kind }) => kind === 'halt'),
      );
      const rules = mine.find(({ kind }) => kind === 'tick-size');
      this.#relist(market, rules);
    }
  }

  #halt(market: Market, halted: boolean): void {
    if (this.#halted.has(market) === halted) return;
    market.setHalted(halted);
    if (halted) this.#halted.add(market);
    else this.#halted.delete(market);
  }

  #relist(market: Market, rules: Fault | undefined): void {
    const original = this.#listings.get(market);
    if (rules === undefined) {
      if (original !== undefined) market.relist(original);
      this.#listings.delete(market);
      return;
    }
    if (original !== undefined) return;
    const { listing } = market;
    this.#listings.set(market, listing);
    const tick = stepOf(rules.tickSize, listing.priceScale) ?? listing.tickSize;
    const step = stepOf(rules.stepSize, listing.quantityScale) ?? listing.stepSize;
    market.relist({
      ...listing,
      tickSize: tick,
      minPrice: tick,
      stepSize: step,
      minQuantity: step,
      maxQuantity: Math.floor(listing.maxQuantity / step) * step,
    });
  }
}

/** A step at a scale; absent when it is finer than the scale. */
function stepOf(text: string | undefined, scale: number): number | undefined {
  if (text === undefined) return undefined;
  const parsed = parseDecimal(text, scale);
  return parsed.ok && parsed.value > 0 ? parsed.value : undefined;
}
