import { describe, expect, it, test } from 'vitest';
import { Xoshiro128 } from '../base/rng.ts';
import { flawsOf, QUALITY, trustOf } from '../domain/data-quality.ts';
import { unixMicros } from '../domain/time.ts';
import { BOOK_REASON } from '../ports/market-data-client.ts';
import { InstrumentQuality } from './instrument-quality.ts';

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const START = 1_000 * MINUTE;

function look(quality: InstrumentQuality, nowMicros: number, offsetMicros = 0): void {
  quality.look({ nowMicros, sinceMicros: nowMicros, offsetMicros });
}

function begin(): InstrumentQuality {
  const quality = new InstrumentQuality(1);
  look(quality, START - MINUTE);
  quality.onState('Live', BOOK_REASON.none);
  look(quality, START - SECOND);
  look(quality, START);
  return quality;
}

/** All marks but that of the minute in which it began. */
function minutes(quality: InstrumentQuality) {
  return quality.minutesSince(0).slice(1);
}

function marks(quality: InstrumentQuality): readonly number[] {
  return minutes(quality).map(([, mark]) => mark);
}

describe('a minute', () => {
  it('is good when it came live and whole', () => {
    const quality = begin();
    look(quality, START + SECOND);
    expect(quality.minutesSince(0)).toEqual([
      [START - MINUTE, QUALITY.live | QUALITY.partial],
      [START, QUALITY.live],
    ]);
    expect(trustOf(QUALITY.live)).toBe('Good');
    expect(trustOf(0)).toBeUndefined();
  });

  it.each([
    { reason: 'gap', level: 'Gap', count: 'gaps' },
    { reason: 'disconnected', level: 'Gap', count: 'disconnects' },
    { reason: 'checksum', level: 'Gap', count: 'checksumFailures' },
    { reason: 'silent', level: 'Late', count: 'silences' },
    { reason: 'crossed', level: 'Late', count: 'crossed' },
  ] as const)('says $level of $reason until the book is live', (one) => {
    const quality = begin();
    look(quality, START + SECOND);
    quality.onState('Resyncing', BOOK_REASON[one.reason]);
    look(quality, START + MINUTE);
    look(quality, START + MINUTE + SECOND);
    quality.onState('Live', BOOK_REASON.none);
    look(quality, START + 2 * MINUTE);
    expect(marks(quality).map(flawsOf)).toEqual([[one.reason], [one.reason], []]);
    expect(marks(quality).map(trustOf)).toEqual([one.level, one.level, 'Good']);
    expect(quality.counts[one.count]).toBe(1);
  });

  it('tells a reader what changed since it read last', () => {
    const quality = begin();
    look(quality, START + SECOND);
    const { version } = quality;
    expect(quality.minutesSince(version)).toEqual([]);
    quality.onDropped('Duplicate');
    expect(quality.minutesSince(version)).toEqual([[START, QUALITY.live | QUALITY.repeated]]);
    expect(trustOf(QUALITY.live | QUALITY.repeated)).toBe('Good');
  });

  it('of an earlier run is remembered, and told, in its place', () => {
    const quality = begin();
    look(quality, START + SECOND);
    const { version } = quality;
    const at = (minutesAfter: number) => unixMicros(START + minutesAfter * MINUTE);
    quality.remember([
      [at(-3), QUALITY.live],
      [at(-1), QUALITY.gap],
      [at(0), QUALITY.late],
    ]);
    expect(quality.minutesSince(version)).toEqual([
      [at(-3), QUALITY.live],
      [at(-1), QUALITY.live | QUALITY.partial | QUALITY.gap],
      [at(0), QUALITY.live | QUALITY.late],
    ]);
    look(quality, START + MINUTE);
    expect(quality.minutesSince(0).at(-1)).toEqual([at(1), QUALITY.live]);
    expect(quality.counts.gaps).toBe(0);
  });

  it('is kept for two days and no longer', () => {
    const quality = begin();
    for (let minute = 0; minute < 3_000; minute += 1) look(quality, START + minute * MINUTE);
    const rows = quality.minutesSince(0);
    expect(rows).toHaveLength(2880);
    expect(rows.at(-1)?.[0]).toBe(START + 2999 * MINUTE);
  });
});

