import { klinesOf } from '../binance/klines.ts';
import { settledFunding } from '../exchange/funding.ts';
import type { MarketView } from '../exchange/market-view.ts';
import type { TapeTrade } from '../exchange/tape.ts';
import { objectOf } from '../faults/passing.ts';
import type { SyntheticBar } from '../../engine/synthetic/bar-series.ts';
import {
  Digits,
  type Asking,
  type BookLevels,
  type Channel,
  type Heard,
  type PublicAnswer,
  type Speaker,
  type Topic,
} from './speaker.ts';

const CHANNELS: Readonly<Record<string, Channel>> = {
  books: 'book',
  trades: 'trades',
  'bbo-tbt': 'quote',
  candle1m: 'bars',
};
const LENGTHS: Readonly<Record<string, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1H': 3_600_000,
  '4H': 14_400_000,
  '1Dutc': 86_400_000,
};
const MOST_BARS = 300;

/** OKX's WebSocket v5 and its public REST questions: texts for numbers, each change of a book names the one before it. */
export const OKX: Speaker = {
  path: '/okx',
  symbolOf: ({ listing }) => `${listing.base}-${listing.quote}`,
  hear,
  book: ({ market, id, previous, bids, asks, nowMs }) => {
    const texts = new Digits(market);
    const rows = (levels: BookLevels['bids']): string[][] =>
      levels.map(([price, qty]) => [texts.price(price), texts.quantity(qty), '0', '1']);
    return said('books', market, {
      ...(previous === undefined ? { action: 'snapshot' } : { action: 'update' }),
      data: [
        {
          asks: rows(asks),
          bids: rows(bids),
          ts: String(nowMs),
          checksum: 0,
          prevSeqId: previous ?? -1,
          seqId: id,
        },
      ],
    });
  },
  trade: (market, trade) => {
    const data = { ...tradeFields(market, trade), count: '1', source: '0', seqId: trade.id };
    return said('trades', market, { data: [data] });
  },
  quote: (market, { bid, bidQuantity, ask, askQuantity, updateId }, nowMs) => {
    const texts = new Digits(market);
    const row = (price: number, qty: number): string[][] =>
      qty === 0 ? [] : [[texts.price(price), texts.quantity(qty), '0', '1']];
    const data = {
      asks: row(ask, askQuantity),
      bids: row(bid, bidQuantity),
      ts: String(nowMs),
      seqId: updateId,
    };
    return said('bbo-tbt', market, { data: [data] });
  },
  bar: (market, bar, closed) => said('candle1m', market, { data: [candle(market, bar, closed)] }),
  answer,
};

function said(channel: string, market: MarketView, rest: object): () => string {
  const text = JSON.stringify({ arg: { channel, instId: OKX.symbolOf(market) }, ...rest });
  return () => text;
}

function candle(market: MarketView, bar: SyntheticBar, closed: boolean): string[] {
  const texts = new Digits(market);
  const prices = [bar.open, bar.high, bar.low, bar.close].map((one) => texts.price(one));
  const [volume, quote] = [texts.quantity(bar.volume), texts.quote(bar.quoteVolume)];
  return [String(bar.openTime), ...prices, volume, quote, quote, closed ? '1' : '0'];
}

function hear(text: string): Heard | undefined {
  if (text === 'ping') return { replies: [() => 'pong'] };
  const { op, args } = objectOf(text);
  if ((op !== 'subscribe' && op !== 'unsubscribe') || !Array.isArray(args)) return undefined;
  const replies: (() => string)[] = [];
  const topics: Topic[] = [];
  for (const arg of args) {
    const { channel, instId } = objectOf(JSON.stringify(arg));
    const ours = CHANNELS[String(channel)];
    if (ours === undefined) {
      const msg = `Wrong URL or channel:${String(channel)},instId:${String(instId)} doesn't exist.`;
      replies.push(() => JSON.stringify({ event: 'error', code: '60018', msg, connId: 'sandbox' }));
      continue;
    }
    topics.push({ channel: ours, symbol: String(instId) });
    replies.push(() => JSON.stringify({ event: op, arg: { channel, instId }, connId: 'sandbox' }));
  }
  return { replies, [op]: topics };
}

