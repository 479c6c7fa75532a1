import { InvalidArgumentError } from 'commander';
import { join } from 'node:path';
import { parseInstrumentId, type InstrumentId } from '../../engine/domain/identifiers.ts';
import type { TickKind } from '../../engine/domain/market.ts';
import { TickSegmentReader } from '../../engine/native/io/tick-segment.ts';
import { dataFolderPath } from '../../engine/store/data-folder.ts';
import { findSegments, type TickSegmentPlace } from '../../engine/store/ticks/tick-folders.ts';
import { CommandFailure, FAILED, WRONG_INPUT } from '../output.ts';
import { parseTimestamp } from '../../engine/ports/timestamp.ts';

/** What every command of the tick store is given. */
export interface StoreOptions {
  readonly data?: string;
  readonly json?: boolean;
}

/** Which rows are meant. */
export interface RangeOptions extends StoreOptions {
  readonly instrument: InstrumentId;
  readonly kind: TickKind;
  readonly from?: bigint;
  readonly to?: bigint;
}

/** Parses `--instrument`. */
export function instrumentOption(text: string): InstrumentId {
  const parsed = parseInstrumentId(text);
  if (parsed.ok) return parsed.value.id;
  throw new InvalidArgumentError(`expected ${parsed.error.expected}, was ${text}`);
}

/** Parses `--from` and `--to`, nanoseconds. */
export function timeOption(text: string): bigint {
  const parsed = parseTimestamp(text);
  if (parsed !== undefined) return parsed;
  throw new InvalidArgumentError(`expected ISO 8601 or s/ms/us/ns since the epoch, was ${text}`);
}

/** The folder of all ticks. */
export function ticksFolder({ data }: StoreOptions): string {
  return join(dataFolderPath(data), 'ticks');
}

/** The segments of the instrument and kind that are meant, oldest first. */
export function segmentsOf(options: RangeOptions): readonly TickSegmentPlace[] {
  const found = findSegments(ticksFolder(options), options.instrument);
  if (!found.ok) throw new CommandFailure(WRONG_INPUT, found.error.message);
  return found.value.filter(({ kind }) => kind === options.kind);
}

/** Opens a segment; ends the command when it is none. */
export function openSegment(place: TickSegmentPlace): TickSegmentReader {
  const opened = TickSegmentReader.open(place.path);
  if (opened.ok) return opened.value;
  const { code, detail } = opened.error;
  throw new CommandFailure(FAILED, `${place.path}: ${code}: ${detail}`);
}
