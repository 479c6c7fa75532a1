import { err, ok, type Result } from '../../engine/base/result.ts';
import { divideHalfEven } from '../../engine/domain/decimal.ts';
import { price, quantity } from '../../engine/domain/price.ts';
import type { MatchingOrder } from '../../engine/native/compute/matching-commands.ts';
import {
  MATCHING_EVENT,
  type MatchingEvents,
  type MatchingReason,
} from '../../engine/native/compute/matching-events.ts';
import { ASSET_SCALE, balanceOf, type Account } from './account.ts';
import type { Market } from './market.ts';
import {
  isOpen,
  isTrigger,
  type ExchangeOrder,
  type ExecutionReport,
  type OrderFill,
  type OrderRequest,
} from './order.ts';
import { fundsFor } from './funds.ts';

const OWNER = 1;
const FIRST_ORDER_ID = 1_000_001;
const COMMISSION_PER_MILLE = 1n;

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
    | 'REFUSED';
  readonly reason: string;
}

/** Who hears what happens to the account. */
export interface DeskListener {
  report(report: ExecutionReport): void;
  balances(assets: readonly string[], timeMs: number): void;
}

/** What the desk needs of the exchange around it. */
export interface DeskContext {
  readonly account: Account;
  nowMs(): number;
  /** Shows everybody else what a command caused. */
  absorb(market: Market, events: MatchingEvents): void;
}

/** The account's orders: funds set aside, fills booked, everything told in order. */
export class OrderDesk {
  readonly #context: DeskContext;
  readonly #listeners: DeskListener[] = [];
  readonly #orders = new Map<number, ExchangeOrder>();
  readonly #open = new Map<number, ExchangeOrder>();
  readonly #byClientId = new Map<string, ExchangeOrder>();
  readonly #fills: OrderFill[] = [];
  #nextOrderId = FIRST_ORDER_ID;
  #nextExecutionId = 1;
  #pending: { order: ExchangeOrder; refusal: MatchingReason | undefined } | undefined;

  constructor(context: DeskContext) {
    this.#context = context;
  }

  /** Every fill of the account, oldest first. */
  get fills(): readonly OrderFill[] {
    return this.#fills;
  }

  listen(listener: DeskListener): void {
    this.#listeners.push(listener);
  }

  /** Orders of the account, oldest first. */
  orders(): IterableIterator<ExchangeOrder> {
    return this.#orders.values();
  }

  /** Orders that rest or wait, oldest first. */
  openOrders(symbol?: string): ExchangeOrder[] {
    return [...this.#open.values()].filter(
      (order) => symbol === undefined || order.request.listing.symbol === symbol,
    );
  }

  /** An order by its id, by its client order id, or by both when they agree. */
  find(
    symbol: string,
    orderId: number | undefined,
    clientOrderId: string | undefined,
  ): ExchangeOrder | undefined {
    if (orderId === undefined) return this.#byClientId.get(`${symbol} ${clientOrderId}`);
    const order = this.#orders.get(orderId);
    if (order?.request.listing.symbol !== symbol) return undefined;
    return clientOrderId === undefined || order.clientOrderId === clientOrderId ? order : undefined;
  }

