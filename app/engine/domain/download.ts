import type { InstrumentId } from './identifiers.ts';
import type { TickKind } from './market.ts';

/** What of the past a venue can be asked for; `bars` are minutes, `funding` what was settled. */
export const DOWNLOAD_KINDS = ['trades', 'bars', 'funding'] as const satisfies readonly TickKind[];
export type DownloadKind = (typeof DOWNLOAD_KINDS)[number];

/** `Queued`: another of its venue goes first; `Waiting`: the venue did not answer and is asked again. */
export const DOWNLOAD_STATES = [
  'Queued',
  'Running',
  'Waiting',
  'Paused',
  'Done',
  'Failed',
] as const;
export type DownloadState = (typeof DOWNLOAD_STATES)[number];

/** Downloads that are kept in the list. */
export const MOST_DOWNLOADS = 100;
/** Days that one download may have: ten years. */
export const MOST_DOWNLOAD_DAYS = 3_660;

/** Whole UTC days of an instrument that are wanted, `YYYY-MM-DD`, both included. */
export interface DownloadOrder {
  readonly instrument: InstrumentId;
  readonly kind: DownloadKind;
  readonly from: string;
  readonly to: string;
  /** Days that are there already are written anew; otherwise they are left as they are. */
  readonly replace: boolean;
}

/** A download and how far it is. */
export interface Download extends DownloadOrder {
  readonly id: number;
  readonly state: DownloadState;
  readonly days: number;
  readonly doneDays: number;
  /** Of those that are done: that were there. */
  readonly skippedDays: number;
  /** Rows that were written. */
  readonly rows: number;
  /** How far it is in the day that is asked for, 0 to 1; absent between days. */
  readonly withinDay?: number;
  /** Why it failed or waits. */
  readonly message?: string;
}

/** How much of a download is done, 0 to 1. */
export function fractionDone({ days, doneDays, withinDay = 0 }: Download): number {
  return Math.min(1, (doneDays + withinDay) / days);
}
