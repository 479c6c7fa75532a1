import { klinesOf } from '../binance/klines.ts';
import { settledFunding } from '../exchange/funding.ts';
import type { MarketView } from '../exchange/market-view.ts';
import { objectOf } from '../faults/passing.ts';
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
  book: 'book',
  trades: 'trades',
  ticker: 'quote',
};
const MINUTE_MS = 60_000;
const LENGTHS: Readonly<Record<string, number>> = {
  '1': MINUTE_MS,
  '5': 5 * MINUTE_MS,
  '15': 15 * MINUTE_MS,
  '60': 60 * MINUTE_MS,
  '1D': 1440 * MINUTE_MS,
};
const TRADES = '/public/get_last_trades_by_instrument';
const FUNDING = '/public/get_funding_rate_history';
const MOST_BARS = 5_000;
/** A test request comes so often, in seconds. */
const TEST_SECONDS = 10;

/** Deribit's JSON-RPC: bare numbers, each change of a book names the one before it, a heartbeat that wants an answer. */
export const DERIBIT: Speaker = {
  path: '/deribit',
  symbolOf: ({ listing }) => `${listing.base}_${listing.quote}`,
  heartbeat: (second) => {
    const type = second % TEST_SECONDS === 0 ? 'test_request' : 'heartbeat';
    return () => `{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"${type}"}}`;
  },
  hear,
  book: ({ market, id, previous, bids, asks, nowMs }) => {
    const texts = new Digits(market);
    const rows = (levels: BookLevels['bids']): string =>
      levels
        .map(([price, qty]) => {
          const known = previous === undefined ? 'new' : 'change';
          return `["${qty === 0 ? 'delete' : known}",${texts.price(price)},${texts.quantity(qty)}]`;
        })
        .join(',');
    const begin =
      previous === undefined ? '"type":"snapshot"' : `"type":"change","prev_change_id":${previous}`;
    const data = `{${begin},"timestamp":${nowMs},"instrument_name":"${DERIBIT.symbolOf(market)}","change_id":${id},"bids":[${rows(bids)}],"asks":[${rows(asks)}]}`;
    return said(`book.${DERIBIT.symbolOf(market)}.100ms`, data);
  },
  trade: (market, { price, quantity, id, timeMs, buyerIsMaker }) => {
    const texts = new Digits(market);
    const side = buyerIsMaker ? 'sell' : 'buy';
    const data = `[{"trade_seq":${id},"trade_id":"${id}","timestamp":${timeMs},"price":${texts.price(price)},"amount":${texts.quantity(quantity)},"direction":"${side}","instrument_name":"${DERIBIT.symbolOf(market)}","tick_direction":0}]`;
    return said(`trades.${DERIBIT.symbolOf(market)}.100ms`, data);
  },
  quote: (market, { bid, bidQuantity, ask, askQuantity }, nowMs) => {
    const texts = new Digits(market);
    const data = `{"timestamp":${nowMs},"state":"open","instrument_name":"${DERIBIT.symbolOf(market)}","last_price":${texts.price(market.lastPrice)},"best_bid_price":${texts.price(bid)},"best_bid_amount":${texts.quantity(bidQuantity)},"best_ask_price":${texts.price(ask)},"best_ask_amount":${texts.quantity(askQuantity)}}`;
    return said(`ticker.${DERIBIT.symbolOf(market)}.100ms`, data);
  },
  answer,
};

function said(channel: string, data: string): () => string {
  const text = `{"jsonrpc":"2.0","method":"subscription","params":{"channel":"${channel}","data":${data}}}`;
  return () => text;
}

function hear(text: string): Heard | undefined {
  const { id, method, params } = objectOf(text);
  const reply = (result: unknown) => () =>
    JSON.stringify({ jsonrpc: '2.0', id, result, usIn: 0, usOut: 0, usDiff: 0, testnet: true });
  if (method === 'public/set_heartbeat') return { replies: [reply('ok')] };
  if (method === 'public/test') return { replies: [reply({ version: '1.2.26' })] };
  const kind = /^public\/(subscribe|unsubscribe)$/.exec(String(method))?.[1];
  const { channels } = objectOf(JSON.stringify(params ?? {}));
  if (kind === undefined || !Array.isArray(channels)) return undefined;
  const names = channels.map(String);
  const topics: Topic[] = names.flatMap((name) => {
    const [channel = '', symbol = ''] = name.split('.');
    const ours = CHANNELS[channel];
    return ours === undefined ? [] : [{ channel: ours, symbol }];
  });
  return { replies: [reply(names)], [kind]: topics };
}

