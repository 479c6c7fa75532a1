import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { parseInstrumentId, type InstrumentId } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { TICK_KINDS, type TickKind } from '../../domain/market.ts';

const NANOS_A_DAY = 86_400_000_000_000n;
/** In the folder of a day: how to print its numbers. */
export const DEFINITION_FILE = 'instrument.json';

/** What stands in a day's folder: how to print its numbers. */
export type TickDefinition = Pick<Instrument, 'id' | 'priceScale' | 'quantityScale'>;

/** One segment on disk: `ticks/VENUE[@environment]/SYMBOL/YYYY-MM-DD/KIND.qdt`. */
export interface TickSegmentPlace {
  readonly definition: TickDefinition;
  readonly day: string;
  readonly kind: TickKind;
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

/** The number of the day of such a name; undefined for what names none. */
export function dayOfName(name: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(name)) return undefined;
  const day = Date.parse(name) / 86_400_000;
  return Number.isNaN(day) || dayName(day) !== name ? undefined : day;
}

/** When the day of a name begins. */
export function startOfDay(day: string): bigint {
  return BigInt(Date.parse(day)) * 1_000_000n;
}

/** Where the days of an instrument are; undefined when no folder can be named after it. */
export function instrumentFolder(ticks: string, instrument: InstrumentId): string | undefined {
  const parsed = parseInstrumentId(instrument);
  return parsed.ok ? join(ticks, parsed.value.venue, parsed.value.symbol) : undefined;
}

/** Where an instrument's segment of a day is; makes its folder and the instrument's definition in it. Throws the system's error, or when the day began with other scales. */
export function prepareSegment(
  ticks: string,
  instrument: TickDefinition,
  day: number,
  kind: TickKind,
): string {
  const folder = instrumentFolder(ticks, instrument.id);
  if (folder === undefined) throw new Error(`no folder can be named after ${instrument.id}`);
  const dayFolder = join(folder, dayName(day));
  mkdirSync(dayFolder, { recursive: true, mode: 0o700 });
  const { id, priceScale, quantityScale } = instrument;
  defineDay(dayFolder, { id, priceScale, quantityScale });
  return join(dayFolder, `${kind}.qdt`);
}

/** A venue may change an instrument's scales: each day keeps those its segments were written with. */
function defineDay(dayFolder: string, definition: TickDefinition): void {
  const file = join(dayFolder, DEFINITION_FILE);
  const known = readDefinition(dayFolder);
  if (known.ok) {
    const { id, priceScale, quantityScale } = known.value;
    const same =
      id === definition.id &&
      priceScale === definition.priceScale &&
      quantityScale === definition.quantityScale;
    if (same) return;
    const now = JSON.stringify(definition);
    throw new Error(`${file} says ${JSON.stringify(known.value)}, the venue now ${now}`);
  }
  if (existsSync(file)) renameSync(file, `${file}.damaged`);
  const beside = `${file}.new`;
  writeFileSync(beside, JSON.stringify(definition), { mode: 0o600 });
  renameSync(beside, file);
}

function readDefinition(folder: string): Result<TickDefinition, TickFolderError> {
  try {
    const read: unknown = JSON.parse(readFileSync(join(folder, DEFINITION_FILE), 'utf8'));
    if (isDefinition(read)) return ok(read);
  } catch {
    // Answered below: a file that cannot be read and one with other content are one problem.
  }
  const message = `${join(folder, DEFINITION_FILE)} must hold id, priceScale and quantityScale`;
  return err({ code: 'TICKS_DEFINITION_DAMAGED', message });
}

function isDefinition(value: unknown): value is TickDefinition {
  if (typeof value !== 'object' || value === null) return false;
  const { id, priceScale, quantityScale } = value as Partial<TickDefinition>;
  return typeof id === 'string' && Number.isInteger(priceScale) && Number.isInteger(quantityScale);
}

interface FoundSegments {
  readonly segments: TickSegmentPlace[];
  readonly problems: TickFolderError[];
}

function daysOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name))
    .sort();
}

function segmentsOf(folder: string): FoundSegments {
  const segments: TickSegmentPlace[] = [];
  const problems: TickFolderError[] = [];
  for (const day of daysOf(folder)) {
    const definition = readDefinition(join(folder, day));
    if (!definition.ok) {
      problems.push(definition.error);
      continue;
    }
    for (const kind of TICK_KINDS) {
      const path = join(folder, day, `${kind}.qdt`);
      if (existsSync(path)) segments.push({ definition: definition.value, day, kind, path });
    }
  }
  return { segments, problems };
}

/** True when a day has a segment of a kind. */
export function hasSegment(
  ticks: string,
  instrument: InstrumentId,
  day: number,
  kind: TickKind,
): boolean {
  const folder = instrumentFolder(ticks, instrument);
  return folder !== undefined && existsSync(join(folder, dayName(day), `${kind}.qdt`));
}

/** The segment of a day; undefined when there is none, or it cannot be said with which scales it was written. */
export function segmentOfDay(
  ticks: string,
  instrument: InstrumentId,
  day: number,
  kind: TickKind,
): TickSegmentPlace | undefined {
  const folder = instrumentFolder(ticks, instrument);
  if (folder === undefined) return undefined;
  const name = dayName(day);
  const path = join(folder, name, `${kind}.qdt`);
  if (!existsSync(path)) return undefined;
  const definition = readDefinition(join(folder, name));
  return definition.ok ? { definition: definition.value, day: name, kind, path } : undefined;
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
  const { segments, problems } = segmentsOf(folder);
  return problems[0] === undefined ? ok(segments) : err(problems[0]);
}

/** Every segment of the store, and the folders that cannot be read. */
export function listSegments(ticks: string): {
  readonly segments: readonly TickSegmentPlace[];
  readonly problems: readonly TickFolderError[];
} {
  const segments: TickSegmentPlace[] = [];
  const problems: TickFolderError[] = [];
  for (const venue of foldersIn(ticks)) {
    for (const symbol of foldersIn(join(ticks, venue))) {
      const found = segmentsOf(join(ticks, venue, symbol));
      segments.push(...found.segments);
      problems.push(...found.problems);
    }
  }
  return { segments, problems };
}

function foldersIn(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
