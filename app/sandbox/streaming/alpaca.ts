import type { SyntheticBar } from '../../engine/synthetic/bar-series.ts';
import { klinesOf } from '../binance/klines.ts';
import type { BestQuote, ExchangeView, MarketView } from '../exchange/market-view.ts';
import type { TapeTrade } from '../exchange/tape.ts';
import { objectOf } from '../faults/passing.ts';
import {
  Digits,
  rfc3339,
  type Asking,
  type Channel,
  type Heard,
  type Message,
  type PublicAnswer,
  type Speaker,
  type Standing,
  type Topic,
} from './speaker.ts';

/** The only key that is known here. */
const KEY = 'SANDBOXMARKETDATA';
const SECRET = 'sandbox-market-data-secret';

const CHANNELS: Readonly<Record<string, Channel>> = {
  trades: 'trades',
  quotes: 'quote',
  bars: 'bars',
};
/** Channels of which nothing follows but that they are named in answers. */
const QUIET = ['updatedBars', 'dailyBars', 'statuses', 'lulds'] as const;
/** Symbols of trades and quotes that the free plan allows. */
const MOST_SYMBOLS = 30;
const WORDS: Readonly<Record<number, string>> = {
  400: 'invalid syntax',
  401: 'not authenticated',
  402: 'auth failed',
  403: 'already authenticated',
  404: 'auth timeout',
  405: 'symbol limit exceeded',
};
const LENGTHS: Readonly<Record<string, number>> = {
  '1Min': 60_000,
  '5Min': 300_000,
  '15Min': 900_000,
  '1Hour': 3_600_000,
  '1Day': 86_400_000,
};
const MOST_BARS = 10_000;
/** Pages of trades are shorter than what may be asked for. */
const TRADES_A_PAGE = 1_000;

/** Alpaca's market data of stocks: each base currency is a share in dollars. */
export const ALPACA: Speaker = {
  path: '/alpaca',
  symbolOf: ({ listing: { base, quote } }) => (quote.startsWith('USD') ? base : `${base}.${quote}`),
  greeting: () => [said('{"T":"success","msg":"connected"}')],
  admission: { withinMs: 10_000, late: refused(404) },
  hear,
  trade: (market, trade) =>
    said(`{"T":"t","S":"${symbolOf(market)}",${tradeFields(market, trade)}}`),
  quote: (market, { bid, bidQuantity, ask, askQuantity }: BestQuote, nowMs) => {
    const digits = new Digits(market);
    const side = (mark: string, price: number, quantity: number): string =>
      `"${mark}x":"V","${mark}p":${quantity === 0 ? '0' : digits.price(price)},"${mark}s":${digits.quantity(quantity)}`;
    const sides = `${side('b', bid, bidQuantity)},${side('a', ask, askQuantity)}`;
    return said(
      `{"T":"q","S":"${symbolOf(market)}",${sides},"c":["R"],"z":"C","t":"${rfc3339(nowMs * 1000)}"}`,
    );
  },
  bar: (market, bar, closed) =>
    closed ? said(`{"T":"b","S":"${symbolOf(market)}",${barFields(market, bar)}}`) : undefined,
  answer,
};

function symbolOf(market: MarketView): string {
  return ALPACA.symbolOf(market);
}

/** Every frame is a list. */
function said(event: string): Message {
  return () => `[${event}]`;
}

function refused(code: number): Message {
  return said(`{"T":"error","code":${code},"msg":"${WORDS[code] ?? ''}"}`);
}

function tradeFields(market: MarketView, { price, quantity, id, timeMs }: TapeTrade): string {
  const digits = new Digits(market);
  return `"i":${id},"x":"V","p":${digits.price(price)},"s":${digits.quantity(quantity)},"c":["@"],"z":"C","t":"${rfc3339(timeMs * 1000)}"`;
}

function barFields(market: MarketView, bar: SyntheticBar): string {
  const digits = new Digits(market);
  const { open, high, low, close, volume, trades, quoteVolume, openTime } = bar;
  const average = volume === 0 ? close : Number(quoteVolume / BigInt(volume));
  const prices = Object.entries({ o: open, h: high, l: low, c: close, vw: average }).map(
    ([name, price]) => `"${name}":${digits.price(price)}`,
  );
  return `${prices.join(',')},"v":${digits.quantity(volume)},"n":${trades},"t":"${rfc3339(openTime * 1000)}"`;
}

function hear(text: string, { admitted, topics }: Standing): Heard {
  const request = objectOf(text);
  const { action, key, secret } = request;
  if (action === 'auth') {
    if (admitted) return { replies: [refused(403)] };
    if (key !== KEY || secret !== SECRET) return { replies: [refused(402)], ends: true };
    return { replies: [said('{"T":"success","msg":"authenticated"}')], admits: true };
  }
  if (action !== 'subscribe' && action !== 'unsubscribe') return { replies: [refused(400)] };
  if (!admitted) return { replies: [refused(401)] };
  const wanted = Object.entries(CHANNELS).flatMap(([name, channel]) => {
    const symbols = request[name];
    return Array.isArray(symbols)
      ? symbols.map((symbol): Topic => ({ channel, symbol: String(symbol) }))
      : [];
  });
  const isWanted = ({ channel, symbol }: Topic): boolean =>
    wanted.some((one) => one.channel === channel && one.symbol === symbol);
  const others = topics.filter((topic) => !isWanted(topic));
  const standing = action === 'subscribe' ? [...others, ...wanted] : others;
  const watched = standing.filter(({ channel }) => channel !== 'bars');
  if (new Set(watched.map(({ symbol }) => symbol)).size > MOST_SYMBOLS) {
    return { replies: [refused(405)] };
  }
  return { replies: [subscription(standing)], [action]: wanted };
}

