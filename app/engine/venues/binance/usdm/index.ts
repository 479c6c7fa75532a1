import { venueId, type Environment, type VenueId } from '../../../domain/identifiers.ts';
import type { MarketDataClient, MarketDataSink } from '../../../ports/market-data-client.ts';
import { openConnection, type ConnectorDeps } from '../connection.ts';
import { BinanceDataClient } from '../data-client.ts';
import type { BinanceMarket } from '../market.ts';
import { parseContracts } from './contracts.ts';
import { OPEN_INTEREST } from './open-interest.ts';

/** Where Binance USD-M is reached; `/public` and `/market` are added to `ws`: on the wrong one a stream is silent. */
export interface BinanceUsdmUrls {
  readonly http: string;
  readonly ws: string;
}

export const BINANCE_USDM_LIVE: BinanceUsdmUrls = {
  http: 'https://fapi.binance.com',
  ws: 'wss://fstream.binance.com',
};

/** Binance USD-M, public data only. One per process; everything shares one weight budget. */
export interface BinanceUsdm extends Disposable {
  readonly venue: VenueId;
  data(sink: MarketDataSink): MarketDataClient;
}

/** Builds the connector. Nothing connects before a client of it is used. */
export function createBinanceUsdm(
  environment: Environment,
  urls: BinanceUsdmUrls,
  deps: ConnectorDeps,
): BinanceUsdm {
  const market = usdmMarket(environment, urls);
  const connection = openConnection(market, deps);
  return {
    venue: market.venue,
    data: (sink) => new BinanceDataClient({ ...deps, ...connection, market, sink }),
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}

/** Each change of a book names the one before it; ids leave room between them. */
function usdmMarket(environment: Environment, { http, ws }: BinanceUsdmUrls): BinanceMarket {
  const venue = venueId('BINANCE-USDM', environment);
  return {
    venue,
    http,
    lines: [
      {
        name: `${venue} public`,
        url: `${ws}/public`,
        books: true,
        trades: false,
        streamsOf: (symbol) => named(symbol, ['bookTicker', 'depth@100ms']),
      },
      {
        name: `${venue} market`,
        url: `${ws}/market`,
        books: false,
        trades: true,
        streamsOf: (symbol) =>
          named(symbol, ['aggTrade', 'kline_1m', 'markPrice@1s', 'forceOrder']),
      },
    ],
    continuity: 'PreviousUpdate',
    weightPerMinute: 2_400,
    streamsPerConnection: 200,
    // The venue takes 10 messages a second, pongs counted.
    requestIntervalMs: 200,
    root: '/fapi/v1',
    weights: {
      exchangeInfo: 1,
      depth: 20,
      klines: 5,
      aggregateTrades: 20,
      historicalTrades: 20,
    },
    // Each trade is told to keys only; the stream has the aggregates too.
    pastTrades: 'Aggregates',
    tellsFunding: true,
    listsSome: false,
    readExchangeInfo: (answer) => parseContracts(answer, venue),
    facts: [OPEN_INTEREST],
  };
}

function named(symbol: string, streams: readonly string[]): readonly string[] {
  return streams.map((stream) => `${symbol.toLowerCase()}@${stream}`);
}
