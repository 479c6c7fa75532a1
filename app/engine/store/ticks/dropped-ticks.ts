import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { InstrumentId } from '../../domain/identifiers.ts';
import { TICK_KINDS } from '../../domain/market.ts';
import { DROP_REASONS, type DroppedTicks } from '../../domain/tick-retention.ts';
import { appendJsonLine, nanosOf, readJsonLines } from './json-lines.ts';
import { LINEAGE_FILE } from './lineage.ts';
import { DEFINITION_FILE, instrumentFolder } from './tick-folders.ts';
import type { TickDrop } from './retention-plan.ts';

/** In the folder of an instrument: a line for each segment that retention took from it. */
const DROPPED_FILE = 'dropped.jsonl';

/** Takes a segment from the disk, having written down once what goes; its day's folder too when nothing else is in it; gives what was written down. Throws the system's error. */
export function dropTicks(ticks: string, { entry, why }: TickDrop, atNanos: bigint): DroppedTicks {
  const { instrument, kind, day, rows, bytes, hash } = entry;
  const folder = instrumentFolder(ticks, instrument);
  if (folder === undefined) throw new Error(`no folder can be named after ${instrument}`);
  const note: DroppedTicks = { kind, day, rows, bytes, hash, why, atNanos };
  const noted = droppedTicks(ticks, instrument).some((one) => keyOf(one) === keyOf(note));
  if (!noted) appendJsonLine(join(folder, DROPPED_FILE), note, true);
  const dayFolder = join(folder, day);
  rmSync(join(dayFolder, `${kind}.qdt`));
  const left = readdirSync(dayFolder);
  if (left.every((name) => name === DEFINITION_FILE || name === LINEAGE_FILE)) {
    rmSync(dayFolder, { recursive: true });
  }
  return note;
}

/** What was dropped of an instrument, oldest drop first. */
export function droppedTicks(ticks: string, instrument: InstrumentId): readonly DroppedTicks[] {
  const folder = instrumentFolder(ticks, instrument);
  if (folder === undefined) return [];
  return readJsonLines(join(folder, DROPPED_FILE), droppedOf);
}

function keyOf({ kind, day, hash }: DroppedTicks): string {
  return `${kind} ${day} ${hash}`;
}

function droppedOf(
  read: Readonly<Partial<Record<keyof DroppedTicks, unknown>>>,
): DroppedTicks | undefined {
  const { day, rows, bytes, hash } = read;
  const kind = TICK_KINDS.find((one) => one === read.kind);
  const why = DROP_REASONS.find((one) => one === read.why);
  const atNanos = nanosOf(read.atNanos);
  if (kind === undefined || why === undefined || atNanos === undefined) return undefined;
  if (typeof day !== 'string' || typeof hash !== 'string') return undefined;
  if (typeof rows !== 'number' || typeof bytes !== 'number') return undefined;
  return { kind, day, rows, bytes, hash, why, atNanos };
}
