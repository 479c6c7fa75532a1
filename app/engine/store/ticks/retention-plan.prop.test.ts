import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InstrumentId } from '../../domain/identifiers.ts';
import { isBarKind, TICK_KINDS } from '../../domain/market.ts';
import { RETENTION_GROUPS, type TickRetention } from '../../domain/tick-retention.ts';
import type { TickSegmentEntry } from '../../ports/tick-catalogue.ts';
import { ASKED_SOURCE, RECORDED_SOURCE } from './lineage.ts';
import { planRetention, retentionGroup } from './retention-plan.ts';
import { dayName } from './tick-folders.ts';

const NANOS_A_DAY = 86_400_000_000_000n;
/** 2026-11-21 */
const TODAY = 20_778;
const NOW = BigInt(TODAY) * NANOS_A_DAY + 5n;
const FOR_EVER = { books: 0, quotes: 0, derivatives: 0, trades: 0, bars: 0 };

/** A segment of `age` days ago; a whole day of it is over. */
function segment(
  age: number,
  bytes: number,
  changes: Partial<TickSegmentEntry> = {},
): TickSegmentEntry {
  const first = BigInt(TODAY - age) * NANOS_A_DAY;
  return {
    instrument: 'BTCUSDT.BINANCE' as InstrumentId,
    kind: 'trades',
    day: dayName(TODAY - age),
    rows: 1,
    firstNanos: first,
    lastNanos: first + 1n,
    bytes,
    version: 1,
    priceScale: 2,
    quantityScale: 5,
    hash: `${age}`,
    ...(age === 0 ? {} : { intact: true }),
    gaps: [],
    writings: [{ firstRow: 0, fromNanos: first, source: RECORDED_SOURCE, writtenBy: 'a test' }],
    ...changes,
  };
}

function imported(age: number, bytes: number): TickSegmentEntry {
  const { writings, ...rest } = segment(age, bytes);
  return { ...rest, writings: writings.map((one) => ({ ...one, source: 'table of a test' })) };
}

function daysOf(entries: readonly TickSegmentEntry[], retention: TickRetention): string[] {
  return planRetention(entries, retention, NOW).drops.map(
    ({ entry, why }) => `${entry.kind} ${TODAY - Number(entry.firstNanos / NANOS_A_DAY)} ${why}`,
  );
}

describe('what is recorded is kept', () => {
  test('for so many whole days of its kind, and for ever at 0', () => {
    const entries = [1, 2, 3, 4].flatMap((age) => [
      segment(age, 10),
      segment(age, 10, { kind: 'bbo' }),
    ]);
    const days = { ...FOR_EVER, trades: 2 };
    expect(daysOf(entries, { days, budgetBytes: 0 })).toEqual(['trades 3 Age', 'trades 4 Age']);
    expect(daysOf(entries, { days: FOR_EVER, budgetBytes: 0 })).toEqual([]);
  });

  test('until the budget has no room, the oldest day first, a book as a whole', () => {
    const entries = [
      segment(5, 10),
      segment(5, 10, { kind: 'diffs' }),
      segment(5, 10, { kind: 'snapshots' }),
      segment(4, 10),
      segment(1, 10),
      segment(0, 10),
    ];
    const within = (budgetBytes: number): string[] =>
      daysOf(entries, { days: FOR_EVER, budgetBytes });
    expect(within(60)).toEqual([]);
    expect(within(59)).toEqual(['diffs 5 Budget', 'snapshots 5 Budget']);
    expect(within(39)).toEqual(['diffs 5 Budget', 'snapshots 5 Budget', 'trades 5 Budget']);
    // What an open desk shows and writes stays, whatever it takes.
    expect(within(1)).toEqual([
      'diffs 5 Budget',
      'snapshots 5 Budget',
      'trades 5 Budget',
      'trades 4 Budget',
    ]);
  });

  test('what was imported, wholly or in part, is never dropped and never counted', () => {
    const part = segment(8, 1000);
    const mixed = { ...part, writings: [...part.writings, ...imported(8, 1).writings] };
    const entries = [imported(9, 1000), mixed, segment(7, 10)];
    const days = { ...FOR_EVER, trades: 1 };
    expect(daysOf(entries, { days, budgetBytes: 5 })).toEqual(['trades 7 Age']);
    const { room } = planRetention(entries, { days: FOR_EVER, budgetBytes: 0 }, NOW);
    expect(room).toEqual({ recordedBytes: 10, bytesPerDay: 10 });
  });

  test('a year of daily bars goes by its last day; bars have no part in the budget', () => {
    const writings = segment(0, 1).writings.map((one) => ({ ...one, source: ASKED_SOURCE }));
    const year = segment(400, 99, {
      kind: 'bars-1d',
      lastNanos: BigInt(TODAY - 40) * NANOS_A_DAY,
      writings,
    });
    const kept = (bars: number): string[] =>
      daysOf([year], { days: { ...FOR_EVER, bars }, budgetBytes: 1 });
    expect(kept(40)).toEqual([]);
    expect(kept(39)).toEqual(['bars-1d 400 Age']);
  });
});

