import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Bar } from '../../domain/market.ts';
import type { DownloadKind } from '../../domain/download.ts';
import { MARKET_RECORD_BYTES, MarketRecords } from '../../native/compute/market-record.ts';
import type { PageOrder } from '../../ports/market-history.ts';
import { BarStore } from './bar-store.ts';
import { DOWNLOADED_SOURCE, type Steps } from './lineage.ts';
import { SegmentReplacement } from './segment-replacement.ts';
import type { TickDefinition } from './tick-folders.ts';

/** Rows read at a time. */
const ROWS_AT_ONCE = 16_384;

/** What a day is made of: a file of records in the order in which they came, minutes, or records themselves. */
export type DayRows =
  | { readonly of: 'Part'; readonly path: string; readonly order: PageOrder }
  | { readonly of: 'Bars'; readonly bars: readonly Bar[] }
  | { readonly of: 'Records'; readonly bytes: Uint8Array };

/** A day that was downloaded as a whole. */
export interface DownloadedDay {
  readonly instrument: TickDefinition & Partial<Steps>;
  readonly kind: DownloadKind;
  readonly day: number;
  readonly rows: DayRows;
}

/** Keeps a downloaded day in place of what was there; of a day without rows nothing is kept. How many rows. Throws the system's error, or when the day began with other scales. */
export function storeDay(ticks: string, writtenBy: string, told: DownloadedDay): number {
  const { instrument, kind, day, rows } = told;
  if (rows.of === 'Bars') {
    const store = new BarStore(ticks, writtenBy);
    if (rows.bars.length > 0) store.keepDay(instrument, day, rows.bars, DOWNLOADED_SOURCE);
    return rows.bars.length;
  }
  using segment = new SegmentReplacement(ticks, instrument, day, kind);
  let count = 0;
  let latest = 0n;
  for (const part of rows.of === 'Part'
    ? partsOf(rows.path, rows.order)
    : [recordsOf(rows.bytes)]) {
    // A venue's numbers may be in order where its times are not: what is kept was received in this order.
    part.moveTsInit(part.capacity, (at) => {
      if (at > latest) latest = at;
      return latest;
    });
    segment.append(part, part.capacity);
    count += part.capacity;
  }
  if (count > 0) segment.commit({ source: DOWNLOADED_SOURCE, writtenBy });
  return count;
}

/** A file's records, oldest first. */
function* partsOf(path: string, order: PageOrder): Generator<MarketRecords> {
  const file = openSync(path, 'r');
  try {
    const rows = Math.floor(fstatSync(file).size / MARKET_RECORD_BYTES);
    for (let done = 0; done < rows; done += ROWS_AT_ONCE) {
      const count = Math.min(ROWS_AT_ONCE, rows - done);
      const first = order === 'OldestFirst' ? done : rows - done - count;
      const records = new MarketRecords(count);
      readSync(file, records.bytes, 0, count * MARKET_RECORD_BYTES, first * MARKET_RECORD_BYTES);
      yield order === 'OldestFirst' ? records : reversed(records);
    }
  } finally {
    closeSync(file);
  }
}

function reversed(records: MarketRecords): MarketRecords {
  const { capacity, bytes } = records;
  const turned = new MarketRecords(capacity);
  for (let row = 0; row < capacity; row += 1) {
    const from = (capacity - 1 - row) * MARKET_RECORD_BYTES;
    turned.bytes.set(bytes.subarray(from, from + MARKET_RECORD_BYTES), row * MARKET_RECORD_BYTES);
  }
  return turned;
}

function recordsOf(bytes: Uint8Array): MarketRecords {
  const records = new MarketRecords(Math.max(1, bytes.length / MARKET_RECORD_BYTES));
  records.bytes.set(bytes);
  return records;
}
