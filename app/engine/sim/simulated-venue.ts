import { invariant, unreachable } from '../base/invariant.ts';
import type { ExecutionRequest } from '../domain/input.ts';
import type { Clock } from '../base/clock.ts';
import { rescale } from '../domain/decimal.ts';
import type { AccountId, AssetCode, TradeId, VenueOrderId } from '../domain/identifiers.ts';
import { notionalScale, type Instrument } from '../domain/instrument.ts';
import type { Balance } from '../domain/account.ts';
import type { Fill, Order } from '../domain/order.ts';
import { notional, quantity, type Price, type Quantity } from '../domain/price.ts';
import { unixMicros, type UnixMicros } from '../domain/time.ts';
import type { OrderFilled, VenueBalance, VenueOrder, VenueReport } from '../domain/venue-report.ts';
import type { MarketRecords } from '../native/compute/market-record.ts';
import type { ExecutionClient } from '../ports/execution-client.ts';
import { proportionalFee } from './models/fee.ts';
import { SimulatedBook, type SimulatedOrder } from './simulated-book.ts';

/** Commission in basis points of what is received, and the same as rates. */
const FEE_BPS = 10n;
const FEE_RATES = { maker: Number(FEE_BPS) * 10_000, taker: Number(FEE_BPS) * 10_000 };

/** What a simulated account is made of. */
export interface SimulatedVenueOptions {
  readonly account: AccountId;
  /** In the order of their numbers in market records. */
  readonly instruments: readonly Instrument[];
  readonly clock: Clock;
  /** Starting amounts, whole units. */
  readonly balances: readonly { readonly asset: AssetCode; readonly units: bigint }[];
}

/** What an account that was simulated before held. */
export interface SimulatedPast {
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  readonly balances: readonly Balance[];
}

interface Line {
  readonly scale: number;
  total: bigint;
}

/** A venue that fills against the market that passes by: replay and, later, paper. Everything is told in the call that caused it, after the request was taken. */
export class SimulatedVenue implements ExecutionClient {
  readonly #options: SimulatedVenueOptions;
  readonly #books: readonly SimulatedBook[];
  readonly #lines = new Map<AssetCode, Line>();
  /** Every order and fill of the session, as its kernel holds them too: a person's or a strategy's, never the market's. */
  readonly #known = new Map<string, VenueOrder>();
  readonly #fills: OrderFilled[] = [];
  #report: (report: VenueReport) => void = () => undefined;
  #lastOrderId = 0;
  #lastTradeId = 0;

  constructor(options: SimulatedVenueOptions) {
    this.#options = options;
    this.#books = options.instruments.map((instrument) => this.#book(instrument));
    for (const { base, baseScale, quote, quoteScale } of options.instruments) {
      this.#open(base, baseScale);
      this.#open(quote, quoteScale);
    }
  }

  /** Goes on from what an account held when its process died; the queue places of its orders are lost. Before `start`. */
  restore({ orders, fills, balances }: SimulatedPast): void {
    for (const { asset, free, locked } of balances) {
      const line = this.#lines.get(asset);
      if (line !== undefined) line.total = free + locked;
    }
    for (const order of orders) {
      const { clientOrderId, venueOrderId, cumQty, cumNotional, updatedAt } = order;
      if (venueOrderId === undefined) continue;
      this.#lastOrderId = Math.max(this.#lastOrderId, Number(venueOrderId));
      const status = statusAtVenue(order);
      const ids = { clientOrderId, venueOrderId };
      const known: VenueOrder = {
        terms: order,
        ...ids,
        status,
        cumQty,
        cumNotional,
        venueTime: updatedAt,
      };
      this.#known.set(clientOrderId, known);
      if (isOpen(known)) this.#instrument(order).book.restore(order);
    }
    for (const fill of fills) {
      const { side: _side, receivedAt: _receivedAt, ...told } = fill;
      const feeAsset = fill.feeAsset as AssetCode;
      this.#fills.push({ type: 'OrderFilled', ...told, feeAsset });
      this.#lastTradeId = Math.max(this.#lastTradeId, Number(fill.tradeId));
    }
  }

  start(onReport: (report: VenueReport) => void): void {
    this.#report = (report) => onReport(this.#inItsWords(report));
    const { account } = this.#options;
    onReport({ type: 'ConnectionChanged', account, state: 'Connected' });
  }

