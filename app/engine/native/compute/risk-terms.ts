import type { Price, Quantity } from '../../domain/price.ts';
import type { Side } from '../../domain/order.ts';

/** Codes of a verdict; stable, also in saved data. */
export const RISK_REASON = {
  OK: 0,
  TRADING_LOCKED: 1,
  TRADING_HALTED: 2,
  REDUCE_ONLY: 3,
  NOT_ARMED: 4,
  MAX_ORDER_QUANTITY: 5,
  MAX_ORDER_NOTIONAL: 6,
  PRICE_COLLAR: 7,
  MAX_POSITION: 8,
  MAX_OPEN_ORDERS: 9,
  MAX_WORKING_NOTIONAL: 10,
  ORDER_RATE: 11,
  DUPLICATE_ORDER: 12,
  STALE_DATA: 13,
  INSUFFICIENT_BALANCE: 14,
  UNKNOWN_INSTRUMENT: 15,
  QUANTITY_OFF_STEP: 16,
  PRICE_OFF_TICK: 17,
  BELOW_MIN_NOTIONAL: 18,
  MIN_QUANTITY: 19,
  MAX_QUANTITY: 20,
  MIN_PRICE: 21,
  MAX_PRICE: 22,
  UNKNOWN_SCOPE: 23,
  UNKNOWN_REPLACED: 24,
  DUPLICATE_ORDER_ID: 25,
} as const;
export type RiskReason = keyof typeof RISK_REASON;

/** The scopes of an order, in the order they are checked. */
export const RISK_SCOPES = ['Instrument', 'Account', 'Client', 'Strategy', 'Venue'] as const;
export type RiskScope = (typeof RISK_SCOPES)[number];

/** Limits of one scope; absent: unlimited. Quantities count per instrument, at its scale; notionals at the gate's money scale. */
export interface RiskScopeLimits {
  readonly maxOrderQuantity?: Quantity;
  readonly maxOrderNotional?: bigint;
  /** |position| if everything working on the order's side filled. */
  readonly maxPosition?: Quantity;
  readonly maxOpenOrders?: number;
  readonly maxWorkingNotional?: bigint;
  /** At most `count` orders (1..100000) in any `windowMicros`. */
  readonly orderRate?: { readonly count: number; readonly windowMicros: number };
}

/** What the gate needs to know of an instrument. Ids are small whole numbers (0..4095) that the caller assigns. */
export interface RiskInstrument {
  readonly tickSize: Price;
  readonly minPrice: Price;
  readonly maxPrice: Price;
  readonly stepSize: Quantity;
  readonly minQuantity: Quantity;
  readonly maxQuantity: Quantity;
  /** At the gate's money scale. */
  readonly minNotional: bigint;
  /** Price x quantity x this = money at the gate's scale. */
  readonly notionalMultiplier: number;
  readonly venue: number;
  /** Absent: the balance is not checked. Quantity x `multiplier` = units of the balance. */
  readonly baseAsset?: { readonly id: number; readonly multiplier: number };
  /** Absent: the balance is not checked. Price x quantity x `multiplier` = units of the balance. */
  readonly quoteAsset?: { readonly id: number; readonly multiplier: number };
  /** How much worse than the reference a price may be, in basis points; absent: any. */
  readonly collarBps?: number;
  /** How much better; absent: any. */
  readonly passiveCollarBps?: number;
  /** Touch (absent): a buy against the ask, a sell against the bid. */
  readonly collarReference?: 'Touch' | 'Mid';
}

/** An order as the gate sees it; of a fill, `price` and `quantity` are the fill's. */
export interface RiskOrder {
  /** Positive safe integer. */
  readonly orderId: number;
  /** A working order that this one takes the place of. */
  readonly replaces?: number;
  readonly instrument: number;
  readonly account: number;
  /** Person's client (1..4095); absent: none. */
  readonly client?: number;
  /** 1..4095; absent: none. */
  readonly strategy?: number;
  readonly side: Side;
  /** Given by a person's client: needs arming when it adds risk. */
  readonly manual?: boolean;
  readonly reduceOnly?: boolean;
  /** Limit, or stop price; absent: at the market. */
  readonly price?: Price;
  readonly quantity: Quantity;
  /** Of the account's position, what was taken as fees: a sell that closes it cannot have it. */
  readonly spent?: Quantity;
}

/** What the gate says. `limit` and `seen` are in the unit of the check; both 0 where a state denies. */
export type RiskVerdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: Exclude<RiskReason, 'OK'>;
      readonly scope: RiskScope;
      readonly limit: bigint;
      readonly seen: bigint;
    };

/** One scope's position in an instrument and the quantities working in it. */
export interface RiskExposure {
  readonly position: number;
  readonly workingBuy: number;
  readonly workingSell: number;
}
