import type { Result } from '../../base/result.ts';
import { venueId, type Environment } from '../../domain/identifiers.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { StreamVenue } from '../../ports/stream-venue.ts';
import { FieldReader, isRecord, jsonOf } from '../../ports/wire-fields.ts';
import { barsQuestion } from './bars.ts';
import { historyOf } from './history.ts';
import { KINDS, readInstruments } from './instruments.ts';
import { LIMITS } from './limits.ts';
import { barLine, marketLine, PING, readControl } from './public.ts';

/** Where OKX is reached. */
export interface OkxUrls {
  readonly http: string;
  /** Books and trades. */
  readonly ws: string;
  /** Bars. */
  readonly wsBusiness: string;
}

export const OKX_LIVE: OkxUrls = {
  http: 'https://openapi.okx.com',
  ws: 'wss://ws.okx.com:8443/ws/v5/public',
  wsBusiness: 'wss://ws.okx.com:8443/ws/v5/business',
};

/** OKX: WebSocket v5; each change of a book names the one before it. */
export function okxVenue(environment: Environment, urls: OkxUrls): StreamVenue {
  const venue = venueId('OKX', environment);
  return {
    venue,
    wire: 'okx',
    lines: [marketLine(urls.ws), barLine(urls.wsBusiness)],
    requestIntervalMs: LIMITS.requestIntervalMs,
    keepAlive: { text: PING, everyMs: LIMITS.keepAliveMs },
    staleAfterMs: LIMITS.staleAfterMs,
    readControl,
    rest: {
      url: urls.http,
      limit: LIMITS.rest,
      time: () => ({ path: '/api/v5/public/time', params: {}, read: readTime }),
      instruments: () =>
        KINDS.map((instType) => ({
          path: '/api/v5/public/instruments',
          params: { instType },
          read: (answer) => readInstruments(answer, venue),
        })),
      bars: barsQuestion,
      history: historyOf,
      refusal,
    },
  };
}

function readTime(answer: unknown): Result<number, VenueError> {
  const [row] =
    isRecord(answer) && Array.isArray(answer['data']) ? (answer['data'] as unknown[]) : [];
  const reader = new FieldReader(row, 'time');
  const text = reader.text('ts');
  if (!/^\d{13}$/.test(text)) reader.reject('ts', 'milliseconds since the epoch');
  return reader.finish(Number(text) * 1000);
}

/** OKX answers 200 with a code: "0" is well; 50011 is asked too often. */
function refusal(status: number, answer: unknown): VenueError | undefined {
  const code = isRecord(answer) ? answer['code'] : undefined;
  if (code === '0' && status < 400) return undefined;
  const msg = isRecord(answer) && typeof answer['msg'] === 'string' ? answer['msg'] : '';
  const message = code === undefined ? `status ${status}` : `${jsonOf(code)}: ${msg}`;
  if (code === '50011') return { code: 'TOO_MANY_REQUESTS', kind: 'Retryable', message };
  const busy = code === '50001' || code === '50013' || code === '50026';
  return { code: 'VENUE_REFUSED', kind: busy ? 'Retryable' : 'Refused', message };
}