  /** Places an order; what it did at once is already booked and told when this returns. */
  place(market: Market, request: OrderRequest): Result<ExchangeOrder, DeskRefusal> {
    const namesake = this.find(request.listing.symbol, undefined, request.clientOrderId);
    if (namesake !== undefined && isOpen(namesake)) {
      return err({ code: 'DUPLICATE_ORDER', reason: 'an open order has this client order id' });
    }
    const funds = fundsFor(market, request);
    const balance = balanceOf(this.#context.account, funds.asset);
    if (balance.free < funds.amount) {
      return err({
        code: 'INSUFFICIENT_BALANCE',
        reason: `needs ${funds.amount} of ${funds.asset}`,
      });
    }
    const order = this.#create(request, funds.amount);
    balance.free -= funds.amount;
    balance.locked += funds.amount;
    this.#pending = { order, refusal: undefined };
    this.#orders.set(order.orderId, order);
    this.#open.set(order.orderId, order);
    this.#execute(market, market.engine.submit(matchingOrder(order)));
    const refusal = this.#pending.refusal;
    this.#pending = undefined;
    if (refusal === undefined) {
      this.#byClientId.set(nameOf(order), order);
      return ok(order);
    }
    this.#orders.delete(order.orderId);
    this.#release(order);
    return err(refusalOf(refusal));
  }

  /** Cancels what is left of an order; UNKNOWN_ORDER when it is done. */
  cancel(
    market: Market,
    order: ExchangeOrder,
    cancelId: string,
  ): Result<ExchangeOrder, DeskRefusal> {
    if (!isOpen(order)) return err({ code: 'UNKNOWN_ORDER', reason: 'the order is done' });
    const events = market.engine.cancel(order.orderId);
    if (events.kind[0] === MATCHING_EVENT.Rejected) return err(refusalOf(events.reasonAt(0)));
    this.#execute(market, events, cancelId);
    return ok(order);
  }

  /** Lowers the quantity of an order to `newQuantity`; it keeps its place. */
  amend(
    market: Market,
    order: ExchangeOrder,
    newQuantity: number,
    newClientOrderId: string,
  ): Result<ExchangeOrder, DeskRefusal> {
    const leaves = newQuantity - order.executed;
    if (!isOpen(order)) return err({ code: 'UNKNOWN_ORDER', reason: 'the order is done' });
    if (leaves <= 0 || newQuantity >= order.quantity) {
      return err({ code: 'NOT_A_REDUCTION', reason: 'newQty must be below the current quantity' });
    }
    const before = market.engine.leaves(order.orderId);
    const events = market.engine.amend(order.orderId, quantity(leaves));
    if (events.kind[0] === MATCHING_EVENT.Rejected) return err(refusalOf(events.reasonAt(0)));
    const unlocked = (order.locked * BigInt(before - leaves)) / BigInt(before);
    const balance = balanceOf(this.#context.account, lockedAsset(order));
    balance.locked -= unlocked;
    balance.free += unlocked;
    order.locked -= unlocked;
    order.quantity = newQuantity;
    this.#byClientId.delete(nameOf(order));
    order.clientOrderId = newClientOrderId;
    this.#byClientId.set(nameOf(order), order);
    this.#execute(market, events);
    return ok(order);
  }

  /** Books what somebody else's command did to orders of the account. */
  observe(events: MatchingEvents, timeMs: number): void {
    if (this.#open.size === 0) return;
    const changed = new Set<string>();
    for (let index = 0; index < events.count; index += 1) {
      if (
        events.kind[index] !== MATCHING_EVENT.Traded &&
        events.kind[index] !== MATCHING_EVENT.Triggered
      ) {
        const order = this.#open.get(events.orderId[index] ?? 0);
        if (order !== undefined) this.#apply(order, events, index, timeMs, changed, undefined);
        continue;
      }
      for (const id of [events.orderId[index] ?? 0, events.makerOrderId[index] ?? 0]) {
        const order = this.#open.get(id);
        if (order !== undefined) this.#apply(order, events, index, timeMs, changed, undefined);
      }
    }
    this.#tellBalances(changed, timeMs);
  }

  #execute(market: Market, events: MatchingEvents, cancelId?: string): void {
    const timeMs = this.#context.nowMs();
    const changed = new Set<string>();
    for (let index = 0; index < events.count; index += 1) {
      const maker = this.#open.get(events.makerOrderId[index] ?? 0);
      const order = this.#open.get(events.orderId[index] ?? 0);
      if (order !== undefined) this.#apply(order, events, index, timeMs, changed, cancelId);
      if (maker !== undefined) this.#apply(maker, events, index, timeMs, changed, undefined);
    }
    this.#tellBalances(changed, timeMs);
    this.#context.absorb(market, events);
  }

  #apply(
    order: ExchangeOrder,
    events: MatchingEvents,
    index: number,
    timeMs: number,
    changed: Set<string>,
    cancelId: string | undefined,
  ): void {
    order.updateTimeMs = timeMs;
    switch (events.kind[index] ?? MATCHING_EVENT.Rejected) {
      case MATCHING_EVENT.Accepted:
        order.working = !isTrigger(order.request.type);
        order.workingTimeMs = order.working ? timeMs : -1;
        changed.add(lockedAsset(order));
        this.#tell(order, 'NEW', timeMs);
        return;
      case MATCHING_EVENT.Rejected:
        if (this.#pending?.order === order) this.#pending.refusal = events.reasonAt(index);
        return;
      case MATCHING_EVENT.Traded:
        this.#fill(order, events, index, timeMs, changed);
        return;
      case MATCHING_EVENT.Canceled:
        this.#end(order, 'CANCELED', changed);
        this.#tell(order, 'CANCELED', timeMs, undefined, cancelId);
        return;
      case MATCHING_EVENT.Expired: {
        const prevented = events.reasonAt(index) === 'SELF_TRADE_PREVENTION';
        this.#end(order, prevented ? 'EXPIRED_IN_MATCH' : 'EXPIRED', changed);
        this.#tell(order, prevented ? 'TRADE_PREVENTION' : 'EXPIRED', timeMs);
        return;
      }
      case MATCHING_EVENT.Completed:
        this.#end(order, 'FILLED', changed);
        return;
      case MATCHING_EVENT.Triggered:
        order.working = true;
        order.workingTimeMs = timeMs;
        this.#tell(order, 'NEW', timeMs);
        return;
      case MATCHING_EVENT.Amended:
        changed.add(lockedAsset(order));
        this.#tell(order, 'REPLACED', timeMs);
        return;
    }
  }

  #fill(
    order: ExchangeOrder,
    events: MatchingEvents,
    index: number,
    timeMs: number,
    changed: Set<string>,
  ): void {
    const { listing, side } = order.request;
    const maker = events.makerOrderId[index] === order.orderId;
    const lastPrice = events.price[index] ?? 0;
    const lastQuantity = events.quantity[index] ?? 0;
    const quote = BigInt(lastPrice) * BigInt(lastQuantity);
    const baseAmount = toAsset(BigInt(lastQuantity), listing.quantityScale);
    const quoteAmount = toAsset(quote, listing.priceScale + listing.quantityScale);
    const [paidAsset, paid, received, receivedAsset] =
      side === 'Buy'
        ? [listing.quote, quoteAmount, baseAmount, listing.base]
        : [listing.base, baseAmount, quoteAmount, listing.quote];
    const commission = divideHalfEven(received * COMMISSION_PER_MILLE, 1000n);
    this.#pay(order, lastQuantity, paidAsset, paid);
    balanceOf(this.#context.account, receivedAsset).free += received - commission;
    changed.add(paidAsset);
    changed.add(receivedAsset);

    order.executed += lastQuantity;
    order.executedQuote += quote;
    const leaves = (maker ? events.makerLeaves[index] : events.leaves[index]) ?? 0;
    const byQuote = order.request.quoteQuantity !== undefined;
    if (byQuote) order.quantity = order.executed;
    order.status = leaves === 0 && !byQuote ? 'FILLED' : 'PARTIALLY_FILLED';
    const fill: OrderFill = {
      order,
      tradeId: events.tradeId[index] ?? 0,
      price: lastPrice,
      quantity: lastQuantity,
      quote,
      commission,
      commissionAsset: receivedAsset,
      maker,
      timeMs,
    };
    this.#fills.push(fill);
    // The last fill of an order by quote amount is the one after which the engine completes it.
    if (byQuote && events.kind[index + 1] === MATCHING_EVENT.Completed) order.status = 'FILLED';
    if (order.status === 'FILLED') this.#end(order, 'FILLED', changed);
    this.#tell(order, 'TRADE', timeMs, fill);
  }

  // A buy below its limit gives back the difference at once.
  // A triggered market order that slips further than its cushion takes the rest from what is free, below zero if need be.
  #pay(order: ExchangeOrder, lastQuantity: number, asset: string, paid: bigint): void {
    const balance = balanceOf(this.#context.account, asset);
    const { request } = order;
    let release = paid;
    if (request.side === 'Buy' && request.price !== undefined) {
      const scale = request.listing.priceScale + request.listing.quantityScale;
      release = toAsset(BigInt(request.price) * BigInt(lastQuantity), scale);
    }
    if (release > order.locked) release = order.locked;
    order.locked -= release;
    balance.locked -= release;
    balance.free += release - paid;
  }

  #end(order: ExchangeOrder, status: ExchangeOrder['status'], changed: Set<string>): void {
    order.status = status;
    order.working = false;
    changed.add(lockedAsset(order));
    this.#release(order);
  }

  #release(order: ExchangeOrder): void {
    const balance = balanceOf(this.#context.account, lockedAsset(order));
    balance.locked -= order.locked;
    balance.free += order.locked;
    order.locked = 0n;
    this.#open.delete(order.orderId);
  }

  #create(request: OrderRequest, locked: bigint): ExchangeOrder {
    const timeMs = this.#context.nowMs();
    const orderId = this.#nextOrderId;
    this.#nextOrderId += 1;
    return {
      request,
      orderId,
      timeMs,
      clientOrderId: request.clientOrderId,
      quantity: request.quantity ?? 0,
      executed: 0,
      executedQuote: 0n,
      status: 'NEW',
      updateTimeMs: timeMs,
      workingTimeMs: -1,
      working: false,
      locked,
      counted: false,
    };
  }

