import type { QualityMinute } from '../domain/data-quality.ts';
import type { InstrumentId } from '../domain/identifiers.ts';

/** Minutes that begin at or after the first time and before the second, microseconds. */
export interface QualityRange {
  readonly fromMicros: number;
  readonly toMicros: number;
}

/** How far the data of each minute could be trusted when it came. */
export interface QualityMarks {
  /** Adds to what is known of these minutes; a flaw that was kept stays. */
  keep(instrument: InstrumentId, minutes: readonly QualityMinute[]): void;
  /** The minutes of which anything is known, oldest first. */
  read(instrument: InstrumentId, range: QualityRange): readonly QualityMinute[];
  /** Of which instruments anything is known, in order. */
  instruments(): readonly InstrumentId[];
}
