import type { Result } from '../../base/result.ts';
import { venueId, type Environment } from '../../domain/identifiers.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { StreamVenue } from '../../ports/stream-venue.ts';
import { FieldReader, isRecord } from '../../ports/wire-fields.ts';
import { barsQuestion } from './bars.ts';
import { readProducts } from './instruments.ts';
import { LIMITS } from './limits.ts';
import { coinbaseLine, readControl, sequenceOf } from './public.ts';

/** Where Advanced Trade is reached. */
export interface CoinbaseUrls {
  readonly http: string;
  readonly ws: string;
}

export const COINBASE_LIVE: CoinbaseUrls = {
  http: 'https://api.coinbase.com',
  ws: 'wss://advanced-trade-ws.coinbase.com',
};

/** Coinbase Advanced Trade: the messages of a connection are numbered one by one, and that is all that proves a book. */
export function coinbaseVenue(environment: Environment, urls: CoinbaseUrls): StreamVenue {
  const venue = venueId('COINBASE', environment);
  return {
    venue,
    wire: 'coinbase',
    lines: [coinbaseLine(urls.ws)],
    requestIntervalMs: LIMITS.requestIntervalMs,
    staleAfterMs: LIMITS.staleAfterMs,
    readControl,
    sequenceOf,
    rest: {
      url: urls.http,
      limit: LIMITS.rest,
      time: () => ({ path: '/api/v3/brokerage/time', params: {}, read: readTime }),
      instruments: () => [
        {
          path: '/api/v3/brokerage/market/products',
          params: {},
          read: (answer) => readProducts(answer, venue),
        },
      ],
      bars: barsQuestion,
      refusal,
    },
  };
}

function readTime(answer: unknown): Result<number, VenueError> {
  const reader = new FieldReader(answer, 'time');
  const text = reader.text('epochMillis');
  if (!/^\d{13}$/.test(text)) reader.reject('epochMillis', 'milliseconds since the epoch');
  return reader.finish(Number(text) * 1000);
}

function refusal(status: number, answer: unknown): VenueError | undefined {
  if (status < 400) return undefined;
  const words = isRecord(answer) ? (answer['message'] ?? answer['error']) : undefined;
  const message = typeof words === 'string' ? words : `status ${status}`;
  return { code: 'VENUE_REFUSED', kind: 'Refused', message };
}
