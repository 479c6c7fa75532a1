import type {
  MatchingOrderType,
  SelfTradePrevention,
} from '../../engine/native/compute/matching-commands.ts';
import type { Listing } from './listing.ts';
import type { Market } from './market.ts';

/** What a client asks for; mantissas at the listing's scales, `quoteQuantity` at priceScale + quantityScale. */
export interface OrderRequest {
  readonly listing: Listing;
  readonly clientOrderId: string;
  readonly side: 'Buy' | 'Sell';
  readonly type: MatchingOrderType;
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK';
  readonly price: number | undefined;
  readonly quantity: number | undefined;
  readonly quoteQuantity: bigint | undefined;
  readonly stopPrice: number | undefined;
  /** Part of the quantity that the book shows; absent: all of it. */
  readonly icebergQuantity?: number | undefined;
  readonly selfTrade: SelfTradePrevention;
}

/** Where an order of the exchange is in its life. */
export type ExchangeOrderStatus =
  'NEW' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'EXPIRED' | 'EXPIRED_IN_MATCH';

/** An order the exchange took. */
export interface ExchangeOrder {
  readonly request: OrderRequest;
  readonly market: Market;
  readonly orderId: number;
  readonly timeMs: number;
  clientOrderId: string;
  /** Quantity ordered; lowered by an amendment. Of an order by quote amount: what was executed. */
  quantity: number;
  executed: number;
  /** At priceScale + quantityScale. */
  executedQuote: bigint;
  status: ExchangeOrderStatus;
  updateTimeMs: number;
  /** When it went on the book; -1 while a trigger order waits. */
  workingTimeMs: number;
  working: boolean;
  /** What is still set aside for it, at the asset scale. */
  locked: bigint;
  /** Set when its first fill took it off the unfilled-order count. */
  counted: boolean;
  /** What of it the book shows, and what it hides while it rests. */
  shown: number;
  hidden: number;
  /** The list it is a leg of. */
  list: OrderList | undefined;
}

/** Two orders of which the activation or end of one ends the other. */
export interface OrderList {
  readonly listId: number;
  readonly clientOrderId: string;
  readonly timeMs: number;
  /** The limit leg, then the one that waits for its trigger. */
  readonly legs: readonly [ExchangeOrder, ExchangeOrder];
  done: boolean;
}

/** One execution of one order. */
export interface OrderFill {
  readonly order: ExchangeOrder;
  readonly tradeId: number;
  readonly price: number;
  readonly quantity: number;
  readonly quote: bigint;
  readonly commission: bigint;
  readonly commissionAsset: string;
  readonly maker: boolean;
  readonly timeMs: number;
}

/** Why something about an order is told. */
export type ExecutionType =
  'NEW' | 'CANCELED' | 'REPLACED' | 'TRADE' | 'EXPIRED' | 'TRADE_PREVENTION';

/** What the account's stream says about an order, in the order it happened. */
export interface ExecutionReport {
  readonly order: ExchangeOrder;
  readonly executionType: ExecutionType;
  readonly executionId: number;
  readonly timeMs: number;
  readonly fill?: OrderFill;
  /** Of a cancel: the id of the cancel request. */
  readonly cancelId?: string;
  /** Copies of what changes later. */
  readonly status: ExchangeOrderStatus;
  readonly executed: number;
  readonly executedQuote: bigint;
  readonly working: boolean;
}

/** Whether an order still rests or waits. */
export function isOpen(order: ExchangeOrder): boolean {
  return order.status === 'NEW' || order.status === 'PARTIALLY_FILLED';
}

/** The other leg of an order's list while it is open. */
export function openSibling(order: ExchangeOrder): ExchangeOrder | undefined {
  return order.list?.legs.find((leg) => leg !== order && isOpen(leg));
}

/** Whether an order type waits for a trigger price. */
export function isTrigger(type: MatchingOrderType): boolean {
  return type !== 'Limit' && type !== 'Market' && type !== 'LimitMaker';
}
