import type { Result } from '../base/result.ts';

/** An API key pair of one account at one venue. Never logged, journalled or sent to a window. */
export interface ApiCredentials {
  readonly apiKey: string;
  readonly secret: string;
}

/** Why a secret cannot be had. */
export interface SecretStoreError {
  readonly code:
    | 'VAULT_LOCKED'
    | 'VAULT_WRONG_PASSPHRASE'
    | 'VAULT_DAMAGED'
    | 'SECRET_UNKNOWN'
    | 'VAULT_UNWRITABLE';
  readonly message: string;
}

/** Where API keys rest, encrypted. Names are `venue-id/account`. */
export interface SecretStore {
  put(name: string, credentials: ApiCredentials): Result<void, SecretStoreError>;
  get(name: string): Result<ApiCredentials, SecretStoreError>;
  list(): readonly {
    readonly name: string;
    readonly apiKeyTail: string;
    readonly addedAt: string;
  }[];
  remove(name: string): Result<void, SecretStoreError>;
}
