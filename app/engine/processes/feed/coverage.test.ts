import { expect, test } from 'vitest';
import { ok } from '../../base/result.ts';
import type { InstrumentId } from '../../domain/identifiers.ts';
import type { DroppedTicks } from '../../domain/tick-retention.ts';
import type { TickFilter, TickSegmentEntry } from '../../ports/tick-catalogue.ts';
import { coverageOf, replayCoverageOf } from './coverage.ts';

const STORED = 'BTCUSDT.BINANCE' as InstrumentId;
const PLAYED = 'BTCUSDT.BINANCE@replay' as InstrumentId;
const TICKS = [{ instrument: PLAYED, stored: STORED }];

const DAY: TickSegmentEntry = {
  instrument: STORED,
  kind: 'diffs',
  day: '2024-08-08',
  rows: 10,
  firstNanos: 1_000_000n,
  lastNanos: 9_000_000n,
  bytes: 100,
  version: 1,
  priceScale: 2,
  quantityScale: 5,
  hash: 'a',
  intact: true,
  gaps: [
    { fromNanos: 2_000_000n, toNanos: 3_000_000n, cause: 'NotRecorded' },
    { fromNanos: 8_000_000n, cause: 'Silent' },
  ],
  writings: [],
};

function catalogue(entries: readonly TickSegmentEntry[], dropped: readonly DroppedTicks[] = []) {
  const asked: TickFilter[] = [];
  return {
    asked,
    refresh: async () => undefined,
    readDropped: async () => dropped,
    read: async (filter: TickFilter) => {
      asked.push(filter);
      return ok(entries);
    },
  };
}

test('of an instrument that is replayed it is told what is stored of the one in whose place it is', async () => {
  const asked = catalogue([DAY]);
  const told = await coverageOf(
    asked,
    { type: 'LoadCoverage', request: 1, instrument: PLAYED },
    TICKS,
  );
  expect(asked.asked).toEqual([{ instrument: STORED }]);
  expect(told).toMatchObject({ type: 'Coverage', segments: [{ kind: 'diffs', rows: 10 }] });
});

test('days that retention dropped are told, but for those that are there again', async () => {
  const gone = { rows: 1, bytes: 9, hash: 'b', why: 'Age', atNanos: 5n } as const;
  const dropped = [
    { ...gone, kind: 'diffs', day: DAY.day } as const,
    { ...gone, kind: 'trades', day: DAY.day } as const,
  ];
  const request = { type: 'LoadCoverage', request: 1, instrument: STORED } as const;
  expect(await coverageOf(catalogue([DAY], dropped), request, [])).toMatchObject({
    dropped: [{ kind: 'trades', day: DAY.day, why: 'Age' }],
  });
});

test('the span of a replay has the days of its books, with their gaps; one that had not ended ends with the day', async () => {
  const trades = { ...DAY, kind: 'trades', firstNanos: 0n } as const;
  expect(await replayCoverageOf(catalogue([DAY, trades]), TICKS, 7)).toEqual({
    type: 'ReplayCoverage',
    request: 7,
    instruments: [
      {
        instrument: PLAYED,
        parts: [{ from: 1000, to: 9000 }],
        gaps: [
          { from: 2000, to: 3000, cause: 'NotRecorded' },
          { from: 8000, to: 9000, cause: 'Silent' },
        ],
      },
    ],
  });
});

test('without books it is the trades', async () => {
  const trades = { ...DAY, kind: 'trades', gaps: [] } as const;
  expect(await replayCoverageOf(catalogue([trades]), TICKS, 7)).toMatchObject({
    instruments: [{ parts: [{ from: 1000, to: 9000 }], gaps: [] }],
  });
});
