import { present } from '../../base/invariant.ts';

/** Codes of the `kind` column. Completed: a market order by quote amount whose rest buys no further step. */
export const MATCHING_EVENT = {
  Accepted: 0,
  Rejected: 1,
  Traded: 2,
  Canceled: 3,
  Expired: 4,
  Triggered: 5,
  Amended: 6,
  Completed: 7,
} as const;

/** Codes of the `reason` column by position. */
export const MATCHING_REASONS = [
  'NONE',
  'HALTED',
  'CANCEL_ONLY',
  'INVALID_ORDER',
  'INVALID_QUANTITY',
  'QUANTITY_OFF_STEP',
  'INVALID_PRICE',
  'PRICE_OFF_TICK',
  'INVALID_STOP_PRICE',
  'STOP_PRICE_OFF_TICK',
  'DUPLICATE_ORDER_ID',
  'WOULD_TAKE',
  'WOULD_TRIGGER',
  'UNKNOWN_ORDER',
  'NOT_A_REDUCTION',
  'IMMEDIATE_OR_CANCEL',
  'FILL_OR_KILL',
  'SELF_TRADE_PREVENTION',
  'NO_LIQUIDITY',
  'LEVEL_FULL',
  'REPLACED',
] as const;
export type MatchingReason = (typeof MATCHING_REASONS)[number];

const NUMBER_COLUMNS = 7;

/** What the last call caused, in order, as columns; overwritten by the next call. Side codes: 0 buy, 1 sell. */
export class MatchingEvents {
  readonly capacity: number;
  readonly kind: Uint8Array;
  /** Position in `MATCHING_REASONS`. */
  readonly reason: Uint8Array;
  /** Of `orderId`; of a trade, the aggressor's. Without meaning when a cancel or amend is rejected. */
  readonly side: Uint8Array;
  /** Of a trade: the taker. */
  readonly orderId: Float64Array;
  readonly makerOrderId: Float64Array;
  readonly tradeId: Float64Array;
  /** Trade price; stop price of Triggered; else the limit price, 0 for market types. */
  readonly price: Float64Array;
  /** Accepted, traded, canceled or expired quantity; of Amended: by how much. */
  readonly quantity: Float64Array;
  /** Left of `orderId`; 0 for an order by quote amount. */
  readonly leaves: Float64Array;
  readonly makerLeaves: Float64Array;
  /** The seven number columns in one block, for the binding. */
  readonly numbers: Float64Array;
  count = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.kind = new Uint8Array(capacity);
    this.reason = new Uint8Array(capacity);
    this.side = new Uint8Array(capacity);
    this.numbers = new Float64Array(capacity * NUMBER_COLUMNS);
    const column = (index: number): Float64Array =>
      this.numbers.subarray(index * capacity, (index + 1) * capacity);
    this.orderId = column(0);
    this.makerOrderId = column(1);
    this.tradeId = column(2);
    this.price = column(3);
    this.quantity = column(4);
    this.leaves = column(5);
    this.makerLeaves = column(6);
  }

  /** The reason of one event by name. */
  reasonAt(index: number): MatchingReason {
    return present(MATCHING_REASONS[this.reason[index] ?? -1], `reason of event ${index}`);
  }
}
