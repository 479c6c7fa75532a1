import type { BookBinding } from './compute/book-binding.ts';
import type { DecodeBinding } from './compute/decode-binding.ts';
import type { MatchingBinding } from './compute/matching-binding.ts';
import type { RiskBinding } from './compute/risk-binding.ts';
import type { StudyBinding } from './compute/study-binding.ts';
import type { ClockBinding } from './io/clock-binding.ts';
import type { HistogramBinding } from './io/histogram-binding.ts';
import type { JournalBinding } from './io/journal-binding.ts';
import type { LockBinding } from './io/lock-binding.ts';
import type { TicksBinding } from './io/ticks-binding.ts';
import type { RingBinding } from './io/ring-binding.ts';

/** The functions of `native/binding`: one interface a unit. */
export interface Addon
  extends
    BookBinding,
    DecodeBinding,
    MatchingBinding,
    RiskBinding,
    StudyBinding,
    RingBinding,
    TicksBinding,
    LockBinding,
    JournalBinding,
    HistogramBinding,
    ClockBinding {
  /** CRC-32C of the bytes; `seed` continues a running checksum. */
  crc32c(bytes: Uint8Array, seed?: number): number;
}

export declare const addon: Addon;
