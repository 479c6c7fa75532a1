import type { VenueError } from '../../ports/market-data-client.ts';

/** What an error answer says about the request it answers. */
export type Verdict =
  /** The venue refused it: it had no effect. */
  | 'Refused'
  /** It may have had its effect: ask, never repeat. */
  | 'Unknown'
  /** Refused because our timestamp is outside its window: measure the clock again. */
  | 'ClockOff'
  /** Refused because too much was asked: wait. */
  | 'Limited'
  /** Refused and banned: nothing may be sent until its time. */
  | 'Banned'
  /** The key, its address or its rights are wrong. */
  | 'KeyRefused';

/** Codes by which the venue names an error. */
export const BINANCE_CODE = {
  cancelReplacePartial: -2021,
  cancelReplaceFailed: -2022,
  unknownOrder: -2011,
  noSuchOrder: -2013,
} as const;

const UNKNOWN_OUTCOME = new Set([-1000, -1001, -1006, -1007, -1008]);
const KEY_REFUSED = new Set([-1002, -1022, -2014, -2015]);
const LIMITED = new Set([-1003, -1015]);

/** Judges an error answer by HTTP status and the venue's code. */
export function verdictOf(status: number, code: number | undefined): Verdict {
  if (status === 418) return 'Banned';
  if (code === -1021) return 'ClockOff';
  if (status >= 500 || (code !== undefined && UNKNOWN_OUTCOME.has(code))) return 'Unknown';
  if (code !== undefined && KEY_REFUSED.has(code)) return 'KeyRefused';
  if (status === 429 || (code !== undefined && LIMITED.has(code))) return 'Limited';
  return 'Refused';
}

const NAMES: Readonly<Record<number, string>> = {
  [-1003]: 'TOO_MANY_REQUESTS',
  [-1006]: 'UNEXPECTED_RESPONSE',
  [-1007]: 'VENUE_TIMEOUT',
  [-1008]: 'VENUE_BUSY',
  [-1013]: 'FILTER_FAILURE',
  [-1015]: 'TOO_MANY_ORDERS',
  [-1021]: 'TIMESTAMP_OUTSIDE_WINDOW',
  [-1022]: 'SIGNATURE_INVALID',
  [-1121]: 'UNKNOWN_SYMBOL',
  [-2010]: 'ORDER_REFUSED',
  [-2011]: 'UNKNOWN_ORDER',
  [-2013]: 'NO_SUCH_ORDER',
  [-2014]: 'API_KEY_MALFORMED',
  [-2015]: 'API_KEY_REFUSED',
  [-2021]: 'CANCEL_REPLACE_PARTIAL',
  [-2022]: 'CANCEL_REPLACE_FAILED',
  [-2026]: 'ORDER_ARCHIVED',
};

/** The words by which the engine refuses an order; more telling than their common code -2010. */
const ENGINE_REASONS: readonly (readonly [RegExp, string])[] = [
  [/insufficient balance/i, 'INSUFFICIENT_BALANCE'],
  [/duplicate order/i, 'DUPLICATE_ORDER'],
  [/market is closed/i, 'MARKET_CLOSED'],
  [/immediately match/i, 'WOULD_MATCH_IMMEDIATELY'],
  [/trigger immediately/i, 'WOULD_TRIGGER_IMMEDIATELY'],
];

/** Our stable code for a venue's error: `FILTER_FAILURE_LOT_SIZE`, `INSUFFICIENT_BALANCE`, `BINANCE_-1100`. */
export function nameOf(status: number, code: number | undefined, message: string): string {
  if (code === undefined) return `HTTP_${status}`;
  const filter = /Filter failure: ([A-Z_]+)/.exec(message)?.[1];
  if (filter !== undefined) return `FILTER_FAILURE_${filter}`;
  if (code === -2010) {
    const known = ENGINE_REASONS.find(([words]) => words.test(message));
    if (known !== undefined) return known[1];
  }
  return NAMES[code] ?? `BINANCE_${code}`;
}

/** An error answer as the market data port states it. */
export function venueError(
  status: number,
  code: number | undefined,
  message: string,
  retryAfterMs: number | undefined,
): VenueError {
  const verdict = verdictOf(status, code);
  const kinds = {
    Refused: 'Refused',
    Unknown: 'Retryable',
    ClockOff: 'Retryable',
    Limited: 'Retryable',
    Banned: 'Fatal',
    KeyRefused: 'Fatal',
  } as const;
  return {
    code: nameOf(status, code, message),
    kind: kinds[verdict],
    message,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
