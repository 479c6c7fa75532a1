import type { VenueId } from '../../engine/domain/identifiers.ts';
import { venueName } from '../format/venue-word.ts';
import type { FeedHealth } from '../state/feed-session.ts';

/** How a connection, or a venue that is only watched, is. */
export interface ConnectionRow {
  readonly name: string;
  /** Of a venue that is only watched. */
  readonly watched: boolean;
  readonly state: FeedHealth['connections'][number]['state'];
  /** Microseconds. */
  readonly latency: number | undefined;
  readonly offset: number | undefined;
}

/** A row for each connection of the traded venue, and one for each venue that is only watched: the worst of its connections. */
export function connectionRows(connections: FeedHealth['connections']): readonly ConnectionRow[] {
  const rows = new Map<string, ConnectionRow>();
  for (const { connection, state, latencyMicros, clockOffsetMicros } of connections) {
    // `KRAKEN@sandbox market-1`
    const [venue = connection, line] = connection.split(' ');
    const name = line === undefined ? connection : venueName(venue as VenueId);
    const before = rows.get(name);
    if (before !== undefined && before.state !== 'Connected') continue;
    const watched = line !== undefined;
    rows.set(name, { name, watched, state, latency: latencyMicros, offset: clockOffsetMicros });
  }
  return [...rows.values()];
}
