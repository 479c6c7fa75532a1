import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { safeStorage } from 'electron';
import type { KeptPassphrase, PassphraseState } from '../host/kept-passphrase.ts';
import type { LogBook } from '../host/log-book.ts';

type Log = LogBook['log'];

/** The vault's passphrase, encrypted by the system's key store. A store that does not protect is refused. */
export class SystemKeyStore implements KeptPassphrase {
  readonly #file: string;
  readonly #log: Log;

  /** `folder` is the program's own. */
  constructor(folder: string, log: Log) {
    this.#file = join(folder, 'passphrase.bin');
    this.#log = log;
    const backend = backendNow();
    if (protects(backend)) {
      log.info('keys', 'KEY_STORE_FOUND', `the system's key store is ${backend}`);
      return;
    }
    const text = `the system has no key store that protects (${backend}): the vault's passphrase is typed each time`;
    log.warn('keys', 'KEY_STORE_REFUSED', text);
  }

  get state(): PassphraseState {
    if (!protects(backendNow())) return 'Refused';
    return existsSync(this.#file) ? 'Kept' : 'Keepable';
  }

  async keep(passphrase: string): Promise<boolean> {
    if (this.state === 'Refused') return false;
    try {
      const encrypted = await safeStorage.encryptStringAsync(passphrase);
      const part = `${this.#file}.part`;
      writeFileSync(part, encrypted, { mode: 0o600 });
      renameSync(part, this.#file);
      return true;
    } catch (error) {
      this.#failed('the passphrase could not be kept', error);
      return false;
    }
  }

  async read(): Promise<string | undefined> {
    if (this.state !== 'Kept') return undefined;
    try {
      const { result } = await safeStorage.decryptStringAsync(readFileSync(this.#file));
      return result;
    } catch (error) {
      this.#failed('the kept passphrase cannot be read any more and is forgotten', error);
      this.forget();
      return undefined;
    }
  }

  forget(): void {
    rmSync(this.#file, { force: true });
  }

  #failed(words: string, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#log.warn('keys', 'KEY_STORE_FAILED', `${words}: ${why}`);
  }
}

function backendNow(): string {
  return process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'system';
}

function protects(backend: string): boolean {
  return backend !== 'basic_text' && backend !== 'unknown';
}
