import type { SyntheticBar } from '../../engine/synthetic/bar-series.ts';
import { klinesOf } from '../binance/klines.ts';
import { settledFunding } from '../exchange/funding.ts';
import type { ExchangeView, MarketView } from '../exchange/market-view.ts';
import { objectOf } from '../faults/passing.ts';
import {
  Digits,
  type Asking,
  type BookLevels,
  type Channel,
  type Heard,
  type Message,
  type PublicAnswer,
  type Speaker,
  type Topic,
} from './speaker.ts';

const MINUTE_MS = 60_000;
const LENGTHS: Readonly<Record<string, number>> = {
  '1': MINUTE_MS,
  '5': 5 * MINUTE_MS,
  '15': 15 * MINUTE_MS,
  '60': 60 * MINUTE_MS,
  '240': 240 * MINUTE_MS,
  D: 1440 * MINUTE_MS,
};
const MOST_BARS = 1_000;

/** Bybit's v5, spot: each change of a book has the next number. */
export const BYBIT: Speaker = {
  path: '/bybit',
  symbolOf: ({ listing }) => listing.symbol,
  hear,
  book: ({ market, ordinal, previous, bids, asks, nowMs }) => {
    const type = previous === undefined ? 'snapshot' : 'delta';
    const data = {
      s: market.listing.symbol,
      ...sides(market, bids, asks),
      u: ordinal,
      seq: ordinal,
    };
    return said(`orderbook.1000.${market.listing.symbol}`, type, data, nowMs);
  },
  trade: (market, { price, quantity, id, timeMs, buyerIsMaker }) => {
    const digits = new Digits(market);
    const trade = {
      T: timeMs,
      s: market.listing.symbol,
      S: buyerIsMaker ? 'Sell' : 'Buy',
      v: digits.quantity(quantity),
      p: digits.price(price),
      i: String(id),
      BT: false,
      seq: id,
    };
    return said(`publicTrade.${market.listing.symbol}`, 'snapshot', [trade], timeMs);
  },
  quote: (market, { bid, bidQuantity, ask, askQuantity, updateId }, nowMs) => {
    const best = (price: number, quantity: number): BookLevels['bids'] =>
      quantity === 0 ? [] : [[price, quantity]];
    const levels = sides(market, best(bid, bidQuantity), best(ask, askQuantity));
    const data = { s: market.listing.symbol, ...levels, u: updateId, seq: updateId };
    return said(`orderbook.1.${market.listing.symbol}`, 'snapshot', data, nowMs);
  },
  bar: (market, bar, closed, nowMs) => {
    const [start, open, high, low, close, volume, turnover] = row(market, bar);
    const data = {
      start: Number(start),
      end: bar.openTime + MINUTE_MS - 1,
      interval: '1',
      open,
      close,
      high,
      low,
      volume,
      turnover,
      confirm: closed,
      timestamp: nowMs,
    };
    return said(`kline.1.${market.listing.symbol}`, 'snapshot', [data], nowMs);
  },
  answer,
};

function said(topic: string, type: string, data: object, nowMs: number): Message {
  const text = JSON.stringify({ topic, type, ts: nowMs, data, cts: nowMs });
  return () => text;
}

function sides(market: MarketView, bids: BookLevels['bids'], asks: BookLevels['bids']) {
  const digits = new Digits(market);
  const rows = (levels: BookLevels['bids']): string[][] =>
    levels.map(([price, quantity]) => [digits.price(price), digits.quantity(quantity)]);
  return { b: rows(bids), a: rows(asks) };
}

function row(market: MarketView, bar: SyntheticBar): readonly string[] {
  const digits = new Digits(market);
  const prices = [bar.open, bar.high, bar.low, bar.close].map((one) => digits.price(one));
  const amounts = [digits.quantity(bar.volume), digits.quote(bar.quoteVolume)];
  return [String(bar.openTime), ...prices, ...amounts];
}

const CHANNELS: readonly (readonly [prefix: string, channel: Channel])[] = [
  ['orderbook.1.', 'quote'],
  ['orderbook.', 'book'],
  ['publicTrade.', 'trades'],
  ['kline.1.', 'bars'],
];

