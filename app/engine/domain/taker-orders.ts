import { notional, quantity, type Price, type Quantity } from './price.ts';
import type { Side } from './order.ts';
import type { UnixMicros } from './time.ts';

/** A public trade as it is put together with others. */
export interface TakerTrade {
  readonly id: number;
  readonly price: Price;
  readonly quantity: Quantity;
  /** Absent when nobody told it. */
  readonly aggressor?: Side;
  /** By the venue's clock. */
  readonly at: UnixMicros;
}

/** An order that took what rested in the book, as its fills tell of it. */
export interface TakerOrder {
  /** Absent of a trade whose aggressor nobody told. */
  readonly side?: Side;
  readonly at: UnixMicros;
  readonly quantity: Quantity;
  /** Sum of price x quantity, at the sum of both scales; average price = notional / quantity. */
  readonly notional: bigint;
  /** Price of the first fill, the best one. */
  readonly firstPrice: Price;
  readonly lastPrice: Price;
  readonly fills: number;
  readonly firstId: number;
  readonly lastId: number;
}

/**
 * Puts the fills of taker orders together again: trades that follow each other belong to one order while they have its side and its time,
 * and their price goes no better (an order takes the best price first). Two orders of a side that a venue gives one time, the second no
 * better than the first, look like one: a venue that tells milliseconds has more of these than one that tells microseconds.
 */
export class TakerOrders {
  #current: TakerOrder | undefined;

  /** The order whose fills may go on. */
  get current(): TakerOrder | undefined {
    return this.#current;
  }

  /** Counts a trade; gives the order that it shows to be over. */
  add(trade: TakerTrade): TakerOrder | undefined {
    const before = this.#current;
    if (before !== undefined && isFillOf(before, trade)) {
      this.#current = {
        ...before,
        quantity: quantity(before.quantity + trade.quantity),
        notional: before.notional + notional(trade.price, trade.quantity),
        lastPrice: trade.price,
        fills: before.fills + 1,
        lastId: trade.id,
      };
      return undefined;
    }
    const { id, price, aggressor, at } = trade;
    this.#current = {
      ...(aggressor === undefined ? {} : { side: aggressor }),
      at,
      quantity: trade.quantity,
      notional: notional(price, trade.quantity),
      firstPrice: price,
      lastPrice: price,
      fills: 1,
      firstId: id,
      lastId: id,
    };
    return before;
  }
}

/** True when a trade that follows an order's fills is one of them too. */
export function isFillOf(
  order: Pick<TakerOrder, 'side' | 'at' | 'lastPrice'>,
  { aggressor, at, price }: Pick<TakerTrade, 'aggressor' | 'at' | 'price'>,
): boolean {
  if (aggressor === undefined || order.side !== aggressor || order.at !== at) return false;
  return aggressor === 'Buy' ? price >= order.lastPrice : price <= order.lastPrice;
}
