import type { SelfTradePrevention } from '../../engine/native/compute/matching-commands.ts';
import type { MatchingOrderType } from '../../engine/native/compute/matching-commands.ts';
import type { SyntheticBar } from '../../engine/synthetic/bar-series.ts';
import { ASSET_SCALE, balanceOf, type Account } from '../exchange/account.ts';
import type { Listing } from '../exchange/listing.ts';
import type { ExchangeOrder, ExecutionReport, OrderFill } from '../exchange/order.ts';
import type { AggregateTrade, TapeTrade } from '../exchange/tape.ts';
import { fixed } from './text.ts';

const ZERO = '0.00000000';

/** The venue's names of order types. */
export const ORDER_TYPES: Readonly<Record<MatchingOrderType, string>> = {
  Limit: 'LIMIT',
  Market: 'MARKET',
  LimitMaker: 'LIMIT_MAKER',
  Stop: 'STOP_LOSS',
  StopLimit: 'STOP_LOSS_LIMIT',
  TakeProfit: 'TAKE_PROFIT',
  TakeProfitLimit: 'TAKE_PROFIT_LIMIT',
};

/** The venue's names of self-trade prevention modes. */
export const SELF_TRADE_MODES = {
  NONE: 'None',
  EXPIRE_TAKER: 'ExpireTaker',
  EXPIRE_MAKER: 'ExpireMaker',
  EXPIRE_BOTH: 'ExpireBoth',
} as const;

/** Price, quantity and quote texts of a listing. */
export class Texts {
  readonly #listing: Listing;

  constructor(listing: Listing) {
    this.#listing = listing;
  }

