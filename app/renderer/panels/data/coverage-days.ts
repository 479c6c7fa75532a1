import type { CoverageSegment, DroppedDay, StoredCoverage } from '../../state/market-store.ts';

/** A day of a calendar; without a segment nothing of it is on the disk, and `dropped` says why where it was once. */
export interface CoverageDay {
  readonly day: string;
  readonly segment?: CoverageSegment;
  readonly dropped?: DroppedDay['why'];
}

const DAY_MILLIS = 86_400_000;
/** Days a calendar shows: the newest. */
const MOST_DAYS = 366;

/** The days of each kind from its first one that is or was on the disk to the last one of any kind, none left out. */
export function coverageDays({
  segments,
  dropped,
}: StoredCoverage): ReadonlyMap<string, readonly CoverageDay[]> {
  const all = [...segments, ...dropped];
  const last = all.reduce((newest, { day }) => (day > newest ? day : newest), '');
  const segmentsByDay = new Map(segments.map((one) => [keyOf(one), one]));
  const droppedByDay = new Map(dropped.map((one) => [keyOf(one), one.why]));
  return new Map(
    [...Map.groupBy(all, ({ kind }) => kind)].map(([kind, own]) => {
      const first = own.reduce((oldest, { day }) => (day < oldest ? day : oldest), last);
      const days: CoverageDay[] = [];
      for (let at = Date.parse(last); at >= Date.parse(first); at -= DAY_MILLIS) {
        if (days.length === MOST_DAYS) break;
        const day = new Date(at).toISOString().slice(0, 10);
        const segment = segmentsByDay.get(keyOf({ kind, day }));
        const why = droppedByDay.get(keyOf({ kind, day }));
        days.unshift({
          day,
          ...(segment === undefined ? {} : { segment }),
          ...(why === undefined ? {} : { dropped: why }),
        });
      }
      return [kind, days];
    }),
  );
}

function keyOf({ kind, day }: Pick<CoverageSegment, 'kind' | 'day'>): string {
  return `${kind} ${day}`;
}

/** How a day is: `good`, `gaps` in it, `bad` where its file is damaged, `dropped` where it was once, `none` where nothing is. */
export function daySign({
  segment,
  dropped,
}: CoverageDay): 'good' | 'gaps' | 'bad' | 'dropped' | 'none' {
  if (segment === undefined) return dropped === undefined ? 'none' : 'dropped';
  if (segment.intact === false || segment.gaps.some(({ cause }) => cause === 'Damaged')) {
    return 'bad';
  }
  return segment.gaps.length > 0 ? 'gaps' : 'good';
}