test('a crossed and a locked quote are counted', () => {
  const quality = begin();
  quality.onQuote(101, 100, 0, START + 1);
  quality.onQuote(100, 100, 0, START + 2);
  quality.onQuote(100, 0, 0, START + 3);
  expect(quality.counts).toMatchObject({ crossed: 1, locked: 1 });
  expect(flawsOf(marks(quality)[0] ?? 0)).toEqual(['crossed']);
});

test('delays are taken by the venue’s clock as it was measured, and a late message is told', () => {
  const quality = begin();
  // The venue's clock is two seconds ahead of ours.
  look(quality, START + 1, 2 * SECOND);
  for (let at = 1; at <= 100; at += 1) {
    const ours = START + at * SECOND;
    quality.onQuote(1, 2, ours + 2 * SECOND - at * 1000, ours);
  }
  expect(quality.delays).toEqual({ medianMicros: 50_000, p99Micros: 99_000 });
  expect(flawsOf(marks(quality)[0] ?? 0)).toEqual([]);
  quality.onQuote(1, 2, START, START + 100 * SECOND);
  expect(flawsOf(marks(quality).at(-1) ?? 0)).toEqual(['late']);
});

/** A market that moves by a few ticks a second, and the seconds at which it is looked at. */
function walk(quality: InstrumentQuality, seconds: number, spike?: number): number {
  const rng = new Xoshiro128(5);
  let mid = 100_000;
  for (let second = 1; second <= seconds; second += 1) {
    mid += rng.nextBelow(41) - 20;
    const at = START + second * SECOND;
    quality.onQuote(mid - 1, mid + 1, 0, at);
    quality.onTrade(second === spike ? mid + 3_000 : mid, 1, 0, at + 1);
    look(quality, at + 2);
  }
  return mid;
}

describe('an outlier', () => {
  it('is a trade that its own market does not explain', () => {
    const calm = begin();
    walk(calm, 600);
    expect(calm.counts.outliers).toBe(0);
    const spiked = begin();
    walk(spiked, 600, 500);
    expect(spiked.counts.outliers).toBe(1);
  });

  it('is a touch that jumps within a second', () => {
    const quality = begin();
    const mid = walk(quality, 120);
    quality.onQuote(mid + 4_000, mid + 4_002, 0, START + 121 * SECOND);
    look(quality, START + 121 * SECOND + 1);
    expect(quality.counts.outliers).toBe(1);
  });

  it('is not told before the market has shown how it moves', () => {
    const quality = begin();
    walk(quality, 20, 15);
    expect(quality.counts.outliers).toBe(0);
  });
});

test('a minute with far more volume than the hour before it is told once it is over', () => {
  const quality = begin();
  for (let minute = 0; minute < 20; minute += 1) {
    const traded = minute === 15 ? 5_000 : 100 + minute;
    look(quality, START + minute * MINUTE);
    quality.onTrade(100, traded, 0, START + minute * MINUTE + 1);
  }
  expect(quality.counts.volumeAnomalies).toBe(1);
  const told = quality.minutesSince(0).filter(([, mark]) => (mark & QUALITY.volume) !== 0);
  expect(told.map(([at]) => at)).toEqual([START + 15 * MINUTE]);
});

test('a trade between two looks outside of every quote is judged by the nearer side', () => {
  const quality = begin();
  const mid = walk(quality, 120);
  quality.onTrade(mid + 1, 1, 0, START);
  quality.onTrade(mid - 2_000, 1, 0, START);
  expect(quality.counts.outliers).toBe(1);
});

test('a replay leaves no minute out between two looks, a machine that slept does', () => {
  const slept = begin();
  look(slept, START + SECOND);
  look(slept, START + 5 * MINUTE);
  expect(minutes(slept).map(([at]) => at)).toEqual([START, START + 5 * MINUTE]);
  const replayed = begin();
  replayed.look({ nowMicros: START + 5 * MINUTE, sinceMicros: START });
  expect(minutes(replayed)).toHaveLength(6);
});

test('a divergence is counted once and told as long as it lasts', () => {
  const quality = begin();
  quality.onDivergence(true);
  look(quality, START + MINUTE);
  quality.onDivergence(false);
  look(quality, START + 2 * MINUTE);
  expect(quality.counts.divergences).toBe(1);
  expect(marks(quality).map(trustOf)).toEqual(['Late', 'Late', 'Good']);
});
