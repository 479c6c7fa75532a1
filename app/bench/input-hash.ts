import { createHash } from 'node:crypto';

const HASH_DIGITS = 16;

/** Names what a workload is fed: the beginning of its SHA-256, hexadecimal. */
export function inputHash(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, HASH_DIGITS);
}
