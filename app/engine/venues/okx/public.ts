import type { StreamControl, StreamLine } from '../../ports/stream-venue.ts';
import { objectOf, wordsOf } from '../../ports/wire-fields.ts';
import { LIMITS } from './limits.ts';

/** What the client says when nothing else is said, and what the venue answers. */
export const PING = 'ping';
const PONG = 'pong';
/** The venue closes this server in a minute. */
const CLOSING = '64008';

/** Books, trades, best bid and offer. */
export function marketLine(url: string): StreamLine {
  return {
    ...lineOf('market', url, marketChannels),
    books: true,
    instruments: LIMITS.booksPerConnection,
    renewBook: (symbol) => [
      request('unsubscribe', () => ['books'], [symbol]),
      request('subscribe', () => ['books'], [symbol]),
    ],
  };
}

/** Minute bars: another door of the venue. */
export function barLine(url: string): StreamLine {
  return {
    ...lineOf('bars', url, () => ['candle1m']),
    books: false,
    instruments: LIMITS.barsPerConnection,
    renewBook: () => [],
  };
}

function lineOf(
  name: string,
  url: string,
  channels: (symbol: string) => readonly string[],
): Pick<StreamLine, 'name' | 'url' | 'greeting' | 'subscribe' | 'unsubscribe'> {
  return {
    name,
    url,
    greeting: [],
    subscribe: (symbols) => [request('subscribe', channels, symbols)],
    unsubscribe: (symbols) => [request('unsubscribe', channels, symbols)],
  };
}

/** Of a derivative (`BTC-USDT-SWAP`, `BTC-USD-261225`) also its mark and open interest, of a swap its funding. */
function marketChannels(symbol: string): readonly string[] {
  const channels = ['books', 'trades', 'bbo-tbt'];
  const [, , kind] = symbol.split('-');
  if (kind === undefined) return channels;
  return [...channels, 'mark-price', 'open-interest', ...(kind === 'SWAP' ? ['funding-rate'] : [])];
}

function request(
  op: string,
  channels: (symbol: string) => readonly string[],
  symbols: readonly string[],
): string {
  const args = symbols.flatMap((instId) =>
    channels(instId).map((channel) => ({ channel, instId })),
  );
  return JSON.stringify({ op, args });
}

/** Answers to requests, the answer to a ping, notices. */
export function readControl(text: string): StreamControl | undefined {
  if (text === PONG) return { type: 'Quiet' };
  const { event, code, msg } = objectOf(text) ?? {};
  if (typeof event !== 'string') return undefined;
  const words = typeof msg === 'string' ? msg : '';
  if (event === 'notice' && code === CLOSING) return { type: 'Rotate', reason: words };
  if (event !== 'error') return { type: 'Quiet' };
  const symbol = /instId[:=" ]+([A-Z0-9-]+)/.exec(words)?.[1];
  const message = `${wordsOf(code)}: ${words}`;
  return { type: 'Refused', message, ...(symbol === undefined ? {} : { symbol }) };
}
