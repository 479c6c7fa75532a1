import { expect, test } from 'vitest';
import { FeedClock } from './feed-clock.ts';

const HOUR = 3_600_000_000;

test('a feed that began after the wall clock was set back is behind by as much as was set back', () => {
  const clock = new FeedClock();
  clock.onStep(-HOUR);
  expect(clock.behindNanos).toBe(0n);
  clock.onBegun();
  expect(clock.behindNanos).toBe(BigInt(HOUR) * 1000n);
  // Both go on; neither goes back.
  clock.onStep(-HOUR);
  expect(clock.behindNanos).toBe(BigInt(HOUR) * 1000n);
  // Ours stays where it is until the wall clock is past it; the feed follows at once.
  clock.onStep(HOUR);
  expect(clock.behindNanos).toBe(BigInt(HOUR) * 1000n);
  clock.onStep(HOUR / 2);
  expect(clock.behindNanos).toBe(BigInt(HOUR / 2) * 1000n);
  clock.onStep(24 * HOUR);
  expect(clock.behindNanos).toBe(0n);
});

test('a clock set forward keeps both together', () => {
  const clock = new FeedClock();
  clock.onStep(HOUR);
  clock.onBegun();
  expect(clock.behindNanos).toBe(0n);
});
