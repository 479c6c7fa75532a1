import { expect, test } from 'vitest';
import type { CoverageSegment } from '../../state/market-store.ts';
import { coverageDays, daySign } from './coverage-days.ts';

function segment(day: string, changes: Partial<CoverageSegment> = {}): CoverageSegment {
  return { kind: 'trades', day, rows: 1, bytes: 100, gaps: [], ...changes };
}

test('a calendar leaves no day out between the first on the disk and the newest of any kind', () => {
  const days = coverageDays({
    segments: [
      segment('2024-02-28'),
      segment('2024-03-01', { gaps: [{ cause: 'Silent', count: 1, micros: 5 }] }),
      segment('2024-03-02', { kind: 'bbo', intact: false }),
    ],
    dropped: [],
  });
  const signs = [...days].map(([kind, all]) => [kind, all.map((one) => [one.day, daySign(one)])]);
  expect(signs).toEqual([
    [
      'trades',
      [
        ['2024-02-28', 'good'],
        ['2024-02-29', 'none'],
        ['2024-03-01', 'gaps'],
        ['2024-03-02', 'none'],
      ],
    ],
    ['bbo', [['2024-03-02', 'bad']]],
  ]);
});

test('a calendar is a year long at most, and empty of nothing', () => {
  expect(coverageDays({ segments: [], dropped: [] }).size).toBe(0);
  const days = coverageDays({
    segments: [segment('2020-01-01'), segment('2024-01-01')],
    dropped: [],
  }).get('trades');
  expect(days).toHaveLength(366);
  expect(days?.at(-1)?.day).toBe('2024-01-01');
});

test('a day that was dropped stands in the calendar as one, and as itself once it is there again', () => {
  const dropped = ['2024-02-27', '2024-02-28', '2024-02-29'].map((day) => ({
    kind: 'trades' as const,
    day,
    why: 'Budget' as const,
  }));
  const segments = [segment('2024-02-29'), segment('2024-03-01')];
  const days = coverageDays({ segments, dropped }).get('trades') ?? [];
  expect(days.map(daySign)).toEqual(['dropped', 'dropped', 'good', 'good']);
});
