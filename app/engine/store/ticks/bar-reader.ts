import type { Bar } from '../../domain/market.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import {
  FLAG_CLOSED,
  KIND_KLINE_PRICES,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import type { TickSegmentReader } from '../../native/io/tick-segment.ts';
import { nextOf } from './next-records.ts';

/** A bar is two records; a batch holds a whole number of them. */
const BATCH = 4096;

/** The bars of a segment that open in [fromNanos, toNanos), oldest first. Throws when the system refuses to read. */
export function* readBars(
  reader: TickSegmentReader,
  range: { readonly fromNanos?: bigint; readonly toNanos?: bigint } = {},
): Generator<Bar> {
  const records = new MarketRecords(BATCH);
  if (range.fromNanos !== undefined) reader.seek(range.fromNanos);
  for (let count = nextOf(reader, records); count > 0; count = nextOf(reader, records)) {
    for (let row = 0; row + 1 < count; row += 2) {
      if (records.kind(row) !== KIND_KLINE_PRICES) continue;
      const at = records.tsEventNanos(row);
      if (range.toNanos !== undefined && at >= range.toNanos) return;
      yield {
        openTime: unixMicros(Number(at / 1000n)),
        open: price(records.price(row)),
        high: price(records.quantity(row)),
        low: price(records.price2(row)),
        close: price(records.quantity2(row)),
        volume: quantity(records.price(row + 1)),
        closed: (records.flags(row) & FLAG_CLOSED) !== 0,
      };
    }
  }
}
