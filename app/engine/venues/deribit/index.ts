import type { Result } from '../../base/result.ts';
import { venueId, type Environment } from '../../domain/identifiers.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { StreamVenue } from '../../ports/stream-venue.ts';
import { FieldReader, isRecord, wordsOf } from '../../ports/wire-fields.ts';
import { barsQuestion } from './bars.ts';
import { historyOf } from './history.ts';
import { readInstruments } from './instruments.ts';
import { LIMITS } from './limits.ts';
import { deribitLine, readControl } from './public.ts';

/** Where Deribit is reached. */
export interface DeribitUrls {
  readonly http: string;
  readonly ws: string;
}

export const DERIBIT_LIVE: DeribitUrls = {
  http: 'https://www.deribit.com/api/v2',
  ws: 'wss://www.deribit.com/ws/api/v2',
};

/** Deribit: each change of a book names the one before it. */
export function deribitVenue(environment: Environment, urls: DeribitUrls): StreamVenue {
  const venue = venueId('DERIBIT', environment);
  return {
    venue,
    wire: 'deribit',
    lines: [deribitLine(urls.ws)],
    requestIntervalMs: LIMITS.requestIntervalMs,
    staleAfterMs: LIMITS.staleAfterMs,
    readControl,
    rest: {
      url: urls.http,
      limit: LIMITS.rest,
      time: () => ({ path: '/public/get_time', params: {}, read: readTime }),
      instruments: () => [
        {
          path: '/public/get_instruments',
          params: { currency: 'any', expired: 'false' },
          read: (answer) => readInstruments(answer, venue),
        },
      ],
      bars: barsQuestion,
      history: historyOf,
      refusal,
    },
  };
}

function readTime(answer: unknown): Result<number, VenueError> {
  const reader = new FieldReader(answer, 'get_time');
  return reader.finish(reader.time('result'));
}

/** 10028: asked too often. */
function refusal(status: number, answer: unknown): VenueError | undefined {
  const error = isRecord(answer) ? answer['error'] : undefined;
  if (!isRecord(error)) {
    if (status < 400) return undefined;
    return { code: 'VENUE_REFUSED', kind: 'Refused', message: `status ${status}` };
  }
  const message = wordsOf(error['message']);
  if (error['code'] === 10_028) return { code: 'TOO_MANY_REQUESTS', kind: 'Retryable', message };
  return { code: 'VENUE_REFUSED', kind: 'Refused', message };
}