function answer(path: string, { query, exchange }: Asking): PublicAnswer | undefined {
  if (path === '/public/get_time') return result(exchange.nowMs());
  if (path === '/public/get_instruments') return result(exchange.markets.map(listed));
  const known = path === '/public/get_tradingview_chart_data' || path.startsWith(TRADES);
  if (!known && path !== FUNDING) return undefined;
  const market = exchange.markets.find(
    (one) => DERIBIT.symbolOf(one) === query.get('instrument_name'),
  );
  if (market !== undefined && path.startsWith(TRADES)) return result(pastTrades(market, query));
  if (market !== undefined && path === FUNDING) return result(pastFunding(market, query));
  const length = LENGTHS[query.get('resolution') ?? ''];
  if (market === undefined || length === undefined) {
    const error = { message: 'Invalid params', data: {}, code: -32_602 };
    return { status: 400, body: JSON.stringify({ jsonrpc: '2.0', error }) };
  }
  const from = Number(query.get('start_timestamp'));
  const to = Number(query.get('end_timestamp'));
  const bars = klinesOf(market, length, from, to, MOST_BARS, exchange.nowMs());
  const { priceScale, quantityScale } = market.listing;
  const column = (of: (bar: (typeof bars)[number]) => number, scale: number): number[] =>
    bars.map((bar) => of(bar) / 10 ** scale);
  return result({
    ticks: bars.map(({ openTime }) => openTime),
    open: column(({ open }) => open, priceScale),
    high: column(({ high }) => high, priceScale),
    low: column(({ low }) => low, priceScale),
    close: column(({ close }) => close, priceScale),
    volume: column(({ volume }) => volume, quantityScale),
    cost: bars.map(({ quoteVolume }) => Number(quoteVolume) / 10 ** (priceScale + quantityScale)),
    status: 'ok',
  });
}

/** Oldest first, from a number or between two times. */
function pastTrades({ past, listing }: MarketView, query: URLSearchParams): object {
  const count = Math.min(Number(query.get('count') ?? 10), 1_000);
  const seq = query.get('start_seq') ?? past.idAt(Number(query.get('start_timestamp')));
  const end = Number(query.get('end_timestamp') ?? Number.POSITIVE_INFINITY);
  const found = past.from(Number(seq), count + 1).filter(({ timeMs }) => timeMs <= end);
  const trades = found.slice(0, count).map(({ id, price, quantity, timeMs, buyerIsMaker }) => ({
    trade_seq: id,
    trade_id: String(id),
    timestamp: timeMs,
    price: price / 10 ** listing.priceScale,
    amount: quantity / 10 ** listing.quantityScale,
    direction: buyerIsMaker ? 'sell' : 'buy',
  }));
  return { trades, has_more: found.length > count };
}

/** Each hour's. */
function pastFunding(market: MarketView, query: URLSearchParams): object[] {
  const to = Number(query.get('end_timestamp'));
  return settledFunding(market, Number(query.get('start_timestamp')), to, LENGTHS['60'])
    .slice(0, 744)
    .map(({ atMs, rate }) => ({ timestamp: atMs, interest_1h: Number(rate) }));
}

function listed(market: MarketView): object {
  const { base, quote, tickSize, stepSize, priceScale, quantityScale } = market.listing;
  return {
    instrument_name: DERIBIT.symbolOf(market),
    kind: 'spot',
    base_currency: base,
    counter_currency: quote,
    quote_currency: quote,
    tick_size: tickSize / 10 ** priceScale,
    min_trade_amount: stepSize / 10 ** quantityScale,
    contract_size: stepSize / 10 ** quantityScale,
    is_active: !market.halted,
  };
}

function result(value: unknown): PublicAnswer {
  return { status: 200, body: JSON.stringify({ jsonrpc: '2.0', result: value }) };
}