  price(mantissa: number | undefined): string {
    return mantissa === undefined ? ZERO : fixed(mantissa, this.#listing.priceScale);
  }

  quantity(mantissa: number): string {
    return fixed(mantissa, this.#listing.quantityScale);
  }

  quote(mantissa: bigint | undefined): string {
    return fixed(mantissa ?? 0n, this.#listing.priceScale + this.#listing.quantityScale);
  }
}

function listIdOf(order: ExchangeOrder): number {
  return order.list?.listId ?? -1;
}

/** The venue's name of a self-trade prevention mode. */
export function selfTradeName(mode: SelfTradePrevention): string {
  return Object.entries(SELF_TRADE_MODES).find(([, ours]) => ours === mode)?.[0] ?? 'NONE';
}

function selfTradeMode(order: ExchangeOrder): string {
  return selfTradeName(order.request.selfTrade);
}

/** What every answer about an order has in common. */
function orderCore(order: ExchangeOrder): Record<string, unknown> {
  const { request } = order;
  const text = new Texts(request.listing);
  return {
    price: text.price(request.price),
    origQty: text.quantity(order.quantity),
    executedQty: text.quantity(order.executed),
    origQuoteOrderQty: text.quote(request.quoteQuantity),
    cummulativeQuoteQty: text.quote(order.executedQuote),
    status: order.status,
    timeInForce: request.timeInForce,
    type: ORDER_TYPES[request.type],
    side: request.side === 'Buy' ? 'BUY' : 'SELL',
    ...(request.stopPrice === undefined ? {} : { stopPrice: text.price(request.stopPrice) }),
    selfTradePreventionMode: selfTradeMode(order),
  };
}

/** The answer to placing an order. */
export function placedOrder(
  order: ExchangeOrder,
  fills: readonly OrderFill[],
  detail: 'ACK' | 'RESULT' | 'FULL',
): Record<string, unknown> {
  const ack = {
    symbol: order.request.listing.symbol,
    orderId: order.orderId,
    orderListId: listIdOf(order),
    clientOrderId: order.clientOrderId,
    transactTime: order.timeMs,
  };
  if (detail === 'ACK') return ack;
  const result = { ...ack, ...orderCore(order), workingTime: order.workingTimeMs };
  if (detail === 'RESULT') return result;
  const text = new Texts(order.request.listing);
  return {
    ...result,
    fills: fills.map((fill) => ({
      price: text.price(fill.price),
      qty: text.quantity(fill.quantity),
      commission: fixed(fill.commission, ASSET_SCALE),
      commissionAsset: fill.commissionAsset,
      tradeId: fill.tradeId,
    })),
  };
}

/** The answer to canceling an order. */
export function canceledOrder(order: ExchangeOrder, cancelId: string): Record<string, unknown> {
  return {
    symbol: order.request.listing.symbol,
    origClientOrderId: order.clientOrderId,
    orderId: order.orderId,
    orderListId: listIdOf(order),
    clientOrderId: cancelId,
    transactTime: order.updateTimeMs,
    ...orderCore(order),
  };
}

/** An order as queries show it. */
export function queriedOrder(order: ExchangeOrder): Record<string, unknown> {
  return {
    symbol: order.request.listing.symbol,
    orderId: order.orderId,
    orderListId: listIdOf(order),
    clientOrderId: order.clientOrderId,
    ...orderCore(order),
    stopPrice: new Texts(order.request.listing).price(order.request.stopPrice),
    icebergQty: new Texts(order.request.listing).quantity(order.request.icebergQuantity ?? 0),
    time: order.timeMs,
    updateTime: order.updateTimeMs,
    isWorking: order.working,
    workingTime: order.workingTimeMs,
  };
}

/** One of the account's trades. */
export function accountTrade(fill: OrderFill): Record<string, unknown> {
  const { listing, side } = fill.order.request;
  const text = new Texts(listing);
  return {
    symbol: listing.symbol,
    id: fill.tradeId,
    orderId: fill.order.orderId,
    orderListId: listIdOf(fill.order),
    price: text.price(fill.price),
    qty: text.quantity(fill.quantity),
    quoteQty: text.quote(fill.quote),
    commission: fixed(fill.commission, ASSET_SCALE),
    commissionAsset: fill.commissionAsset,
    time: fill.timeMs,
    isBuyer: side === 'Buy',
    isMaker: fill.maker,
    isBestMatch: true,
  };
}

/** A public trade of the REST queries. */
export function publicTrade(listing: Listing, trade: TapeTrade): Record<string, unknown> {
  const text = new Texts(listing);
  return {
    id: trade.id,
    price: text.price(trade.price),
    qty: text.quantity(trade.quantity),
    quoteQty: text.quote(BigInt(trade.price) * BigInt(trade.quantity)),
    time: trade.timeMs,
    isBuyerMaker: trade.buyerIsMaker,
    isBestMatch: true,
  };
}

/** An aggregate trade of the REST queries. */
export function publicAggregate(listing: Listing, trade: AggregateTrade): Record<string, unknown> {
  const text = new Texts(listing);
  return {
    a: trade.id,
    p: text.price(trade.price),
    q: text.quantity(trade.quantity),
    f: trade.firstTradeId,
    l: trade.lastTradeId,
    T: trade.timeMs,
    m: trade.buyerIsMaker,
    M: true,
  };
}

/** A bar as `klines` lists it. */
export function klineRow(listing: Listing, bar: SyntheticBar, lengthMs: number): unknown[] {
  const text = new Texts(listing);
  return [
    bar.openTime,
    text.price(bar.open),
    text.price(bar.high),
    text.price(bar.low),
    text.price(bar.close),
    text.quantity(bar.volume),
    bar.openTime + lengthMs - 1,
    text.quote(bar.quoteVolume),
    bar.trades,
    text.quantity(bar.takerBuyVolume),
    text.quote(bar.takerBuyQuoteVolume),
    '0',
  ];
}

/** The account with its balances. */
export function accountInformation(
  account: Account,
  canTrade: boolean,
  canWithdraw: boolean,
): unknown {
  return {
    makerCommission: 10,
    takerCommission: 10,
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: {
      maker: '0.00100000',
      taker: '0.00100000',
      buyer: ZERO,
      seller: ZERO,
    },
    canTrade,
    canWithdraw,
    canDeposit: true,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: account.updateTimeMs,
    accountType: 'SPOT',
    balances: [...account.balances].map(([asset, balance]) => ({
      asset,
      free: fixed(balance.free, ASSET_SCALE),
      locked: fixed(balance.locked, ASSET_SCALE),
    })),
    permissions: ['SPOT'],
    uid: account.uid,
  };
}

/** The user data event about an order. */
export function executionReport(report: ExecutionReport, nowMs: number): Record<string, unknown> {
  const { order, fill } = report;
  const { request } = order;
  const text = new Texts(request.listing);
  const expired = report.executionType === 'EXPIRED';
  return {
    e: 'executionReport',
    E: nowMs,
    s: request.listing.symbol,
    c: report.cancelId ?? order.clientOrderId,
    S: request.side === 'Buy' ? 'BUY' : 'SELL',
    o: ORDER_TYPES[request.type],
    f: request.timeInForce,
    q: text.quantity(order.quantity),
    p: text.price(request.price),
    P: text.price(request.stopPrice),
    F: text.quantity(request.icebergQuantity ?? 0),
    g: listIdOf(order),
    C: report.cancelId === undefined ? '' : order.clientOrderId,
    x: report.executionType,
    X: report.status,
    r: 'NONE',
    i: order.orderId,
    l: text.quantity(fill?.quantity ?? 0),
    z: text.quantity(report.executed),
    L: text.price(fill?.price),
    n: fill === undefined ? '0' : fixed(fill.commission, ASSET_SCALE),
    N: fill?.commissionAsset ?? null,
    T: report.timeMs,
    t: fill?.tradeId ?? -1,
    I: report.executionId,
    w: report.working,
    m: fill?.maker ?? false,
    M: fill !== undefined,
    O: order.timeMs,
    Z: text.quote(report.executedQuote),
    Y: text.quote(fill?.quote),
    Q: text.quote(request.quoteQuantity),
    ...(order.workingTimeMs < 0 ? {} : { W: order.workingTimeMs }),
    V: selfTradeMode(order),
    ...(expired ? { eR: 'INSUFFICIENT_LIQUIDITY' } : {}),
  };
}

/** The user data event about balances. */
export function accountPosition(
  account: Account,
  assets: readonly string[],
  timeMs: number,
  nowMs: number,
): Record<string, unknown> {
  return {
    e: 'outboundAccountPosition',
    E: nowMs,
    u: timeMs,
    B: assets.map((asset) => {
      const balance = balanceOf(account, asset);
      return {
        a: asset,
        f: fixed(balance.free, ASSET_SCALE),
        l: fixed(balance.locked, ASSET_SCALE),
      };
    }),
  };
}

/** `balanceUpdate`: a deposit, or a withdrawal when `amount` is negative. */
export function balanceUpdate(
  asset: string,
  amount: bigint,
  timeMs: number,
  nowMs: number,
): Record<string, unknown> {
  return { e: 'balanceUpdate', E: nowMs, a: asset, d: fixed(amount, ASSET_SCALE), T: timeMs };
}
