import { formatDecimal } from '../../engine/domain/decimal.ts';
import { price } from '../../engine/domain/price.ts';
import type { Exchange } from './exchange.ts';

/** Where an order of the account stands, by the exchange's own queue: decimal text in the base asset. No real venue tells it. */
export interface QueueRow {
  readonly symbol: string;
  readonly clientOrderId: string;
  /** What is to trade at its price before it. */
  readonly ahead: string;
  /** All that is shown at its price, the order included. */
  readonly level: string;
}

/** The queues of all orders of the account that rest. */
export function queuePositions(exchange: Exchange): QueueRow[] {
  return exchange.desk.openOrders().flatMap((order): readonly QueueRow[] => {
    const { market, orderId, clientOrderId } = order;
    const { listing, side, price: at } = order.request;
    const position = market.engine.queuePosition(orderId);
    if (position === undefined || at === undefined) return [];
    const text = (quantity: number): string =>
      formatDecimal(BigInt(quantity), listing.quantityScale);
    const ahead = text(position.quantityAhead);
    const level = text(market.engine.levelTotal(side, price(at)));
    return [{ symbol: listing.symbol, clientOrderId, ahead, level }];
  });
}
