import { klinesOf } from '../binance/klines.ts';
import type { MarketView } from '../exchange/market-view.ts';
import { objectOf } from '../faults/passing.ts';
import {
  Digits,
  rfc3339,
  type Asking,
  type BookLevels,
  type Channel,
  type Heard,
  type Message,
  type PublicAnswer,
  type Speaker,
} from './speaker.ts';

const CHANNELS: Readonly<Record<string, Channel>> = {
  level2: 'book',
  market_trades: 'trades',
  ticker: 'quote',
};
/** Channels of which nothing follows but an answer. */
const OTHERS: ReadonlySet<string> = new Set(['heartbeats', 'candles', 'status']);
const LENGTHS: Readonly<Record<string, number>> = {
  ONE_MINUTE: 60_000,
  FIVE_MINUTE: 300_000,
  FIFTEEN_MINUTE: 900_000,
  ONE_HOUR: 3_600_000,
  FOUR_HOUR: 14_400_000,
  ONE_DAY: 86_400_000,
};
const MOST_BARS = 350;
const PRODUCTS = '/api/v3/brokerage/market/products';

/** Coinbase's Advanced Trade: every message of a connection has the next number. */
export const COINBASE: Speaker = {
  path: '/coinbase',
  symbolOf: ({ listing }) => `${listing.base}-${listing.quote}`,
  heartbeat: (second, nowMs) =>
    said('heartbeats', nowMs, [
      { current_time: `${rfc3339(nowMs * 1000)} UTC`, heartbeat_counter: second },
    ]),
  hear,
  book: ({ market, previous, bids, asks, nowMs }) => {
    const texts = new Digits(market);
    const time = rfc3339(nowMs * 1000);
    const updates = (side: string, levels: BookLevels['bids']): object[] =>
      levels.map(([price, qty]) => ({
        side,
        event_time: time,
        price_level: texts.price(price),
        new_quantity: texts.quantity(qty),
      }));
    const type = previous === undefined ? 'snapshot' : 'update';
    return said('l2_data', nowMs, [
      {
        type,
        product_id: COINBASE.symbolOf(market),
        updates: [...updates('bid', bids), ...updates('offer', asks)],
      },
    ]);
  },
  trade: (market, { price, quantity, id, timeMs, buyerIsMaker }) => {
    const texts = new Digits(market);
    const trade = {
      trade_id: String(id),
      product_id: COINBASE.symbolOf(market),
      price: texts.price(price),
      size: texts.quantity(quantity),
      // The side of the maker.
      side: buyerIsMaker ? 'BUY' : 'SELL',
      time: rfc3339(timeMs * 1000),
    };
    return said('market_trades', timeMs, [{ type: 'update', trades: [trade] }]);
  },
  quote: (market, { bid, bidQuantity, ask, askQuantity }, nowMs) => {
    const texts = new Digits(market);
    const ticker = {
      type: 'ticker',
      product_id: COINBASE.symbolOf(market),
      price: texts.price(market.lastPrice),
      best_bid: texts.price(bid),
      best_bid_quantity: texts.quantity(bidQuantity),
      best_ask: texts.price(ask),
      best_ask_quantity: texts.quantity(askQuantity),
    };
    return said('ticker', nowMs, [{ type: 'update', tickers: [ticker] }]);
  },
  answer,
};

function said(channel: string, nowMs: number, events: readonly object[]): Message {
  const begin = `{"channel":"${channel}","client_id":"","timestamp":"${rfc3339(nowMs * 1000)}","sequence_num":`;
  const end = `,"events":${JSON.stringify(events)}}`;
  return (sequence) => begin + String(sequence) + end;
}

function hear(text: string): Heard | undefined {
  const { type, channel, product_ids: products } = objectOf(text);
  if (type !== 'subscribe' && type !== 'unsubscribe') return undefined;
  const name = String(channel);
  const ours = CHANNELS[name];
  if (ours === undefined && !OTHERS.has(name)) {
    return { replies: [() => '{"type":"error","message":"channel does not exist"}'] };
  }
  const symbols = Array.isArray(products) ? products.map(String) : [];
  const replies = [said('subscriptions', 0, [{ subscriptions: { [name]: symbols } }])];
  if (ours === undefined) return { replies };
  return { replies, [type]: symbols.map((symbol) => ({ channel: ours, symbol })) };
}

function answer(path: string, { query, exchange }: Asking): PublicAnswer | undefined {
  if (path === '/api/v3/brokerage/time') return json({ epochMillis: String(exchange.nowMs()) });
  if (path === PRODUCTS) return json({ products: exchange.markets.map(listed) });
  const product = /^\/([^/]+)\/candles$/.exec(path.slice(PRODUCTS.length))?.[1];
  if (!path.startsWith(PRODUCTS) || product === undefined) return undefined;
  const market = exchange.markets.find((one) => COINBASE.symbolOf(one) === product);
  const length = LENGTHS[query.get('granularity') ?? ''];
  if (market === undefined || length === undefined) {
    return { status: 404, body: '{"error":"NOT_FOUND","message":"valid product_id is required"}' };
  }
  const from = Number(query.get('start')) * 1000;
  const to = Number(query.get('end')) * 1000 - 1;
  const limit = Math.min(Number(query.get('limit') ?? MOST_BARS), MOST_BARS);
  const texts = new Digits(market);
  const bars = klinesOf(market, length, from, to, limit, exchange.nowMs());
  const candles = bars.map(({ openTime, open, high, low, close, volume }) => ({
    start: String(openTime / 1000),
    low: texts.price(low),
    high: texts.price(high),
    open: texts.price(open),
    close: texts.price(close),
    volume: texts.quantity(volume),
  }));
  return json({ candles: candles.toReversed() });
}

function listed(market: MarketView): object {
  const { base, quote, tickSize, stepSize, minQuantity, maxQuantity, minNotional } = market.listing;
  const texts = new Digits(market);
  return {
    product_id: COINBASE.symbolOf(market),
    product_type: 'SPOT',
    base_currency_id: base,
    quote_currency_id: quote,
    price_increment: texts.price(tickSize),
    base_increment: texts.quantity(stepSize),
    base_min_size: texts.quantity(minQuantity),
    base_max_size: texts.quantity(maxQuantity),
    quote_min_size: texts.quote(minNotional),
    alias: '',
    status: 'online',
    cancel_only: false,
    trading_disabled: market.halted,
    view_only: false,
    is_disabled: false,
  };
}

function json(value: unknown): PublicAnswer {
  return { status: 200, body: JSON.stringify(value) };
}
