import type { KeyRights } from '../../api/keys.ts';
import type { NetworkConfig, VenueUrls } from '../../api/supervision.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { ApiCredentials, SecretStoreError } from '../../ports/secret-store.ts';
import { vaultPath } from '../../store/secrets/vault-place.ts';
import { openPassphraseVault, type PassphraseVault } from '../../store/secrets/vault.ts';
import { LIVE, TESTNET } from '../../venues/binance/spot/index.ts';
import { SystemTime } from '../system-time.ts';
import { connectVenue } from '../venue.ts';

/** Whose key it is. */
export interface KeyPlace {
  readonly environment: 'live' | 'testnet' | 'sandbox';
  readonly account: string;
}

/** Why nothing was done with a key. */
export interface KeyProblem {
  readonly code: string;
  readonly message: string;
}

/** The name a key has in the vault. */
export function keyName({ environment, account }: KeyPlace): string {
  return environment === 'live' ? `BINANCE/${account}` : `BINANCE@${environment}/${account}`;
}

/** Whose key has this name; undefined for a name that is none. */
export function keyPlace(name: string): KeyPlace | undefined {
  const [, environment = 'live', account] =
    /^BINANCE(?:@(testnet|sandbox))?\/(.+)$/.exec(name) ?? [];
  if (account === undefined) return undefined;
  return { environment: environment as KeyPlace['environment'], account };
}

/** Opens the data folder's vault; without one an empty vault that the first key writes. */
export function openKeyVault(
  dataFolder: string,
  passphrase: string,
): Result<PassphraseVault, SecretStoreError> {
  const now = (): string => new Date().toISOString();
  return openPassphraseVault({ path: vaultPath(dataFolder), passphrase, now });
}

/** Reads a key's rights back from its venue; one that may withdraw is refused. A venue that does not tell is a warning. `sandbox` is where the sandbox is. */
export async function readKeyRights(
  environment: KeyPlace['environment'],
  sandbox: VenueUrls | undefined,
  credentials: ApiCredentials,
  network?: NetworkConfig,
): Promise<Result<KeyRights, KeyProblem>> {
  const urls =
    environment === 'sandbox' ? sandbox : { live: LIVE, testnet: TESTNET }[environment].urls;
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
