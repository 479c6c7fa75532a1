import type { Result } from '../../base/result.ts';
import { venueId, type Environment } from '../../domain/identifiers.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { StreamVenue } from '../../ports/stream-venue.ts';
import { FieldReader, isRecord } from '../../ports/wire-fields.ts';
import { barsQuestion } from './bars.ts';
import { historyOf } from './history.ts';
import { instrumentsQuestion } from './instruments.ts';
import { LIMITS } from './limits.ts';
import { bybitLine, PING, readControl } from './public.ts';

/** Bybit's markets: one symbol may be in several, and each has a connection of its own. */
export type Category = 'spot' | 'linear' | 'inverse';

/** Where Bybit is reached; the category is added to `ws`. */
export interface BybitUrls {
  readonly http: string;
  readonly ws: string;
}

export const BYBIT_LIVE: BybitUrls = {
  http: 'https://api.bybit.com',
  ws: 'wss://stream.bybit.com/v5/public',
};

const NAMES: Readonly<Record<Category, string>> = {
  spot: 'BYBIT',
  linear: 'BYBIT-LINEAR',
  inverse: 'BYBIT-INVERSE',
};

/** A market of Bybit v5: each change of a book has the next number. */
export function bybitVenue(
  environment: Environment,
  urls: BybitUrls,
  category: Category,
): StreamVenue {
  const venue = venueId(NAMES[category], environment);
  return {
    venue,
    wire: 'bybit',
    lines: [bybitLine(`${urls.ws}/${category}`, category !== 'spot')],
    requestIntervalMs: LIMITS.requestIntervalMs,
    keepAlive: { text: PING, everyMs: LIMITS.keepAliveMs },
    staleAfterMs: LIMITS.staleAfterMs,
    numbersChanges: true,
    readControl,
    rest: {
      url: urls.http,
      limit: LIMITS.rest,
      time: () => ({ path: '/v5/market/time', params: {}, read: readTime }),
      instruments: () => [instrumentsQuestion(category, venue)],
      bars: (instrument, interval, range) => barsQuestion(category, instrument, interval, range),
      history: (instrument) => historyOf(category, instrument),
      refusal,
    },
  };
}

function readTime(answer: unknown): Result<number, VenueError> {
  const reader = new FieldReader(answer, 'time');
  return reader.finish(reader.time('time'));
}

/** Bybit answers 200 with a code: 0 is well, 10006 is asked too often. */
function refusal(status: number, answer: unknown): VenueError | undefined {
  const { retCode, retMsg } = isRecord(answer) ? answer : {};
  if (retCode === 0 && status < 400) return undefined;
  const words = typeof retMsg === 'string' ? retMsg : `status ${status}`;
  const message = typeof retCode === 'number' ? `${retCode}: ${words}` : words;
  if (retCode === 10_006) return { code: 'TOO_MANY_REQUESTS', kind: 'Retryable', message };
  const busy = retCode === 10_000 || retCode === 10_016;
  return { code: 'VENUE_REFUSED', kind: busy ? 'Retryable' : 'Refused', message };
}
