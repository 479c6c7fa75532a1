import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { formatDecimal } from '../../domain/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { TICK_KINDS, type TickKind } from '../../domain/market.ts';
import type { TickWriting } from '../../ports/tick-catalogue.ts';
import type { TickDefinition } from './tick-folders.ts';

const FILE = 'lineage.jsonl';
const NEWLINE = 0x0a;

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
  const file = openSync(join(dayFolder, FILE), 'a+', 0o600);
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    const torn = size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
    const text = JSON.stringify(entry, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    writeSync(file, `${torn ? '\n' : ''}${text}\n`);
  } finally {
    closeSync(file);
  }
}

/** The lineage of a day, oldest first. A line that a crash tore says nothing. */
export function readLineage(dayFolder: string): readonly LineageEntry[] {
  const path = join(dayFolder, FILE);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => entryOf(line) ?? []);
}

function entryOf(line: string): LineageEntry | undefined {
  let read: Partial<Record<keyof LineageEntry, unknown>>;
  try {
    read = JSON.parse(line) as typeof read;
  } catch {
    return undefined;
  }
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

function nanosOf(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? BigInt(value) : undefined;
}
