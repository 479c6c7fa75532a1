import { formatNanos } from '../../engine/domain/time.ts';
import type { TickGap, TickSegmentEntry, TickWriting } from '../../engine/ports/tick-catalogue.ts';
import { printJson, printTable } from '../output.ts';
import type { StoreOptions } from './tick-options.ts';
import { currentEntries } from './tick-store.ts';

/** Digits of a hash that people are shown. */
const SHOWN_DIGITS = 12;

/** `qd ticks ls`: what is there, by the catalogue. */
export function listTicks(options: StoreOptions): void {
  const entries = currentEntries(options);
  if (options.json === true) {
    printJson({ segments: entries.map(document) });
    return;
  }
  printTable(
    ['instrument', 'kind', 'day', 'rows', 'from', 'to', 'bytes', 'gaps', 'state', 'version'],
    entries.map((entry) => [
      entry.instrument,
      entry.kind,
      entry.day,
      String(entry.rows),
      formatNanos(entry.firstNanos),
      formatNanos(entry.lastNanos),
      String(entry.bytes),
      String(entry.gaps.length),
      stateOf(entry),
      entry.hash.slice(0, SHOWN_DIGITS),
    ]),
  );
}

function stateOf({ intact }: TickSegmentEntry): string {
  if (intact === undefined) return 'growing';
  return intact ? 'intact' : 'damaged';
}

function document(entry: TickSegmentEntry): Readonly<Record<string, unknown>> {
  const { instrument, kind, day, rows, bytes, hash, version } = entry;
  return {
    instrument,
    kind,
    day,
    rows,
    from: formatNanos(entry.firstNanos),
    to: formatNanos(entry.lastNanos),
    bytes,
    format: version,
    priceScale: entry.priceScale,
    quantityScale: entry.quantityScale,
    state: stateOf(entry),
    dataVersion: hash,
    gaps: entry.gaps.map(gapDocument),
    writings: entry.writings.map(writingDocument),
  };
}

function gapDocument({ fromNanos, toNanos, cause }: TickGap): Readonly<Record<string, string>> {
  const to = toNanos === undefined ? {} : { to: formatNanos(toNanos) };
  return { from: formatNanos(fromNanos), ...to, cause };
}

function writingDocument(writing: TickWriting): Readonly<Record<string, unknown>> {
  const { fromNanos, ...rest } = writing;
  return { ...rest, from: formatNanos(fromNanos) };
}
