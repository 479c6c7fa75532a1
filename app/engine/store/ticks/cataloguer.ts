import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { GapCause, TickGap, TickSegmentEntry } from '../../ports/tick-catalogue.ts';
import type { EntryKey, SegmentFile, SqliteTickCatalogue } from './catalogue.ts';
import { readLineage, type LineageEntry } from './lineage.ts';
import { SegmentSurvey } from './segment-survey.ts';
import { dayName, dayOf, listSegments, type TickSegmentPlace } from './tick-folders.ts';

/** What bringing the catalogue up to date found. */
export interface CatalogueRound {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** What cannot be read, or is not what it was; each names its file. */
  readonly problems: readonly string[];
}

/** Keeps the catalogue like the segments: what is there is read from them and their lineage alone, so that it can be made anew at any time. */
export class Cataloguer implements Disposable {
  readonly #ticks: string;
  readonly #catalogue: SqliteTickCatalogue;
  /** Segments that grow, read as far as they were. */
  readonly #growing = new Map<string, SegmentSurvey>();

  constructor(ticksFolder: string, catalogue: SqliteTickCatalogue) {
    this.#ticks = ticksFolder;
    this.#catalogue = catalogue;
  }

  /**
   * Takes in what changed. Days before `growingFrom` (nanoseconds) are over: their segments are read whole, block by
   * block, once they change no more. `onSegment` is told of each segment that is read.
   */
  refresh(growingFrom: bigint, onSegment?: (path: string) => void): CatalogueRound {
    const { segments, problems } = listSegments(this.#ticks);
    const today = dayName(dayOf(growingFrom));
    const round = { added: 0, changed: 0, removed: 0 };
    const said = problems.map(({ message }) => message);
    const entries = new Map(this.#catalogue.entries().map((entry) => [nameOf(entry), entry]));
    for (const place of segments) {
      const name = nameOf(keyOf(place));
      const known = entries.get(name);
      entries.delete(name);
      try {
        const file = fileAt(place.path);
        const over = place.day < today;
        if (known !== undefined && !this.#isStale(place, known, file, over)) continue;
        onSegment?.(place.path);
        const rewritten = this.#take(place, known, file, over);
        if (rewritten) {
          said.push(
            `${place.path}: what stood in it is not what the catalogue knew, and no lineage says why`,
          );
        }
        round[known === undefined ? 'added' : 'changed'] += 1;
      } catch (error) {
        said.push(error instanceof Error ? error.message : String(error));
      }
    }
    for (const entry of entries.values()) this.#catalogue.remove(entry);
    round.removed = entries.size;
    return { ...round, problems: said };
  }

  [Symbol.dispose](): void {
    for (const survey of this.#growing.values()) survey[Symbol.dispose]();
    this.#growing.clear();
  }

  #isStale(
    place: TickSegmentPlace,
    known: TickSegmentEntry,
    file: SegmentFile,
    over: boolean,
  ): boolean {
    const before = this.#catalogue.fileOf(keyOf(place));
    const same =
      before?.fileBytes === file.fileBytes && before.modifiedNanos === file.modifiedNanos;
    return !same || (over && known.intact === undefined);
  }

  /** True when the segment is not what it was and nobody says why. */
  #take(
    place: TickSegmentPlace,
    known: TickSegmentEntry | undefined,
    file: SegmentFile,
    over: boolean,
  ): boolean {
    const lineage = readLineage(dirname(place.path)).filter(({ kind }) => kind === place.kind);
    const read = this.#survey(place, known, over);
    const { goesOn, gaps, ...segment } = read;
    this.#catalogue.put(
      {
        ...keyOf(place),
        priceScale: place.definition.priceScale,
        quantityScale: place.definition.quantityScale,
        ...segment,
        ...(over ? { intact: gaps.every(({ cause }) => cause !== 'Damaged') } : {}),
        gaps: [...gaps, ...pausesOf(lineage)].toSorted(byTime),
        writings: lineage,
      },
      file,
    );
    const replaced = lineage.some(({ replaces }) => replaces === known?.hash);
    return known !== undefined && !goesOn && !replaced;
  }

  #survey(
    place: TickSegmentPlace,
    known: TickSegmentEntry | undefined,
    over: boolean,
  ): ReturnType<SegmentSurvey['read']> {
    const { path, kind } = place;
    const kept = this.#growing.get(path);
    this.#growing.delete(path);
    const survey = kept ?? new SegmentSurvey(path, kind, known, this.#openBefore(place));
    try {
      const read = survey.read(over);
      if (over) survey[Symbol.dispose]();
      else this.#growing.set(path, survey);
      return read;
    } catch (error) {
      survey[Symbol.dispose]();
      throw error;
    }
  }

  /** The gap in which the day before a book's day ended. */
  #openBefore({ definition, day, kind }: TickSegmentPlace): GapCause | undefined {
    if (kind !== 'diffs') return undefined;
    const before = dayName(Date.parse(day) / 86_400_000 - 1);
    const filter = { instrument: definition.id, kind, fromDay: before, toDay: before };
    const [entry] = this.#catalogue.entries(filter);
    return entry?.gaps.find(({ toNanos }) => toNanos === undefined)?.cause;
  }
}

/** Times between two writings in which nobody wrote. */
function pausesOf(lineage: readonly LineageEntry[]): readonly TickGap[] {
  return lineage.flatMap(({ afterNanos, fromNanos }) =>
    afterNanos !== undefined && afterNanos < fromNanos
      ? [{ fromNanos: afterNanos, toNanos: fromNanos, cause: 'NotRecorded' as const }]
      : [],
  );
}

function byTime(left: TickGap, right: TickGap): number {
  return Number(left.fromNanos - right.fromNanos);
}

function keyOf({ definition, kind, day }: TickSegmentPlace): EntryKey {
  return { instrument: definition.id, kind, day };
}

function nameOf({ instrument, kind, day }: EntryKey): string {
  return `${instrument} ${kind} ${day}`;
}

function fileAt(path: string): SegmentFile {
  const { size, mtimeNs } = statSync(path, { bigint: true });
  return { fileBytes: Number(size), modifiedNanos: mtimeNs };
}
