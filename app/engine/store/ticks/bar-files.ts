import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TickKind } from '../../domain/market.ts';
import type { MarketRecords } from '../../native/compute/market-record.ts';
import { TickSegmentWriter } from '../../native/io/tick-segment.ts';
import { stepsOf, writeLineage, type Steps, type TickOrigin } from './lineage.ts';
import { prepareSegment, type TickDefinition } from './tick-folders.ts';

/** Writes a segment of bars as a whole in place of what was there: to a file beside, which is synced and renamed. Throws the system's error. */
export function replaceBars(
  ticks: string,
  instrument: TickDefinition & Partial<Steps>,
  day: number,
  kind: TickKind,
  records: MarketRecords,
  { source, writtenBy, withoutSteps }: TickOrigin,
): void {
  const path = prepareSegment(ticks, instrument, day, kind);
  const beside = `${path}.new`;
  rmSync(beside, { force: true });
  const opened = TickSegmentWriter.open(beside, kind);
  if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.detail}`);
  using writer = opened.value;
  const written = writer.append(records.bytes, records.capacity);
  const synced = written.ok ? writer.sync() : written;
  if (!synced.ok) throw new Error(`${beside}: the system refused with error ${synced.error}`);
  const replaces = existsSync(path)
    ? createHash('sha256').update(readFileSync(path)).digest('hex')
    : undefined;
  writeLineage(dirname(path), {
    kind,
    firstRow: 0,
    fromNanos: records.tsInitNanos(0),
    source,
    writtenBy,
    ...(withoutSteps === true ? {} : stepsOf(instrument)),
    ...(replaces === undefined ? {} : { replaces }),
  });
  renameSync(beside, path);
}