function topicOf(name: string): Topic | undefined {
  const channel = CHANNELS.find(([prefix]) => name.startsWith(prefix))?.[1];
  const symbol = name.split('.').at(-1) ?? '';
  return channel === undefined ? undefined : { channel, symbol };
}

function hear(text: string): Heard | undefined {
  const { op, args } = objectOf(text);
  const reply = (success: boolean, words: string): Message => {
    const said = JSON.stringify({ success, ret_msg: words, conn_id: 'sandbox', req_id: '', op });
    return () => said;
  };
  if (op === 'ping') return { replies: [reply(true, 'pong')] };
  if ((op !== 'subscribe' && op !== 'unsubscribe') || !Array.isArray(args)) return undefined;
  const names = args.map(String);
  const topics = names.map(topicOf);
  const bad = names.find((_, at) => topics[at] === undefined);
  if (bad !== undefined) return { replies: [reply(false, `error:handler not found,topic:${bad}`)] };
  return { replies: [reply(true, op)], [op]: topics.filter((topic) => topic !== undefined) };
}

function answer(path: string, { query, exchange }: Asking): PublicAnswer | undefined {
  const nowMs = exchange.nowMs();
  const result = (value: unknown): PublicAnswer => ({
    status: 200,
    body: JSON.stringify({ retCode: 0, retMsg: 'OK', result: value, time: nowMs }),
  });
  if (path === '/v5/market/time') return result({ timeSecond: String(Math.floor(nowMs / 1000)) });
  if (path === '/v5/market/instruments-info') return listPage(query, exchange, result);
  const funding = path === '/v5/market/funding/history';
  if (path !== '/v5/market/kline' && !funding) return undefined;
  const market = exchange.market(query.get('symbol') ?? '');
  if (market !== undefined && funding) return result({ list: pastFunding(market, query, nowMs) });
  const length = LENGTHS[query.get('interval') ?? ''];
  if (market === undefined || length === undefined) {
    return { status: 200, body: '{"retCode":10001,"retMsg":"Not supported symbols","result":{}}' };
  }
  const limit = Math.min(Number(query.get('limit') ?? 200), MOST_BARS);
  const end = Number(query.get('end') ?? nowMs);
  const bars = klinesOf(market, length, undefined, end, limit, nowMs);
  return result({ list: bars.map((bar) => row(market, bar)).toReversed() });
}

/** Newest first; both ends count. */
function pastFunding(market: MarketView, query: URLSearchParams, nowMs: number): object[] {
  const to = Math.min(nowMs, Number(query.get('endTime') ?? nowMs));
  const settled = settledFunding(market, Number(query.get('startTime') ?? 0), to);
  return settled
    .slice(-Math.min(Number(query.get('limit') ?? 200), 200))
    .map(({ atMs, rate }) => ({
      symbol: market.listing.symbol,
      fundingRate: rate,
      fundingRateTimestamp: String(atMs),
    }))
    .toReversed();
}

/** Two pages: whoever reads one only lacks half. */
function listPage(
  query: URLSearchParams,
  exchange: ExchangeView,
  result: (value: unknown) => PublicAnswer,
): PublicAnswer {
  const half = Math.ceil(exchange.markets.length / 2);
  const second = query.get('cursor') === 'second';
  const markets = second ? exchange.markets.slice(half) : exchange.markets.slice(0, half);
  return result({ nextPageCursor: second ? '' : 'second', list: markets.map(listed) });
}

function listed(market: MarketView): object {
  const { symbol, base, quote, tickSize, stepSize, minQuantity, maxQuantity, minNotional } =
    market.listing;
  const digits = new Digits(market);
  return {
    symbol,
    baseCoin: base,
    quoteCoin: quote,
    status: market.halted ? 'Closed' : 'Trading',
    lotSizeFilter: {
      basePrecision: digits.quantity(stepSize),
      minOrderQty: digits.quantity(minQuantity),
      maxOrderQty: digits.quantity(maxQuantity),
      minOrderAmt: digits.quote(minNotional),
    },
    priceFilter: { tickSize: digits.price(tickSize) },
  };
}
