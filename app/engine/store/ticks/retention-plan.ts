import { isBarKind, type TickKind } from '../../domain/market.ts';
import type { TickSegmentEntry } from '../../ports/tick-catalogue.ts';
import {
  RETENTION_GROUPS,
  type DropReason,
  type RetentionGroup,
  type TickRetention,
  type TickRoom,
} from '../../domain/tick-retention.ts';
import { ASKED_SOURCE, COMPACTED_SOURCE, RECORDED_SOURCE } from './lineage.ts';
import { dayOf } from './tick-folders.ts';

/** A segment that is to go. */
export interface TickDrop {
  readonly entry: TickSegmentEntry;
  readonly why: DropReason;
}

/** What retention would do. */
export interface RetentionPlan {
  readonly drops: readonly TickDrop[];
  /** How full the room is once that is done. */
  readonly room: TickRoom;
}

/** Whole days in which nothing is taken for room, nor written anew: today's segments grow, and yesterday's are the past that an open desk shows. */
export const UNTOUCHED_DAYS = 2;

const RATE_DAYS = 7;

const OWN_SOURCES: ReadonlySet<string> = new Set([RECORDED_SOURCE, ASKED_SOURCE]);

/** The kinds a segment's is kept with. */
export function retentionGroup(kind: TickKind): RetentionGroup {
  if (isBarKind(kind)) return 'bars';
  if (kind === 'diffs' || kind === 'snapshots') return 'books';
  if (kind === 'bbo') return 'quotes';
  return kind === 'derivatives' || kind === 'funding' ? 'derivatives' : 'trades';
}

/** True when every row of a segment was taken down by the engine itself. */
export function isRecorded({ writings }: Pick<TickSegmentEntry, 'writings'>): boolean {
  const sources = writings.map(({ source }) => source).filter((one) => one !== COMPACTED_SOURCE);
  return sources.length > 0 && sources.every((one) => OWN_SOURCES.has(one));
}

/** Which segments go: first those that are too old, then, until the budget is kept, the oldest day's, whole groups of an instrument at a time. A segment that may still grow stays. */
export function planRetention(
  entries: readonly TickSegmentEntry[],
  retention: TickRetention,
  nowNanos: bigint,
): RetentionPlan {
  const today = dayOf(nowNanos);
  const age = ({ lastNanos }: TickSegmentEntry): number => today - dayOf(lastNanos);
  const drops: TickDrop[] = [];
  const kept: TickSegmentEntry[] = [];
  for (const entry of entries.filter(isRecorded)) {
    const days = retention.days[retentionGroup(entry.kind)];
    if (days > 0 && entry.intact !== undefined && age(entry) > days) {
      drops.push({ entry, why: 'Age' });
    } else if (!isBarKind(entry.kind)) kept.push(entry);
  }
  let recordedBytes = bytesOf(kept);
  if (retention.budgetBytes > 0) {
    const old = kept.filter((entry) => entry.intact !== undefined && age(entry) >= UNTOUCHED_DAYS);
    for (const group of oldestFirst(old)) {
      if (recordedBytes <= retention.budgetBytes) break;
      drops.push(...group.map((entry) => ({ entry, why: 'Budget' as const })));
      recordedBytes -= bytesOf(group);
    }
  }
  const perDay = rateOf(kept, today);
  return {
    drops,
    room: { recordedBytes, ...(perDay === undefined ? {} : { bytesPerDay: perDay }) },
  };
}

function bytesOf(entries: readonly TickSegmentEntry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}

function oldestFirst(
  entries: readonly TickSegmentEntry[],
): readonly (readonly TickSegmentEntry[])[] {
  const rank = ({ kind }: TickSegmentEntry): number =>
    RETENTION_GROUPS.indexOf(retentionGroup(kind));
  const key = (entry: TickSegmentEntry): string =>
    `${entry.day} ${rank(entry)} ${entry.instrument}`;
  const groups = [...Map.groupBy(entries, key)];
  return groups.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function rateOf(entries: readonly TickSegmentEntry[], today: number): number | undefined {
  const whole = entries.filter(({ lastNanos }) => {
    const day = dayOf(lastNanos);
    return day < today && day >= today - RATE_DAYS;
  });
  const days = new Set(whole.map(({ day }) => day));
  return days.size === 0 ? undefined : bytesOf(whole) / days.size;
}
