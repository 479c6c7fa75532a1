import type { CoverageSegment, FeedMessage, FeedRequest } from '../../api/feed-service.ts';
import type { TickGap, TickSegmentEntry } from '../../ports/tick-catalogue.ts';
import type { CatalogueKeeper } from './catalogue-keeper.ts';

/** What the catalogue says of an instrument's ticks, brought up to date before. */
export async function coverageOf(
  catalogue: Pick<CatalogueKeeper, 'refresh' | 'read'>,
  { request, instrument }: Extract<FeedRequest, { type: 'LoadCoverage' }>,
): Promise<FeedMessage> {
  await catalogue.refresh();
  const read = await catalogue.read({ instrument });
  if (!read.ok) {
    const message = `the catalogue of ticks cannot be read: ${read.error}`;
    return { type: 'RequestFailed', request, code: 'CATALOGUE_UNREADABLE', message };
  }
  return { type: 'Coverage', request, segments: read.value.map(segmentOf) };
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
