import { randomInt } from 'node:crypto';
import type { KeyRights } from '../../api/keys.ts';
import type { MarketChoice } from '../../api/desk-start.ts';
import { WATCHED_VENUES, type NetworkConfig, type VenueUrls } from '../../api/supervision.ts';
import { present } from '../../base/invariant.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { Xoshiro128 } from '../../base/rng.ts';
import { accountId, venueId } from '../../domain/identifiers.ts';
import { PublicRest } from '../../market-data/public-rest.ts';
import type { ApiCredentials, SecretStoreError } from '../../ports/secret-store.ts';
import { vaultPath } from '../../store/secrets/vault-place.ts';
import { openPassphraseVault, type PassphraseVault } from '../../store/secrets/vault.ts';
import { ALPACA_LIVE, alpacaVenue, isPaperKey } from '../../venues/alpaca/index.ts';
import { routeTo } from '../network.ts';
import { SystemTime } from '../system-time.ts';
import { connectVenue } from '../venue.ts';
import { VENUE_URLS } from '../venue-urls.ts';

/** The market of a venue, as an engine is started on it. */
export type VenueMarket = Extract<MarketChoice, { kind: 'venue' }>;

/** Venues of which keys are kept: the one that is traded, and those that tell nothing without one. */
export const KEYED_VENUES = ['BINANCE', 'ALPACA'] as const;

/** Whose key it is. */
export interface KeyPlace {
  readonly venue: (typeof KEYED_VENUES)[number];
  readonly environment: 'live' | 'testnet' | 'sandbox';
  readonly account: string;
}

/** Why nothing was done with a key. */
export interface KeyProblem {
  readonly code: string;
  readonly message: string;
}

/** The name a key has in the vault. */
export function keyName({ venue, environment, account }: KeyPlace): string {
  return accountId(venueId(venue, environment), account);
}

/** Where the key of a watched venue has its place. */
export function watchedKeyPlace(venue: KeyPlace['venue']): KeyPlace {
  return { venue, environment: 'live', account: 'data' };
}

/** Whose key has this name; undefined for a name that is none. */
export function keyPlace(name: string): KeyPlace | undefined {
  const [, word, environment = 'live', account] =
    /^([A-Z]+)(?:@(testnet|sandbox))?\/(.+)$/.exec(name) ?? [];
  const venue = KEYED_VENUES.find((one) => one === word);
  if (venue === undefined || account === undefined) return undefined;
  return { venue, environment: environment as KeyPlace['environment'], account };
}

/** Opens the data folder's vault; without one an empty vault that the first key writes. */
export function openKeyVault(
  dataFolder: string,
  passphrase: string,
): Result<PassphraseVault, SecretStoreError> {
  const now = (): string => new Date().toISOString();
  return openPassphraseVault({ path: vaultPath(dataFolder), passphrase, now });
}

/** The account's key, and those of the venues in `others` that are watched with one; the vault may have keys of those alone: then there are prices only. Fails when it has keys that trade and not the account's. */
export function accountKeys(
  vault: PassphraseVault,
  traded: KeyPlace,
  others: readonly string[],
): Result<Pick<VenueMarket, 'credentials' | 'watchedKeys'>, SecretStoreError> {
  const watchedKeys = WATCHED_VENUES.flatMap((venue) => {
    const keyed = KEYED_VENUES.find((one) => one === venue);
    const isWatched = others.some((one) => one.startsWith(`${venue}:`));
    if (keyed === undefined || !isWatched || traded.environment !== 'live') return [];
    const key = vault.get(keyName(watchedKeyPlace(keyed)));
    return key.ok ? [{ venue, credentials: key.value }] : [];
  });
  const keys = watchedKeys.length === 0 ? {} : { watchedKeys };
  const credentials = vault.get(keyName(traded));
  if (credentials.ok) return ok({ ...keys, credentials: credentials.value });
  const trades = vault.list().some(({ name }) => keyPlace(name)?.venue === traded.venue);
  return trades ? credentials : ok(keys);
}

/** Reads a key's rights back from its venue; one that may withdraw is refused. A venue that does not tell is a warning. `sandbox` is where the sandbox is. */
export async function readKeyRights(
  { venue, environment }: Pick<KeyPlace, 'venue' | 'environment'>,
  sandbox: VenueUrls | undefined,
  credentials: ApiCredentials,
  network?: NetworkConfig,
): Promise<Result<KeyRights, KeyProblem>> {
  return venue === 'ALPACA'
    ? readDataKey(environment, credentials, network)
    : readTradingKey(environment, sandbox, credentials, network);
}

async function readTradingKey(
  environment: KeyPlace['environment'],
  sandbox: VenueUrls | undefined,
  credentials: ApiCredentials,
  network: NetworkConfig | undefined,
): Promise<Result<KeyRights, KeyProblem>> {
  const urls = environment === 'sandbox' ? sandbox : VENUE_URLS[environment];
  if (urls === undefined) {
    const message = 'there is no sandbox here to ask what the key may do';
    return err({ code: 'SANDBOX_NOT_HERE', message });
  }
  using venue = connectVenue(environment, urls, new SystemTime(), network);
  const read = await venue.readPermissions(credentials);
  if (read.ok) {
    const { canRead, canTradeSpot, restrictedToAddresses, warnings } = read.value;
    const rights = [
      ...(canRead ? ['reads the account'] : []),
      ...(canTradeSpot ? ['trades spot'] : []),
      ...(restrictedToAddresses ? ['from its own addresses only'] : []),
    ];
    return ok({ rights, warnings: [...warnings] });
  }
  const { code, message } = read.error;
  if (code === 'PERMISSIONS_UNREADABLE') return ok({ rights: [], warnings: [message] });
  return err({ code, message });
}

/** Alpaca's keys have no rights of their own to read: a key that it accepts tells the market, and one of a live account also trades there. */
async function readDataKey(
  environment: KeyPlace['environment'],
  credentials: ApiCredentials,
  network: NetworkConfig | undefined,
): Promise<Result<KeyRights, KeyProblem>> {
  if (environment !== 'live') {
    const message = 'keys of Alpaca are kept for live alone: its sandbox here needs none';
    return err({ code: 'ENVIRONMENT_WITHOUT_KEYS', message });
  }
  const { rest } = alpacaVenue(environment, ALPACA_LIVE, credentials);
  const time = new SystemTime();
  const rng = new Xoshiro128(randomInt(2 ** 32));
  const route = routeTo('ALPACA', environment, network);
  using asked = new PublicRest({ rest, clock: time, scheduler: time, rng, ...route });
  const clock = await asked.ask(present(rest.time?.(), 'the clock of Alpaca'));
  if (!clock.ok) return err({ code: clock.error.code, message: clock.error.message });
  const trades = !isPaperKey(credentials);
  const warnings = trades
    ? ['this key can also trade at Alpaca; one of a paper account tells the same market']
    : [];
  return ok({ rights: ['tells the market'], warnings });
}
