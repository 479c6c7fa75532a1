import { expect, test } from 'vitest';
import { FLAG_LAST, KIND_BBO, MarketRecords } from '../../native/compute/market-record.ts';
import { FeedClock } from './feed-clock.ts';

const HOUR = 3_600_000_000;
const NOW = 1_800_000_000_000_000_000n;
const SECOND = 1_000_000_000n;

function record(atNanos: bigint): MarketRecords {
  const records = new MarketRecords(1);
  records.set(0, KIND_BBO, FLAG_LAST, 0, atNanos, atNanos, 1, 1, 2, 1, 1);
  return records;
}

test('a feed that began after the wall clock was set back is behind by as much as was set back', () => {
  const clock = new FeedClock();
  clock.onStep(-HOUR, NOW);
  expect(clock.behindNanos).toBe(0n);
  clock.onBegun();
  expect(clock.behindNanos).toBe(BigInt(HOUR) * 1000n);
  // Both go on; neither goes back.
  clock.onStep(-HOUR, NOW);
  expect(clock.behindNanos).toBe(BigInt(HOUR) * 1000n);
  // Ours stays where it is until the wall clock is past it; the feed follows at once.
  clock.onStep(HOUR, NOW);
  expect(clock.behindNanos).toBe(BigInt(HOUR) * 1000n);
  clock.onStep(HOUR / 2, NOW);
  expect(clock.behindNanos).toBe(BigInt(HOUR / 2) * 1000n);
  clock.onStep(24 * HOUR, NOW);
  expect(clock.behindNanos).toBe(0n);
});

test('a clock set forward keeps both together', () => {
  const clock = new FeedClock();
  clock.onStep(HOUR, NOW);
  clock.onBegun();
  expect(clock.behindNanos).toBe(0n);
});

test.each([-HOUR, HOUR / 60, -(HOUR - 46_000_000)])(
  'what was made before a step of %i µs is too old for anything, what came since is not',
  (step) => {
    const clock = new FeedClock();
    clock.onStep(step, NOW);
    const [before, after] = [record(NOW - SECOND), record(NOW + 2n * SECOND)];
    clock.align(before, 1, NOW + 3n * SECOND);
    clock.align(after, 1, NOW + 3n * SECOND);
    expect(NOW - before.tsInitNanos(0)).toBeGreaterThan(3600n * SECOND);
    expect(after.tsInitNanos(0)).toBe(NOW + 2n * SECOND);
  },
);

test('of a feed that is ahead of us a record that waits has its age', () => {
  const clock = new FeedClock();
  const ahead = BigInt(HOUR) * 1000n;
  const fresh = record(NOW + ahead);
  clock.align(fresh, 1, NOW);
  expect(fresh.tsInitNanos(0)).toBe(NOW);
  const held = record(NOW + ahead + SECOND);
  clock.align(held, 1, NOW + 8n * SECOND);
  expect(held.tsInitNanos(0)).toBe(NOW + SECOND);
  clock.onBegun();
  const next = record(NOW + 9n * SECOND);
  clock.align(next, 1, NOW + 10n * SECOND);
  expect(next.tsInitNanos(0)).toBe(NOW + 9n * SECOND);
});

test('no record is later than now', () => {
  const clock = new FeedClock();
  const ahead = record(NOW + SECOND);
  clock.align(ahead, 1, NOW);
  expect(ahead.tsInitNanos(0)).toBe(NOW);
});
