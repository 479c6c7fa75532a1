import type { MatchingBinding } from './compute/matching-binding.ts';
import type { RingBinding } from './io/ring-binding.ts';

/** The functions of `native/binding`: one interface a unit. */
export interface Addon extends MatchingBinding, RingBinding {
  /** CRC-32C of the bytes. */
  crc32c(bytes: Uint8Array): number;
}

export declare const addon: Addon;