  /** Moves the market by the first `count` records; fills are reported before it returns. */
  onRecords(records: MarketRecords, count: number): void {
    for (let row = 0; row < count; row += 1) {
      this.#books[records.instrument(row)]?.onRecord(records, row);
    }
  }

  send(request: ExecutionRequest): void {
    switch (request.type) {
      case 'SendOrder':
        this.#submit(request.order);
        return;
      case 'SendOrderList':
        // A bracket with two exits is denied for an instrument without order lists, as those of a replay are.
        for (const order of request.orders) {
          this.#reject(
            order,
            'ORDER_LISTS_UNSUPPORTED',
            'the simulated venue takes no order lists',
          );
        }
        return;
      case 'SendCancel':
        this.#cancel(request.order);
        return;
      case 'SendCancelAll':
        this.#cancelAll(request.symbol);
        return;
      case 'SendReplace':
        this.#replace(request.original, request.replacement);
        return;
      case 'SendQuery':
        this.#query(request);
        return;
      case 'SendReconcile':
        this.#reconcile(request);
        return;
      case 'SendListOrders': {
        const { account, requestId } = request;
        const openOrders = [...this.#known.values()].filter(isOpen);
        const venueTime = this.#now();
        const told = { type: 'OrdersListed', account, requestId, openOrders, venueTime } as const;
        this.#report({ ...told, said: { source: 'OpenOrders' } });
        return;
      }
      default:
        unreachable(request);
    }
  }

  withdraw(): void {
    // Orders arrive when they are sent: none waits.
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#report = () => undefined;
  }

