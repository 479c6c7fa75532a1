import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  scryptSync,
  timingSafeEqual,
} from 'node:crypto';
import { err, ok, type Result } from '../../base/result.ts';
import type { SecretStoreError } from '../../ports/secret-store.ts';

/** Cost of turning a passphrase into a key. */
export interface ScryptCost {
  /** log2 of N. */
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** About a third of a second and 128 MiB. */
export const VAULT_COST: ScryptCost = { logN: 17, r: 8, p: 1 };

/** The key a passphrase gives for one vault, kept while it is open. */
export interface VaultKey {
  readonly salt: Buffer;
  readonly cost: ScryptCost;
  readonly encryption: Buffer;
  readonly check: Buffer;
}

const MAGIC = Buffer.from('QDVAULT\0', 'latin1');
const VERSION = 1;
const SALT_BYTES = 32;
const NONCE_BYTES = 12;
const CHECK_BYTES = 16;
const TAG_BYTES = 16;
// magic, version, logN, r, p, salt, check, nonce
const CHECK_AT = MAGIC.length + 4 + SALT_BYTES;
const NONCE_AT = CHECK_AT + CHECK_BYTES;
const BODY_AT = NONCE_AT + NONCE_BYTES;
const LARGEST = { logN: 20, r: 16, p: 4 };

/** A fresh key for a new vault. */
export function newVaultKey(passphrase: string, cost: ScryptCost): VaultKey {
  return deriveKey(passphrase, randomBytes(SALT_BYTES), cost);
}

/** Encrypts `plain`: header, then AES-256-GCM text with the header authenticated, then its tag. */
export function sealVault(key: VaultKey, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const { logN, r, p } = key.cost;
  const header = Buffer.concat([
    MAGIC,
    Buffer.from([VERSION, logN, r, p]),
    key.salt,
    key.check,
    nonce,
  ]);
  const cipher = createCipheriv('aes-256-gcm', key.encryption, nonce);
  cipher.setAAD(header);
  return Buffer.concat([header, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Decrypts a vault. The header holds a check value of the key: when that differs the passphrase is wrong (or the header
 * is damaged, which cannot be told apart); when it agrees and the text does not verify, the file is damaged.
 */
export function openVault(
  bytes: Buffer,
  passphrase: string,
): Result<{ readonly key: VaultKey; readonly plain: Buffer }, SecretStoreError> {
  if (bytes.length < BODY_AT + TAG_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    return err({ code: 'VAULT_DAMAGED', message: 'the file is no vault, or is cut' });
  }
  const [version = 0, logN = 0, r = 0, p = 0] = bytes.subarray(MAGIC.length);
  if (version !== VERSION) {
    const message = `the vault has version ${version}, this program reads version ${VERSION}`;
    return err({ code: 'VAULT_DAMAGED', message });
  }
  const sane = logN >= 1 && logN <= LARGEST.logN && r >= 1 && r <= LARGEST.r;
  if (!sane || p < 1 || p > LARGEST.p) {
    return err({ code: 'VAULT_DAMAGED', message: 'the header of the vault is damaged' });
  }
  const salt = Buffer.from(bytes.subarray(MAGIC.length + 4, CHECK_AT));
  const key = deriveKey(passphrase, salt, { logN, r, p });
  if (!timingSafeEqual(key.check, bytes.subarray(CHECK_AT, NONCE_AT))) {
    return err({
      code: 'VAULT_WRONG_PASSPHRASE',
      message: 'the passphrase does not open the vault',
    });
  }
  const decipher = createDecipheriv(
    'aes-256-gcm',
    key.encryption,
    bytes.subarray(NONCE_AT, BODY_AT),
  );
  decipher.setAAD(bytes.subarray(0, BODY_AT));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = bytes.subarray(BODY_AT, -TAG_BYTES);
    return ok({ key, plain: Buffer.concat([decipher.update(text), decipher.final()]) });
  } catch {
    return err({
      code: 'VAULT_DAMAGED',
      message: 'the passphrase is right and the vault is damaged',
    });
  }
}

/** The file's bytes; absent when there is no file yet. */
export function readVaultFile(path: string): Result<Buffer | undefined, SecretStoreError> {
  try {
    return ok(readFileSync(path));
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return ok(undefined);
    return err({ code: 'VAULT_DAMAGED', message: `the vault cannot be read: ${code}` });
  }
}

/** Replaces the file whole or not at all; only its owner may read it. */
export function writeVaultFile(path: string, bytes: Buffer): Result<void, SecretStoreError> {
  const next = `${path}.${process.pid}.new`;
  try {
    const file = openSync(next, 'w', 0o600);
    try {
      fchmodSync(file, 0o600);
      writeSync(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(next, path);
    syncFolder(dirname(path));
    return ok(undefined);
  } catch (error) {
    removeIfThere(next);
    const message = `the vault cannot be written to ${path}: ${codeOf(error)}`;
    return err({ code: 'VAULT_UNWRITABLE', message });
  }
}

function deriveKey(passphrase: string, salt: Buffer, cost: ScryptCost): VaultKey {
  const { logN, r, p } = cost;
  const N = 2 ** logN;
  const master = scryptSync(passphrase.normalize('NFC'), salt, 32, {
    N,
    r,
    p,
    maxmem: 256 * N * r,
  });
  const part = (name: string): Buffer => createHmac('sha256', master).update(name).digest();
  return {
    salt,
    cost,
    encryption: part('encryption'),
    check: part('check').subarray(0, CHECK_BYTES),
  };
}

/** Makes the rename itself durable; not every system lets a folder be opened. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
}
