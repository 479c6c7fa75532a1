import { err, ok, type Result } from '../../base/result.ts';
import type { ApiCredentials, SecretStore, SecretStoreError } from '../../ports/secret-store.ts';
import {
  newVaultKey,
  openVault,
  readVaultFile,
  sealVault,
  VAULT_COST,
  writeVaultFile,
  type ScryptCost,
  type VaultKey,
} from './vault-file.ts';

interface Entry extends ApiCredentials {
  readonly addedAt: string;
}

/** Where a vault is and how it is opened. */
export interface VaultOptions {
  readonly path: string;
  readonly passphrase: string;
  /** Present time, ISO 8601. */
  readonly now: () => string;
  /** Of a vault that is made; an existing one keeps its own. */
  readonly cost?: ScryptCost;
}

const NAME = /^[A-Za-z0-9@_-]+\/[A-Za-z0-9_-]+$/;
const TAIL = 4;

/** Opens the vault at `path`, or makes an empty one in memory that the first `put` writes. */
export function openPassphraseVault(
  options: VaultOptions,
): Result<PassphraseVault, SecretStoreError> {
  const { path, passphrase, now, cost = VAULT_COST } = options;
  const file = readVaultFile(path);
  if (!file.ok) return file;
  if (file.value === undefined) {
    return ok(new PassphraseVault(path, now, newVaultKey(passphrase, cost), new Map()));
  }
  const opened = openVault(file.value, passphrase);
  if (!opened.ok) return opened;
  const entries = readEntries(opened.value.plain);
  if (entries === undefined) {
    return err({
      code: 'VAULT_DAMAGED',
      message: 'the vault opens and its content is not readable',
    });
  }
  return ok(new PassphraseVault(path, now, opened.value.key, entries));
}

/** API keys encrypted under a passphrase in one file. Locking forgets the key. */
export class PassphraseVault implements SecretStore, Disposable {
  readonly #path: string;
  readonly #now: () => string;
  #key: VaultKey | undefined;
  #entries: ReadonlyMap<string, Entry>;

  constructor(path: string, now: () => string, key: VaultKey, entries: ReadonlyMap<string, Entry>) {
    this.#path = path;
    this.#now = now;
    this.#key = key;
    this.#entries = entries;
  }

  put(name: string, { apiKey, secret }: ApiCredentials): Result<void, SecretStoreError> {
    if (!NAME.test(name)) {
      const message = `a name must be venue/account, was ${name}`;
      return err({ code: 'SECRET_UNKNOWN', message });
    }
    const entry: Entry = { apiKey, secret, addedAt: this.#now() };
    return this.#replace(new Map([...this.#entries, [name, entry]]));
  }

  get(name: string): Result<ApiCredentials, SecretStoreError> {
    if (this.#key === undefined) return err(LOCKED);
    const entry = this.#entries.get(name);
    if (entry === undefined) return err(unknownSecret(name));
    return ok({ apiKey: entry.apiKey, secret: entry.secret });
  }

  list(): readonly {
    readonly name: string;
    readonly apiKeyTail: string;
    readonly addedAt: string;
  }[] {
    return [...this.#entries]
      .map(([name, { apiKey, addedAt }]) => ({ name, apiKeyTail: apiKey.slice(-TAIL), addedAt }))
      .toSorted((left, right) => (left.name < right.name ? -1 : 1));
  }

  remove(name: string): Result<void, SecretStoreError> {
    if (this.#key !== undefined && !this.#entries.has(name)) return err(unknownSecret(name));
    return this.#replace(new Map([...this.#entries].filter(([other]) => other !== name)));
  }

  /** Forgets key and content; everything answers VAULT_LOCKED from now on. */
  [Symbol.dispose](): void {
    this.#key?.encryption.fill(0);
    this.#key = undefined;
    this.#entries = new Map();
  }

  #replace(entries: ReadonlyMap<string, Entry>): Result<void, SecretStoreError> {
    if (this.#key === undefined) return err(LOCKED);
    const plain = Buffer.from(JSON.stringify(Object.fromEntries(entries)), 'utf8');
    const written = writeVaultFile(this.#path, sealVault(this.#key, plain));
    plain.fill(0);
    if (written.ok) this.#entries = entries;
    return written;
  }
}

const LOCKED: SecretStoreError = { code: 'VAULT_LOCKED', message: 'the vault is locked' };

function unknownSecret(name: string): SecretStoreError {
  return { code: 'SECRET_UNKNOWN', message: `the vault holds no key named ${name}` };
}

function readEntries(plain: Buffer): ReadonlyMap<string, Entry> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(plain.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = new Map<string, Entry>();
  for (const [name, entry] of Object.entries(value)) {
    if (!isEntry(entry)) return undefined;
    entries.set(name, entry);
  }
  return entries;
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  return ['apiKey', 'secret', 'addedAt'].every(
    (field) => typeof Reflect.get(value, field) === 'string',
  );
}
