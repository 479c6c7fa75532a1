import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { parseInstrumentId, type InstrumentId } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { TickKindGroup } from '../../native/io/tick-segment.ts';

/** The kinds of segments, each a file `KIND.qdt` of a day's folder: `ticks/VENUE[@environment]/SYMBOL/YYYY-MM-DD/`. */
export const TICK_KINDS: readonly TickKindGroup[] = ['trades', 'diffs', 'snapshots', 'bbo'];

const NANOS_A_DAY = 86_400_000_000_000n;
const DEFINITION = 'instrument.json';

/** What stands in an instrument's folder: how to print its numbers. */
export type TickDefinition = Pick<Instrument, 'id' | 'priceScale' | 'quantityScale'>;

/** One segment on disk. */
export interface TickSegmentPlace {
  readonly definition: TickDefinition;
  readonly day: string;
  readonly kind: TickKindGroup;
  readonly path: string;
}

/** An instrument the store has nothing of, or whose folder is damaged. */
export interface TickFolderError {
  readonly code: 'TICKS_UNKNOWN_INSTRUMENT' | 'TICKS_DEFINITION_DAMAGED' | 'IDENTIFIER_MALFORMED';
  readonly message: string;
}

/** The number of the UTC day a time falls on. */
export function dayOf(nanos: bigint): number {
  return Number(nanos / NANOS_A_DAY);
}

/** `YYYY-MM-DD` of a day number. */
export function dayName(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

function instrumentFolder(ticks: string, instrument: InstrumentId): string | undefined {
  const parsed = parseInstrumentId(instrument);
  return parsed.ok ? join(ticks, parsed.value.venue, parsed.value.symbol) : undefined;
}

/** Where an instrument's segment of a day is; makes its folder and writes the instrument's definition beside it. */
export function prepareSegment(
  ticks: string,
  instrument: Instrument,
  day: number,
  kind: TickKindGroup,
): string {
  const folder = join(ticks, instrument.venue, instrument.symbol);
  const dayFolder = join(folder, dayName(day));
  mkdirSync(dayFolder, { recursive: true, mode: 0o700 });
  const { id, priceScale, quantityScale } = instrument;
  const definition: TickDefinition = { id, priceScale, quantityScale };
  writeFileSync(join(folder, DEFINITION), JSON.stringify(definition), { mode: 0o600 });
  return join(dayFolder, `${kind}.qdt`);
}

function readDefinition(folder: string): Result<TickDefinition, TickFolderError> {
  try {
    const read: unknown = JSON.parse(readFileSync(join(folder, DEFINITION), 'utf8'));
    if (isDefinition(read)) return ok(read);
  } catch {
    // Answered below: a file that cannot be read and one with other content are one problem.
  }
  const message = `${join(folder, DEFINITION)} must hold id, priceScale and quantityScale`;
  return err({ code: 'TICKS_DEFINITION_DAMAGED', message });
}

function isDefinition(value: unknown): value is TickDefinition {
  if (typeof value !== 'object' || value === null) return false;
  const { id, priceScale, quantityScale } = value as Partial<TickDefinition>;
  return typeof id === 'string' && Number.isInteger(priceScale) && Number.isInteger(quantityScale);
}

function segmentsOf(folder: string): Result<TickSegmentPlace[], TickFolderError> {
  const definition = readDefinition(folder);
  if (!definition.ok) return definition;
  const days = readdirSync(folder).filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name));
  return ok(
    days.sort().flatMap((day) =>
      TICK_KINDS.map((kind) => ({
        definition: definition.value,
        day,
        kind,
        path: join(folder, day, `${kind}.qdt`),
      })).filter(({ path }) => existsSync(path)),
    ),
  );
}

/** Every segment of one instrument, oldest day first. */
export function findSegments(
  ticks: string,
  instrument: InstrumentId,
): Result<readonly TickSegmentPlace[], TickFolderError> {
  const folder = instrumentFolder(ticks, instrument);
  if (folder === undefined || !existsSync(folder)) {
    const message = `the tick store has nothing of ${instrument}`;
    return err({ code: 'TICKS_UNKNOWN_INSTRUMENT', message });
  }
  return segmentsOf(folder);
}

/** Every segment of the store, and the folders that cannot be read. */
export function listSegments(ticks: string): {
  readonly segments: readonly TickSegmentPlace[];
  readonly problems: readonly TickFolderError[];
} {
  const segments: TickSegmentPlace[] = [];
  const problems: TickFolderError[] = [];
  for (const venue of existsSync(ticks) ? readdirSync(ticks).sort() : []) {
    for (const symbol of readdirSync(join(ticks, venue)).sort()) {
      const folder = join(ticks, venue, symbol);
      if (!existsSync(join(folder, DEFINITION))) continue;
      const found = segmentsOf(folder);
      if (found.ok) segments.push(...found.value);
      else problems.push(found.error);
    }
  }
  return { segments, problems };
}
