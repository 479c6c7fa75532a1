import { unixMicros, type UnixMicros } from '../../domain/time.ts';
import { KIND_OPEN_INTEREST, MarketRecords } from '../../native/compute/market-record.ts';
import type { TickSegmentReader } from '../../native/io/tick-segment.ts';
import { nextOf } from './next-records.ts';

const BATCH = 4096;

/** Contracts that were open at a time, as the venue told it. */
export interface OpenInterest {
  readonly at: UnixMicros;
  readonly contracts: number;
}

/** The open interest of a segment of derivatives, oldest first. Throws when the system refuses to read. */
export function* readOpenInterest(reader: TickSegmentReader): Generator<OpenInterest> {
  const records = new MarketRecords(BATCH);
  for (let count = nextOf(reader, records); count > 0; count = nextOf(reader, records)) {
    for (let row = 0; row < count; row += 1) {
      if (records.kind(row) !== KIND_OPEN_INTEREST) continue;
      yield {
        at: unixMicros(Number(records.tsInitNanos(row) / 1000n)),
        contracts: records.quantity(row) / 10 ** records.quantity2(row),
      };
    }
  }
}
