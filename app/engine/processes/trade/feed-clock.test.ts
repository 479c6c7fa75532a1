import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FLAG_LAST, KIND_BBO, MarketRecords } from '../../native/compute/market-record.ts';
import { FeedClock } from './feed-clock.ts';

const HOUR = 3_600_000_000;
const NOW = 1_800_000_000_000_000_000n;
const SECOND = 1_000_000_000n;
const AHEAD = BigInt(HOUR) * 1000n;

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
    clock.align(before, 1, NOW + 3n * SECOND, NOW);
    clock.align(after, 1, NOW + 3n * SECOND, NOW + 2n * SECOND + SECOND / 2n);
    expect(NOW - before.tsInitNanos(0)).toBeGreaterThan(3600n * SECOND);
    expect(after.tsInitNanos(0)).toBe(NOW + 2n * SECOND);
  },
);

test('of a feed that is ahead of us a record that waits a little has its age', () => {
  const clock = new FeedClock();
  const fresh = record(NOW + AHEAD);
  clock.align(fresh, 1, NOW, NOW);
  expect(fresh.tsInitNanos(0)).toBe(NOW);
  const waited = record(NOW + AHEAD + SECOND / 10n);
  clock.align(waited, 1, NOW + SECOND / 2n, NOW);
  expect(waited.tsInitNanos(0)).toBe(NOW + SECOND / 10n);
  clock.onBegun();
  const next = record(NOW + 9n * SECOND);
  clock.align(next, 1, NOW + 10n * SECOND, NOW + 10n * SECOND);
  expect(next.tsInitNanos(0)).toBe(NOW + 9n * SECOND);
});

test.each([0n, 4n, 86_400n])(
  'what waited while we were held is as old as it can be, with a clock %i s ahead; what comes after it has its age',
  (seconds) => {
    const clock = new FeedClock();
    const times = [2n, 10n, 15n].map((at) => record(NOW + (seconds + at) * SECOND));
    const reads = [14n, 14n, 15n].map((at) => NOW + at * SECOND);
    const empty = [NOW, NOW, NOW + 15n * SECOND];
    const made = times.map((one, at) => {
      clock.align(one, 1, reads[at] ?? 0n, empty[at] ?? 0n);
      return (one.tsInitNanos(0) - NOW) / SECOND;
    });
    expect(made).toEqual([0n, 0n, 15n]);
  },
);

test('no record is later than now', () => {
  const clock = new FeedClock();
  const ahead = record(NOW + SECOND);
  clock.align(ahead, 1, NOW, NOW);
  expect(ahead.tsInitNanos(0)).toBe(NOW);
});

test('whatever a feed is ahead and however records wait, none counts as half a second fresher than it is, and one read at once is not old', () => {
  const MILLI = 1_000_000n;
  const waits = fc.array(
    fc.record({ pause: fc.nat(9000), records: fc.array(fc.nat(2000), { maxLength: 6 }) }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(fc.bigInt(0n, 20_000n), waits, (lead, turns) => {
      const clock = new FeedClock();
      let [now, emptyAt] = [NOW, NOW];
      const taken = (at: bigint): bigint => {
        const one = record(at + lead * MILLI);
        clock.align(one, 1, now, emptyAt);
        return one.tsInitNanos(0);
      };
      for (const { pause, records } of turns) {
        const made: bigint[] = [];
        for (const gap of records) made.push((now += BigInt(gap) * MILLI));
        now += BigInt(pause) * MILLI;
        for (const at of made) {
          expect(taken(at)).toBeLessThanOrEqual(at + SECOND / 2n);
          expect(taken(at)).toBeGreaterThanOrEqual(emptyAt);
        }
        emptyAt = now;
        expect(taken(now)).toBe(now);
      }
    }),
  );
});
