import type { ShownExchange } from '../exchange/following-market.ts';
import { settledFunding } from '../exchange/funding.ts';
import type { ExchangeView, MarketView } from '../exchange/market-view.ts';
import type { PublicAnswer } from '../streaming/speaker.ts';
import { INTERVALS, klinesOf } from './klines.ts';
import type { LimitsMode } from './limits.ts';
import { levelTexts } from './market-operations.ts';
import { MarketStreams } from './market-streams.ts';
import type { SessionRules } from './session.ts';
import { klineRow, publicAggregate, Texts } from './shapes.ts';
import { USDM_MARKET, USDM_PUBLIC, usdmId } from './usdm-dialect.ts';

const PATH = '/binance-usdm';
const MOST_BARS = 1_500;
const MOST_LEVELS = 1_000;
const MOST_TRADES = 1_000;
const MOST_FUNDING = 1_000;
const WEIGHT = {
  rateLimitType: 'REQUEST_WEIGHT',
  interval: 'MINUTE',
  intervalNum: 1,
  limit: 2_400,
} as const;
const PERPETUAL_DELIVERY = 4_133_404_800_000;

/** The exchange's instruments as perpetual contracts, in the public words of Binance USD-M. */
export class Usdm {
  readonly #exchange: ShownExchange;
  readonly #doors: Readonly<Record<string, MarketStreams>>;

  constructor(exchange: ShownExchange, rules: SessionRules, limits: LimitsMode) {
    this.#exchange = exchange;
    const enforced = limits === 'venue';
    this.#doors = {
      [`${PATH}/public/stream`]: new MarketStreams(exchange, rules, enforced, USDM_PUBLIC),
      [`${PATH}/market/stream`]: new MarketStreams(exchange, rules, enforced, USDM_MARKET),
    };
  }

  /** The streams behind a path; undefined where there is no door. */
  streamsAt(path: string): MarketStreams | undefined {
    return this.#doors[path];
  }

  /** The answer to a public question; undefined where another venue is asked. */
  answer(method: string, url: string): PublicAnswer | undefined {
    if (method !== 'GET' || !url.startsWith(`${PATH}/`)) return undefined;
    const [path = '', query = ''] = url.slice(PATH.length).split('?', 2);
    return answerOf(path, new URLSearchParams(query), this.#exchange);
  }

  tick(): void {
    this.#exchange.advance();
    for (const streams of Object.values(this.#doors)) streams.tick();
  }

  sayFarewell(): void {
    for (const streams of Object.values(this.#doors)) streams.sayFarewell();
  }
}

function answerOf(path: string, query: URLSearchParams, exchange: ExchangeView): PublicAnswer {
  const nowMs = exchange.nowMs();
  if (path === '/fapi/v1/time') return json({ serverTime: nowMs });
  if (path === '/fapi/v1/exchangeInfo') {
    const symbols = exchange.markets.map(contract);
    return json({ timezone: 'UTC', serverTime: nowMs, rateLimits: [WEIGHT], symbols });
  }
  const market = exchange.market(query.get('symbol') ?? '');
  if (market === undefined) return refusal(-1121, 'Invalid symbol.');
  switch (path) {
    case '/fapi/v1/depth':
      return depth(market, Number(query.get('limit') ?? 500), nowMs);
    case '/fapi/v1/klines':
      return klines(market, query, nowMs);
    case '/fapi/v1/aggTrades':
      return aggregates(market, query);
    case '/fapi/v1/fundingRate':
      return fundingRates(market, query, nowMs);
    case '/fapi/v1/openInterest': {
      const openInterest = new Texts(market.listing).quantity(market.day().volume);
      return json({ openInterest, symbol: market.listing.symbol, time: nowMs });
    }
    default:
      return refusal(-1000, 'No such endpoint.', 404);
  }
}

function depth(market: MarketView, limit: number, nowMs: number): PublicAnswer {
  const levels = Math.min(limit, MOST_LEVELS);
  return json({
    lastUpdateId: usdmId(market.updateId),
    E: nowMs,
    T: nowMs,
    bids: levelTexts(market, 'Buy', levels),
    asks: levelTexts(market, 'Sell', levels),
  });
}

function klines(market: MarketView, query: URLSearchParams, nowMs: number): PublicAnswer {
  const lengthMs = INTERVALS[query.get('interval') ?? ''];
  if (lengthMs === undefined) return refusal(-1120, 'Invalid interval.');
  const number = (name: string): number | undefined =>
    query.has(name) ? Number(query.get(name)) : undefined;
  const limit = Math.min(number('limit') ?? 500, MOST_BARS);
  const bars = klinesOf(market, lengthMs, number('startTime'), number('endTime'), limit, nowMs);
  return json(bars.map((bar) => klineRow(market.listing, bar, lengthMs)));
}

function aggregates({ past, listing }: MarketView, query: URLSearchParams): PublicAnswer {
  const limit = Math.min(Number(query.get('limit') ?? 500), MOST_TRADES);
  const endTime = Number(query.get('endTime') ?? Number.POSITIVE_INFINITY);
  const fromId = query.get('fromId') ?? past.aggregateIdAt(Number(query.get('startTime') ?? 0));
  const trades = past.aggregatesFrom(Number(fromId), limit);
  const chosen = trades.filter(({ timeMs }) => timeMs <= endTime);
  return json(chosen.map((trade) => publicAggregate(listing, trade)));
}

/** Oldest first, settled periods only. */
function fundingRates(market: MarketView, query: URLSearchParams, nowMs: number): PublicAnswer {
  const limit = Math.min(Number(query.get('limit') ?? 100), MOST_FUNDING);
  const to = Math.min(nowMs, Number(query.get('endTime') ?? nowMs));
  const settled = settledFunding(market, Number(query.get('startTime') ?? 0), to).slice(0, limit);
  const { symbol } = market.listing;
  return json(
    settled.map(({ atMs, rate }) => ({
      symbol,
      fundingRate: rate,
      fundingTime: atMs,
      markPrice: '',
    })),
  );
}

function contract({ listing, halted }: MarketView): object {
  const text = new Texts(listing);
  const lots = {
    minQty: text.quantity(listing.minQuantity),
    maxQty: text.quantity(listing.maxQuantity),
    stepSize: text.quantity(listing.stepSize),
  };
  return {
    symbol: listing.symbol,
    pair: listing.symbol,
    contractType: 'PERPETUAL',
    deliveryDate: PERPETUAL_DELIVERY,
    onboardDate: 0,
    status: halted ? 'SETTLING' : 'TRADING',
    baseAsset: listing.base,
    quoteAsset: listing.quote,
    marginAsset: listing.quote,
    // No steps: the filters have them.
    pricePrecision: 8,
    quantityPrecision: 8,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    filters: [
      {
        filterType: 'PRICE_FILTER',
        minPrice: text.price(listing.minPrice),
        maxPrice: text.price(listing.maxPrice),
        tickSize: text.price(listing.tickSize),
      },
      { filterType: 'LOT_SIZE', ...lots },
      { filterType: 'MARKET_LOT_SIZE', ...lots },
      { filterType: 'MIN_NOTIONAL', notional: text.quote(listing.minNotional) },
    ],
  };
}

function json(value: unknown): PublicAnswer {
  return { status: 200, body: JSON.stringify(value) };
}

function refusal(code: number, msg: string, status = 400): PublicAnswer {
  return { status, body: JSON.stringify({ code, msg }) };
}
