import type { StreamControl, StreamLine } from '../../ports/stream-venue.ts';
import { isRecord, objectOf, wordsOf } from '../../ports/wire-fields.ts';
import { LIMITS } from './limits.ts';

/** Ids of requests: what an answer means follows from what was asked. */
const HEARTBEAT = 1;
const TEST = 2;
const CHANNELS = 3;

const BOOK = (symbol: string): string => `book.${symbol}.100ms`;

/** JSON-RPC: books, trades and tickers every 100 ms; `raw` is for accounts. */
export function deribitLine(url: string): StreamLine {
  const channelsOf = (symbol: string): readonly string[] => [
    BOOK(symbol),
    `trades.${symbol}.100ms`,
    `ticker.${symbol}.100ms`,
  ];
  const channels = (method: string, names: readonly string[]): string =>
    call(CHANNELS, `public/${method}`, { channels: names });
  return {
    name: 'market',
    url,
    books: true,
    instruments: LIMITS.instrumentsPerConnection,
    greeting: [call(HEARTBEAT, 'public/set_heartbeat', { interval: LIMITS.heartbeatSeconds })],
    subscribe: (symbols) => [channels('subscribe', symbols.flatMap(channelsOf))],
    unsubscribe: (symbols) => [channels('unsubscribe', symbols.flatMap(channelsOf))],
    renewBook: (symbol) => [
      channels('unsubscribe', [BOOK(symbol)]),
      channels('subscribe', [BOOK(symbol)]),
    ],
  };
}

/** Answers, heartbeats; a test request must be answered or the venue closes at once. */
export function readControl(text: string): StreamControl | undefined {
  const { method, params, result, error } = objectOf(text) ?? {};
  if (method === 'heartbeat') {
    return isRecord(params) && params['type'] === 'test_request'
      ? { type: 'Reply', text: call(TEST, 'public/test', {}) }
      : { type: 'Quiet' };
  }
  if (isRecord(error)) return { type: 'Refused', message: wordsOf(error['message']) };
  return result === undefined ? undefined : { type: 'Quiet' };
}

function call(id: number, method: string, params: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}
