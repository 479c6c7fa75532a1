import type { Result } from '../../base/result.ts';
import { Sessions } from '../../calendars/trading-calendar.ts';
import { US_EQUITIES } from '../../calendars/us-equities.ts';
import { venueId, type Environment } from '../../domain/identifiers.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { ApiCredentials } from '../../ports/secret-store.ts';
import type { StreamVenue } from '../../ports/stream-venue.ts';
import { FieldReader, isRecord } from '../../ports/wire-fields.ts';
import { barsQuestion } from './bars.ts';
import { historyOf } from './history.ts';
import { readAssets } from './instruments.ts';
import { LIMITS } from './limits.ts';
import { alpacaLine, readControl } from './public.ts';

/** Where Alpaca is reached: what it lists and its clock, for live and for paper keys, and what trades. */
export interface AlpacaUrls {
  readonly trading: string;
  readonly paper: string;
  readonly data: string;
  readonly ws: string;
}

export const ALPACA_LIVE: AlpacaUrls = {
  trading: 'https://api.alpaca.markets',
  paper: 'https://paper-api.alpaca.markets',
  data: 'https://data.alpaca.markets',
  ws: 'wss://stream.data.alpaca.markets/v2/iex',
};

/** The sandbox that speaks as Alpaca below `/alpaca`, and the key that it knows. */
export function alpacaSandbox(http: string, ws: string): StreamVenue {
  const rest = `${http}/alpaca`;
  const urls = { trading: rest, paper: rest, data: rest, ws: `${ws}/alpaca/v2/iex` };
  const key = { apiKey: 'SANDBOXMARKETDATA', secret: 'sandbox-market-data-secret' };
  return alpacaVenue('sandbox', urls, key);
}

const ADD_KEY = 'add one with "qd keys add --venue alpaca --account data"';
const NO_KEY: VenueError = {
  code: 'KEY_MISSING',
  kind: 'Refused',
  message: `Alpaca tells nothing without a key, and none was given: ${ADD_KEY}`,
};
const NOBODY: ApiCredentials = { apiKey: '', secret: '' };

/** Keys of paper accounts are known only where those are. */
export function isPaperKey({ apiKey }: ApiCredentials): boolean {
  return apiKey.startsWith('PK');
}

/** Shares of the United States as Alpaca tells them of the exchange IEX, to which every plan is entitled: best prices and trades, no depth. */
export function alpacaVenue(
  environment: Environment,
  urls: AlpacaUrls,
  credentials: ApiCredentials | undefined,
): StreamVenue {
  const venue = venueId('ALPACA', environment);
  const { apiKey, secret } = credentials ?? NOBODY;
  const sessions = new Sessions(US_EQUITIES);
  return {
    venue,
    wire: 'alpaca',
    ...(credentials === undefined ? { missing: NO_KEY } : {}),
    lines: [alpacaLine(urls.ws, { apiKey, secret })],
    requestIntervalMs: LIMITS.requestIntervalMs,
    staleAfterMs: LIMITS.staleAfterMs,
    sessionOf: (at) => sessions.at(at),
    readControl,
    rest: {
      url: isPaperKey({ apiKey, secret }) ? urls.paper : urls.trading,
      headers: { 'APCA-API-KEY-ID': apiKey, 'APCA-API-SECRET-KEY': secret },
      limit: LIMITS.rest,
      time: () => ({ path: '/v2/clock', params: {}, read: readClock }),
      instruments: () => [
        {
          path: '/v2/assets',
          params: { status: 'active', asset_class: 'us_equity' },
          read: (answer) => readAssets(answer, venue),
        },
      ],
      bars: (instrument, interval, range) => barsQuestion(urls.data, instrument, interval, range),
      history: (instrument) => historyOf(urls.data, instrument),
      refusal,
    },
  };
}

function readClock(answer: unknown): Result<number, VenueError> {
  const reader = new FieldReader(answer, 'clock');
  return reader.finish(Number(reader.nanos('timestamp') / 1000n));
}

function refusal(status: number, answer: unknown): VenueError | undefined {
  if (status < 400) return undefined;
  const { code, message: words } = isRecord(answer) ? answer : {};
  const said = [
    status,
    typeof code === 'number' ? code : '',
    typeof words === 'string' ? words : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
  if (status !== 401 && status !== 403) {
    return { code: 'VENUE_REFUSED', kind: 'Refused', message: said };
  }
  const message = `Alpaca does not accept the key (${said}): ${ADD_KEY}`;
  return { code: 'KEY_REFUSED', kind: 'Refused', message };
}
