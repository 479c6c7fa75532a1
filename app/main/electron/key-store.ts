import { safeStorage } from 'electron';
import type { LogBook } from '../host/log-book.ts';

/** Says whether the system's key store protects anything. One that does not is refused: keys stay in the vault under a passphrase. */
export function judgeKeyStore({ log }: Pick<LogBook, 'log'>): void {
  const backend = process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'system';
  if (backend === 'basic_text' || backend === 'unknown') {
    const text = `the system has no key store that protects (${backend}): keys stay in the vault under a passphrase`;
    log.warn('keys', 'KEY_STORE_REFUSED', text);
    return;
  }
  log.info('keys', 'KEY_STORE_FOUND', `the system's key store is ${backend}`);
}
