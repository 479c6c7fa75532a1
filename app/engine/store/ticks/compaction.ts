import { statSync } from 'node:fs';
import type { TickSegmentEntry } from '../../ports/tick-catalogue.ts';
import { MARKET_RECORD_BYTES, MarketRecords } from '../../native/compute/market-record.ts';
import { TickSegmentReader } from '../../native/io/tick-segment.ts';
import { COMPACTED_SOURCE } from './lineage.ts';
import { nextOf } from './next-records.ts';
import { SegmentReplacement } from './segment-replacement.ts';
import { dayOf, segmentOfDay, startOfDay } from './tick-folders.ts';

/** Rows of a full block. */
const BLOCK_ROWS = 4096;

/** Blocks for each one that would do, above which writing a segment anew saves more than a twentieth: a second of 500 trades is a block of 5.7 bytes a row, full ones have 5.4. */
const WORTH_BLOCKS = 8;

/**
 * Writes a segment of a day that is over anew, in full blocks: one that grew was written every second, a block each, which
 * takes up to twenty times the room. The rows are the same, which is checked before it is put in place; its lineage says
 * which version it was. Gives the bytes that are free now, 0 when it would gain little or is not intact. Throws the system's error.
 */
export function compactSegment(ticks: string, entry: TickSegmentEntry, writtenBy: string): number {
  const { instrument, kind, day, hash, priceScale, quantityScale } = entry;
  const number = dayOf(startOfDay(day));
  const place = segmentOfDay(ticks, instrument, number, kind);
  if (place === undefined || entry.intact !== true || !isWorthIt(place.path)) return 0;
  const definition = { id: instrument, priceScale, quantityScale };
  using replacement = new SegmentReplacement(ticks, definition, number, kind);
  copyRows(place.path, replacement);
  const sealed = replacement.seal();
  if (!sameRows(place.path, sealed)) {
    throw new Error(`${place.path}: written anew it is not the same; what was there stays`);
  }
  const saved = statSync(place.path).size - statSync(sealed).size;
  const { tickSize, stepSize } = entry.writings.at(-1) ?? {};
  replacement.commit(
    { source: COMPACTED_SOURCE, writtenBy },
    {
      replaces: hash,
      ...(tickSize === undefined ? {} : { tickSize }),
      ...(stepSize === undefined ? {} : { stepSize }),
    },
  );
  return saved;
}

function open(path: string): TickSegmentReader {
  const opened = TickSegmentReader.open(path);
  if (opened.ok) return opened.value;
  throw new Error(`${path}: ${opened.error.code}: ${opened.error.detail}`);
}

function isWorthIt(path: string): boolean {
  using reader = open(path);
  const { blocks, rows } = reader.stats;
  return blocks > WORTH_BLOCKS * Math.ceil(rows / BLOCK_ROWS);
}

function copyRows(path: string, into: SegmentReplacement): void {
  using reader = open(path);
  const records = new MarketRecords(BLOCK_ROWS);
  for (let count = nextOf(reader, records); count > 0; count = nextOf(reader, records)) {
    into.append(records, count);
  }
}

function sameRows(one: string, other: string): boolean {
  using left = open(one);
  using right = open(other);
  const [was, is] = [new MarketRecords(BLOCK_ROWS), new MarketRecords(BLOCK_ROWS)];
  for (;;) {
    const count = nextOf(left, was);
    if (nextOf(right, is) !== count) return false;
    // A block that was damaged since the catalogue saw it is skipped by every reading.
    if (count === 0) return left.stats.damages.length === 0 && left.stats.rows === right.stats.rows;
    const bytes = count * MARKET_RECORD_BYTES;
    if (Buffer.compare(was.bytes.subarray(0, bytes), is.bytes.subarray(0, bytes)) !== 0)
      return false;
  }
}