  /** The report with how its order stands here. */
  #inItsWords(report: VenueReport): VenueReport {
    if (!('clientOrderId' in report) || report.said !== undefined) return report;
    const known = report.clientOrderId && this.#known.get(report.clientOrderId);
    if (typeof known !== 'object') return { ...report, said: { source: 'RequestAnswer' } };
    const { status, cumQty } = known;
    return { ...report, said: { source: 'UserStream', status, cumQty } };
  }

  #open(asset: AssetCode, scale: number): void {
    const units = this.#options.balances.find((line) => line.asset === asset)?.units ?? 0n;
    this.#lines.set(asset, { scale, total: units * 10n ** BigInt(scale) });
  }

  #book(instrument: Instrument): SimulatedBook {
    return new SimulatedBook(instrument.tickSize, {
      onFill: (order, px, qty, maker) => {
        this.#onFill(instrument, order, px, qty, maker);
      },
      onTriggered: ({ order }) => {
        this.#report({ type: 'OrderTriggered', ...this.#about(order) });
      },
      onExpired: (expired, code) => {
        this.#settle(expired.order, 'Expired', expired.leaves);
        const cumQty = quantity(expired.order.quantity - expired.leaves);
        this.#report({ type: 'OrderExpired', ...this.#about(expired.order), cumQty, code });
        this.#balances();
      },
    });
  }

  #now(): UnixMicros {
    return unixMicros(this.#options.clock.nowMicros());
  }

  #about(
    order: Order,
  ): Pick<OrderFilled, 'account' | 'instrument' | 'clientOrderId' | 'venueTime'> {
    const { account, instrument, clientOrderId } = order;
    return { account, instrument, clientOrderId, venueTime: this.#now() };
  }

  #instrument(order: Order): { instrument: Instrument; book: SimulatedBook } {
    const index = this.#options.instruments.findIndex(({ id }) => id === order.instrument);
    const instrument = this.#options.instruments[index];
    const book = this.#books[index];
    invariant(
      instrument !== undefined && book !== undefined,
      `instrument must be one of the session, was ${order.instrument}`,
    );
    return { instrument, book };
  }

  #submit(asked: Order): void {
    const order: Order = { ...asked, leavesQty: asked.quantity };
    const { instrument, book } = this.#instrument(order);
    const pays = order.side === 'Buy' ? instrument.quote : instrument.base;
    const needed =
      order.side === 'Buy' && order.type === 'Market'
        ? inQuote(book.valueOfTaking(order), instrument)
        : cost(order, instrument);
    if (this.#free(pays) < needed) {
      this.#reject(order, 'INSUFFICIENT_BALANCE', 'the simulated account has too little for it');
      return;
    }
    this.#lastOrderId += 1;
    const venueOrderId = String(this.#lastOrderId) as VenueOrderId;
    this.#known.set(order.clientOrderId, {
      terms: order,
      clientOrderId: order.clientOrderId,
      venueOrderId,
      status: 'Accepted',
      cumQty: quantity(0),
      cumNotional: 0n,
      venueTime: this.#now(),
    });
    const accepted: VenueReport = { type: 'OrderAccepted', ...this.#about(order), venueOrderId };
    // A post-only order that would take is refused, not accepted first.
    const buffered: VenueReport[] = [];
    const report = this.#report;
    this.#report = (told) => buffered.push(told);
    const refusal = book.submit(order);
    this.#report = report;
    if (refusal !== undefined) {
      this.#known.delete(order.clientOrderId);
      this.#reject(order, refusal, 'the order would execute at once');
      return;
    }
    report(accepted);
    for (const told of buffered) report(told);
    this.#balances();
  }

  #reject(order: Order, code: string, message: string): void {
    this.#report({ type: 'OrderRejected', ...this.#about(order), code, message });
  }

  #cancelAll(symbol: string): void {
    const { account, instruments } = this.#options;
    const index = instruments.findIndex((instrument) => instrument.symbol === symbol);
    const open = (this.#books[index]?.orders ?? []).map(({ order }) => order);
    for (const order of open) this.#cancel(order);
    const count = open.length;
    this.#report({ type: 'AllCanceled', account, symbol, count, venueTime: this.#now() });
  }

  #cancel(order: Order): void {
    const canceled = this.#instrument(order).book.cancel(order.clientOrderId);
    if (canceled === undefined && this.#known.has(order.clientOrderId)) {
      const { account, instrument, clientOrderId } = order;
      this.#query({ account, instrument, clientOrderId });
      return;
    }
    if (canceled === undefined) {
      const message = 'the order is not open';
      this.#report({
        type: 'CancelRejected',
        ...this.#about(order),
        code: 'ORDER_NOT_OPEN',
        message,
      });
      return;
    }
    this.#settle(canceled.order, 'Canceled', canceled.leaves);
    const cumQty = quantity(canceled.order.quantity - canceled.leaves);
    this.#report({ type: 'OrderCanceled', ...this.#about(order), cumQty });
    this.#balances();
  }

  #replace(original: Order, replacement: Order): void {
    const { book } = this.#instrument(original);
    if (!book.orders.some(({ order }) => order.clientOrderId === original.clientOrderId)) {
      this.#report({
        type: 'ReplaceRejected',
        ...this.#about(original),
        replacement: replacement.clientOrderId,
        code: 'ORDER_NOT_OPEN',
        message: 'the order is not open',
      });
      return;
    }
    this.#cancel(original);
    this.#submit(replacement);
  }

  #query(
    request: Pick<
      Extract<ExecutionRequest, { type: 'SendQuery' }>,
      'account' | 'instrument' | 'clientOrderId'
    >,
  ): void {
    const { account, instrument, clientOrderId } = request;
    const order = this.#known.get(clientOrderId);
    this.#report({
      type: 'OrderQueried',
      said: { source: 'Query' },
      account,
      instrument,
      clientOrderId,
      ...(order === undefined ? {} : { order }),
      fills: this.#fills.filter((fill) => fill.clientOrderId === clientOrderId),
      venueTime: this.#now(),
    });
  }

  #reconcile(request: Extract<ExecutionRequest, { type: 'SendReconcile' }>): void {
    const { account, requestId, instruments } = request;
    const after = new Map(
      instruments.map(({ instrument, afterTradeId }) => [instrument, Number(afterTradeId ?? 0)]),
    );
    this.#report({
      type: 'AccountSnapshot',
      said: { source: 'OpenOrders' },
      account,
      requestId,
      balances: this.#balanceLines(),
      feeRates: FEE_RATES,
      openOrders: [...this.#known.values()].filter(isOpen),
      fills: this.#fills.filter((fill) => Number(fill.tradeId) > (after.get(fill.instrument) ?? 0)),
      venueTime: this.#now(),
    });
  }

  #onFill(
    instrument: Instrument,
    { order, leaves }: SimulatedOrder,
    lastPx: Price,
    lastQty: Quantity,
    maker: boolean,
  ): void {
    const known = this.#known.get(order.clientOrderId);
    invariant(known !== undefined, `order ${order.clientOrderId} must be known when it fills`);
    this.#lastTradeId += 1;
    const fee = proportionalFee(instrument, order.side, lastPx, lastQty, FEE_BPS);
    const filled: OrderFilled = {
      type: 'OrderFilled',
      ...this.#about(order),
      venueOrderId: known.venueOrderId,
      tradeId: String(this.#lastTradeId) as TradeId,
      lastPx,
      lastQty,
      liquidity: liquidity(maker),
      fee: fee.amount,
      feeScale: fee.scale,
      feeAsset: fee.asset,
    };
    const sign = order.side === 'Buy' ? 1n : -1n;
    const value = inQuote(notional(lastPx, lastQty), instrument);
    const amount = rescale(BigInt(lastQty), instrument.quantityScale, instrument.baseScale);
    this.#add(instrument.base, sign * amount);
    this.#add(instrument.quote, -sign * value);
    this.#add(fee.asset, -fee.amount);
    this.#known.set(order.clientOrderId, {
      ...known,
      status: leaves === 0 ? 'Filled' : 'PartiallyFilled',
      cumQty: quantity(known.cumQty + lastQty),
      cumNotional: known.cumNotional + notional(lastPx, lastQty),
      venueTime: filled.venueTime,
    });
    this.#fills.push(filled);
    this.#report(filled);
    this.#balances();
  }

  #settle(order: Order, status: 'Canceled' | 'Expired', leaves: number): void {
    const known = this.#known.get(order.clientOrderId);
    invariant(
      known !== undefined && known.cumQty + leaves === order.quantity,
      `quantity of ${order.clientOrderId} must be conserved, leaves ${leaves}`,
    );
    this.#known.set(order.clientOrderId, { ...known, status, venueTime: this.#now() });
  }

  #add(asset: AssetCode, amount: bigint): void {
    const line = this.#lines.get(asset);
    invariant(line !== undefined, `asset ${asset} must be one of the session's`);
    line.total += amount;
  }

  #locked(asset: AssetCode): bigint {
    let locked = 0n;
    this.#options.instruments.forEach((instrument, index) => {
      for (const { order, leaves } of this.#books[index]?.orders ?? []) {
        const of = order.side === 'Buy' ? instrument.quote : instrument.base;
        if (of === asset) locked += cost({ ...order, leavesQty: quantity(leaves) }, instrument);
      }
    });
    return locked;
  }

  #free(asset: AssetCode): bigint {
    return (this.#lines.get(asset)?.total ?? 0n) - this.#locked(asset);
  }

  #balanceLines(): VenueBalance[] {
    return [...this.#lines].map(([asset, { scale, total }]) => {
      const locked = this.#locked(asset);
      return { asset, scale, free: total - locked, locked };
    });
  }

  #balances(): void {
    const { account } = this.#options;
    const venueTime = this.#now();
    this.#report({ type: 'BalancesChanged', account, balances: this.#balanceLines(), venueTime });
  }
}

function isOpen({ status }: VenueOrder): boolean {
  return status === 'Accepted' || status === 'PartiallyFilled';
}

/** What the venue says of an order that is pending here in one way or another. */
function statusAtVenue({ status, cumQty }: Order): VenueOrder['status'] {
  switch (status) {
    case 'Filled':
    case 'Canceled':
    case 'Rejected':
    case 'Expired':
      return status;
    default:
      return cumQty > 0 ? 'PartiallyFilled' : 'Accepted';
  }
}

function liquidity(maker: boolean): Fill['liquidity'] {
  return maker ? 'Maker' : 'Taker';
}

/** What an order's rest reserves: quote at its price for a buy (nothing known for a market buy), base for a sell. */
function cost(order: Order, instrument: Instrument): bigint {
  if (order.side === 'Sell') {
    return rescale(BigInt(order.leavesQty), instrument.quantityScale, instrument.baseScale);
  }
  const px = order.price ?? order.stopPrice;
  if (px === undefined) return 0n;
  return inQuote(notional(px, order.leavesQty), instrument);
}

function inQuote(value: bigint, instrument: Instrument): bigint {
  return rescale(value, notionalScale(instrument), instrument.quoteScale);
}
