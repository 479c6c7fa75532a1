import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { TickSegmentEntry } from '../../engine/ports/tick-catalogue.ts';
import { listSegments, type TickSegmentPlace } from '../../engine/store/ticks/tick-folders.ts';
import { FAILED, printJson, printLine } from '../output.ts';
import { openSegment, ticksFolder, type StoreOptions } from './tick-options.ts';
import { knownEntries } from './tick-store.ts';

const CHUNK = 1 << 20;

/** Whether a segment still begins with the bytes that the catalogue named. */
type VersionCheck = 'agrees' | 'differs' | 'unknown';

/** `qd ticks verify`: every block by its checksum, every segment by the version that the catalogue knows. */
export function verifyTicks(options: StoreOptions): void {
  const { segments, problems } = listSegments(ticksFolder(options));
  const known = new Map(knownEntries(options).map((entry) => [nameOf(entry), entry]));
  const reports = segments.map((place) => {
    const { definition, kind, day, path } = place;
    const entry = known.get(nameOf({ instrument: definition.id, kind, day }));
    known.delete(nameOf({ instrument: definition.id, kind, day }));
    const dataVersion = entry === undefined ? 'unknown' : versionOf(path, entry);
    return { segment: path, ...checked(place), dataVersion };
  });
  const lost = [...known.values()].map(nameOf);
  const damaged = reports.filter(({ damages }) => damages.length > 0);
  const changed = reports.filter(({ dataVersion }) => dataVersion === 'differs');
  if (options.json === true) printJson({ segments: reports, lost, problems });
  else {
    const checks = `${damaged.length} damaged, ${changed.length} changed, ${lost.length} lost`;
    printLine(`${reports.length} segments, ${checks}`);
    for (const { damages } of damaged) {
      for (const { file, offset, reason } of damages)
        printLine(`${file} offset ${offset}: ${reason}`);
    }
    for (const { segment } of changed) printLine(`${segment}: not what the catalogue knew`);
    for (const name of lost) printLine(`${name}: the catalogue knew it and it is gone`);
    for (const { message } of problems) printLine(message);
  }
  if (damaged.length + changed.length + lost.length + problems.length > 0) {
    process.exitCode = FAILED;
  }
}

function checked(place: TickSegmentPlace) {
  using reader = openSegment(place);
  const { rows, blocks, tornBytes, damages } = reader.verify();
  const told = damages.map(({ file, offset, reason }) => ({ file, offset, reason }));
  return { rows, blocks, tornBytes, damages: told };
}

/** A segment that grew since still begins with what was hashed. */
function versionOf(path: string, { bytes, hash }: TickSegmentEntry): VersionCheck {
  const own = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK);
    for (let at = 0; at < bytes;) {
      const got = readSync(file, chunk, 0, Math.min(CHUNK, bytes - at), at);
      if (got === 0) return 'differs';
      own.update(chunk.subarray(0, got));
      at += got;
    }
  } finally {
    closeSync(file);
  }
  return own.digest('hex') === hash ? 'agrees' : 'differs';
}

function nameOf({ instrument, kind, day }: Pick<TickSegmentEntry, 'instrument' | 'kind' | 'day'>) {
  return `${instrument} ${kind} ${day}`;
}
