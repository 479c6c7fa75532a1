import { L2Book } from '../../../native/compute/book.ts';
import { KIND_BID_LEVEL, type MarketRecords } from '../../../native/compute/market-record.ts';

/** Forgets that levels end: wrong on purpose. */
export class StickyBook extends L2Book {
  override apply(records: MarketRecords, from: number, to: number): number {
    for (let row = from; row < to; row += 1) {
      const gone = records.kind(row) === KIND_BID_LEVEL && records.quantity(row) === 0;
      if (gone) return super.apply(records, from, row);
    }
    return super.apply(records, from, to);
  }
}
