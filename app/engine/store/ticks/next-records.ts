import type { MarketRecords } from '../../native/compute/market-record.ts';
import type { TickSegmentReader } from '../../native/io/tick-segment.ts';

/** Reads on in a segment until `into` is full: how many records, 0 at the end. Throws when the system refuses. */
export function nextOf(reader: TickSegmentReader, into: MarketRecords): number {
  const count = reader.next(into.bytes);
  if (count < 0) throw new Error(`the system refused to read a segment with error ${-count}`);
  return count;
}
