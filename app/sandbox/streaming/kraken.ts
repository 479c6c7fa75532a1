import { crc32 } from 'node:zlib';
import { klinesOf } from '../binance/klines.ts';
import type { ExchangeView, MarketView } from '../exchange/market-view.ts';
import { objectOf } from '../faults/passing.ts';
import {
  Digits,
  rfc3339,
  type Asking,
  type BookLevels,
  type BookMessage,
  type Channel,
  type Heard,
  type PublicAnswer,
  type Speaker,
  type Topic,
} from './speaker.ts';

const CHANNELS: Readonly<Record<string, Channel>> = {
  book: 'book',
  trade: 'trades',
  ticker: 'quote',
  ohlc: 'bars',
};
/** REST has older names of some assets. */
const OLDER: Readonly<Record<string, string>> = { BTC: 'XBT', DOGE: 'XDG' };
const CHECKED_LEVELS = 10;
const MINUTE_MS = 60_000;
const MOST_BARS = 720;

/** Kraken's spot WebSocket v2 and its public REST questions: bare numbers at full precision, a CRC-32 with each change of a book. */
export const KRAKEN: Speaker = {
  path: '/kraken',
  symbolOf: ({ listing }) => `${listing.base}/${listing.quote}`,
  greeting: () => [
    () =>
      '{"channel":"status","type":"update","data":[{"api_version":"v2","connection_id":1,"system":"online","version":"2.0.4"}]}',
  ],
  heartbeat: () => () => '{"channel":"heartbeat"}',
  hear,
  book: (message) => {
    const text = bookText(message);
    return () => text;
  },
  trade: (market, { price, quantity, id, timeMs, buyerIsMaker }) => {
    const texts = new Digits(market);
    const side = buyerIsMaker ? 'sell' : 'buy';
    const fields = `"symbol":"${KRAKEN.symbolOf(market)}","side":"${side}","price":${texts.price(price)},"qty":${texts.quantity(quantity)},"ord_type":"limit","trade_id":${id},"timestamp":"${rfc3339(timeMs * 1000)}"`;
    return () => `{"channel":"trade","type":"update","data":[{${fields}}]}`;
  },
  quote: (market, { bid, bidQuantity, ask, askQuantity }, nowMs) => {
    const texts = new Digits(market);
    const fields = `"symbol":"${KRAKEN.symbolOf(market)}","bid":${texts.price(bid)},"bid_qty":${texts.quantity(bidQuantity)},"ask":${texts.price(ask)},"ask_qty":${texts.quantity(askQuantity)},"last":${texts.price(market.lastPrice)},"timestamp":"${rfc3339(nowMs * 1000)}"`;
    return () => `{"channel":"ticker","type":"update","data":[{${fields}}]}`;
  },
  bar: (market, bar, _closed, nowMs) => {
    const texts = new Digits(market);
    const fields = `"symbol":"${KRAKEN.symbolOf(market)}","open":${texts.price(bar.open)},"high":${texts.price(bar.high)},"low":${texts.price(bar.low)},"close":${texts.price(bar.close)},"trades":${bar.trades},"volume":${texts.quantity(bar.volume)},"vwap":${texts.price(bar.close)},"interval_begin":"${rfc3339(bar.openTime * 1000)}","interval":1,"timestamp":"${rfc3339(nowMs * 1000)}"`;
    return () => `{"channel":"ohlc","type":"update","data":[{${fields}}]}`;
  },
  answer,
};

function hear(text: string): Heard | undefined {
  const { method, params, req_id: id } = objectOf(text);
  if (method === 'ping') return { replies: [() => `{"method":"pong","req_id":${Number(id)}}`] };
  if (method !== 'subscribe' && method !== 'unsubscribe') return undefined;
  const { channel, symbol } = objectOf(JSON.stringify(params ?? {}));
  const ours = CHANNELS[String(channel)];
  const symbols = Array.isArray(symbol) ? symbol.map(String) : [];
  if (ours === undefined) {
    return {
      replies: [() => `{"method":"${method}","success":false,"error":"Channel not supported"}`],
    };
  }
  const topics: Topic[] = symbols.map((name) => ({ channel: ours, symbol: name }));
  return {
    replies: symbols.map(
      (name) => () =>
        `{"method":"${method}","result":{"channel":"${String(channel)}","symbol":"${name}"},"success":true}`,
    ),
    [method]: topics,
  };
}