const segments = fc.uniqueArray(
  fc.record({
    age: fc.integer({ min: 0, max: 9 }),
    kind: fc.constantFrom(...TICK_KINDS),
    bytes: fc.integer({ min: 1, max: 50 }),
    own: fc.boolean(),
  }),
  { selector: ({ age, kind }) => `${age} ${kind}`, maxLength: 40 },
);
const retentions = fc.record({
  days: fc.record(
    Object.fromEntries(RETENTION_GROUPS.map((one) => [one, fc.integer({ min: 0, max: 9 })])),
  ) as fc.Arbitrary<TickRetention['days']>,
  budgetBytes: fc.integer({ min: 0, max: 400 }),
});

test('whatever lies there: nobody else’s is touched, no day goes before an older one, and what stays fits or could not go', () => {
  fc.assert(
    fc.property(segments, retentions, (drawn, retention) => {
      const entries = drawn.map(({ age, kind, bytes, own }) => {
        const made = own ? segment(age, bytes) : imported(age, bytes);
        return { ...made, kind };
      });
      const { drops, room } = planRetention(entries, retention, NOW);
      const gone = new Set(drops.map(({ entry }) => entry));
      expect(gone.size).toBe(drops.length);
      const stays = entries.filter((entry) => !gone.has(entry));
      const ageOf = ({ firstNanos }: TickSegmentEntry): number =>
        TODAY - Number(firstNanos / NANOS_A_DAY);
      const isOwn = ({ writings }: TickSegmentEntry): boolean =>
        writings.every(({ source }) => source === RECORDED_SOURCE);
      for (const { entry, why } of drops) {
        expect(isOwn(entry)).toBe(true);
        const days = retention.days[retentionGroup(entry.kind)];
        const tooOld = days > 0 && ageOf(entry) > days;
        expect(why).toBe(tooOld ? 'Age' : 'Budget');
        if (why === 'Budget') expect(ageOf(entry)).toBeGreaterThan(1);
      }
      const counted = stays.filter((entry) => isOwn(entry) && !isBarKind(entry.kind));
      const left = counted.reduce((sum, { bytes }) => sum + bytes, 0);
      expect(room.recordedBytes).toBe(left);
      const couldGo = counted.filter((entry) => ageOf(entry) > 1);
      if (retention.budgetBytes > 0 && left > retention.budgetBytes) expect(couldGo).toEqual([]);
      const oldestLeft = Math.max(0, ...couldGo.map(ageOf));
      for (const { entry, why } of drops) {
        if (why === 'Budget') expect(ageOf(entry)).toBeGreaterThanOrEqual(oldestLeft);
      }
    }),
    { numRuns: 500 },
  );
});
