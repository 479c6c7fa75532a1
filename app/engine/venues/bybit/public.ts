import type { StreamControl, StreamLine } from '../../ports/stream-venue.ts';
import { objectOf } from '../../ports/wire-fields.ts';
import { LIMITS } from './limits.ts';

/** What the client says when nothing else is said. */
export const PING = '{"op":"ping"}';

/** Levels a side; of 1, 50, 200, 1000. */
const BOOK_DEPTH = 1000;

/** Books, their best prices, trades and minute bars of one category; of derivatives also marks, funding, open interest and liquidations. */
export function bybitLine(url: string, derivatives: boolean): StreamLine {
  const book = (symbol: string): string => `orderbook.${BOOK_DEPTH}.${symbol}`;
  const topicsOf = (symbol: string): readonly string[] => [
    book(symbol),
    `orderbook.1.${symbol}`,
    `publicTrade.${symbol}`,
    `kline.1.${symbol}`,
    ...(derivatives ? [`tickers.${symbol}`, `allLiquidation.${symbol}`] : []),
  ];
  return {
    name: 'market',
    url,
    books: true,
    instruments: LIMITS.instrumentsPerConnection,
    greeting: [],
    subscribe: (symbols) => requests('subscribe', symbols.flatMap(topicsOf)),
    unsubscribe: (symbols) => requests('unsubscribe', symbols.flatMap(topicsOf)),
    renewBook: (symbol) => [
      ...requests('unsubscribe', [book(symbol)]),
      ...requests('subscribe', [book(symbol)]),
    ],
  };
}

function requests(op: string, topics: readonly string[]): readonly string[] {
  const { topicsPerRequest } = LIMITS;
  return Array.from({ length: Math.ceil(topics.length / topicsPerRequest) }, (_, part) => {
    const args = topics.slice(part * topicsPerRequest, (part + 1) * topicsPerRequest);
    return JSON.stringify({ op, args });
  });
}

/** Answers to requests, and to pings of each of its forms; tickers that change nothing that is read. */
export function readControl(text: string): StreamControl | undefined {
  const { op, success, ret_msg: words, topic } = objectOf(text) ?? {};
  if (typeof topic === 'string' && topic.startsWith('tickers.')) return { type: 'Quiet' };
  if (typeof op !== 'string') return undefined;
  if (success !== false) return { type: 'Quiet' };
  const message = typeof words === 'string' ? words : 'no message of the venue';
  const symbol = /\.([A-Z0-9-]+)$/.exec(message)?.[1];
  return { type: 'Refused', message, ...(symbol === undefined ? {} : { symbol }) };
}
