import { describe, expect, it } from 'vitest';
import { QUALITY } from '../../../engine/domain/data-quality.ts';
import { trustSpans, trustWords } from './trust-spans.ts';

const BARS = [0, 60, 120, 180].map((time) => ({ time }));
const ALL = { from: 0, to: 1_000, now: 1_000 };
const GOOD = QUALITY.live;

describe('bars', () => {
  it('that nothing is known of came from the venue afterwards', () => {
    expect(trustSpans(BARS, 60, new Map(), ALL)).toEqual([
      { from: 0, to: 240, trust: 'Filled', flaws: [] },
    ]);
  });

  it('are joined where they can be trusted alike', () => {
    const marks = new Map([
      [60, GOOD],
      [120, GOOD],
      [180, GOOD | QUALITY.gap],
    ]);
    const spans = trustSpans(BARS, 60, marks, ALL);
    expect(spans.map(({ from, to, trust }) => [from, to, trust])).toEqual([
      [0, 60, 'Filled'],
      [60, 180, 'Good'],
      [180, 240, 'Gap'],
    ]);
    expect(spans.map(trustWords)).toEqual(['refilled from venue', '', 'gap in the book']);
  });

  it('of many minutes are no better than the worst of them, and refilled where one is missing', () => {
    const long = [{ time: 0 }, { time: 180 }];
    const marks = new Map([
      [0, GOOD],
      [60, GOOD | QUALITY.late | QUALITY.repeated],
      [120, GOOD],
      [180, GOOD],
      [240, GOOD],
    ]);
    const spans = trustSpans(long, 180, marks, ALL);
    expect(spans.map(({ trust }) => trust)).toEqual(['Late', 'Filled']);
    expect(trustWords(spans[0] ?? { from: 0, to: 0, trust: 'Good', flaws: [] })).toBe('late');
  });

  it('that are not over are judged by what has passed', () => {
    const marks = new Map([[180, GOOD]]);
    const now = { ...ALL, now: 200 };
    expect(trustSpans([{ time: 180 }], 300, marks, now)).toMatchObject([{ trust: 'Good' }]);
  });

  it('that did not come live from their beginning are refilled', () => {
    const marks = new Map([[0, GOOD | QUALITY.partial]]);
    expect(trustSpans([{ time: 0 }], 60, marks, ALL)).toMatchObject([{ trust: 'Filled' }]);
  });

  it('out of sight are left out', () => {
    const spans = trustSpans(BARS, 60, new Map(), { from: 60, to: 130, now: 1_000 });
    expect(spans).toMatchObject([{ from: 60, to: 180 }]);
  });
});
