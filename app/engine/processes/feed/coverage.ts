import type {
  CoverageSegment,
  FeedMessage,
  FeedRequest,
  ReplayCoverage,
} from '../../api/feed-service.ts';
import { unixMicros, type UnixMicros } from '../../domain/time.ts';
import type { TickGap, TickSegmentEntry } from '../../ports/tick-catalogue.ts';
import type { CatalogueKeeper } from './catalogue-keeper.ts';
import type { ReplayedTicks } from './replay-control.ts';

/** What the catalogue says of an instrument's ticks, brought up to date before; of one that is replayed of what is played in its place. */
export async function coverageOf(
  catalogue: Pick<CatalogueKeeper, 'refresh' | 'read' | 'readDropped'>,
  { request, instrument }: Extract<FeedRequest, { type: 'LoadCoverage' }>,
  ticks: readonly ReplayedTicks[],
): Promise<FeedMessage> {
  await catalogue.refresh();
  const stored = ticks.find((one) => one.instrument === instrument)?.stored ?? instrument;
  const read = await catalogue.read({ instrument: stored });
  if (!read.ok) return unreadable(request, read.error);
  const there = new Set(read.value.map(({ kind, day }) => `${kind} ${day}`));
  const dropped = (await catalogue.readDropped(stored))
    .filter(({ kind, day }) => !there.has(`${kind} ${day}`))
    .map(({ kind, day, why }) => ({ kind, day, why }));
  return { type: 'Coverage', request, segments: read.value.map(segmentOf), dropped };
}

/** What the catalogue says of the ticks that are replayed: of each instrument its book's, else its trades'. */
export async function replayCoverageOf(
  catalogue: Pick<CatalogueKeeper, 'refresh' | 'read'>,
  ticks: readonly ReplayedTicks[],
  request: number,
): Promise<FeedMessage> {
  await catalogue.refresh();
  const instruments: ReplayCoverage[] = [];
  for (const { instrument, stored } of ticks) {
    const read = await catalogue.read({ instrument: stored });
    if (!read.ok) return unreadable(request, read.error);
    const books = read.value.filter(({ kind }) => kind === 'diffs');
    const told = books.length > 0 ? books : read.value.filter(({ kind }) => kind === 'trades');
    instruments.push({
      instrument,
      parts: told.map(({ firstNanos, lastNanos }) => between(firstNanos, lastNanos)),
      gaps: told.flatMap(({ gaps, lastNanos }) =>
        gaps.map((gap) => ({
          ...between(gap.fromNanos, gap.toNanos ?? lastNanos),
          cause: gap.cause,
        })),
      ),
    });
  }
  return { type: 'ReplayCoverage', request, instruments };
}

function between(from: bigint, to: bigint): { readonly from: UnixMicros; readonly to: UnixMicros } {
  return { from: unixMicros(Number(from / 1000n)), to: unixMicros(Number(to / 1000n)) };
}

function unreadable(request: number, why: string): FeedMessage {
  const message = `the catalogue of ticks cannot be read: ${why}`;
  return { type: 'RequestFailed', request, code: 'CATALOGUE_UNREADABLE', message };
}

function segmentOf({
  kind,
  day,
  rows,
  bytes,
  intact,
  gaps,
  lastNanos,
}: TickSegmentEntry): CoverageSegment {
  const byCause = Map.groupBy(gaps, ({ cause }) => cause);
  return {
    kind,
    day,
    rows,
    bytes,
    ...(intact === undefined ? {} : { intact }),
    gaps: [...byCause].map(([cause, all]) => ({
      cause,
      count: all.length,
      micros: all.reduce((sum, gap) => sum + microsOf(gap, lastNanos), 0),
    })),
  };
}

function microsOf({ fromNanos, toNanos }: TickGap, lastNanos: bigint): number {
  const nanos = (toNanos ?? lastNanos) - fromNanos;
  return nanos > 0n ? Number(nanos / 1000n) : 0;
}
