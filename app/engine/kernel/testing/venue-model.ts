import { invariant } from '../../base/invariant.ts';
import type { AssetCode, TradeId, VenueOrderId } from '../../domain/identifiers.ts';
import type { Effect, ExecutionRequest } from '../../domain/input.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros, type UnixMicros } from '../../domain/time.ts';
import type { OrderFilled, VenueOrder, VenueReport } from '../../domain/venue-report.ts';
import { ACCOUNT, BTC, INSTRUMENT } from './desk.ts';
import { REFUSALS, type Fate } from './request-fates.ts';
import type { FaultKind } from './venue-faults.ts';

type TradeRequest = Extract<
  ExecutionRequest,
  { readonly type: 'SendOrder' | 'SendCancel' | 'SendReplace' }
>;

interface Standing {
  readonly order: Order;
  readonly venueOrderId: VenueOrderId;
  filled: number;
  notional: bigint;
  status: VenueOrder['status'];
  /** Its stop price was reached, or it has none. */
  triggered: boolean;
}

function isOpen(one: Standing): boolean {
  return one.status === 'Accepted' || one.status === 'PartiallyFilled';
}

const STREAMED: ReadonlySet<VenueReport['type']> = new Set<VenueReport['type']>([
  'OrderAccepted',
  'OrderRejected',
  'OrderTriggered',
  'OrderFilled',
  'OrderCanceled',
  'OrderExpired',
  'BalancesChanged',
]);

/** True of what a venue tells unasked. */
export function isStreamed(report: VenueReport): boolean {
  return STREAMED.has(report.type);
}

/**
 * A spot venue as its sheet and FIX describe it, slow and plain: orders by client id, one list of trades, two balances that only
 * trades move. Knows nothing of the kernel; the truth that the kernel must arrive at.
 */
export class VenueModel {
  readonly orders = new Map<string, Standing>();
  readonly trades: OrderFilled[] = [];
  readonly inbox: ExecutionRequest[] = [];
  readonly outbox: VenueReport[] = [];
  /** How often each fault has struck: seen to happen, not only planned. */
  readonly strikes = new Map<FaultKind, number>();
  base = 500_000_000n;
  quote = 100_000_000_000_000n;
  now = 0;
  connected = true;
  /** The stream stands and says nothing. */
  silent = false;
  /** Fills a page of history holds. */
  page = Number.MAX_SAFE_INTEGER;
  /** The instrument as the venue has it today. */
  rules: Instrument = INSTRUMENT;
  #ids = 0;
  #clock = 0;

  /** Notes that a fault struck. */
  strike(kind: FaultKind): void {
    this.strikes.set(kind, (this.strikes.get(kind) ?? 0) + 1);
  }

