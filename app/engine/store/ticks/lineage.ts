import { join } from 'node:path';
import { formatDecimal } from '../../domain/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { TICK_KINDS, type TickKind } from '../../domain/market.ts';
import type { TickWriting } from '../../ports/tick-catalogue.ts';
import { appendJsonLine, nanosOf, readJsonLines } from './json-lines.ts';
import type { TickDefinition } from './tick-folders.ts';

/** In the folder of a day: who wrote its segments. */
export const LINEAGE_FILE = 'lineage.jsonl';

/** Where rows come from that the engine takes down by itself as they come; what people bring has other names. */
export const RECORDED_SOURCE = 'stream of the venue';

/** Where bars come from that the engine asked for. */
export const ASKED_SOURCE = 'bars told by the venue';

/** Where rows come from that somebody had the venue asked for. */
export const DOWNLOADED_SOURCE = 'downloaded from the venue';

/** Where the rows of a segment come from that was written anew as it was, in larger blocks: they are those of the writings before. */
export const COMPACTED_SOURCE = 'the same rows, in larger blocks';

/** Who writes ticks, and where they come from. */
export interface TickOrigin extends Pick<TickWriting, 'source' | 'writtenBy'> {
  /** True where nobody told the instruments' steps. */
  readonly withoutSteps?: true;
}

/** One writing of a segment, as a line of `lineage.jsonl` in the folder of its day. */
export interface LineageEntry extends TickWriting {
  readonly kind: TickKind;
  /** The last row before these was received then; absent when there was none. */
  readonly afterNanos?: bigint;
  /** The file was written anew: these rows are all there are. The version of the data before, where it was known. */
  readonly replaces?: string;
}

/** What prices and quantities of an instrument are multiples of. */
export type Steps = Pick<Instrument, 'tickSize' | 'stepSize'>;

/** The steps of an instrument as its lineage keeps them; none where they are not known. */
export function stepsOf(
  instrument: TickDefinition & Partial<Steps>,
): Pick<TickWriting, 'tickSize' | 'stepSize'> {
  const { tickSize, stepSize, priceScale, quantityScale } = instrument;
  return {
    ...(tickSize === undefined ? {} : { tickSize: formatDecimal(tickSize, priceScale) }),
    ...(stepSize === undefined ? {} : { stepSize: formatDecimal(stepSize, quantityScale) }),
  };
}

/** Adds a line to the lineage of a day. Throws the system's error. */
export function writeLineage(dayFolder: string, entry: LineageEntry): void {
  appendJsonLine(join(dayFolder, LINEAGE_FILE), entry);
}

/** The lineage of a day, oldest first. */
export function readLineage(dayFolder: string): readonly LineageEntry[] {
  return readJsonLines(join(dayFolder, LINEAGE_FILE), entryOf);
}

function entryOf(
  read: Readonly<Partial<Record<keyof LineageEntry, unknown>>>,
): LineageEntry | undefined {
  const { firstRow, source, writtenBy, tickSize, stepSize, replaces } = read;
  const kind = TICK_KINDS.find((one) => one === read.kind);
  const fromNanos = nanosOf(read.fromNanos);
  const afterNanos = nanosOf(read.afterNanos);
  if (kind === undefined || fromNanos === undefined) return undefined;
  if (typeof firstRow !== 'number' || typeof source !== 'string') return undefined;
  if (typeof writtenBy !== 'string') return undefined;
  return {
    kind,
    firstRow,
    fromNanos,
    source,
    writtenBy,
    ...(afterNanos === undefined ? {} : { afterNanos }),
    ...(typeof tickSize === 'string' ? { tickSize } : {}),
    ...(typeof stepSize === 'string' ? { stepSize } : {}),
    ...(typeof replaces === 'string' ? { replaces } : {}),
  };
}
