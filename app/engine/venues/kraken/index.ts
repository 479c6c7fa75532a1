import { venueId, type Environment } from '../../domain/identifiers.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { StreamVenue } from '../../ports/stream-venue.ts';
import { isRecord } from '../../ports/wire-fields.ts';
import { barsQuestion } from './bars.ts';
import { historyOf } from './history.ts';
import { readAssetPairs } from './instruments.ts';
import { LIMITS } from './limits.ts';
import { BOOK_DEPTH, krakenLine, readControl } from './public.ts';

/** Where Kraken's spot market is reached. */
export interface KrakenUrls {
  readonly http: string;
  readonly ws: string;
}

export const KRAKEN_LIVE: KrakenUrls = {
  http: 'https://api.kraken.com',
  ws: 'wss://ws.kraken.com/v2',
};

/** Kraken's spot market: WebSocket v2, books proved by their CRC-32. */
export function krakenVenue(environment: Environment, urls: KrakenUrls): StreamVenue {
  const venue = venueId('KRAKEN', environment);
  return {
    venue,
    wire: 'kraken',
    lines: [krakenLine(urls.ws)],
    requestIntervalMs: LIMITS.requestIntervalMs,
    staleAfterMs: LIMITS.staleAfterMs,
    depth: BOOK_DEPTH,
    readControl,
    // The venue writes as many decimals as it lists.
    checksum: (book) => book.krakenChecksum(0, 0),
    rest: {
      url: urls.http,
      limit: LIMITS.rest,
      instruments: () => [
        {
          path: '/0/public/AssetPairs',
          params: {},
          read: (answer) => readAssetPairs(answer, venue),
        },
      ],
      bars: barsQuestion,
      history: historyOf,
      refusal,
    },
  };
}

/** Kraken answers 200 and lists what is wrong: `EQuery:Unknown asset pair`. */
function refusal(status: number, answer: unknown): VenueError | undefined {
  const listed = isRecord(answer) ? answer['error'] : undefined;
  const [first] = Array.isArray(listed) ? (listed as unknown[]) : [];
  if (first === undefined && status < 400) return undefined;
  const message = typeof first === 'string' ? first : `status ${status}`;
  if (/Rate limit|Too many/.test(message)) {
    return { code: 'TOO_MANY_REQUESTS', kind: 'Retryable', message };
  }
  const busy = message.startsWith('EService');
  return { code: 'VENUE_REFUSED', kind: busy ? 'Retryable' : 'Refused', message };
}