/** All that is subscribed now; trades bring their corrections. */
function subscription(topics: readonly Topic[]): Message {
  const of = (channel: Channel | undefined): string[] =>
    topics.filter((topic) => topic.channel === channel).map(({ symbol }) => symbol);
  const channels = Object.entries(CHANNELS).map(([name, channel]) => [name, of(channel)] as const);
  const quiet = QUIET.map((name) => [name, []] as const);
  const trades = { corrections: of('trades'), cancelErrors: of('trades') };
  const named = { T: 'subscription', ...Object.fromEntries([...channels, ...quiet]), ...trades };
  return said(JSON.stringify(named));
}

function answer(path: string, { query, header, exchange }: Asking): PublicAnswer | undefined {
  const known = header('apca-api-key-id') === KEY && header('apca-api-secret-key') === SECRET;
  if (!known) return { status: 403, body: '{"message":"forbidden."}' };
  if (path === '/v2/clock') {
    const now = rfc3339(exchange.nowMs() * 1000);
    return { status: 200, body: `{"timestamp":"${now}","is_open":true}` };
  }
  if (path === '/v2/assets') {
    return { status: 200, body: JSON.stringify(exchange.markets.map(asset)) };
  }
  const tell = { '/v2/stocks/bars': bars, '/v2/stocks/trades': trades }[path];
  return tell && span(query, exchange, tell);
}

function asset(market: MarketView): object {
  const symbol = symbolOf(market);
  return {
    id: `00000000-0000-4000-8000-${String(market.index).padStart(12, '0')}`,
    class: 'us_equity',
    exchange: 'NASDAQ',
    symbol,
    name: `${symbol} of the sandbox`,
    status: 'active',
    tradable: !market.halted,
    marginable: true,
    shortable: true,
    easy_to_borrow: true,
    fractionable: true,
    attributes: [],
  };
}

/** What is asked for of the past; both ends count. Times in ms. */
interface Span {
  readonly market: MarketView;
  readonly query: URLSearchParams;
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
  readonly nowMs: number;
}

/** Rows of a page, and the token of the next one. */
interface Page {
  readonly name: string;
  readonly rows: readonly string[];
  readonly next: string | undefined;
}

function span(
  query: URLSearchParams,
  exchange: ExchangeView,
  tell: (span: Span) => Page | undefined,
): PublicAnswer {
  const symbol = query.get('symbols') ?? '';
  const market = exchange.markets.find((one) => symbolOf(one) === symbol);
  const nowMs = exchange.nowMs();
  const fromMs = Math.ceil(
    millis(query.get('start')) ?? Math.floor(nowMs / 86_400_000) * 86_400_000,
  );
  const toMs = Math.floor(millis(query.get('end')) ?? nowMs);
  const limit = Math.min(Number(query.get('limit') ?? 1_000), MOST_BARS);
  const page = market && tell({ market, query, fromMs, toMs, limit, nowMs });
  if (page === undefined) return { status: 400, body: '{"message":"invalid request"}' };
  const { name, rows, next } = page;
  const bySymbol = rows.length === 0 ? '{}' : `{"${symbol}":[${rows.join(',')}]}`;
  const token = next === undefined ? 'null' : `"${next}"`;
  return { status: 200, body: `{"${name}":${bySymbol},"next_page_token":${token}}` };
}

/** RFC 3339 as milliseconds with their fraction. */
function millis(text: string | null): number | undefined {
  const [, whole = '', fraction = ''] = /^([^.Z]+)(?:\.(\d{1,9}))?Z$/.exec(text ?? '') ?? [];
  return whole === '' ? undefined : Date.parse(`${whole}Z`) + Number(`0.${fraction || '0'}`) * 1000;
}

function bars({ market, query, fromMs, toMs, limit, nowMs }: Span): Page | undefined {
  const length = LENGTHS[query.get('timeframe') ?? ''];
  if (length === undefined || query.get('feed') !== 'iex') return undefined;
  const token = Number(query.get('page_token') ?? Number.NaN);
  const newestFirst = query.get('sort') === 'desc';
  const from = newestFirst || Number.isNaN(token) ? fromMs : token;
  const to = newestFirst && !Number.isNaN(token) ? token : toMs;
  const found = newestFirst
    ? klinesOf(market, length, undefined, to, limit + 1, nowMs)
    : klinesOf(market, length, from, to, limit + 1, nowMs);
  // A minute without a trade has no bar.
  const within = found.filter(({ openTime, trades }) => openTime >= from && trades > 0);
  const ordered = newestFirst ? within.toReversed() : within;
  const rows = ordered.slice(0, limit).map((bar) => `{${barFields(market, bar)}}`);
  const next = ordered[limit]?.openTime;
  return { name: 'bars', rows, next: next === undefined ? undefined : String(next) };
}

function trades({ market, query, fromMs, toMs, limit }: Span): Page | undefined {
  if (query.get('feed') !== 'iex' || query.get('sort') === 'desc') return undefined;
  const { past } = market;
  const most = Math.min(limit, TRADES_A_PAGE);
  const first = Number(query.get('page_token') ?? past.idAt(fromMs));
  const found = past.from(first, most + 1).filter(({ timeMs }) => timeMs <= toMs);
  const rows = found.slice(0, most).map((trade) => `{${tradeFields(market, trade)}}`);
  const next = found[most]?.id;
  return { name: 'trades', rows, next: next === undefined ? undefined : String(next) };
}
