import type { QualityMinute } from '../../domain/data-quality.ts';
import type { InstrumentId } from '../../domain/identifiers.ts';
import type { QualityRange } from '../../ports/quality-marks.ts';
import type { TickFilter, TickSegmentEntry } from '../../ports/tick-catalogue.ts';
import type { DownloadedDay } from '../../store/ticks/downloaded-day.ts';
import type { HousekeepingRound } from '../../store/ticks/tick-housekeeper.ts';
import type { DroppedTicks, TickRetention } from '../../domain/tick-retention.ts';

/** What the catalogue's thread is started with. */
export interface CatalogueThreadData {
  readonly dataFolder: string;
}

/** Minutes of an instrument, to be kept. */
export interface MarkedMinutes {
  readonly instrument: InstrumentId;
  readonly minutes: readonly QualityMinute[];
}

/** What the catalogue's thread is asked; `id` comes back with the answer. */
export type CatalogueRequest =
  /** Take in what changed; days before `nowNanos`'s own are over. With a retention what it names is dropped then, and what grew is compacted. */
  | {
      readonly type: 'Refresh';
      readonly id: number;
      readonly nowNanos: bigint;
      readonly retention?: TickRetention;
    }
  | { readonly type: 'Read'; readonly id: number; readonly filter: TickFilter }
  /** What was dropped of an instrument. */
  | { readonly type: 'ReadDropped'; readonly id: number; readonly instrument: InstrumentId }
  /** Keep a day that was downloaded. */
  | { readonly type: 'StoreDay'; readonly id: number; readonly told: DownloadedDay }
  | { readonly type: 'KeepQuality'; readonly id: number; readonly marks: readonly MarkedMinutes[] }
  | {
      readonly type: 'ReadQuality';
      readonly id: number;
      readonly instrument: InstrumentId;
      readonly range: QualityRange;
    };

/** Its answers; one thread answers one request after the other. */
export type CatalogueAnswer =
  | {
      readonly type: 'Refreshed';
      readonly id: number;
      readonly problems: readonly string[];
      /** Present where retention was asked for. */
      readonly kept?: HousekeepingRound;
    }
  | { readonly type: 'Entries'; readonly id: number; readonly entries: readonly TickSegmentEntry[] }
  | { readonly type: 'Dropped'; readonly id: number; readonly dropped: readonly DroppedTicks[] }
  | { readonly type: 'DayStored'; readonly id: number; readonly rows: number }
  | { readonly type: 'QualityKept'; readonly id: number }
  | { readonly type: 'Quality'; readonly id: number; readonly minutes: readonly QualityMinute[] }
  | { readonly type: 'Failed'; readonly id: number; readonly message: string };