function bookText({ market, bids, asks, previous, best, nowMs }: BookMessage): string {
  const texts = new Digits(market);
  const rows = (levels: BookLevels['bids']): string =>
    levels
      .map(([price, qty]) => `{"price":${texts.price(price)},"qty":${texts.quantity(qty)}}`)
      .join(',');
  const type = previous === undefined ? 'snapshot' : 'update';
  return `{"channel":"book","type":"${type}","data":[{"symbol":"${KRAKEN.symbolOf(market)}","bids":[${rows(bids)}],"asks":[${rows(asks)}],"checksum":${checksumOf(market, best)},"timestamp":"${rfc3339(nowMs * 1000)}"}]}`;
}

/** The venue's formula over text: ten best asks, then ten best bids, price and quantity without point and leading zeros. */
function checksumOf(market: MarketView, { bids, asks }: BookLevels): number {
  const texts = new Digits(market);
  const bare = (text: string): string => text.replace('.', '').replace(/^0+/, '');
  const side = (levels: BookLevels['bids']): string =>
    levels
      .slice(0, CHECKED_LEVELS)
      .map(([price, qty]) => bare(texts.price(price)) + bare(texts.quantity(qty)))
      .join('');
  return crc32(side(asks) + side(bids));
}

function answer(path: string, { query, exchange }: Asking): PublicAnswer | undefined {
  if (path === '/0/public/AssetPairs') return result(assetPairs(exchange));
  if (path === '/0/public/Time') {
    return result({ unixtime: Math.floor(exchange.nowMs() / 1000) });
  }
  if (path !== '/0/public/OHLC' && path !== '/0/public/Trades') return undefined;
  const market = exchange.markets.find((one) => pairOf(one).join('') === query.get('pair'));
  if (market === undefined) {
    return { status: 200, body: '{"error":["EQuery:Unknown asset pair"]}' };
  }
  if (path === '/0/public/Trades') return pastTrades(market, query);
  const length = Number(query.get('interval') ?? 1) * MINUTE_MS;
  const texts = new Digits(market);
  const bars = klinesOf(market, length, undefined, undefined, MOST_BARS, exchange.nowMs());
  const rows = bars.map(({ openTime, open, high, low, close, volume, trades }) => [
    openTime / 1000,
    ...[open, high, low, close, close].map((one) => texts.price(one)),
    texts.quantity(volume),
    trades,
  ]);
  return result({ [pairOf(market).join('')]: rows, last: exchange.nowMs() });
}

/** What came after `since`, nanoseconds. */
function pastTrades(market: MarketView, query: URLSearchParams): PublicAnswer {
  const since = BigInt(query.get('since') ?? 0);
  const first = market.past.idAt(Number(since / 1_000_000n) + 1);
  const trades = market.past.from(first, Math.min(Number(query.get('count') ?? 1_000), 1_000));
  const texts = new Digits(market);
  const rows = trades.map(({ id, price, quantity, timeMs, buyerIsMaker }) => [
    texts.price(price),
    texts.quantity(quantity),
    timeMs / 1_000,
    buyerIsMaker ? 's' : 'b',
    'l',
    '',
    id,
  ]);
  const last = String(BigInt(trades.at(-1)?.timeMs ?? 0) * 1_000_000n);
  return result({ [pairOf(market).join('')]: rows, last });
}

function assetPairs(exchange: ExchangeView): Record<string, unknown> {
  return Object.fromEntries(
    exchange.markets.map((market) => {
      const { priceScale, quantityScale, tickSize, minQuantity } = market.listing;
      const texts = new Digits(market);
      const pair = {
        altname: pairOf(market).join(''),
        wsname: pairOf(market).join('/'),
        pair_decimals: priceScale,
        lot_decimals: quantityScale,
        ordermin: texts.quantity(minQuantity),
        costmin: texts.quote(market.listing.minNotional),
        tick_size: texts.price(tickSize),
        status: market.halted ? 'cancel_only' : 'online',
      };
      return [pairOf(market).join(''), pair];
    }),
  );
}

/** Base and quote as REST names them. */
function pairOf({ listing }: MarketView): readonly string[] {
  return [listing.base, listing.quote].map((asset) => OLDER[asset] ?? asset);
}

function result(value: unknown): PublicAnswer {
  return { status: 200, body: JSON.stringify({ error: [], result: value }) };
}