function answer(path: string, { query, exchange }: Asking): PublicAnswer | undefined {
  if (path === '/api/v5/public/time') return data([{ ts: String(exchange.nowMs()) }]);
  if (path === '/api/v5/public/instruments') {
    return data(query.get('instType') === 'SPOT' ? exchange.markets.map(listed) : []);
  }
  const candles = path === '/api/v5/market/candles' || path === '/api/v5/market/history-candles';
  const trades = path === '/api/v5/market/history-trades';
  const funding = path === '/api/v5/public/funding-rate-history';
  if (!candles && !trades && !funding) return undefined;
  const market = exchange.markets.find((one) => OKX.symbolOf(one) === query.get('instId'));
  const length = LENGTHS[query.get('bar') ?? '1m'];
  if (market === undefined || length === undefined) {
    return { status: 200, body: '{"code":"51001","msg":"Instrument ID does not exist","data":[]}' };
  }
  const nowMs = exchange.nowMs();
  if (trades) return pastTrades(market, query);
  if (funding) return pastFunding(market, query, nowMs);
  const limit = Math.min(Number(query.get('limit') ?? 100), MOST_BARS);
  // `after`: older than.
  const before = Number(query.get('after') ?? nowMs + 1) - 1;
  const bars = klinesOf(market, length, undefined, before, limit, nowMs);
  const closed = ({ openTime }: SyntheticBar): boolean => openTime + length <= nowMs;
  return data(bars.map((bar) => candle(market, bar, closed(bar))).toReversed());
}

/** Newest first; `after` is a number with type 1, a time with type 2. */
function pastTrades(market: MarketView, query: URLSearchParams): PublicAnswer {
  const after = Number(query.get('after'));
  const before = query.get('type') === '2' ? market.past.idAt(after) : after;
  const trades = market.past.before(before, Math.min(Number(query.get('limit') ?? 100), 100));
  return data(trades.map((trade) => tradeFields(market, trade)).toReversed());
}

/** What is told of a trade, on the stream and later. */
function tradeFields(market: MarketView, trade: TapeTrade): object {
  const texts = new Digits(market);
  return {
    instId: OKX.symbolOf(market),
    tradeId: String(trade.id),
    px: texts.price(trade.price),
    sz: texts.quantity(trade.quantity),
    side: trade.buyerIsMaker ? 'sell' : 'buy',
    ts: String(trade.timeMs),
  };
}

/** Newest first, older than `after`. */
function pastFunding(market: MarketView, query: URLSearchParams, nowMs: number): PublicAnswer {
  const to = Math.min(nowMs, Number(query.get('after') ?? nowMs) - 1);
  const limit = Math.min(Number(query.get('limit') ?? 100), 400);
  const rows = settledFunding(market, 0, to)
    .slice(-limit)
    .map(({ atMs, rate }) => ({
      instId: OKX.symbolOf(market),
      instType: 'SWAP',
      fundingRate: rate,
      realizedRate: rate,
      fundingTime: String(atMs),
      method: 'current_period',
    }));
  return data(rows.toReversed());
}

function listed(market: MarketView): object {
  const { base, quote, tickSize, stepSize, minQuantity, maxQuantity } = market.listing;
  const texts = new Digits(market);
  return {
    instId: OKX.symbolOf(market),
    instType: 'SPOT',
    baseCcy: base,
    quoteCcy: quote,
    tickSz: texts.price(tickSize),
    lotSz: texts.quantity(stepSize),
    minSz: texts.quantity(minQuantity),
    maxLmtSz: texts.quantity(maxQuantity),
    state: market.halted ? 'suspend' : 'live',
  };
}

function data(rows: readonly unknown[]): PublicAnswer {
  return { status: 200, body: JSON.stringify({ code: '0', msg: '', data: rows }) };
}
