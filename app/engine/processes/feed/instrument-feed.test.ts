import { expect, test } from 'vitest';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import {
  FLAG_AGGRESSOR_SELL,
  FLAG_AGGRESSOR_UNKNOWN,
  FLAG_ID_UNORDERED,
  FLAG_LAST,
  KIND_TRADE,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { InstrumentFeed } from './instrument-feed.ts';

function traded(...trades: readonly (readonly [id: number, flags: number])[]): InstrumentFeed {
  const feed = new InstrumentFeed(INSTRUMENT, false);
  const records = new MarketRecords(trades.length);
  trades.forEach(([id, flags], row) => {
    const at = 1_700_000_000_000_000_000n;
    records.set(row, KIND_TRADE, FLAG_LAST | flags, 0, at, at, 100, 5, 0, 0, id);
    feed.onRecord(records, row);
  });
  return feed;
}

test('a trade whose aggressor nobody told is of neither side', () => {
  const feed = traded([7, 0], [8, FLAG_AGGRESSOR_SELL], [9, FLAG_AGGRESSOR_UNKNOWN]);
  expect(feed.recent.rows().map(([id, , , buyer]) => [id, buyer])).toEqual([
    [7, true],
    [8, false],
    [9, null],
  ]);
  expect(feed.quote()).toMatchObject({ last: 100 });
  expect(feed.quote().lastAggressor).toBeUndefined();
});

test('ids that do not count tell of no trade that is missing', () => {
  expect(traded([7, 0], [900, 0]).volume.missed).toBe(892);
  const apart = traded([7, FLAG_ID_UNORDERED], [900, FLAG_ID_UNORDERED]);
  expect([apart.volume.missed, apart.volume.at(100)]).toEqual([0, 10]);
  expect(apart.recent.rows().map(([id]) => id)).toEqual([7, 900]);
});
