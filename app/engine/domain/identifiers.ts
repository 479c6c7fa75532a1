import type { Brand } from '../base/brand.ts';
import { err, ok, type Result } from '../base/result.ts';

/** Which world a venue, an account or a tick belongs to; never mixed. */
export const ENVIRONMENTS = ['live', 'testnet', 'paper', 'sandbox', 'replay'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** True where the past stays what it was: that of a simulated venue is another one at each start. */
export function hasLastingPast(environment: Environment): boolean {
  return environment === 'live' || environment === 'testnet';
}

/** A venue and its environment: `BINANCE`, `BINANCE@sandbox` (the suffix is absent only for live). */
export type VenueId = Brand<string, 'VenueId'>;
/** `SYMBOL.VENUE[@environment]`, e.g. `BTCUSDT.BINANCE@sandbox`. */
export type InstrumentId = Brand<string, 'InstrumentId'>;
/** `VENUE[@environment]/name`, e.g. `BINANCE@sandbox/main`. */
export type AccountId = Brand<string, 'AccountId'>;
/** Ours, unique for ever, at most 36 characters of [A-Za-z0-9-_]. */
export type ClientOrderId = Brand<string, 'ClientOrderId'>;
/** The venue's own order id as text. */
export type VenueOrderId = Brand<string, 'VenueOrderId'>;
/** The venue's own trade (fill) id as text; unique per instrument and venue. */
export type TradeId = Brand<string, 'TradeId'>;
/** An asset or currency code in capitals: `BTC`, `USDT`. */
export type AssetCode = Brand<string, 'AssetCode'>;
/** A person's desk, window or command line that sends commands; arming belongs to it. */
export type ClientId = Brand<string, 'ClientId'>;

/** Text that is no identifier of the kind. */
export interface IdentifierError {
  readonly code: 'IDENTIFIER_MALFORMED';
  readonly kind: string;
  readonly text: string;
  readonly expected: string;
}

const VENUE = /^[A-Z0-9-]{1,16}$/;
const INSTRUMENT = /^([^\s.@/]{1,40})\.([A-Z0-9-]{1,16})(?:@(testnet|paper|sandbox|replay))?$/;
const CLIENT_ORDER_ID = /^[A-Za-z0-9\-_]{1,36}$/;

/** The id of a venue in an environment. `name` is the venue word in capitals. */
export function venueId(name: string, environment: Environment): VenueId {
  if (!VENUE.test(name)) throw new RangeError(`venue must match ${VENUE.source}, was ${name}`);
  return (environment === 'live' ? name : `${name}@${environment}`) as VenueId;
}

/** The id of the instrument a venue calls `symbol`. */
export function instrumentId(symbol: string, venue: VenueId): InstrumentId {
  return `${symbol}.${venue}` as InstrumentId;
}

/** Parses `SYMBOL.VENUE[@environment]`. */
export function parseInstrumentId(
  text: string,
): Result<
  { id: InstrumentId; symbol: string; venue: VenueId; environment: Environment },
  IdentifierError
> {
  const match = INSTRUMENT.exec(text);
  const [, symbol, name, suffix] = match ?? [];
  if (symbol === undefined || name === undefined) {
    const expected = 'SYMBOL.VENUE[@testnet|paper|sandbox|replay], e.g. BTCUSDT.BINANCE@sandbox';
    return err({ code: 'IDENTIFIER_MALFORMED', kind: 'instrument', text, expected });
  }
  const environment = (suffix ?? 'live') as Environment;
  const venue = venueId(name, environment);
  return ok({ id: instrumentId(symbol, venue), symbol, venue, environment });
}

/** The account `name` at a venue. */
export function accountId(venue: VenueId, name: string): AccountId {
  return `${venue}/${name}` as AccountId;
}

/** A client order id from text. */
export function parseClientOrderId(text: string): Result<ClientOrderId, IdentifierError> {
  if (CLIENT_ORDER_ID.test(text)) return ok(text as ClientOrderId);
  const expected = '1 to 36 of A-Z a-z 0-9 - _';
  return err({ code: 'IDENTIFIER_MALFORMED', kind: 'client order id', text, expected });
}
