import type { AssetCode, TradeId, VenueOrderId } from '../../domain/identifiers.ts';
import type { Effect } from '../../domain/input.ts';
import type { Order } from '../../domain/order.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import type { OrderFilled, VenueOrder, VenueReport } from '../../domain/venue-report.ts';
import { ACCOUNT, BTC, INSTRUMENT } from './desk.ts';

type Request = Extract<
  Effect,
  { readonly type: 'SendOrder' | 'SendCancel' | 'SendReplace' | 'SendQuery' | 'SendReconcile' }
>;

/** What becomes of a request on its way: it arrives; it is lost, told as unknown; it arrives and the answer is lost; it never left. */
export type Fate = 'Arrives' | 'Lost' | 'AnswerLost' | 'NotSent';

interface Standing {
  readonly order: Order;
  readonly venueOrderId: VenueOrderId;
  filled: number;
  notional: bigint;
  status: VenueOrder['status'];
}

function isOpen(one: Standing): boolean {
  return one.status === 'Accepted' || one.status === 'PartiallyFilled';
}

/**
 * A spot venue as its sheet describes it, slow and plain: orders by client id, one list of trades, two balances that only trades
 * move. Knows nothing of the kernel; the truth that the kernel must arrive at.
 */
export class VenueModel {
  readonly orders = new Map<string, Standing>();
  readonly trades: OrderFilled[] = [];
  readonly inbox: Request[] = [];
  readonly outbox: VenueReport[] = [];
  base = 500_000_000n;
  quote = 100_000_000_000_000n;
  now = 0;
  connected = true;
  #ids = 0;

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
      case 'SendOrder':
      case 'SendCancel':
      case 'SendReplace':
        this.#trade(request, fate);
    }
  }

  /** Trades up to `size` of the `index`th open order at its price, or the market's. */
  fill(index: number, size: number): void {
    const open = [...this.orders.values()].filter(isOpen);
    const one = open[index % Math.max(1, open.length)];
    if (one !== undefined) this.#fill(one, size);
  }

  /** Ends the `index`th open order by itself. */
  expire(index: number): void {
    const open = [...this.orders.values()].filter(isOpen);
    const one = open[index % Math.max(1, open.length)];
    if (one === undefined) return;
    one.status = 'Expired';
    const cumQty = quantity(one.filled);
    const base = this.#base(one.order.clientOrderId);
    this.#stream({ type: 'OrderExpired', ...base, cumQty, code: 'EXPIRED' });
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
    this.outbox.push({ type: 'ConnectionChanged', account: ACCOUNT, state: 'Connected' });
  }

  #stream(report: VenueReport): void {
    if (this.connected) this.outbox.push(report);
  }

  #base(clientOrderId: Order['clientOrderId']): {
    readonly account: typeof ACCOUNT;
    readonly instrument: typeof BTC;
    readonly clientOrderId: Order['clientOrderId'];
    readonly venueTime: ReturnType<typeof unixMicros>;
  } {
    return { account: ACCOUNT, instrument: BTC, clientOrderId, venueTime: unixMicros(this.now) };
  }

  #trade(
    request: Extract<Request, { readonly type: 'SendOrder' | 'SendCancel' | 'SendReplace' }>,
    fate: Fate,
  ): void {
    const words = { SendOrder: 'submit', SendCancel: 'cancel', SendReplace: 'replace' } as const;
    const order = request.type === 'SendReplace' ? request.original : request.order;
    const replaced =
      request.type === 'SendReplace' ? { replacement: request.replacement.clientOrderId } : {};
    const base = { ...this.#base(order.clientOrderId), request: words[request.type], ...replaced };
    if (fate === 'NotSent') {
      this.outbox.push({ type: 'NotSent', ...base, code: 'QUEUE_CLOSED', message: 'closed' });
      return;
    }
    if (fate !== 'Arrives') this.outbox.push({ type: 'OutcomeUnknown', ...base, code: 'TIMEOUT' });
    if (fate === 'Lost') return;
    if (request.type === 'SendOrder') this.#place(request.order);
    else if (request.type === 'SendCancel') this.#cancel(request.order);
    else this.#replace(request.original, request.replacement);
  }

  #place(order: Order): void {
    this.#ids += 1;
    const venueOrderId = String(this.#ids) as VenueOrderId;
    const base = this.#base(order.clientOrderId);
    const one: Standing = { order, venueOrderId, filled: 0, notional: 0n, status: 'Accepted' };
    this.orders.set(order.clientOrderId, one);
    this.#stream({ type: 'OrderAccepted', ...base, venueOrderId });
    if (order.type === 'Market') this.#fill(one, order.quantity);
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
    return true;
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
  }

  #stated(one: Standing): VenueOrder {
    return {
      terms: one.order,
      clientOrderId: one.order.clientOrderId,
      venueOrderId: one.venueOrderId,
      status: one.status,
      cumQty: quantity(one.filled),
      cumNotional: one.notional,
      venueTime: unixMicros(this.now),
    };
  }

  #query(request: Extract<Request, { readonly type: 'SendQuery' }>, fate: Fate): void {
    const { account, clientOrderId } = request;
    if (fate !== 'Arrives') {
      const failure = { code: 'TIMEOUT', message: 'no answer' };
      const about = { account, request: 'query', clientOrderId } as const;
      this.outbox.push({ type: 'RequestFailed', ...about, ...failure });
      return;
    }
    const one = this.orders.get(clientOrderId);
    const fills = this.trades.filter((trade) => trade.clientOrderId === clientOrderId);
    const answer = { type: 'OrderQueried', ...this.#base(clientOrderId), fills } as const;
    this.outbox.push(one === undefined ? answer : { ...answer, order: this.#stated(one) });
  }

  #reconcile(request: Extract<Request, { readonly type: 'SendReconcile' }>, fate: Fate): void {
    const { account, requestId, instruments } = request;
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
      balances: [
        { asset: INSTRUMENT.base, scale: 8, free: this.base, locked: 0n },
        { asset: INSTRUMENT.quote, scale: 8, free: this.quote, locked: 0n },
      ],
      openOrders: [...this.orders.values()].filter(isOpen).map((one) => this.#stated(one)),
      fills: this.trades.filter((trade) => Number(trade.tradeId) > after),
      venueTime: unixMicros(this.now),
    });
  }
}
