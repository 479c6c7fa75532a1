import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The data folder's vault. */
export function vaultPath(dataFolder: string): string {
  return join(dataFolder, 'vault.bin');
}

/** True when the data folder has a vault. */
export function hasVault(dataFolder: string): boolean {
  return existsSync(vaultPath(dataFolder));
}
