import type { FeeRates } from './account.ts';
import type {
  AccountId,
  AssetCode,
  ClientOrderId,
  InstrumentId,
  TradeId,
  VenueOrderId,
} from './identifiers.ts';
import type { OrderTerms } from './order.ts';
import type { EvidenceSource } from './order-evidence.ts';
import type { Price, Quantity } from './price.ts';
import type { UnixMicros } from './time.ts';

/** Who at the venue said it, and how the order stood in the same words; absent in older journals. */
export interface VenueWords {
  readonly source: EvidenceSource;
  readonly status?: VenueOrder['status'];
  readonly cumQty?: Quantity;
}

/** What every report about one order carries. `venueTime` is the venue's clock. */
interface OrderReportBase {
  readonly said?: VenueWords;
  readonly account: AccountId;
  readonly instrument: InstrumentId;
  readonly clientOrderId: ClientOrderId;
  readonly venueTime: UnixMicros;
}

/** The venue took the order. */
export interface OrderAccepted extends OrderReportBase {
  readonly type: 'OrderAccepted';
  readonly venueOrderId: VenueOrderId;
}

/** The venue refused the order. */
export interface OrderRejected extends OrderReportBase {
  readonly type: 'OrderRejected';
  readonly code: string;
  readonly message: string;
}

/** A stop order's trigger was reached. */
export interface OrderTriggered extends OrderReportBase {
  readonly type: 'OrderTriggered';
}

/** One execution, keyed by (venue, instrument, trade id, side): the account's trade with itself is two of one id. May come twice, early, late or out of order. */
export interface OrderFilled extends OrderReportBase {
  readonly type: 'OrderFilled';
  readonly venueOrderId: VenueOrderId;
  readonly tradeId: TradeId;
  readonly lastPx: Price;
  readonly lastQty: Quantity;
  readonly liquidity: 'Maker' | 'Taker';
  readonly fee: bigint;
  readonly feeScale: number;
  readonly feeAsset: AssetCode;
}

/** The order is canceled, `cumQty` filled before. */
export interface OrderCanceled extends OrderReportBase {
  readonly type: 'OrderCanceled';
  readonly cumQty: Quantity;
  readonly code?: string;
}

/** The venue ended the order by itself (IOC rest, FOK, self-trade prevention, rules). */
export interface OrderExpired extends OrderReportBase {
  readonly type: 'OrderExpired';
  readonly cumQty: Quantity;
  readonly code: string;
}

/** The venue refused to cancel. */
export interface CancelRejected extends OrderReportBase {
  readonly type: 'CancelRejected';
  readonly code: string;
  readonly message: string;
}

/** The venue refused to replace and the original is as it was; `replacement` was not placed. */
export interface ReplaceRejected extends OrderReportBase {
  readonly type: 'ReplaceRejected';
  readonly replacement: ClientOrderId;
  readonly code: string;
  readonly message: string;
}

/** A request's fate is not known: timeout, 5xx, lost connection. */
export interface OutcomeUnknown extends OrderReportBase {
  readonly type: 'OutcomeUnknown';
  readonly request: 'submit' | 'cancel' | 'replace';
  readonly replacement?: ClientOrderId;
  readonly code: string;
}

/** The request surely never reached the venue (refused before it left: queue closed, banned, unsigned). */
export interface NotSent extends OrderReportBase {
  readonly type: 'NotSent';
  readonly request: 'submit' | 'cancel' | 'replace';
  readonly replacement?: ClientOrderId;
  readonly code: string;
  readonly message: string;
}

/** Another source said what was told before: evidence, nothing else. */
export interface OrderRestated extends OrderReportBase {
  readonly type: 'OrderRestated';
  readonly said: VenueWords;
}

/** An order as the venue states it now. */
export interface VenueOrder {
  readonly terms: OrderTerms;
  readonly clientOrderId: ClientOrderId;
  readonly venueOrderId: VenueOrderId;
  readonly status: 'Accepted' | 'PartiallyFilled' | 'Filled' | 'Canceled' | 'Rejected' | 'Expired';
  readonly cumQty: Quantity;
  readonly cumNotional: bigint;
  /** Of a stop: its trigger was reached. Absent where the venue does not say, and in older journals. */
  readonly triggered?: true;
  readonly venueTime: UnixMicros;
}

