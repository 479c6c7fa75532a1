import { price, quantity } from '../../engine/domain/price.ts';
import type { MatchingOrder } from '../../engine/native/compute/matching-commands.ts';
import type { MatchingReason } from '../../engine/native/compute/matching-events.ts';
import { ASSET_SCALE } from './account.ts';
import type { Market } from './market.ts';
import type { ExchangeOrder, OrderRequest } from './order.ts';

const OWNER = 1;

/** Why the exchange refuses. */
export interface DeskRefusal {
  readonly code:
    | 'INSUFFICIENT_BALANCE'
    | 'DUPLICATE_ORDER'
    | 'WOULD_TAKE'
    | 'WOULD_TRIGGER'
    | 'MARKET_CLOSED'
    | 'UNKNOWN_ORDER'
    | 'NOT_A_REDUCTION'
    | 'BAD_LIST_PRICES'
    | 'REFUSED';
  readonly reason: string;
}

/** Unique among open orders; of those that are done the latest keeps the name. */
export function nameOf(order: ExchangeOrder): string {
  return `${order.request.listing.symbol} ${order.clientOrderId}`;
}

/** The asset an order sets aside. */
export function lockedAsset(order: ExchangeOrder): string {
  const { listing, side } = order.request;
  return side === 'Buy' ? listing.quote : listing.base;
}

/** A value at `scale` as an amount of an asset. */
export function toAsset(value: bigint, scale: number): bigint {
  return value * 10n ** BigInt(ASSET_SCALE - scale);
}

/** An order as the matching engine takes it. */
export function matchingOrder(order: ExchangeOrder): MatchingOrder {
  const { request } = order;
  return {
    orderId: order.orderId,
    side: request.side,
    type: request.type,
    timeInForce: request.timeInForce,
    owner: OWNER,
    selfTrade: request.selfTrade,
    ...(request.quantity === undefined ? {} : { quantity: quantity(request.quantity) }),
    ...(request.price === undefined ? {} : { price: price(request.price) }),
    ...(request.stopPrice === undefined ? {} : { stopPrice: price(request.stopPrice) }),
    ...(request.quoteQuantity === undefined ? {} : { quoteAmount: request.quoteQuantity }),
  };
}

/** The engine's refusal as the desk's. */
export function refusalOf(reason: MatchingReason): DeskRefusal {
  switch (reason) {
    case 'WOULD_TAKE':
    case 'WOULD_TRIGGER':
    case 'UNKNOWN_ORDER':
    case 'NOT_A_REDUCTION':
      return { code: reason, reason };
    case 'HALTED':
    case 'CANCEL_ONLY':
      return { code: 'MARKET_CLOSED', reason };
    default:
      return { code: 'REFUSED', reason };
  }
}

/** The limit leg must rest on its side of the last price and the stop lie on the other. */
export function refusedPrices(
  market: Market,
  limit: OrderRequest,
  stop: OrderRequest,
): DeskRefusal | undefined {
  const { lastPrice, quote } = market;
  const direction = limit.side === 'Sell' ? 1 : -1;
  const [away, back] = [(limit.price ?? 0) - lastPrice, lastPrice - (stop.stopPrice ?? 0)];
  if (away * direction <= 0 || back * direction <= 0) {
    return { code: 'BAD_LIST_PRICES', reason: 'the last price must lie between the legs' };
  }
  const touch = limit.side === 'Sell' ? quote.bid : quote.ask;
  const takes = touch !== 0 && ((limit.price ?? 0) - touch) * direction <= 0;
  return takes ? { code: 'WOULD_TAKE', reason: 'the limit leg must rest' } : undefined;
}
