import type { CoverageSegment } from '../../state/market-store.ts';

/** A day of a calendar; without a segment nothing of it is on the disk. */
export interface CoverageDay {
  readonly day: string;
  readonly segment?: CoverageSegment;
}

const DAY_MILLIS = 86_400_000;
/** Days a calendar shows: the newest. */
const MOST_DAYS = 366;

/** The days of each kind from its first one on the disk to the last one of any kind, none left out. */
export function coverageDays(
  segments: readonly CoverageSegment[],
): ReadonlyMap<string, readonly CoverageDay[]> {
  const last = segments.reduce((newest, { day }) => (day > newest ? day : newest), '');
  const byKind = Map.groupBy(segments, ({ kind }) => kind);
  return new Map(
    [...byKind].map(([kind, own]) => {
      const byDay = new Map(own.map((segment) => [segment.day, segment]));
      const first = own.reduce((oldest, { day }) => (day < oldest ? day : oldest), last);
      const days: CoverageDay[] = [];
      for (let at = Date.parse(last); at >= Date.parse(first); at -= DAY_MILLIS) {
        if (days.length === MOST_DAYS) break;
        const day = new Date(at).toISOString().slice(0, 10);
        const segment = byDay.get(day);
        days.unshift(segment === undefined ? { day } : { day, segment });
      }
      return [kind, days];
    }),
  );
}

/** How a day is: `good`, `gaps` in it, `bad` where its file is damaged, `none` where nothing is. */
export function daySign({ segment }: CoverageDay): 'good' | 'gaps' | 'bad' | 'none' {
  if (segment === undefined) return 'none';
  if (segment.intact === false || segment.gaps.some(({ cause }) => cause === 'Damaged')) {
    return 'bad';
  }
  return segment.gaps.length > 0 ? 'gaps' : 'good';
}