/** The answer to SendQuery. */
export interface OrderQueried {
  readonly type: 'OrderQueried';
  readonly said?: VenueWords;
  readonly account: AccountId;
  readonly instrument: InstrumentId;
  readonly clientOrderId: ClientOrderId;
  /** Absent: the venue says it does not know this order (one negative answer). */
  readonly order?: VenueOrder;
  /** Fills of this client order id found in the account's trade history, oldest first. */
  readonly fills: readonly OrderFilled[];
  readonly venueTime: UnixMicros;
  /** Our time of the question; the answer may be no older. Absent when nobody asked or nobody noted it. */
  readonly askedAt?: UnixMicros;
}

/** One asset's balance at the venue, at `scale` decimals. */
export interface VenueBalance {
  readonly asset: AssetCode;
  readonly scale: number;
  readonly free: bigint;
  readonly locked: bigint;
}

/** Balances changed; only the assets named. */
export interface BalancesChanged {
  readonly type: 'BalancesChanged';
  readonly account: AccountId;
  readonly balances: readonly VenueBalance[];
  readonly venueTime: UnixMicros;
}

/** An open order on a symbol that is not among our instruments. */
export interface ForeignOrder {
  readonly symbol: string;
  readonly clientOrderId: string;
}

/** All that the venue knows of an account: the answer to SendReconcile. */
export interface AccountSnapshot {
  readonly type: 'AccountSnapshot';
  readonly said?: VenueWords;
  readonly account: AccountId;
  readonly requestId: number;
  readonly balances: readonly VenueBalance[];
  readonly openOrders: readonly VenueOrder[];
  /** The venue's own name of the account, when it states one. */
  readonly venueAccount?: string;
  /** The account's fee rates, when the venue states them. */
  readonly feeRates?: FeeRates;
  /** Open orders on symbols that are not among our instruments; absent: none. */
  readonly foreignOrders?: readonly ForeignOrder[];
  /** Fills since the last trade id asked for, oldest first. */
  readonly fills: readonly OrderFilled[];
  readonly venueTime: UnixMicros;
}

/** The answer to SendListOrders. */
export interface OrdersListed {
  readonly type: 'OrdersListed';
  readonly account: AccountId;
  readonly requestId: number;
  /** Every open order of the instruments asked for, perhaps more. */
  readonly openOrders: readonly VenueOrder[];
  readonly venueTime: UnixMicros;
  readonly said?: VenueWords;
}

/** The venue canceled all that was open on a symbol; each known order is reported besides. */
export interface AllCanceled {
  readonly type: 'AllCanceled';
  readonly account: AccountId;
  readonly symbol: string;
  /** Orders it canceled. */
  readonly count: number;
  readonly venueTime: UnixMicros;
}

/** SendReconcile, SendListOrders, SendQuery or SendCancelAll could not be answered. */
export interface RequestFailed {
  readonly type: 'RequestFailed';
  readonly said?: VenueWords;
  readonly account: AccountId;
  readonly request: 'reconcile' | 'orders' | 'query' | 'cancelAll';
  /** Of cancelAll. */
  readonly symbol?: string;
  readonly requestId?: number;
  readonly clientOrderId?: ClientOrderId;
  readonly code: string;
  readonly message: string;
}

/** The private stream of an account came up (subscribed, buffering ended) or went down. */
export interface ConnectionChanged {
  readonly type: 'ConnectionChanged';
  readonly account: AccountId;
  readonly state: 'Connected' | 'Disconnected';
  readonly reason?: string;
}

/** Facts a venue connector tells the kernel; each is an input of record. */
export type VenueReport =
  | OrderAccepted
  | OrderRejected
  | OrderTriggered
  | OrderFilled
  | OrderCanceled
  | OrderExpired
  | CancelRejected
  | ReplaceRejected
  | OutcomeUnknown
  | NotSent
  | OrderRestated
  | OrderQueried
  | BalancesChanged
  | AccountSnapshot
  | OrdersListed
  | AllCanceled
  | RequestFailed
  | ConnectionChanged;

/** A report about one order that is a fact, not an answer to a question of ours. */
export type OrderReport = Exclude<
  VenueReport,
  {
    readonly type:
      | 'OrderQueried'
      | 'BalancesChanged'
      | 'AccountSnapshot'
      | 'AllCanceled'
      | 'OrdersListed'
      | 'RequestFailed'
      | 'ConnectionChanged'
      | 'OrderRestated';
  }
>;
