import type {
  AccountId,
  ClientId,
  ClientOrderId,
  InstrumentId,
  TradeId,
  VenueOrderId,
} from './identifiers.ts';
import type { Price, Quantity } from './price.ts';
import type { UnixMicros } from './time.ts';

export type Side = 'Buy' | 'Sell';
export type OrderType = 'Limit' | 'Market' | 'Stop' | 'StopLimit';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK';

/** Every status an order can have, spelled so everywhere. Denied: by our risk. Rejected: by the venue. */
export const ORDER_STATUSES = [
  'Initialized',
  'Denied',
  'Submitted',
  'Accepted',
  'Rejected',
  'Triggered',
  'PartiallyFilled',
  'Filled',
  'PendingReplace',
  'PendingCancel',
  'Canceled',
  'Expired',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Who caused an order: a person's client, the flatten procedure, a bracket's entry, or somebody outside Quarterdeck. */
export type OrderOrigin = 'Manual' | 'Flatten' | 'Bracket' | 'External';

/** Exits that the fills of an entry are to have; at least one of them. */
export interface Bracket {
  readonly takeProfit?: Price;
  /** Trigger of a stop order at market. */
  readonly stopLoss?: Price;
}

/** What an order asks for; immutable until a replace is acknowledged. */
export interface OrderTerms {
  readonly instrument: InstrumentId;
  readonly account: AccountId;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: Quantity;
  /** Absent for Market and Stop. */
  readonly price?: Price;
  /** Present for Stop and StopLimit. */
  readonly stopPrice?: Price;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  /** Part of the quantity that the book shows at a time (FIX DisplayQty). Limit GTC only. */
  readonly displayQuantity?: Quantity;
  /** The trader's own words, 1..32 printable ASCII characters (FIX Text). Never sent to a venue. */
  readonly tag?: string;
  /** Of an entry: exits sent for what it fills. */
  readonly bracket?: Bracket;
}

/** Best bid and best ask. */
export interface Touch {
  readonly bid: Price;
  readonly ask: Price;
}

/** One order of record. Times are ours unless `venue…`. */
export interface Order extends OrderTerms {
  readonly clientOrderId: ClientOrderId;
  readonly venueOrderId?: VenueOrderId;
  readonly origin: OrderOrigin;
  readonly client?: ClientId;
  readonly status: OrderStatus;
  /** Set while the venue's view of the order is not known; since when. */
  readonly unknownSince?: UnixMicros;
  readonly cumQty: Quantity;
  readonly leavesQty: Quantity;
  /** Sum of price x quantity over the fills, at priceScale + quantityScale; average price = cumNotional / cumQty. */
  readonly cumNotional: bigint;
  /** Quantity and price asked for by a replace that the venue has not answered. */
  readonly pending?: { readonly quantity: Quantity; readonly price?: Price };
  /** Client order id of the order this one replaces (venues that replace by cancel + new). */
  readonly replaces?: ClientOrderId;
  /** Of an exit: client order id of the entry whose fills it closes. */
  readonly parent?: ClientOrderId;
  /** Of a leg of an order list: the other leg, which the venue ends when this one fills or ends (FIX ContingencyType 1). */
  readonly contingency?: { readonly type: 'OneCancelsOther'; readonly sibling: ClientOrderId };
  /** Machine-readable reason of Denied, Rejected, Expired, Canceled, and words for people. */
  readonly reason?: { readonly code: string; readonly message: string };
  readonly decidedAt: UnixMicros;
  /** The touch then, of the first of an order that was replaced; absent when no price could be trusted. */
  readonly arrival?: Touch;
  readonly submittedAt?: UnixMicros;
  readonly acceptedAt?: UnixMicros;
  /** When a stop order's trigger was reached. */
  readonly triggeredAt?: UnixMicros;
  readonly venueAcceptedAt?: UnixMicros;
  readonly updatedAt: UnixMicros;
}

/** One execution of one order. */
export interface Fill {
  readonly tradeId: TradeId;
  readonly clientOrderId: ClientOrderId;
  readonly venueOrderId: VenueOrderId;
  readonly instrument: InstrumentId;
  readonly account: AccountId;
  readonly side: Side;
  readonly lastPx: Price;
  readonly lastQty: Quantity;
  readonly liquidity: 'Maker' | 'Taker';
  /** Exact fee in `feeAsset` at `feeScale`; positive is paid. */
  readonly fee: bigint;
  readonly feeScale: number;
  readonly feeAsset: string;
  readonly venueTime: UnixMicros;
  readonly receivedAt: UnixMicros;
}

const TERMINAL: ReadonlySet<OrderStatus> = new Set([
  'Denied',
  'Rejected',
  'Filled',
  'Canceled',
  'Expired',
]);

/** True when no further status can follow. */
export function isTerminal(status: OrderStatus): boolean {
  return TERMINAL.has(status);
}
