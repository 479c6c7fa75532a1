import type { StreamControl, StreamLine } from '../../ports/stream-venue.ts';
import { objectOf } from '../../ports/wire-fields.ts';
import { LIMITS } from './limits.ts';

const CHANNELS = ['level2', 'market_trades', 'ticker', 'candles'] as const;

/** Advanced Trade's market data: one channel a request; without heartbeats a quiet connection is closed. */
export function coinbaseLine(url: string): StreamLine {
  const request = (type: string, channel: string, products: readonly string[]): string =>
    JSON.stringify({ type, product_ids: products, channel });
  return {
    name: 'market',
    url,
    books: true,
    instruments: LIMITS.instrumentsPerConnection,
    greeting: [JSON.stringify({ type: 'subscribe', channel: 'heartbeats' })],
    subscribe: (symbols) => CHANNELS.map((channel) => request('subscribe', channel, symbols)),
    unsubscribe: (symbols) => CHANNELS.map((channel) => request('unsubscribe', channel, symbols)),
    renewBook: (symbol) => [
      request('unsubscribe', CHANNELS[0], [symbol]),
      request('subscribe', CHANNELS[0], [symbol]),
    ],
  };
}

/** The number of a message of the connection; it stands before the events. */
export function sequenceOf(head: string): number | undefined {
  const number = /"sequence_num":(\d+)/.exec(head)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** What is subscribed now, heartbeats, errors. */
export function readControl(text: string): StreamControl | undefined {
  if (/^\{"channel":"(?:subscriptions|heartbeats|status)"/.test(text)) return { type: 'Quiet' };
  const { type, message, channel } = objectOf(text) ?? {};
  if (type === 'error') {
    return { type: 'Refused', message: typeof message === 'string' ? message : 'no words' };
  }
  const quiet = channel === 'subscriptions' || channel === 'heartbeats' || channel === 'status';
  return quiet ? { type: 'Quiet' } : undefined;
}