  #tell(
    order: ExchangeOrder,
    executionType: ExecutionReport['executionType'],
    timeMs: number,
    fill?: OrderFill,
    cancelId?: string,
  ): void {
    const report: ExecutionReport = {
      order,
      executionType,
      executionId: this.#nextExecutionId,
      timeMs,
      status: order.status,
      executed: order.executed,
      executedQuote: order.executedQuote,
      working: order.working && isOpen(order),
      ...(fill === undefined ? {} : { fill }),
      ...(cancelId === undefined ? {} : { cancelId }),
    };
    this.#nextExecutionId += 1;
    for (const listener of this.#listeners) listener.report(report);
  }

  #tellBalances(changed: ReadonlySet<string>, timeMs: number): void {
    if (changed.size === 0) return;
    this.#context.account.updateTimeMs = timeMs;
    for (const listener of this.#listeners) listener.balances([...changed], timeMs);
  }
}

// Unique among open orders; of those that are done the latest keeps the name.
function nameOf(order: ExchangeOrder): string {
  return `${order.request.listing.symbol} ${order.clientOrderId}`;
}

/** The asset an order sets aside. */
function lockedAsset(order: ExchangeOrder): string {
  const { listing, side } = order.request;
  return side === 'Buy' ? listing.quote : listing.base;
}

function toAsset(value: bigint, scale: number): bigint {
  return value * 10n ** BigInt(ASSET_SCALE - scale);
}

function matchingOrder(order: ExchangeOrder): MatchingOrder {
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

function refusalOf(reason: MatchingReason): DeskRefusal {
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
