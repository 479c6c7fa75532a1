import { invariant } from '../../base/invariant.ts';
import type { Side } from '../../domain/order.ts';
import type { Price, Quantity } from '../../domain/price.ts';

/** Order types of the matching engine; a Stop fires away from the market, a TakeProfit towards it. */
export type MatchingOrderType =
  'Limit' | 'Market' | 'LimitMaker' | 'Stop' | 'StopLimit' | 'TakeProfit' | 'TakeProfitLimit';

/** What happens when taker and maker have the same owner; the taker's mode decides. */
export type SelfTradePrevention = 'None' | 'ExpireTaker' | 'ExpireMaker' | 'ExpireBoth';

/** One order as the matching engine takes it. */
export interface MatchingOrder {
  /** Positive safe integer, unique among live orders. */
  readonly orderId: number;
  readonly side: Side;
  readonly type: MatchingOrderType;
  /** Absent only for a Market order by `quoteAmount`. */
  readonly quantity?: Quantity;
  /** For the limit types. */
  readonly price?: Price;
  /** For the stop and take-profit types. */
  readonly stopPrice?: Price;
  /** Money to spend or receive at most, at priceScale + quantityScale; below 2^63. */
  readonly quoteAmount?: bigint;
  /** GTC when absent. FOK only with a limit price; a LimitMaker is GTC. */
  readonly timeInForce?: 'GTC' | 'IOC' | 'FOK';
  /** 1..2^32-1; absent: never prevented from trading. */
  readonly owner?: number;
  /** None when absent. */
  readonly selfTrade?: SelfTradePrevention;
}

const SIDES = { Buy: 0, Sell: 1 } as const;
const TYPES = {
  Limit: 0,
  Market: 1,
  LimitMaker: 2,
  Stop: 3,
  StopLimit: 4,
  TakeProfit: 5,
  TakeProfitLimit: 6,
} as const;
const TIMES_IN_FORCE = { GTC: 0, IOC: 1, FOK: 2 } as const;
const SELF_TRADES = { None: 0, ExpireTaker: 1, ExpireMaker: 2, ExpireBoth: 3 } as const;
const SUBMIT = 0;
const CANCEL = 1;
const AMEND = 2;
const REPLACE = 3;
const STRIDE = 13;

function whole(field: string, value: number, smallest: number, largest: number): number {
  invariant(
    Number.isSafeInteger(value) && value >= smallest && value <= largest,
    `${field} must be a whole number in ${smallest}..${largest}, was ${value}`,
  );
  return value;
}

function mantissa(field: string, value: number | undefined): number {
  return value === undefined
    ? 0
    : whole(field, value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

function identifier(field: string, value: number): number {
  return whole(field, value, 1, Number.MAX_SAFE_INTEGER);
}

/** The native code of a side. */
export function sideCode(side: Side): 0 | 1 {
  return SIDES[side];
}

/** Commands for one matching engine in the order they shall run; a value outside its type throws. Reused by `clear`. */
export class MatchingCommands {
  #rows: Float64Array;
  #count = 0;

  constructor(capacity = 64) {
    this.#rows = new Float64Array(capacity * STRIDE);
  }

  get count(): number {
    return this.#count;
  }

  /** The rows for the binding; valid until the next command. */
  get rows(): Float64Array {
    return this.#rows;
  }

  clear(): void {
    this.#count = 0;
  }

  submit(order: MatchingOrder): void {
    this.#order(SUBMIT, order, 0);
  }

  /** Cancels what is left of an order. */
  cancel(orderId: number): void {
    this.#row(CANCEL, identifier('orderId', orderId));
  }

  /** Lowers what is left of an order to `leaves`; it keeps its place in the queue. */
  amend(orderId: number, leaves: Quantity): void {
    const at = this.#row(AMEND, identifier('orderId', orderId));
    this.#rows[at + 8] = mantissa('leaves', leaves);
  }

  /** Cancels `orderId` and enters `order`, which joins the end of its queue. */
  replace(orderId: number, order: MatchingOrder): void {
    this.#order(REPLACE, order, identifier('orderId', orderId));
  }

  #row(action: number, orderId: number): number {
    const at = this.#count * STRIDE;
    if (at === this.#rows.length) {
      const larger = new Float64Array(this.#rows.length * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    this.#rows[at] = action;
    this.#rows[at + 1] = orderId;
    this.#count += 1;
    return at;
  }

  #order(action: number, order: MatchingOrder, target: number): void {
    const owner = whole('owner', order.owner ?? 0, 0, 0xffffffff);
    const price = mantissa('price', order.price);
    const quantity = mantissa('quantity', order.quantity);
    const stopPrice = mantissa('stopPrice', order.stopPrice);
    const quote = order.quoteAmount ?? 0n;
    invariant(
      quote >= 0n && quote < 1n << 63n,
      `quoteAmount must be in 0..2^63-1, was ${quote.toString()}`,
    );
    const at = this.#row(action, identifier('orderId', order.orderId));
    const rows = this.#rows;
    rows[at + 2] = SIDES[order.side];
    rows[at + 3] = TYPES[order.type];
    rows[at + 4] = TIMES_IN_FORCE[order.timeInForce ?? 'GTC'];
    rows[at + 5] = SELF_TRADES[order.selfTrade ?? 'None'];
    rows[at + 6] = owner;
    rows[at + 7] = price;
    rows[at + 8] = quantity;
    rows[at + 9] = stopPrice;
    rows[at + 10] = quote === 0n ? 0 : Number(quote >> 32n);
    rows[at + 11] = quote === 0n ? 0 : Number(quote & 0xffffffffn);
    rows[at + 12] = target;
  }
}
