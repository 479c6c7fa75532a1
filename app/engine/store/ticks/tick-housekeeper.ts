import type { InstrumentId } from '../../domain/identifiers.ts';
import type { DroppedTicks, TickRetention, TickRoom } from '../../domain/tick-retention.ts';
import type { TickSegmentEntry } from '../../ports/tick-catalogue.ts';
import type { SqliteTickCatalogue } from './catalogue.ts';
import { compactSegment } from './compaction.ts';
import { dropTicks } from './dropped-ticks.ts';
import { isRecorded, planRetention, UNTOUCHED_DAYS } from './retention-plan.ts';
import { dayOf } from './tick-folders.ts';

/** Time that one round gives to compacting. */
const COMPACT_MS = 1000;

/** What one round did for the room on the disk. */
export interface HousekeepingRound {
  readonly dropped: readonly { readonly instrument: InstrumentId; readonly ticks: DroppedTicks }[];
  readonly room: TickRoom;
  /** What segments gave back that were written anew in larger blocks. */
  readonly compactedBytes: number;
  /** What could not be done; it stays as it was. */
  readonly problems: readonly string[];
}

/** Keeps recorded ticks within their room: what is kept no longer is dropped, what grew is compacted once its day is over. */
export class TickHousekeeper {
  readonly #ticks: string;
  readonly #catalogue: SqliteTickCatalogue;
  readonly #writtenBy: string;
  /** Versions of segments that were looked at for compacting, of those the catalogue has. */
  #looked: ReadonlySet<string> = new Set();

  constructor(ticksFolder: string, catalogue: SqliteTickCatalogue, writtenBy: string) {
    this.#ticks = ticksFolder;
    this.#catalogue = catalogue;
    this.#writtenBy = writtenBy;
  }

  /** One round, over what the catalogue has; the next goes on where this one's time was over. */
  keep(retention: TickRetention, nowNanos: bigint): HousekeepingRound {
    const problems: string[] = [];
    const attempt = <T>(act: () => T): T | undefined => {
      try {
        return act();
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
        return undefined;
      }
    };
    const entries = this.#catalogue.entries();
    const { drops, room } = planRetention(entries, retention, nowNanos);
    const dropped = drops.flatMap((drop) => {
      const { entry } = drop;
      const ticks = attempt(() => dropTicks(this.#ticks, drop, nowNanos));
      if (ticks === undefined) return [];
      this.#catalogue.remove(entry);
      return [{ instrument: entry.instrument, ticks }];
    });
    const going = new Set(drops.map(({ entry }) => entry));
    const over = entries.filter(
      (entry) =>
        !going.has(entry) &&
        isRecorded(entry) &&
        dayOf(nowNanos) - dayOf(entry.lastNanos) >= UNTOUCHED_DAYS,
    );
    let compactedBytes = 0;
    for (const entry of this.#toCompact(over)) {
      const saved = attempt(() => compactSegment(this.#ticks, entry, this.#writtenBy));
      compactedBytes += saved ?? 0;
    }
    return { dropped, room, compactedBytes, problems };
  }

  /** Segments nobody looked at yet, the newest first, for as long as a round has time. */
  *#toCompact(entries: readonly TickSegmentEntry[]): Generator<TickSegmentEntry> {
    const until = performance.now() + COMPACT_MS;
    const names = new Map(entries.map((entry) => [versionOf(entry), entry]));
    const looked = new Set([...this.#looked].filter((name) => names.has(name)));
    this.#looked = looked;
    const newestFirst = [...names].toSorted(([, a], [, b]) => (a.day < b.day ? 1 : -1));
    for (const [name, entry] of newestFirst) {
      if (looked.has(name)) continue;
      if (performance.now() >= until) return;
      looked.add(name);
      yield entry;
    }
  }
}

function versionOf({ instrument, kind, day, hash }: TickSegmentEntry): string {
  return `${instrument} ${kind} ${day} ${hash}`;
}
