import type { StreamControl, StreamLine } from '../../ports/stream-venue.ts';
import { objectOf } from '../../ports/wire-fields.ts';

/** Levels a side that are subscribed; one of 10, 25, 100, 500, 1000. */
export const BOOK_DEPTH = 1000;

const CHANNELS = [
  { channel: 'book', depth: BOOK_DEPTH, snapshot: true },
  { channel: 'trade', snapshot: true },
  { channel: 'ticker', event_trigger: 'bbo', snapshot: true },
  { channel: 'ohlc', interval: 1, snapshot: false },
] as const;

/** WebSocket v2: book, trades, best bid and offer, minute bars over one connection. */
export function krakenLine(url: string): StreamLine {
  const request = (
    method: 'subscribe' | 'unsubscribe',
    { snapshot, ...channel }: (typeof CHANNELS)[number],
    symbol: readonly string[],
  ): string => {
    const begins = method === 'subscribe' ? { snapshot } : {};
    return JSON.stringify({ method, params: { ...channel, ...begins, symbol } });
  };
  return {
    name: 'market',
    url,
    books: true,
    instruments: 100,
    greeting: [],
    subscribe: (symbols) => CHANNELS.map((channel) => request('subscribe', channel, symbols)),
    unsubscribe: (symbols) => CHANNELS.map((channel) => request('unsubscribe', channel, symbols)),
    renewBook: (symbol) => [
      request('unsubscribe', CHANNELS[0], [symbol]),
      request('subscribe', CHANNELS[0], [symbol]),
    ],
  };
}

/** Answers to requests, heartbeats, the venue's status. */
export function readControl(text: string): StreamControl | undefined {
  if (/^\{"channel":"(?:heartbeat|status|instrument)"/.test(text)) return { type: 'Quiet' };
  const message = objectOf(text);
  if (typeof message?.['method'] !== 'string') return undefined;
  const { success, error, symbol } = message;
  if (success !== false) return { type: 'Quiet' };
  return {
    type: 'Refused',
    message: typeof error === 'string' ? error : 'no message of the venue',
    ...(typeof symbol === 'string' ? { symbol } : {}),
  };
}
