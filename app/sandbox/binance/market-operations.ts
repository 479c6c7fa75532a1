import { divideHalfEven } from '../../engine/domain/decimal.ts';
import type { MarketView } from '../exchange/market-view.ts';
import type { Market } from '../exchange/market.ts';
import { marketOf, type Operation, type OperationContext } from './context.ts';
import { exchangeInformation } from './exchange-information.ts';
import { INTERVALS, intervalOf, klinesOf } from './klines.ts';
import { VenueRefusal } from './refusal.ts';
import { klineRow, publicAggregate, publicTrade, Texts } from './shapes.ts';

function publicOperation(weight: Operation['weight'], run: Operation['run']): Operation {
  return { security: 'public', weight, run };
}

/** Levels of one side as the venue lists them. */
export function levelTexts(market: MarketView, side: 'Buy' | 'Sell', depth: number): string[][] {
  const text = new Texts(market.listing);
  return market
    .levels(side, depth)
    .map(([price, quantity]) => [text.price(price), text.quantity(quantity)]);
}

function depthWeight(limit: number): number {
  if (limit <= 100) return 5;
  if (limit <= 500) return 25;
  return limit <= 1000 ? 50 : 250;
}

function chosenMarkets({ exchange, parameters }: OperationContext): readonly Market[] {
  const one = parameters.text('symbol');
  const many = parameters.text('symbols');
  if (one === undefined && many === undefined) return exchange.markets;
  const names = many === undefined ? [one ?? ''] : symbolList(many);
  return names.map((name) => {
    const market = exchange.market(name);
    if (market === undefined) throw new VenueRefusal(-1121, 'Invalid symbol.');
    return market;
  });
}

function symbolList(text: string): string[] {
  if (!/^\["[A-Z0-9]+"(,"[A-Z0-9]+")*\]$/.test(text)) {
    throw new VenueRefusal(
      -1100,
      'Illegal characters found in parameter \'symbols\'; legal range is \'^\\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}\\]$\'.',
    );
  }
  return text.slice(2, -2).split('","');
}

/** One object for `symbol`, a list otherwise. */
function oneOrMany(context: OperationContext, show: (market: Market) => unknown): unknown {
  const markets = chosenMarkets(context);
  const [first] = markets;
  return context.parameters.has('symbol') && first !== undefined ? show(first) : markets.map(show);
}

function bookTicker(market: Market): unknown {
  const text = new Texts(market.listing);
  const { bid, bidQuantity, ask, askQuantity } = market.quote;
  return {
    symbol: market.listing.symbol,
    bidPrice: text.price(bid),
    bidQty: text.quantity(bidQuantity),
    askPrice: text.price(ask),
    askQty: text.quantity(askQuantity),
  };
}

function dayTicker(market: Market, nowMs: number): unknown {
  const text = new Texts(market.listing);
  const bar = market.day();
  const last = market.tape.trades.at(-1);
  const average =
    bar.volume === 0 ? bar.close : Number(divideHalfEven(bar.quoteVolume, BigInt(bar.volume)));
  const { bid, bidQuantity, ask, askQuantity } = market.quote;
  return {
    symbol: market.listing.symbol,
    priceChange: text.price(bar.close - bar.open),
    priceChangePercent: percentChange(bar.open, bar.close),
    weightedAvgPrice: text.price(average),
    prevClosePrice: text.price(bar.open),
    lastPrice: text.price(bar.close),
    lastQty: text.quantity(last?.quantity ?? 0),
    bidPrice: text.price(bid),
    bidQty: text.quantity(bidQuantity),
    askPrice: text.price(ask),
    askQty: text.quantity(askQuantity),
    openPrice: text.price(bar.open),
    highPrice: text.price(bar.high),
    lowPrice: text.price(bar.low),
    volume: text.quantity(bar.volume),
    quoteVolume: text.quote(bar.quoteVolume),
    openTime: bar.openTime,
    closeTime: nowMs,
    firstId: bar.firstTradeId,
    lastId: bar.firstTradeId + bar.trades - 1,
    count: bar.trades,
  };
}

