import { invariant } from '../../engine/base/invariant.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { divideHalfEven } from '../../engine/domain/decimal.ts';
import { quantity } from '../../engine/domain/price.ts';
import {
  MATCHING_EVENT,
  type MatchingEvents,
  type MatchingReason,
} from '../../engine/native/compute/matching-events.ts';
import { balanceOf, type Account } from './account.ts';
import {
  lockedAsset,
  matchingOrder,
  nameOf,
  refusalOf,
  refusedPrices,
  toAsset,
  type DeskRefusal,
} from './desk-terms.ts';
import type { Market } from './market.ts';
import {
  isOpen,
  isTrigger,
  openSibling,
  type ExchangeOrder,
  type ExecutionReport,
  type OrderFill,
  type OrderList,
  type OrderRequest,
} from './order.ts';
import { fundsFor } from './funds.ts';
import { requeue, showPart } from './iceberg.ts';

const FIRST_ORDER_ID = 1_000_001;
const COMMISSION_PER_MILLE = 1n;

/** Who hears what happens to the account. */
export interface DeskListener {
  report(report: ExecutionReport): void;
  list(list: OrderList, timeMs: number): void;
  balances(assets: readonly string[], timeMs: number): void;
}

/** What the desk needs of the exchange around it. */
export interface DeskContext {
  readonly account: Account;
  nowMs(): number;
  /** Shows everybody else what a command caused. */
  absorb(market: Market, events: MatchingEvents, timeMs: number): void;
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
  #nextListId = 1;
  /** Of the account's last own command. */
  #commandMs = 0;
  /** What the engine is still to be told when the events at hand are done with. */
  readonly #afterwards: ((timeMs: number) => void)[] = [];
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
    const order = this.#create(market, request, funds.amount);
    balance.free -= funds.amount;
    balance.locked += funds.amount;
    const refusal = this.#enter(order);
    if (refusal === undefined) return ok(order);
    this.#orders.delete(order.orderId);
    this.#release(order);
    return err(refusalOf(refusal));
  }

  /** Places two orders of one quantity as a list, of which the limit leg must rest; the funds are set aside once. */
  placeList(
    market: Market,
    [limit, stop]: readonly [OrderRequest, OrderRequest],
    clientOrderId: string,
  ): Result<OrderList, DeskRefusal> {
    const names = [limit, stop].map((leg) =>
      this.find(leg.listing.symbol, undefined, leg.clientOrderId),
    );
    const namesake = names.some((order) => order !== undefined && isOpen(order));
    const lists = [...this.#open.values()].some(
      ({ list }) => list?.clientOrderId === clientOrderId,
    );
    if (namesake || lists || limit.clientOrderId === stop.clientOrderId) {
      return err({ code: 'DUPLICATE_ORDER', reason: 'an open order or list has this client id' });
    }
    const refusal = refusedPrices(market, limit, stop);
    if (refusal !== undefined) return err(refusal);
    const [rest, trigger] = [fundsFor(market, limit), fundsFor(market, stop)];
    const amount = rest.amount > trigger.amount ? rest.amount : trigger.amount;
    const balance = balanceOf(this.#context.account, rest.asset);
    if (balance.free < amount) {
      return err({ code: 'INSUFFICIENT_BALANCE', reason: `needs ${amount} of ${rest.asset}` });
    }
    const legs = [this.#create(market, limit, amount), this.#create(market, stop, 0n)] as const;
    balance.free -= amount;
    balance.locked += amount;
    const listId = this.#nextListId;
    this.#nextListId += 1;
    const timeMs = this.#context.nowMs();
    const list: OrderList = { listId, clientOrderId, timeMs, legs, done: false };
    for (const leg of legs) leg.list = list;
    for (const listener of this.#listeners) listener.list(list, timeMs);
    for (const leg of [legs[1], legs[0]]) {
      const refused = this.#enter(leg);
      invariant(refused === undefined, `a leg that was checked must be taken, was ${refused}`);
    }
    return ok(list);
  }

  #enter(order: ExchangeOrder): MatchingReason | undefined {
    const { market } = order;
    this.#pending = { order, refusal: undefined };
    this.#orders.set(order.orderId, order);
    this.#open.set(order.orderId, order);
    this.#execute(market, market.engine.submit(matchingOrder(order)));
    const { refusal } = this.#pending;
    this.#pending = undefined;
    if (refusal === undefined) this.#byClientId.set(nameOf(order), order);
    return refusal;
  }

  /** Cancels what is left of an order, and of a list both legs; UNKNOWN_ORDER when it is done. */
  cancel(
    market: Market,
    order: ExchangeOrder,
    cancelId: string,
  ): Result<ExchangeOrder, DeskRefusal> {
    if (!isOpen(order)) return err({ code: 'UNKNOWN_ORDER', reason: 'the order is done' });
    const events = market.engine.cancel(order.orderId);
    if (events.kind[0] === MATCHING_EVENT.Rejected) return err(refusalOf(events.reasonAt(0)));
    const sibling = openSibling(order);
    this.#execute(market, events, cancelId);
    if (sibling !== undefined) this.cancel(market, sibling, cancelId);
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
  observe(events: MatchingEvents, flowMs: number): void {
    if (this.#open.size === 0) return;
    // The flow of a while is made after it: an order's later fill must not bear an earlier time.
    const timeMs = Math.max(flowMs, this.#commandMs);
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
    this.#finish(timeMs);
  }

  /** Tells the engine what followed from its events, which it overwrites with the next call. */
  #finish(timeMs: number): void {
    for (let next = this.#afterwards.shift(); next !== undefined; next = this.#afterwards.shift()) {
      next(timeMs);
    }
  }

  #execute(market: Market, events: MatchingEvents, cancelId?: string): void {
    const timeMs = this.#context.nowMs();
    this.#commandMs = timeMs;
    const changed = new Set<string>();
    for (let index = 0; index < events.count; index += 1) {
      const maker = this.#open.get(events.makerOrderId[index] ?? 0);
      const order = this.#open.get(events.orderId[index] ?? 0);
      if (order !== undefined) this.#apply(order, events, index, timeMs, changed, cancelId);
      if (maker !== undefined) this.#apply(maker, events, index, timeMs, changed, undefined);
    }
    this.#tellBalances(changed, timeMs);
    this.#context.absorb(market, events, timeMs);
    this.#finish(timeMs);
  }

  /** The activation of one leg ends the other, whose funds it takes over. */
  #activate(order: ExchangeOrder, timeMs: number, changed: Set<string>): void {
    const other = openSibling(order);
    if (other === undefined) return;
    order.locked += other.locked;
    other.locked = 0n;
    other.updateTimeMs = timeMs;
    this.#end(other, 'EXPIRED', changed);
    showPart(other, 0);
    this.#tell(other, 'EXPIRED', timeMs);
    const { market, orderId } = other;
    this.#afterwards.push((at) => {
      this.#context.absorb(market, market.engine.cancel(orderId), at);
    });
  }

  #apply(
    order: ExchangeOrder,
    events: MatchingEvents,
    index: number,
    timeMs: number,
    changed: Set<string>,
    cancelId: string | undefined,
  ): void {
    const { executed, market } = order;
    this.#book(order, events, index, timeMs, changed, cancelId);
    if (order.request.icebergQuantity === undefined) return;
    const refilled = showPart(order, order.executed - executed);
    this.#afterwards.push((at) => {
      if (refilled) requeue(order, (caused) => this.#context.absorb(market, caused, at));
      else market.refresh();
    });
  }

  #book(
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
        this.#activate(order, timeMs, changed);
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
        this.#activate(order, timeMs, changed);
        return;
      }
      case MATCHING_EVENT.Completed:
        this.#end(order, 'FILLED', changed);
        return;
      case MATCHING_EVENT.Triggered:
        this.#activate(order, timeMs, changed);
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

  #create(market: Market, request: OrderRequest, locked: bigint): ExchangeOrder {
    const timeMs = this.#context.nowMs();
    const orderId = this.#nextOrderId;
    this.#nextOrderId += 1;
    return {
      request,
      market,
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
      shown: request.icebergQuantity ?? request.quantity ?? 0,
      hidden: 0,
      list: undefined,
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
    const { list } = order;
    if (list === undefined || list.done || list.legs.some(isOpen)) return;
    list.done = true;
    for (const listener of this.#listeners) listener.list(list, timeMs);
  }

  #tellBalances(changed: ReadonlySet<string>, timeMs: number): void {
    if (changed.size === 0) return;
    this.#context.account.updateTimeMs = timeMs;
    for (const listener of this.#listeners) listener.balances([...changed], timeMs);
  }
}