  /** Takes the requests among effects. */
  receive(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type !== 'SetTimer' && effect.type !== 'Publish') this.inbox.push(effect);
    }
  }

  /** Works on the oldest request. */
  process(fate: Fate): void {
    const request = this.inbox.shift();
    if (request === undefined) return;
    switch (request.type) {
      case 'SendQuery':
        this.#query(request, fate);
        return;
      case 'SendReconcile':
        this.#reconcile(request, fate);
        return;
      case 'SendListOrders':
        this.#list(request, fate);
        return;
      case 'SendOrderList':
        this.#tradeList(request.orders, fate);
        return;
      case 'SendCancelAll':
        this.#cancelAll(request.symbol, fate);
        return;
      case 'SendOrder':
      case 'SendCancel':
      case 'SendReplace':
        this.#trade(request, fate);
    }
  }

  #openAt(index: number, may: (one: Standing) => boolean = () => true): Standing | undefined {
    const open = [...this.orders.values()].filter((one) => isOpen(one) && may(one));
    return index < open.length ? open[index] : open[open.length - 1];
  }

  /** Trades up to `size` of the `index`th open order, or the last, at its price or the market's. */
  fill(index: number, size: number): void {
    const one = this.#openAt(index, ({ triggered }) => triggered);
    if (one === undefined) return;
    const canceling = this.inbox.some((request) => {
      return (
        request.type === 'SendCancel' && request.order.clientOrderId === one.order.clientOrderId
      );
    });
    if (canceling) this.strike('CancelFillRace');
    this.#fill(one, size);
  }

  /** Reaches the stop price of the `index`th waiting order. */
  trigger(index: number): void {
    const one = this.#openAt(index, ({ triggered }) => !triggered);
    if (one === undefined) return;
    one.triggered = true;
    this.#endSibling(one, 'Expired');
    this.#stream({ type: 'OrderTriggered', ...this.#base(one.order.clientOrderId) });
    if (one.order.type === 'Stop') this.#fill(one, one.order.quantity);
  }

  /** Ends the `index`th open order by itself. */
  expire(index: number): void {
    const one = this.#openAt(index);
    if (one !== undefined) this.#expire(one);
  }

  /** Refuses the `index`th open order after it was taken. */
  rejectLate(index: number): void {
    const one = this.#openAt(index);
    if (one === undefined) return;
    this.strike('RejectAfterAck');
    one.status = 'Rejected';
    this.#endSibling(one, 'Canceled');
    const words = { code: 'ORDER_REFUSED', message: 'refused after all' };
    this.#stream({ type: 'OrderRejected', ...this.#base(one.order.clientOrderId), ...words });
  }

  /** Somebody trades on the account elsewhere. */
  placeElsewhere(order: Order): void {
    this.#place(order);
  }

  /** True when nothing is open. */
  isQuiet(): boolean {
    return ![...this.orders.values()].some(isOpen);
  }

  /** The private stream breaks: what was on it is lost for ever. */
  disconnect(): void {
    this.connected = false;
    this.outbox.length = 0;
    this.outbox.push({ type: 'ConnectionChanged', account: ACCOUNT, state: 'Disconnected' });
  }

  /** The private stream is back. */
  reconnect(): void {
    this.connected = true;
    this.silent = false;
    this.outbox.push({ type: 'ConnectionChanged', account: ACCOUNT, state: 'Connected' });
  }

  /** Its own clock, which shows no time twice. */
  #time(): UnixMicros {
    this.#clock = Math.max(this.#clock + 1, this.now);
    return unixMicros(this.#clock);
  }

  #stream(report: VenueReport): void {
    if (!this.connected) return;
    if (this.silent) this.strike('StreamDeath');
    else this.outbox.push(report);
  }

  #base(clientOrderId: Order['clientOrderId']): {
    readonly account: typeof ACCOUNT;
    readonly instrument: typeof BTC;
    readonly clientOrderId: Order['clientOrderId'];
    readonly venueTime: UnixMicros;
  } {
    return { account: ACCOUNT, instrument: BTC, clientOrderId, venueTime: this.#time() };
  }

  #trade(request: TradeRequest, fate: Fate): void {
    const words = { SendOrder: 'submit', SendCancel: 'cancel', SendReplace: 'replace' } as const;
    const order = request.type === 'SendReplace' ? request.original : request.order;
    const replaced =
      request.type === 'SendReplace' ? { replacement: request.replacement.clientOrderId } : {};
    const base = { ...this.#base(order.clientOrderId), request: words[request.type], ...replaced };
    switch (fate) {
      case 'NotSent':
        this.outbox.push({
          type: 'NotSent',
          ...base,
          code: 'NOT_CONNECTED',
          message: 'no connection',
        });
        return;
      case 'Banned':
      case 'ClockOff':
        this.strike(REFUSALS[fate].fault);
        this.#refuse(request, REFUSALS[fate]);
        return;
      case 'Lost':
        this.outbox.push({ type: 'OutcomeUnknown', ...base, code: 'TIMEOUT' });
        return;
      case 'AnswerLost':
        this.strike('AckLost');
        this.outbox.push({ type: 'OutcomeUnknown', ...base, code: 'TIMEOUT' });
        break;
      case 'ServerError':
        this.strike('ServerErrorThoughAccepted');
        this.outbox.push({ type: 'OutcomeUnknown', ...base, code: 'HTTP_503' });
        break;
      case 'Arrives':
    }
    if (request.type === 'SendOrder') this.#place(request.order);
    else if (request.type === 'SendCancel') this.#cancel(request.order);
    else this.#replace(request.original, request.replacement);
  }

  /** Both legs of a list share its fate, and a refusal of one is of both. */
  #tradeList(orders: readonly Order[], fate: Fate): void {
    const refusal = orders.map((order) => this.#refusalOf(order)).find((one) => one !== undefined);
    const arrives = fate === 'Arrives' || fate === 'AnswerLost' || fate === 'ServerError';
    for (const order of orders) {
      const base = this.#base(order.clientOrderId);
      if (refusal === undefined || !arrives) this.#trade({ type: 'SendOrder', order }, fate);
      else this.outbox.push({ type: 'OrderRejected', ...base, ...refusal });
    }
  }

  /** Of a list: the end or the activation of one leg ends the other. */
  #endSibling(one: Standing, status: 'Canceled' | 'Expired'): void {
    const { contingency } = one.order;
    const other = contingency && this.orders.get(contingency.sibling);
    if (other === undefined || !isOpen(other)) return;
    other.status = status;
    const cumQty = quantity(other.filled);
    const base = this.#base(other.order.clientOrderId);
    if (status === 'Canceled') this.#stream({ type: 'OrderCanceled', ...base, cumQty });
    else this.#stream({ type: 'OrderExpired', ...base, cumQty, code: 'ORDER_LIST' });
  }

  #refuse(
    request: TradeRequest,
    { code, message }: { readonly code: string; readonly message: string },
  ): void {
    const words = { code, message };
    if (request.type === 'SendOrder') {
      const base = this.#base(request.order.clientOrderId);
      this.outbox.push({ type: 'OrderRejected', ...base, ...words });
    } else if (request.type === 'SendCancel') {
      const base = this.#base(request.order.clientOrderId);
      this.outbox.push({ type: 'CancelRejected', ...base, ...words });
    } else {
      const base = this.#base(request.original.clientOrderId);
      const replacement = request.replacement.clientOrderId;
      this.outbox.push({ type: 'ReplaceRejected', ...base, replacement, ...words });
    }
  }

  /** Why the venue takes no such order now. */
  #refusalOf(order: Order): { readonly code: string; readonly message: string } | undefined {
    const { status, tickSize, stepSize } = this.rules;
    if (status !== 'Trading') {
      this.strike('Halt');
      return { code: 'MARKET_CLOSED', message: 'Market is closed.' };
    }
    const prices = [order.price ?? 0, order.stopPrice ?? 0];
    if (prices.some((one) => one % tickSize !== 0)) {
      this.strike('RulesChanged');
      return { code: 'FILTER_FAILURE_PRICE_FILTER', message: 'Filter failure: PRICE_FILTER' };
    }
    if (order.quantity % stepSize !== 0) {
      this.strike('RulesChanged');
      return { code: 'FILTER_FAILURE_LOT_SIZE', message: 'Filter failure: LOT_SIZE' };
    }
    return undefined;
  }

  #place(order: Order): void {
    const id = order.clientOrderId;
    invariant(!this.orders.has(id), `${id} must come to the venue once`);
    const refusal = this.#refusalOf(order);
    if (refusal !== undefined) {
      this.outbox.push({ type: 'OrderRejected', ...this.#base(id), ...refusal });
      return;
    }
    this.#ids += 1;
    const venueOrderId = String(this.#ids) as VenueOrderId;
    const triggered = order.stopPrice === undefined;
    const birth = { filled: 0, notional: 0n, status: 'Accepted', triggered } as const;
    const one: Standing = { order, venueOrderId, ...birth };
    this.orders.set(id, one);
    this.#stream({ type: 'OrderAccepted', ...this.#base(id), venueOrderId });
    this.#match(one);
  }

  /** What an order that does not rest meets: all, half or nothing, by the venue's number of it. */
  #match(one: Standing): void {
    const { quantity: wanted, timeInForce, type } = one.order;
    if (!one.triggered || (type !== 'Market' && timeInForce === 'GTC')) return;
    const luck = this.#ids % 3;
    const half = Math.floor(wanted / 2 / this.rules.stepSize) * this.rules.stepSize;
    const there = [wanted, half, 0][luck] ?? 0;
    const taken = timeInForce === 'FOK' && there < wanted ? 0 : there;
    if (taken > 0) this.#fill(one, taken);
    if (isOpen(one)) this.#expire(one);
  }

  #expire(one: Standing): void {
    one.status = 'Expired';
    const cumQty = quantity(one.filled);
    const base = this.#base(one.order.clientOrderId);
    this.#stream({ type: 'OrderExpired', ...base, cumQty, code: 'EXPIRED' });
    this.#endSibling(one, 'Expired');
  }

  #cancel(order: Order): boolean {
    const one = this.orders.get(order.clientOrderId);
    const base = this.#base(order.clientOrderId);
    if (one === undefined || !isOpen(one)) {
      const refusal = { code: '-2011', message: 'Unknown order sent.' };
      this.outbox.push({ type: 'CancelRejected', ...base, ...refusal });
      return false;
    }
    one.status = 'Canceled';
    this.#stream({ type: 'OrderCanceled', ...base, cumQty: quantity(one.filled) });
    this.#endSibling(one, 'Canceled');
    return true;
  }

  /** Over REST: works while the private stream is down. */
  #cancelAll(symbol: string, fate: Fate): void {
    const about = { account: ACCOUNT, symbol } as const;
    if (fate !== 'Arrives') {
      const failure = { code: 'TIMEOUT', message: 'no answer' };
      this.outbox.push({ type: 'RequestFailed', ...about, request: 'cancelAll', ...failure });
    }
    if (fate === 'Lost' || fate === 'NotSent') return;
    const open = [...this.orders.values()].filter(isOpen);
    for (const one of open) {
      this.#cancel(one.order);
      const base = this.#base(one.order.clientOrderId);
      const cumQty = quantity(one.filled);
      if (fate === 'Arrives') this.outbox.push({ type: 'OrderCanceled', ...base, cumQty });
    }
    if (fate !== 'Arrives') return;
    const venueTime = unixMicros(this.now);
    this.outbox.push({ type: 'AllCanceled', ...about, count: open.length, venueTime });
  }

  #replace(original: Order, replacement: Order): void {
    const one = this.orders.get(original.clientOrderId);
    if (one === undefined || !isOpen(one)) {
      const base = this.#base(original.clientOrderId);
      const refusal = { code: '-2022', message: 'Order cancel-replace failed.' };
      const id = replacement.clientOrderId;
      this.outbox.push({ type: 'ReplaceRejected', ...base, replacement: id, ...refusal });
      return;
    }
    this.#cancel(original);
    this.#place(replacement);
  }

  #fill(one: Standing, size: number): void {
    const lastQty = Math.min(size, one.order.quantity - one.filled);
    if (lastQty <= 0) return;
    this.#endSibling(one, 'Expired');
    this.#ids += 1;
    const buys = one.order.side === 'Buy';
    const lastPx = one.order.price ?? 10_000;
    const cash = BigInt(lastPx) * BigInt(lastQty);
    // A tenth of a percent of what is received: base on buys, quote on sells, eight decimals.
    const fee = buys ? BigInt(lastQty) : (cash * 10n) / 1000n;
    this.base += BigInt(lastQty) * 1000n * (buys ? 1n : -1n) - (buys ? fee : 0n);
    this.quote += cash * 10n * (buys ? -1n : 1n) - (buys ? 0n : fee);
    one.filled += lastQty;
    one.notional += cash;
    one.status = one.filled === one.order.quantity ? 'Filled' : 'PartiallyFilled';
    const report: OrderFilled = {
      type: 'OrderFilled',
      ...this.#base(one.order.clientOrderId),
      venueOrderId: one.venueOrderId,
      tradeId: String(this.#ids) as TradeId,
      lastPx: price(lastPx),
      lastQty: quantity(lastQty),
      liquidity: 'Maker',
      fee,
      feeScale: 8,
      feeAsset: (buys ? 'BTC' : 'USDT') as AssetCode,
    };
    this.trades.push(report);
    this.#stream(report);
    this.#stream({
      type: 'BalancesChanged',
      account: ACCOUNT,
      balances: this.#balances(),
      venueTime: this.#time(),
    });
  }

  #balances(): Extract<VenueReport, { readonly type: 'BalancesChanged' }>['balances'] {
    return [
      { asset: INSTRUMENT.base, scale: 8, free: this.base, locked: 0n },
      { asset: INSTRUMENT.quote, scale: 8, free: this.quote, locked: 0n },
    ];
  }

  #stated(one: Standing): VenueOrder {
    return {
      terms: one.order,
      clientOrderId: one.order.clientOrderId,
      venueOrderId: one.venueOrderId,
      status: one.status,
      cumQty: quantity(one.filled),
      cumNotional: one.notional,
      venueTime: this.#time(),
    };
  }

  /** The first page of some fills. */
  #paged(fills: readonly OrderFilled[]): readonly OrderFilled[] {
    if (fills.length > this.page) this.strike('PartialPage');
    return fills.slice(0, this.page);
  }

  #query(request: Extract<ExecutionRequest, { readonly type: 'SendQuery' }>, fate: Fate): void {
    const { account, clientOrderId } = request;
    if (fate === 'Lost') return;
    if (fate !== 'Arrives') {
      const failure = { code: 'TIMEOUT', message: 'no answer' };
      const about = { account, request: 'query', clientOrderId } as const;
      this.outbox.push({ type: 'RequestFailed', ...about, ...failure });
      return;
    }
    const one = this.orders.get(clientOrderId);
    const fills = this.#paged(this.trades.filter((trade) => trade.clientOrderId === clientOrderId));
    const answer = { type: 'OrderQueried', ...this.#base(clientOrderId), fills } as const;
    this.outbox.push(one === undefined ? answer : { ...answer, order: this.#stated(one) });
  }

  #list(request: Extract<ExecutionRequest, { readonly type: 'SendListOrders' }>, fate: Fate): void {
    const { account, requestId } = request;
    if (fate === 'Lost') return;
    if (fate !== 'Arrives') {
      const failure = { code: 'TIMEOUT', message: 'no answer' };
      const about = { account, request: 'orders', requestId } as const;
      this.outbox.push({ type: 'RequestFailed', ...about, ...failure });
      return;
    }
    const openOrders = [...this.orders.values()].filter(isOpen).map((one) => this.#stated(one));
    const venueTime = unixMicros(this.now);
    this.outbox.push({ type: 'OrdersListed', account, requestId, openOrders, venueTime });
  }

  #reconcile(
    request: Extract<ExecutionRequest, { readonly type: 'SendReconcile' }>,
    fate: Fate,
  ): void {
    const { account, requestId, instruments } = request;
    if (fate === 'Lost') return;
    if (fate !== 'Arrives') {
      const failure = { code: 'TIMEOUT', message: 'no answer' };
      const about = { account, request: 'reconcile', requestId } as const;
      this.outbox.push({ type: 'RequestFailed', ...about, ...failure });
      return;
    }
    const after = Number(instruments[0]?.afterTradeId ?? '0');
    this.outbox.push({
      type: 'AccountSnapshot',
      account,
      requestId,
      balances: this.#balances(),
      openOrders: [...this.orders.values()].filter(isOpen).map((one) => this.#stated(one)),
      fills: this.#paged(this.trades.filter((trade) => Number(trade.tradeId) > after)),
      venueTime: this.#time(),
    });
  }
}
