import { divideHalfEven } from '../../engine/domain/decimal.ts';
import type { SyntheticBar } from '../../engine/synthetic/bar-series.ts';
import type { BestQuote, MarketView } from '../exchange/market-view.ts';
import type { AggregateTrade, TapeTrade } from '../exchange/tape.ts';
import { percentChange } from './market-operations.ts';
import { Texts } from './shapes.ts';

/** `trade`. */
export function tradeMessage(market: MarketView, trade: TapeTrade, nowMs: number): object {
  const text = new Texts(market.listing);
  return {
    e: 'trade',
    E: nowMs,
    s: market.listing.symbol,
    t: trade.id,
    p: text.price(trade.price),
    q: text.quantity(trade.quantity),
    T: trade.timeMs,
    m: trade.buyerIsMaker,
    M: true,
  };
}

/** `aggTrade`. */
export function aggregateMessage(market: MarketView, trade: AggregateTrade, nowMs: number): object {
  const text = new Texts(market.listing);
  return {
    e: 'aggTrade',
    E: nowMs,
    s: market.listing.symbol,
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

/** `bookTicker`. */
export function quoteMessage(market: MarketView, quote: BestQuote): object {
  const text = new Texts(market.listing);
  return {
    u: quote.updateId,
    s: market.listing.symbol,
    b: text.price(quote.bid),
    B: text.quantity(quote.bidQuantity),
    a: text.price(quote.ask),
    A: text.quantity(quote.askQuantity),
  };
}

/** `kline_<interval>`. */
export function klineMessage(
  market: MarketView,
  interval: string,
  lengthMs: number,
  bar: SyntheticBar,
  closed: boolean,
  nowMs: number,
): object {
  const text = new Texts(market.listing);
  return {
    e: 'kline',
    E: nowMs,
    s: market.listing.symbol,
    k: {
      t: bar.openTime,
      T: bar.openTime + lengthMs - 1,
      s: market.listing.symbol,
      i: interval,
      f: bar.trades === 0 ? -1 : bar.firstTradeId,
      L: bar.trades === 0 ? -1 : bar.firstTradeId + bar.trades - 1,
      o: text.price(bar.open),
      c: text.price(bar.close),
      h: text.price(bar.high),
      l: text.price(bar.low),
      v: text.quantity(bar.volume),
      n: bar.trades,
      x: closed,
      q: text.quote(bar.quoteVolume),
      V: text.quantity(bar.takerBuyVolume),
      Q: text.quote(bar.takerBuyQuoteVolume),
      B: '0',
    },
  };
}

/** `miniTicker`, and the part of `ticker` they share. */
export function miniTickerMessage(market: MarketView, nowMs: number): Record<string, unknown> {
  const text = new Texts(market.listing);
  const bar = market.day();
  return {
    e: '24hrMiniTicker',
    E: nowMs,
    s: market.listing.symbol,
    c: text.price(bar.close),
    o: text.price(bar.open),
    h: text.price(bar.high),
    l: text.price(bar.low),
    v: text.quantity(bar.volume),
    q: text.quote(bar.quoteVolume),
  };
}

/** `ticker`. */
export function tickerMessage(market: MarketView, nowMs: number): object {
  const text = new Texts(market.listing);
  const bar = market.day();
  const last = market.lastTrade;
  const average =
    bar.volume === 0 ? bar.close : Number(divideHalfEven(bar.quoteVolume, BigInt(bar.volume)));
  const { bid, bidQuantity, ask, askQuantity } = market.quote;
  return {
    ...miniTickerMessage(market, nowMs),
    e: '24hrTicker',
    p: text.price(bar.close - bar.open),
    P: percentChange(bar.open, bar.close),
    w: text.price(average),
    x: text.price(bar.open),
    Q: text.quantity(last?.quantity ?? 0),
    b: text.price(bid),
    B: text.quantity(bidQuantity),
    a: text.price(ask),
    A: text.quantity(askQuantity),
    O: bar.openTime,
    C: nowMs,
    F: bar.firstTradeId,
    L: bar.firstTradeId + bar.trades - 1,
    n: bar.trades,
  };
}
