import type { BookBinding } from './compute/book-binding.ts';
import type { DecodeBinding } from './compute/decode-binding.ts';
import type { MatchingBinding } from './compute/matching-binding.ts';
import type { RiskBinding } from './compute/risk-binding.ts';
import type { RingBinding } from './io/ring-binding.ts';

/** The functions of `native/binding`: one interface a unit. */
export interface Addon
  extends BookBinding, DecodeBinding, MatchingBinding, RiskBinding, RingBinding {
  /** CRC-32C of the bytes; `seed` continues a running checksum. */
  crc32c(bytes: Uint8Array, seed?: number): number;
}

export declare const addon: Addon;
