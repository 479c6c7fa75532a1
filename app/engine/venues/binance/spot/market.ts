import { venueId } from '../../../domain/identifiers.ts';
import type { BinanceMarket } from '../market.ts';
import type { BinanceSpotConfig } from './config.ts';
import { parseExchangeInfo } from './parse/instruments.ts';
import { streamsOf } from './symbols.ts';

/** Binance spot: everything over one kind of connection, the first id of a change follows the last of the one before. */
export function spotMarket({ environment, urls }: BinanceSpotConfig): BinanceMarket {
  const venue = venueId('BINANCE', environment);
  return {
    venue,
    http: urls.http,
    lines: [{ name: 'market', url: urls.ws, books: true, trades: true, streamsOf }],
    continuity: 'FirstUpdate',
    weightPerMinute: 6_000,
    streamsPerConnection: 1_000,
    // The venue takes 5 messages a second, pongs counted.
    requestIntervalMs: 350,
    root: '/api/v3',
    weights: {
      exchangeInfo: 20,
      depth: 50,
      klines: 2,
      aggregateTrades: 4,
      historicalTrades: 25,
    },
    pastTrades: 'Each',
    tellsFunding: false,
    listsSome: true,
    readExchangeInfo: (answer) => parseExchangeInfo(answer, venue),
    facts: [],
  };
}