/** Change in percent with three decimals, rounded half to even. */
export function percentChange(open: number, close: number): string {
  const milli = divideHalfEven(BigInt(close - open) * 100_000n, BigInt(open));
  const sign = milli < 0n ? '-' : '';
  const digits = (milli < 0n ? -milli : milli).toString().padStart(4, '0');
  return `${sign}${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

const RANGE_LIMIT = 1000;

const historicalTrades = publicOperation(
  () => 25,
  (context) => {
    const market = marketOf(context);
    const limit = context.parameters.limit(500, RANGE_LIMIT);
    const from = context.parameters.integer('fromId');
    const trades =
      from === undefined ? market.tape.trades.slice(-limit) : market.past.from(from, limit);
    return trades.map((trade) => publicTrade(market.listing, trade));
  },
);

const aggregateTrades = publicOperation(
  () => 4,
  (context) => {
    const market = marketOf(context);
    const { parameters } = context;
    const limit = parameters.limit(500, RANGE_LIMIT);
    const fromId = parameters.integer('fromId');
    const startTime = parameters.integer('startTime');
    const endTime = parameters.integer('endTime') ?? Number.POSITIVE_INFINITY;
    if (fromId !== undefined && startTime !== undefined) {
      throw new VenueRefusal(-1128, 'Combination of optional parameters invalid.');
    }
    const { past, tape } = market;
    const first = fromId ?? (startTime === undefined ? undefined : past.aggregateIdAt(startTime));
    const chosen =
      first === undefined
        ? tape.aggregates.filter(({ timeMs }) => timeMs <= endTime).slice(-limit)
        : past.aggregatesFrom(first, limit).filter(({ timeMs }) => timeMs <= endTime);
    return chosen.map((trade) => publicAggregate(market.listing, trade));
  },
);

/** The operations anybody may ask for. */
export const MARKET_OPERATIONS = {
  ping: publicOperation(
    () => 1,
    () => ({}),
  ),
  time: publicOperation(
    () => 1,
    ({ exchange }) => ({ serverTime: exchange.nowMs() }),
  ),
  exchangeInfo: publicOperation(
    () => 20,
    (context) =>
      exchangeInformation(chosenMarkets(context), context.limits, context.exchange.nowMs()),
  ),
  depth: publicOperation(
    (parameters) => depthWeight(parameters.limit(100, 5000)),
    (context) => {
      const market = marketOf(context);
      const limit = context.parameters.limit(100, 5000);
      return {
        lastUpdateId: market.updateId,
        bids: levelTexts(market, 'Buy', limit),
        asks: levelTexts(market, 'Sell', limit),
      };
    },
  ),
  trades: publicOperation(
    () => 25,
    (context) => {
      const market = marketOf(context);
      const limit = context.parameters.limit(500, RANGE_LIMIT);
      return market.tape.trades.slice(-limit).map((trade) => publicTrade(market.listing, trade));
    },
  ),
  historicalTrades,
  aggTrades: aggregateTrades,
  klines: publicOperation(
    () => 2,
    (context) => {
      const market = marketOf(context);
      const { parameters } = context;
      const interval = parameters.required('interval');
      const lengthMs = intervalOf(interval);
      if (lengthMs === undefined) {
        throw new VenueRefusal(
          -1120,
          `Invalid interval; the sandbox has ${Object.keys(INTERVALS).join(', ')}.`,
        );
      }
      const bars = klinesOf(
        market,
        lengthMs,
        parameters.integer('startTime'),
        parameters.integer('endTime'),
        parameters.limit(500, RANGE_LIMIT),
        context.exchange.nowMs(),
      );
      return bars.map((bar) => klineRow(market.listing, bar, lengthMs));
    },
  ),
  avgPrice: publicOperation(
    () => 2,
    (context) => {
      const market = marketOf(context);
      return {
        mins: 5,
        price: new Texts(market.listing).price(market.averagePrice()),
        closeTime: market.tape.trades.at(-1)?.timeMs ?? 0,
      };
    },
  ),
  'ticker/24hr': publicOperation(
    (parameters) => (parameters.has('symbol') ? 2 : 80),
    (context) => oneOrMany(context, (market) => dayTicker(market, context.exchange.nowMs())),
  ),
  'ticker/price': publicOperation(
    (parameters) => (parameters.has('symbol') ? 2 : 4),
    (context) =>
      oneOrMany(context, (market) => ({
        symbol: market.listing.symbol,
        price: new Texts(market.listing).price(market.lastPrice),
      })),
  ),
  'ticker/bookTicker': publicOperation(
    (parameters) => (parameters.has('symbol') ? 2 : 4),
    (context) => oneOrMany(context, bookTicker),
  ),
} satisfies Record<string, Operation>;
