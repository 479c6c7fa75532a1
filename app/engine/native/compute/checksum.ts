import { addon } from '../addon.mjs';

/** CRC-32C (Castagnoli, RFC 3720) of the bytes; `seed` is the checksum of what came before them. */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  return addon.crc32c(bytes, seed);
}
